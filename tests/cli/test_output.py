"""What is printed: aligned for people, one safe document for programs."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from rusvel_tui.commands import plain
from rusvel_tui.commands.output import Output, json_text, printable
from rusvel_tui.commands.tables import listing
from rusvel_tui.engine.gtm.crm.pipelines.stages import Stage
from rusvel_tui.engine.text import cells
from tests.cli.conftest import Cli

BERLIN = ZoneInfo("Europe/Berlin")
HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202eevil\u2066\x7f"


def test_a_table_is_aligned_by_the_cells_of_a_terminal() -> None:
    rows = [("Ada", "1"), ("田中さん", "2"), ("Zoe\u0308", "3")]
    assert list(plain.table(("name", "id"), rows)) == [
        "name      id",
        "Ada       1",
        "田中さん  2",
        "Zoë       3",
    ]


def test_a_long_cell_is_cut_but_the_last_one_is_whole() -> None:
    (_, line) = plain.table(("text", "id"), [("x" * 100, "y" * 100)])
    assert line == f"{'x' * 47}…  {'y' * 100}"
    (_, wide) = plain.table(("text", "id"), [("田" * 100, "1")])
    assert cells(wide.partition("…")[0]) <= 48


def test_fields_leave_out_what_has_no_value() -> None:
    assert list(plain.fields([("a", 1), ("long name", ""), ("none", None), ("zero", 0)])) == [
        "a     1",
        "zero  0",
    ]
    assert list(plain.fields([])) == []


def test_the_outline_of_anything() -> None:
    data = {
        "name": "Ada",
        "empty": "",
        "none": None,
        "flag": True,
        "stage": Stage.WON,
        "at": datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
        "tags": ("a", "b"),
        "nothing": [],
        "body": "one\ntwo",
        "steps": [{"n": 1}, {"n": 2}],
        "counts": {Stage.LEAD: 3},
    }
    assert list(plain.outline(data, BERLIN)) == [
        "name     Ada",
        "empty    -",
        "none     -",
        "flag     yes",
        "stage    Won",
        "at       2026-11-24 10:00",
        "tags     a, b",
        "nothing  -",
        "body",
        "  | one",
        "  | two",
        "steps",
        "  -",
        "    n  1",
        "  -",
        "    n  2",
        "counts",
        "  Lead  3",
    ]


def test_amounts_and_times_for_people() -> None:
    assert plain.amount("1250.5", "EUR") == "1,250.50 EUR"
    assert plain.amount("700", "JPY") == "700 JPY"
    assert plain.when(None, BERLIN) == ""


def test_a_mailbox_is_what_there_is_of_it() -> None:
    assert plain.mailbox("Ada", "ada@example.com") == "Ada <ada@example.com>"
    assert plain.mailbox("", "ada@example.com") == "ada@example.com"
    assert plain.mailbox("Ada", "") == "Ada"


def test_counts_have_their_noun() -> None:
    counts = [plain.many(1, "job"), plain.many(0, "job"), plain.many(1200, "address")]
    assert counts == ["1 job", "0 jobs", "1,200 addresses"]


def test_an_empty_listing_is_a_sentence() -> None:
    assert list(listing([], BERLIN, "There is nothing.")) == ["There is nothing."]


def test_json_holds_no_character_that_a_terminal_acts_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shown = json_text({"name": HOSTILE + "Grüße 田"})
    assert json.loads(shown)["name"] == HOSTILE + "Grüße 田"
    assert "Grüße 田" in shown
    assert not any(c in shown for c in "\x1b\x07\x9b\u202e\u2066\x7f")


def test_json_is_ascii_where_the_terminal_is_not_utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    monkeypatch.setattr("sys.stdout", stream)
    Output(json=True).document({"name": "田"})
    stream.flush()
    written = stream.buffer
    assert isinstance(written, io.BytesIO)
    assert json.loads(written.getvalue()) == {"name": "田"}


def test_text_that_the_terminal_lacks_becomes_question_marks() -> None:
    assert printable("Grüße 田", "latin-1") == "Grüße ?"
    assert printable("ü", None) == "?"


def test_lines_and_notes_are_sanitised(capsys: pytest.CaptureFixture[str]) -> None:
    out = Output(json=False)
    out.lines([f"a {HOSTILE}"])
    out.note(f"b {HOSTILE}\nc")
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("a evil\n", "b evil c\n")


def test_hostile_words_on_the_command_line_come_back_harmless(cli: Cli) -> None:
    for words in (
        ["call", f"gtm.{HOSTILE}"],
        ["--session", HOSTILE, "gtm", "status"],
        ["queue", "show", HOSTILE],
        ["import", "contacts", HOSTILE],
    ):
        answer = cli.run("--db", str(cli.db), *words)
        assert answer.code in (3, 4)
        assert not any(c in answer.err for c in "\x1b\x07\x9b\u202e\u2066\x7f")
    cli.call("gtm.crm.add_contact", name=f"Ada {HOSTILE}", notes=f"{HOSTILE}\x00")
    for words in (["gtm", "list"], ["gtm", "events"], ["gtm", "list", "--json"]):
        assert not any(c in cli(*words).out for c in "\x1b\x07\x9b\u202e\u2066\x7f\x00")

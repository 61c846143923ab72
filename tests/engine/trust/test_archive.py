"""Everything as text and back: equal to the byte, working, and nothing of it where a line is wrong."""

from __future__ import annotations

import json
import random
import stat
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.engine import db, departments
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from rusvel_tui.engine.operation import OPERATIONS
from rusvel_tui.engine.trust.archive.reading import HELD, read_archive
from rusvel_tui.engine.trust.archive.tables import tables
from rusvel_tui.engine.trust.archive.writing import write_archive
from rusvel_tui.engine.trust.copying import opened
from tests.engine.invoices.book import draft, final, pay, right
from tests.engine.test_any_input import TOO_SLOW, ask, story, values
from tests.engine.trust.files import ask as rows_of
from tests.engine.trust.files import is_whole
from tests.factories import Desk, box, kinds, query

departments.load()
CALLS = 250
"""Random operations before each round trip."""
UNTRIED = TOO_SLOW | {name for name in OPERATIONS if ".export_" in name}


def round_trip(desk: Desk, folder: Path) -> tuple[Path, Path, Path]:
    """The desk's archive, the database made of it, and that one's archive."""
    first, again, made = folder / "first.jsonl", folder / "again.jsonl", folder / "made.db"
    write_archive(desk.engine.path, first)
    read_archive(first, made, desk.engine.clock)
    write_archive(made, again)
    return first, made, again


def over(desk: Desk, path: Path) -> Desk:
    """A desk over another file, with the same mailer and clock."""
    desk.engine.close()
    made = Desk.over(Engine(path, clock=desk.engine.clock))
    made.engine.mailer, made.engine.drafter = desk.mailer, desk.drafter
    return made


@pytest.mark.parametrize("seed", [1, 2])
def test_q_165_out_and_in_and_out_again_is_the_same(desk: Desk, tmp_path: Path, seed: int) -> None:
    """After anything that operations can do: the bytes are equal, and the sums of the triggers are, too."""
    story(desk)
    pay(desk, final(desk), "700")
    draft(desk)
    chance = random.Random(seed)  # noqa: S311 - what to try, not a secret
    names = sorted(set(OPERATIONS) - UNTRIED)
    for _ in range(CALLS):
        name = chance.choice(names)
        pool = values(desk, chance)
        fields = [f for f in OPERATIONS[name].input.model_fields if f != "session_id"]
        ask(desk, name, {f: chance.choice(pool) for f in fields if chance.random() < 0.8})
    first, made, again = round_trip(desk, tmp_path)
    assert first.read_bytes() == again.read_bytes()
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert is_whole(made)
    for table in ("invoice_month", "invoice_open_day"):
        sql = f"SELECT * FROM {table} ORDER BY 1, 2, 3"
        assert rows_of(made, sql) == rows_of(desk.engine.path, sql)
    sql = "SELECT kind, item_id FROM search_doc ORDER BY 1, 2"
    assert rows_of(made, sql) == rows_of(desk.engine.path, sql)
    assert len(list(tmp_path.glob(".*"))) <= 1  # the open desk's own mark


def test_every_table_is_in_it(desk: Desk) -> None:
    """But those that SQLite and triggers fill; one that is new comes along by itself."""
    with opened(desk.engine.path) as connection:
        held = set(tables(connection))
    from rusvel_tui.engine.models import MODELS

    assert held == {model._meta.table_name for model in MODELS}


def test_the_new_desk_works_on(desk: Desk, tmp_path: Path) -> None:
    """Undo reaches back behind the archive, numbers go on without a gap, and rules hold as before."""
    numbers = [final(desk).number for _ in range(2)]
    desk.contact("Ada")
    _, made, _ = round_trip(desk, tmp_path)
    new = over(desk, made)
    assert new.call("undo").kind == "gtm.contact.added"
    assert [*numbers, final(new).number] == [f"INV-2026-000{n}" for n in (1, 2, 3)]
    assert right(new)
    with pytest.raises(Exception, match="this document is final"):
        query(new, "DELETE FROM invoice")
    assert new.call("check.orphans").items == ()
    new.engine.close()


def test_nothing_is_sent_twice(desk: Desk, tmp_path: Path) -> None:
    """What was approved when the archive was written may have left since: it waits for a person."""
    mail = desk.drafted()
    desk.approve(mail)
    first, made = tmp_path / "all.jsonl", tmp_path / "made.db"
    write_archive(desk.engine.path, first)
    desk.work()
    assert len(desk.mailer.sent) == 1
    read_archive(first, made, desk.engine.clock)
    new = over(desk, made)
    new.work()
    assert len(desk.mailer.sent) == 1
    sender = new.call("gtm.outreach.sender")
    assert (sender.paused, sender.reason) == (True, HELD)
    assert new.mail(mail.id).state == "Approved"
    new.call("gtm.outreach.resume_sending")
    new.work()
    assert [one.mail_id for one in desk.mailer.sent] == [mail.id, mail.id]
    new.engine.close()


def test_work_in_somebodys_hands_is_taken_up_again(desk: Desk, tmp_path: Path) -> None:
    """A mail whose last byte was on its way when the archive was written is in doubt in the new desk."""
    mail = desk.drafted()
    desk.approve(mail)
    desk.call("job.claim", owner="gone", lanes=())
    first, made = tmp_path / "all.jsonl", tmp_path / "made.db"
    write_archive(desk.engine.path, first)
    read_archive(first, made, desk.engine.clock)
    new = over(desk, made)
    new.later(minutes=30)
    new.work()
    assert desk.mailer.sent == []
    assert new.mail(mail.id).state == "Approved"
    assert "job.requeued" in kinds(new, "job")
    new.engine.close()


def test_what_is_there_is_never_overwritten(desk: Desk, tmp_path: Path) -> None:
    first = tmp_path / "all.jsonl"
    write_archive(desk.engine.path, first)
    with pytest.raises(Conflict, match="exists already"):
        write_archive(desk.engine.path, first)
    with pytest.raises(Conflict, match=r"holds data.*name another one with --db"):
        read_archive(first, desk.engine.path, desk.engine.clock)
    with pytest.raises(NotFound, match="There is no file"):
        read_archive(tmp_path / "nothing.jsonl", tmp_path / "new.db", desk.engine.clock)


def test_an_empty_database_is_filled_and_kept_aside(
    desk: Desk, tmp_path: Path, blank: Path
) -> None:
    first, made = tmp_path / "all.jsonl", tmp_path / "made.db"
    write_archive(desk.engine.path, first)
    made.write_bytes(blank.read_bytes())
    assert read_archive(first, made, desk.engine.clock).sessions == ("acme",)
    assert made.with_name("made.db.before-archive.backup").exists()


Change = Callable[[list[bytes]], list[bytes]]


def _edited(number: int, **values: Any) -> Change:
    def change(lines: list[bytes]) -> list[bytes]:
        data = json.loads(lines[number])
        data.get("row", data).update(values)
        lines[number] = json.dumps(data, separators=(",", ":")).encode() + b"\n"
        return _signed(lines)

    return change


def _signed(lines: list[bytes]) -> list[bytes]:
    """The lines with an end that fits, so that only what was meant is wrong."""
    body = lines[:-1]
    end = {"end": True, "rows": len(body) - 1, "sha256": sha256(b"".join(body)).hexdigest()}
    return [*body, json.dumps(end).encode() + b"\n"]


WRONG: dict[str, tuple[Change, str]] = {
    "nothing": (lambda lines: [], "line 1: the archive ends too early"),
    "another file": (lambda lines: [b"name,email\n"], "line 1: it is not JSON"),
    "another document": (lambda lines: [b'{"a":1}\n'], "line 1: this is no archive of rusvel"),
    "a list": (lambda lines: [b"[]\n", *lines[1:]], "line 1: it is not an object"),
    "a newer program": (_edited(0, schema=db.LATEST + 1), "line 1: it was written by a newer"),
    "a newer format": (_edited(0, format=2), "line 1: it was written by a newer"),
    "no version": (_edited(0, schema="x"), "line 1: the version of the tables is missing"),
    "cut in a line": (lambda lines: [*lines[:3], lines[3][:-9]], "line 4: the line is cut off"),
    "cut between lines": (lambda lines: lines[:3], "line 4: the archive ends too early"),
    "garbage": (lambda lines: [*lines[:3], b"\xff\xfe\n", *lines[4:]], "line 4: it is not JSON"),
    "a line less": (lambda lines: lines[:-2] + lines[-1:], "the check sum is another one"),
    "a line twice": (lambda lines: _signed([*lines[:2], lines[1], *lines[2:]]), "line 3: the row breaks a rule"),
    "a changed line": (lambda lines: [lines[0], lines[1].replace(b"acme", b"acne"), *lines[2:]], "the check sum is another one"),
    "something behind it": (lambda lines: [*lines, b"\n"], "something follows the end"),
    "an unknown table": (lambda lines: _signed([lines[0], b'{"table":"t; DROP","row":{}}\n', lines[-1]]), "line 2: there is no table 't; DROP'"),
    "no row": (lambda lines: _signed([lines[0], b'{"table":"contact","row":[]}\n', lines[-1]]), "line 2: it names no table and row"),
    "another column": (_edited(1, colour="red"), "line 2: .* has other columns: colour"),
    "a row that lost its parent": (lambda lines: _signed([x for x in lines if b'"table":"session"' not in x]), "belongs to a row of session that is missing"),
}  # fmt: skip


@pytest.fixture(scope="module")
def lines(
    tmp_path_factory: pytest.TempPathFactory, furnished: tuple[Path, list[int]]
) -> list[bytes]:
    """The archive of a desk with a session, line by line."""
    target = tmp_path_factory.mktemp("archive") / "all.jsonl"
    write_archive(furnished[0], target)
    return target.read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_line_is_named_and_nothing_is_read(
    tmp_path: Path, lines: list[bytes], name: str, clock: Any
) -> None:
    change, words = WRONG[name]
    source = tmp_path / "all.jsonl"
    source.write_bytes(b"".join(change(list(lines))))
    with pytest.raises(InvalidInput, match=rf"{words}.*Nothing was read"):
        read_archive(source, tmp_path / "made.db", clock)
    assert list(tmp_path.iterdir()) == [source]


def test_an_archive_of_an_older_program_is_read(tmp_path: Path, clock: Any) -> None:
    old, source, made = tmp_path / "old.db", tmp_path / "old.jsonl", tmp_path / "made.db"
    db.build(old, 12)
    write_archive(old, source)
    assert read_archive(source, made, clock).schema == 12
    assert rows_of(made, "PRAGMA user_version") == [(db.LATEST,)]


def test_the_words_of_the_desk_are_all_there(desk: Desk, tmp_path: Path) -> None:
    """Mails as they were sent, byte for byte, and every event."""
    desk.approve(desk.drafted())
    desk.work()
    _, made, _ = round_trip(desk, tmp_path)
    for sql in ("SELECT raw FROM mail WHERE raw IS NOT NULL", "SELECT * FROM event"):
        assert rows_of(made, sql) == rows_of(desk.engine.path, sql) != []
    assert box(desk) == []

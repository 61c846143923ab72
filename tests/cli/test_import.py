"""`rusvel import contacts`: counts for a person, everything for a program."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.commands.progress import progress_line
from rusvel_tui.engine.gtm.crm.importing import run as run_module
from rusvel_tui.engine.models.base import database
from tests.cli.conftest import Cli

SHEET = """name,email,company,tags
Ada Lovelace,ada@example.com,Looms,vip
Grace Hopper,grace@example.com,Compilers,
Nobody,not-an-address,Nowhere,
Ada Lovelace,ada@example.com,Looms,vip
"""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(SHEET, encoding="utf-8")
    return path


def test_a_dry_run_counts_and_writes_nothing(cli: Cli, sheet: Path) -> None:
    before = cli.dump()
    shown = cli("import", "contacts", str(sheet), "--dry-run").out
    assert shown.startswith("Nothing was written: this is what would happen.\n")
    assert "created   2" in shown
    assert cli.dump() == before


def test_an_import_accounts_for_every_row(cli: Cli, sheet: Path) -> None:
    done = cli.json("import", "contacts", str(sheet))
    counts = {
        name: done[name] for name in ("preset", "read", "created", "updated", "skipped", "rejected")
    }
    assert counts == {
        "preset": "generic",
        "read": 4,
        "created": 2,
        "updated": 0,
        "skipped": 1,
        "rejected": 1,
    }
    assert {c["name"] for c in cli.json("gtm", "list")["items"]} == {"Ada Lovelace", "Grace Hopper"}
    assert "skipped   3" in cli("import", "contacts", str(sheet)).out


def test_the_rejected_rows_go_to_a_file_that_can_be_imported(
    cli: Cli, sheet: Path, tmp_path: Path
) -> None:
    rejected = tmp_path / "rejected.csv"
    shown = cli("import", "contacts", str(sheet), "--rejected", str(rejected)).out
    assert "row 4 rejected: " in shown
    assert f"The rejected rows are in {rejected}." in shown
    rejected.write_text(rejected.read_text().replace("not-an-address", "nobody@example.com"))
    assert cli.json("import", "contacts", str(rejected))["created"] == 1
    assert (
        "exists already"
        in cli("import", "contacts", str(sheet), "--rejected", str(rejected), code=4).err
    )


def test_long_lists_of_remarks_are_cut_for_people(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("name,email\n" + "".join(f"P{n},bad{n}\n" for n in range(30)))
    assert "… and 10 more: --json shows all." in cli("import", "contacts", str(path)).out
    assert len(cli.json("import", "contacts", str(path))["rejected_rows"]) == 30


@pytest.mark.parametrize(
    ("name", "content", "code", "sentence"),
    [
        ("none.csv", None, 3, "There is no file "),
        ("empty.csv", "", 4, "empty"),
        ("words.csv", "just words\nwithout a header\n", 4, ""),
        ("nameless.csv", "colour,size\nblue,3\n", 4, ""),
    ],
)
def test_a_file_that_cannot_be_read_changes_nothing(
    cli: Cli, tmp_path: Path, name: str, content: str | None, code: int, sentence: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    before = cli.dump()
    answer = cli("import", "contacts", str(tmp_path / name), code=code)
    assert sentence in answer.err
    assert answer.err.count("\n") == 1
    assert cli.dump() == before


def test_an_unknown_preset_and_a_folder_are_invalid(cli: Cli, sheet: Path) -> None:
    assert (
        "is no format of contact files"
        in cli("import", "contacts", str(sheet), "--preset", "abacus", code=4).err
    )
    assert "is a folder" in cli("import", "contacts", str(sheet.parent), code=4).err


def test_the_addresses_that_opted_out_are_counted(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("name,email,unsubscribed\nAda,ada@example.com,yes\n")
    assert "not written to: 1 address." in cli("import", "contacts", str(path)).out


def test_the_columns_are_shown_and_mapped(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "kunden.csv"
    path.write_text("Kunde;Postfach;Ort\nAda;ada@example.com;Bonn\n")
    before = cli.dump()
    shown = cli("import", "contacts", str(path), "--columns").out
    assert "No column has a known name: say with --map what they hold." in shown
    assert "Postfach  custom:Postfach  ada@example.com" in shown
    assert cli.dump() == before
    mapped = ("--map", "Kunde=name", "--map", "Postfach=email", "--map", "Ort=ignore")
    assert cli.json("import", "contacts", str(path), *mapped, "--columns")["recognised"]
    assert cli.json("import", "contacts", str(path), *mapped)["created"] == 1
    assert cli.json("gtm", "list")["items"][0]["fields"] == {}
    assert "maps nothing" in cli("import", "contacts", str(path), "--map", "Kunde", code=4).err
    wrong = cli("import", "contacts", str(path), "--map", "Kunde=what", code=4).err
    assert "nothing that a column can hold" in wrong


def test_the_columns_of_cards_are_their_people(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "x.vcf"
    path.write_text("BEGIN:VCARD\nFN:Ada\nEMAIL:ada@example.com\nEND:VCARD\n")
    shown = cli("import", "contacts", str(path), "--columns").out
    assert "card 1: Ada, , ada@example.com" in shown


def test_how_rows_meet_and_what_is_done_then(cli: Cli, sheet: Path, tmp_path: Path) -> None:
    cli("import", "contacts", str(sheet))
    path = tmp_path / "again.csv"
    path.write_text("name,email,company\nAda Lovelace,ada@example.com,New\nEve,eve@example.com,\n")
    done = cli.json("import", "contacts", str(path), "--policy", "skip", "--match", "email")
    assert (done["created"], done["updated"], done["skipped"]) == (1, 0, 1)
    assert "policy" in cli("import", "contacts", str(path), "--policy", "x", code=4).err


def test_imports_are_listed_and_taken_back(cli: Cli, sheet: Path) -> None:
    assert "Nothing was imported yet." in cli("import", "list").out
    assert "no such import" in cli("import", "undo", code=3).err
    made = cli.json("import", "contacts", str(sheet))
    (listed,) = cli.json("import", "list")["items"]
    assert (listed["import_id"], listed["state"]) == (made["import_id"], "done")
    assert (listed["read"], listed["total"]) == (4, 4)
    assert "people.csv  generic  done" in cli("import", "list").out
    contact = cli.json("gtm", "list")["items"][0]["contact_id"]
    cli.call("gtm.crm.update_contact", contact_id=contact, title="Countess")
    shown = cli("import", "undo", made["import_id"]).out
    assert "Took back the import of people.csv." in shown
    assert "removed            1 contact\n" in shown
    assert "left as it is: " in shown
    assert ": was changed since" in shown
    assert "is undone already" in cli("import", "undo", made["import_id"], code=5).err
    assert "undone" in cli("import", "list").out


def test_what_is_done_cannot_be_stopped(cli: Cli, sheet: Path) -> None:
    assert "no such import" in cli("import", "cancel", code=3).err
    made = cli.json("import", "contacts", str(sheet))
    answer = cli("import", "cancel", made["import_id"], code=5)
    assert "is done and cannot become cancelled" in answer.err


def test_a_stopped_import_is_told(cli: Cli, sheet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process stops it after the first of its steps."""
    monkeypatch.setattr(run_module, "CHUNK", 1)
    step = run_module.ImportJob._step

    def stopping(job: run_module.ImportJob, *rest: Any) -> None:
        step(job, *rest)
        database.execute_sql("UPDATE import_run SET state = 'cancelled'")

    with monkeypatch.context() as patch:
        patch.setattr(run_module.ImportJob, "_step", stopping)
        assert cli("import", "contacts", str(sheet)).out.startswith("Stopped after 3 of 4 rows.\n")
    assert cli.json("import", "contacts", str(sheet))["state"] == "done"


def test_another_terminal_stops_an_import(cli: Cli, sheet: Path) -> None:
    made = cli.json("import", "contacts", str(sheet))
    with closing(sqlite3.connect(cli.db)) as raw:
        raw.execute("UPDATE import_run SET state = 'running'")
        raw.commit()
    said = cli("import", "cancel").out
    assert "Stopped the import of people.csv after 4 of 4 rows." in said
    assert f"rusvel import undo {made['import_id']}" in said


def test_the_line_that_tells_how_far() -> None:
    assert progress_line(0, 40_000) == "Reading: 40,000 rows"
    assert progress_line(5_000, 100_000) == "Importing: 5,000 of 100,000 rows (5 %)"

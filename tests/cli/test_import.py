"""`rusvel import contacts`: counts for a person, everything for a program."""

from __future__ import annotations

from pathlib import Path

import pytest

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

"""`rusvel session`, and what happens while there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Cli


def test_create_makes_the_private_file_and_the_active_session(bare: Cli) -> None:
    answer = bare("session", "create", "acme", "--currency", "usd", "--timezone", "Europe/Berlin")
    assert answer.out.startswith("acme: Created, and active from now on.\n")
    assert bare.db.stat().st_mode & 0o777 == 0o600
    made = bare.json("session", "list")
    assert [(s["name"], s["currency"], s["timezone"]) for s in made["items"]] == [
        ("acme", "USD", "Europe/Berlin")
    ]
    assert made["active"] == made["items"][0]["session_id"]
    assert made["next"] is None


def test_without_a_path_the_file_lies_in_the_data_folder(bare: Cli, home: Path) -> None:
    assert bare.run("session", "create", "acme").code == 0
    files = [path for path in home.rglob("rusvel.db") if path.is_file()]
    assert len(files) == 1
    assert files[0].parent.stat().st_mode & 0o077 == 0
    assert bare.run("gtm", "status").code == 0


def test_the_list_marks_the_active_one_and_use_changes_it(cli: Cli) -> None:
    cli("session", "create", "other")
    assert [line[:8] for line in cli("session", "list").out.splitlines()] == [
        "   name ",
        "   acme ",
        "*  other",
    ]
    assert cli("session", "use", "ACME").out.startswith("acme: Active from now on.")
    assert cli.json("gtm", "status")["session"]["name"] == "acme"


def test_a_taken_name_is_a_conflict(cli: Cli) -> None:
    assert cli("session", "create", "Acme", code=5).err == (
        "There is a session 'Acme' already. Use it: rusvel session use Acme\n"
    )


def test_an_unknown_session_is_not_found(cli: Cli) -> None:
    for words in (["session", "use", "nobody"], ["--session", "nobody", "gtm", "status"]):
        assert "There is no session 'nobody'" in cli(*words, code=3).err


@pytest.mark.parametrize(
    ("option", "value", "word"),
    [("--currency", "Taler", "ISO 4217"), ("--timezone", "Atlantis", "time zone"), ("--sender-email", "me", "mail address")],
)  # fmt: skip
def test_a_wrong_value_creates_nothing(bare: Cli, option: str, value: str, word: str) -> None:
    bare("session", "create", "first")
    before = bare.dump()
    assert word in bare("session", "create", "acme", option, value, code=4).err
    assert bare.dump() == before


@pytest.mark.parametrize(
    "words",
    [
        ["gtm", "status"],
        ["session", "list"],
        ["queue", "list"],
        ["worker", "--once"],
        ["undo"],
        ["call", "gtm.crm.add_contact", "name=Ada"],
        ["import", "contacts", "people.csv"],
        ["backup", "copy.db"],
        ["watch"],
    ],
)
def test_without_a_database_nothing_is_created(bare: Cli, words: list[str]) -> None:
    answer = bare(*words, code=3)
    assert answer.err == (
        f"There is no database at {bare.db} yet. Create it with its first session: rusvel session create NAME\n"
    )
    assert not bare.db.exists()


def test_a_session_may_be_created_by_call(bare: Cli) -> None:
    assert bare.call("session.create", name="acme", currency="JPY")["currency"] == "JPY"


def test_a_read_only_look_creates_nothing(bare: Cli) -> None:
    assert "There is no database" in bare("--read-only", "session", "create", "acme", code=3).err


def test_a_folder_that_is_missing_is_named(bare: Cli, tmp_path: Path) -> None:
    answer = bare.run("--db", str(tmp_path / "none" / "d.db"), "session", "create", "acme")
    assert answer.code == 3
    assert answer.err.startswith(f"The folder {tmp_path / 'none'} does not exist.")

"""Undo, redo, backup and watch."""

from __future__ import annotations

import json
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, running
from tests.system.helpers import ended


def test_undo_and_redo_across_processes(cli: Cli) -> None:
    cli.call("gtm.crm.add_contact", name="Ada Lovelace")
    assert cli("undo").out == "Undone: gtm.contact.added Ada Lovelace\n"
    assert cli.json("gtm", "list")["items"] == []
    assert cli("redo").out.startswith("Done again: ")
    assert len(cli.json("gtm", "list")["items"]) == 1
    assert cli.json("undo")["name"] == "Ada Lovelace"


def test_nothing_to_undo_is_not_found(cli: Cli) -> None:
    assert cli("undo", code=3).err == "There is nothing to undo.\n"
    assert cli("redo", code=3).err == "There is nothing to redo.\n"


def test_a_backup_is_whole_and_private(cli: Cli, tmp_path: Path) -> None:
    cli.call("gtm.crm.add_contact", name="Ada")
    copy = tmp_path / "copy.db"
    assert cli("backup", str(copy)).out.startswith(f"{copy}: ")
    assert copy.stat().st_mode & 0o777 == 0o600
    assert cli.run("--db", str(copy), "gtm", "list", "--json").data["items"][0]["name"] == "Ada"
    assert cli.json("backup", str(tmp_path / "second.db"))["bytes"] == copy.stat().st_size


def test_a_backup_overwrites_nothing(cli: Cli, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    assert cli("backup", str(taken), code=5).err == f"{taken} exists already. Name a new file.\n"
    assert taken.read_text() == "mine"
    assert cli("backup", str(tmp_path / "none" / "copy.db"), code=3).err.startswith("The folder ")


@pytest.mark.parametrize("as_json", [False, True])
def test_watch_prints_what_others_do(cli: Cli, as_json: bool) -> None:
    with running(cli, "watch", *(["--json"] if as_json else [])) as process:
        assert process.stderr is not None
        assert process.stdout is not None
        assert process.stderr.readline() == "Watching. Ctrl-C ends it.\n"
        cli.call("gtm.crm.add_contact", name="Ada")
        cli.call("gtm.crm.add_contact", name="Grace")
        first, second = process.stdout.readline(), process.stdout.readline()
        process.send_signal(signal.SIGINT)
        code, rest, err = ended(process)
    if as_json:
        assert [json.loads(line)["payload"]["name"] for line in (first, second)] == ["Ada", "Grace"]
    else:
        assert first == "2026-11-24 10:00:00  gtm.contact.added  Ada\n"
        assert second.endswith("Grace\n")
    assert (code, rest, err) == (0, "", "")


def test_the_copy_of_a_busy_file_is_consistent(cli: Cli, tmp_path: Path) -> None:
    with closing(sqlite3.connect(cli.db, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM event").fetchall()
        cli("backup", str(tmp_path / "copy.db"))
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("PRAGMA quick_check").fetchall() == [("ok",)]

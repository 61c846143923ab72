"""A guest at the desk, as over SSH: `rusvel --read-only` in a real terminal, and one who may only do some things."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rusvel_tui.screens import PAGES
from tests.system.helpers import ended, python
from tests.system.terminals import Terminal

RUSVEL = (sys.executable, "-m", "rusvel_tui")


HIDDEN = {
    "review": "The week", "tasks": "Tasks", "companies": "companies", "mail": "mail", "told": "1 Agents", "welcome": "Welcome to rusvel",
}  # fmt: skip
"""Pages that are no tabs, each with words that only it shows."""


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """A guest's surroundings; the editor would leave a mark."""
    editor = tmp_path / "editor"
    editor.write_text(f"#!/bin/sh\ntouch {tmp_path}/escaped\n", encoding="utf-8")
    editor.chmod(0o700)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return kept | {
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONUTF8": "1",
        "EDITOR": str(editor),
    }


@pytest.fixture
def db(sample: Path) -> Path:
    """Sample data, made beforehand."""
    return sample


@pytest.fixture
def guest(home: dict[str, str], db: Path) -> Iterator[Terminal]:
    """The dashboard as the forced command of an SSH key would start it."""
    with Terminal((*RUSVEL, "--read-only", "--db", str(db)), home) as terminal:
        terminal.until("▌Today", limit=60)
        yield terminal


def contents(db: Path) -> list[str]:
    """All that stands in the file."""
    with closing(sqlite3.connect(db)) as connection:
        return list(connection.iterdump())


def files(folder: Path) -> set[Path]:
    """What lies there, but for what SQLite keeps beside its file."""
    return {path for path in folder.rglob("*") if not path.name.endswith(("-wal", "-shm"))}


def test_each_page_shows_and_the_keys_that_write_say_no(guest: Terminal, db: Path) -> None:
    """Every page there is opens; a yes, a pause, a step back and a tag are refused with the reason."""
    before = contents(db)
    for entry in PAGES:
        guest.press(f"g{entry.letter}")
        guest.until(f"▌{entry.title}" if entry.tab else HIDDEN[entry.id])
    guest.press("gi")
    guest.until("waits for your yes")
    for times, key in enumerate(("a", ":pause sending\r", "z"), 1):
        guest.press(key)
        guest.until(lambda text, times=times: text.count("This is a read-only") >= times)  # type: ignore[misc]
    guest.press("gc")
    guest.until("▌Contacts")
    guest.press("T")
    guest.until("Tags")
    guest.press("+guest\r")
    guest.until(lambda text: text.count("This is a read-only") >= 4)
    assert contents(db) == before


def test_no_way_leads_to_the_files_and_the_editor_of_the_machine(
    guest: Terminal, db: Path, tmp_path: Path
) -> None:
    there = files(tmp_path)
    guest.press("gi")
    guest.until("waits for your yes")
    guest.press("E")
    guest.until("You are a guest here")
    guest.press("gc")
    guest.until("▌Contacts")
    guest.press(f":export {tmp_path}/stolen.csv\r")
    guest.until("opens no files")
    guest.press(f":import {db}\r")
    guest.until("opens no files")
    assert files(tmp_path) - there == set()


def test_c_106_a_setting_says_what_may_be_done(home: dict[str, str], db: Path) -> None:
    """The engine asks, so the command line and the dashboard have the same answer."""
    reader = home | {"RUSVEL_PERMISSIONS": "*.read, crm.contacts.manage"}

    def rusvel(*words: str, **more: str) -> tuple[int, str, str]:
        return ended(python("-m", "rusvel_tui", "--db", str(db), *words, **(reader | more)))

    assert rusvel("call", "gtm.outreach.list_sequences")[0] == 0
    assert rusvel("call", "gtm.crm.add_contact", "name=Eve Guest")[0] == 0
    code, _, err = rusvel("call", "gtm.outreach.pause_sending")
    assert (code, err) == (7, "gtm.outreach.pause_sending needs the permission crm.sequences.manage.\n")  # fmt: skip
    assert rusvel("worker", "--once")[0] == 7
    code, _, err = rusvel("call", "gtm.status", RUSVEL_PERMISSIONS="crm.nothing")
    assert (code, err.startswith("There is no permission 'crm.nothing'.")) == (4, True)
    with Terminal((*RUSVEL, "--db", str(db)), reader) as terminal:
        terminal.until("▌Today", limit=60)
        terminal.press("gi")
        terminal.until("waits for your yes")
        terminal.press("a")
        terminal.until("needs the permission")
        terminal.press("E")
        terminal.until("You are a guest here")

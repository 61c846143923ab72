"""Each error of the library as a sentence with its exit code."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from rusvel_tui.engine import sqlite
from tests.fakes import sqlite_error


@pytest.mark.parametrize(
    ("name", "kind", "exit_code"),
    [
        ("SQLITE_FULL", "StorageFull", 1),
        ("SQLITE_READONLY_DIRECTORY", "NotPermitted", 7),
        ("SQLITE_CANTOPEN", "NotPermitted", 7),
        ("SQLITE_PERM", "NotPermitted", 7),
        ("SQLITE_NOTADB", "StorageDamaged", 4),
        ("SQLITE_CORRUPT_INDEX", "StorageDamaged", 4),
        ("SQLITE_IOERR_WRITE", "StorageFull", 1),
        ("SQLITE_BUSY_SNAPSHOT", "Busy", 5),
        ("SQLITE_LOCKED", "Busy", 5),
        ("SQLITE_CONSTRAINT_UNIQUE", "Conflict", 5),
        ("SQLITE_TOOBIG", "InvalidInput", 4),
        ("SQLITE_ERROR", "EngineError", 1),
    ],
)
def test_each_error_of_the_library_has_its_sentence(name: str, kind: str, exit_code: int) -> None:
    made = sqlite.translate(sqlite_error(name), Path("x.db"))
    assert type(made).__name__ == kind
    assert made.exit_code == exit_code
    assert str(made).endswith(".")


def test_the_real_error_is_found_behind_those_that_hide_it() -> None:
    def chain() -> None:
        try:
            raise sqlite_error("SQLITE_FULL")
        except sqlite3.Error:
            raise sqlite_error("SQLITE_ERROR") from None

    assert _name_of(chain) == "SQLITE_FULL"
    assert sqlite.error_name(ValueError()) == ""


def _name_of(work: Callable[[], None]) -> str:
    try:
        work()
    except sqlite3.Error as error:
        return sqlite.error_name(error)
    return ""


def test_a_name_that_says_nothing_is_better_than_none() -> None:
    assert sqlite.error_name(sqlite_error("SQLITE_ERROR")) == "SQLITE_ERROR"

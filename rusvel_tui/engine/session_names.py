"""The names of the sessions in a file, for a shell that waits for them: nothing is imported but sqlite3."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def session_names(path: Path) -> list[str]:
    """The names, oldest first; none when the file is missing, busy or not ours."""
    try:
        address = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=0.2)) as connection:
            rows = connection.execute("SELECT name FROM session ORDER BY created_at").fetchall()
    except (sqlite3.Error, OSError, ValueError):
        return []
    return [str(name) for (name,) in rows if str(name).isprintable()]

"""The checks of the doctor about what is kept for bad days: copies of the database, and the log of faults."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from rusvel_tui.commands import plain
from rusvel_tui.commands.backup import daily
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.finding import Finding

_OLD = timedelta(days=7)


def backups(desk: Desk) -> Iterator[Finding]:
    """How old the newest copy is."""
    copies = daily(desk)
    if not copies.keep:
        text = (
            "daily backups are off (RUSVEL_BACKUP_DAYS=0). Make copies yourself: rusvel backup FILE"
        )
        yield Finding("backup", "warn", text)
        return
    found = copies.days()
    if not found:
        text = "there is none yet: one is made each day while the dashboard or the worker runs."
        yield Finding("backup", "ok", text)
        return
    age = desk.engine().clock.now().date() - found[0].day
    said = f"{_age(age)}, {len(found)} kept in {copies.folder}"
    if age > _OLD:
        yield Finding(
            "backup", "warn", f"{said}. The log says why, or make one: rusvel backup FILE"
        )
    elif age < -timedelta(days=1):
        yield Finding("backup", "warn", f"{said}: from the future. Set the clock right.")
    else:
        yield Finding("backup", "ok", said)


def _age(age: timedelta) -> str:
    if age <= timedelta(0):
        return (
            "the newest is of today" if not age else f"the newest is dated {-age.days} days ahead"
        )
    return f"the newest is {plain.many(age.days, 'day')} old"


def log_file(desk: Desk) -> Iterator[Finding]:
    """Where faults are written, and how much is there."""
    from rusvel_tui.bootstrap_log import log_path

    level, path = desk.settings().log_level, log_path()
    if level == "off":
        yield Finding("log", "warn", "off (RUSVEL_LOG_LEVEL=off): faults leave no trace")
        return
    size = f"{path.stat().st_size:,} bytes" if path.exists() else "nothing in it"
    yield Finding("log", "ok", f"{path}: {size}, level {level}")

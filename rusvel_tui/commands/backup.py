"""`rusvel backup`: a consistent private copy, also while others write; and the copies that there are."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from rusvel_tui.commands import plain
from rusvel_tui.commands.asking import require_owner
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser
from rusvel_tui.engine.errors import InvalidInput

if TYPE_CHECKING:
    from rusvel_tui.engine.trust.daily import Daily, Kept


def define(parser: Parser) -> None:
    """`FILE`, which must not exist yet, or `--list`."""
    parser.add_argument("file", metavar="FILE", nargs="?", default="", help="a new file")
    parser.add_argument("--list", action="store_true", help="the copies that there are")
    parser.set_defaults(run=run)


def run(desk: Desk) -> None:
    """Copy, and say how large the copy is; or list the copies."""
    require_owner(desk, "copy the database")
    if desk.args.list:
        _list(desk)
        return
    if not desk.args.file:
        raise InvalidInput("Name a new file for the copy, or say --list.", field="file")
    target = Path(desk.args.file)
    desk.engine().backup(target)
    size = target.stat().st_size
    if desk.out.json:
        desk.out.document({"file": str(target), "bytes": size})
    else:
        desk.out.lines((f"{target}: {size:,} bytes, readable by you only.",))


def daily(desk: Desk) -> Daily:
    """The daily copies of this database."""
    from rusvel_tui.engine.trust.daily import Daily

    settings = desk.settings()
    return Daily.of(desk.path, settings.backup_days, settings.backup_folder)


def _list(desk: Desk) -> None:
    found = daily(desk).kept()
    if desk.out.json:
        desk.out.document({"items": [_item(one) for one in found]})
    elif found:
        desk.out.lines(plain.table(("day", "made", "bytes", "file"), _rows(found)))
    else:
        desk.out.lines(("There is no copy yet. One is made each day while the dashboard or the worker runs.",))  # fmt: skip


def _rows(found: Iterable[Kept]) -> list[tuple[str, ...]]:
    return [(f"{one.day}", one.what, f"{one.bytes:,}", str(one.file)) for one in found]


def _item(one: Kept) -> dict[str, object]:
    return {"day": f"{one.day}", "made": one.what, "bytes": one.bytes, "file": str(one.file)}

"""`rusvel backup`: a consistent private copy, also while others write."""

from __future__ import annotations

from pathlib import Path

from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser


def define(parser: Parser) -> None:
    """`FILE`, which must not exist yet."""
    parser.add_argument("file", metavar="FILE", help="a new file")
    parser.set_defaults(run=run)


def run(desk: Desk) -> None:
    """Copy, and say how large the copy is."""
    target = Path(desk.args.file)
    desk.engine().backup(target)
    size = target.stat().st_size
    if desk.out.json:
        desk.out.document({"file": str(target), "bytes": size})
    else:
        desk.out.lines((f"{target}: {size:,} bytes, readable by you only.",))

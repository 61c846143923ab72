"""`rusvel archive`: everything as JSON lines, and a new database made of them again."""

from __future__ import annotations

from pathlib import Path

from rusvel_tui.commands import plain
from rusvel_tui.commands.asking import require_owner
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser, verbs
from rusvel_tui.engine.errors import NotFound


def define(parser: Parser) -> None:
    """`write FILE [--force]` and `read FILE`."""
    choice = verbs(parser)
    write = choice.add_parser("write", help="all sessions with all that happened, to a new file")
    write.add_argument("file", metavar="FILE", help="a new file, readable by you only")
    write.add_argument("--force", action="store_true", help="replace a file that is there")
    write.set_defaults(run=run_write)
    read = choice.add_parser("read", help="make a database of an archive; there must be none yet")
    read.add_argument("file", metavar="FILE", help="what `archive write` wrote")
    read.set_defaults(run=run_read)


def run_write(desk: Desk) -> None:
    """Write all of it, and say how much it is."""
    from rusvel_tui.engine.trust.archive.writing import write_archive

    require_owner(desk, "write everything to a file")
    if not desk.path.exists():
        raise NotFound(f"There is no database at {desk.path} yet.")
    target = Path(desk.args.file).expanduser().absolute()
    done = write_archive(desk.engine().path, target, overwrite=desk.args.force)
    if desk.out.json:
        desk.out.document({"file": str(done.file), "rows": done.rows, "bytes": done.bytes})
    else:
        desk.out.lines(
            (f"{done.file}: {plain.many(done.rows, 'row')}, {done.bytes:,} bytes, readable by you only.",)
        )  # fmt: skip


def run_read(desk: Desk) -> None:
    """Make the database, and say what to do before mail leaves from it."""
    from rusvel_tui.bootstrap import make_clock
    from rusvel_tui.engine.trust.archive.reading import read_archive

    require_owner(desk, "make a database")
    desk.make_folder()
    done = read_archive(Path(desk.args.file).expanduser(), desk.path, make_clock(desk.settings()))
    if desk.out.json:
        data = {"db": str(desk.path), "rows": done.rows, "sessions": done.sessions}
        desk.out.document(data)
        return
    desk.out.lines(
        (
            f"{desk.path}: {plain.many(done.rows, 'row')}, with {', '.join(done.sessions) or 'no session'}.",
            "Sending waits: look at the inbox, then press ! there, or `rusvel call gtm.outreach.resume_sending`.",
        )
    )

"""`rusvel restore`: puts a copy of the database back, after a look at it; what was there stays under another name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rusvel_tui.commands import plain
from rusvel_tui.commands.asking import agreed, require_owner
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser

if TYPE_CHECKING:
    from rusvel_tui.engine.trust.restoring import Copy, PutBackDone


def define(parser: Parser) -> None:
    """`FILE [--yes]`."""
    parser.add_argument("file", metavar="FILE", help="a copy, or its day: 2026-11-20, or newest")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(run=run)


def run(desk: Desk) -> int:
    """Show what the copy holds and what it lacks, ask, and put it in place; 1 when the answer was no."""
    from rusvel_tui.bootstrap import make_clock
    from rusvel_tui.engine.trust.presence import alone
    from rusvel_tui.engine.trust.restoring import examine, put_back

    require_owner(desk, "put a copy back")
    desk.make_folder()
    copy = examine(_chosen(desk), desk.path)
    with alone(desk.path):  # told before anything is asked
        pass
    if not desk.out.json:
        desk.out.lines(_found(copy, desk.path))
    if not agreed(desk, "Put this copy back?"):
        return 1
    done = put_back(copy, desk.path, make_clock(desk.settings()))
    if desk.out.json:
        desk.out.document(_document(copy, done))
    else:
        desk.out.lines(_told(done))
    return 0


def _chosen(desk: Desk) -> Path:
    """The named file, or the copy of the named day."""
    from rusvel_tui.commands.backup import daily

    named = str(desk.args.file)
    for number, one in enumerate(daily(desk).days()):
        if named == f"{one.day}" or (named == "newest" and not number):
            return one.file
    return Path(named).expanduser()


def _found(copy: Copy, target: Path) -> Iterator[str]:
    yield f"{copy.file}: whole, with {', '.join(copy.sessions) or 'no session'}."
    yield f"The last thing in it happened {copy.newest[:16].replace('T', ' ') or 'never'} UTC."
    if not target.exists():
        return
    lost = [_line(plain.many(one.number, one.what), one.names) for one in copy.losses]
    if lost:
        yield f"It lacks what came since: {'; '.join(lost)}."
    else:
        yield "Nothing that is in the database now is missing in it."


def _line(count: str, names: tuple[str, ...]) -> str:
    return f"{count} ({', '.join(names)})" if names else count


def _told(done: PutBackDone) -> Iterator[str]:
    yield "The copy is in place."
    if done.kept:
        yield f"What was there before is kept: {done.kept}"
    if done.opt_outs:
        yield f"{plain.many(done.opt_outs, 'opt-out')} of the time since were carried over."
    yield "Sending waits: look at the inbox, then press ! there, or `rusvel call gtm.outreach.resume_sending`."


def _document(copy: Copy, done: PutBackDone) -> dict[str, object]:
    return {
        "file": str(copy.file),
        "sessions": copy.sessions,
        "newest": copy.newest,
        "lost": {one.what: one.number for one in copy.losses},
        "kept": str(done.kept) if done.kept else None,
        "opt_outs": done.opt_outs,
    }

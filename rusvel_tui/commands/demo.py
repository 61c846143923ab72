"""`rusvel demo`: the dashboard over sample data in a file of its own; its mails go to a folder."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from rusvel_tui.commands.dashboard import require_terminal, show
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser
from rusvel_tui.demo.story import SESSION, Story, begin
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.sessions import ListSessions, list_sessions

if TYPE_CHECKING:
    from rusvel_tui.engine.core import Engine
    from rusvel_tui.settings import Settings

_UNDO_SECONDS = 10
"""Somebody who tries things out wants to see a mail leave."""


def define(parser: Parser) -> None:
    """`[--seed N] [--fresh] [--no-open]`, and `--db PATH` for another file than the usual one."""
    parser.add_argument(
        "--seed", metavar="N", type=int, default=1, help="which sample data (default: 1)"
    )
    parser.add_argument("--fresh", action="store_true", help="make the sample data anew")
    parser.add_argument("--no-open", action="store_true", help="only make the file")
    parser.set_defaults(run=run)


def run(desk: Desk) -> int:
    """Make the file unless it is there, and open the dashboard on it."""
    opening = not (desk.args.no_open or desk.out.json)
    if opening:
        require_terminal(desk)
    path = _path(desk)
    if path.exists():
        _require_demo(desk, path)
        if desk.args.fresh:
            _remove(path)
    if not path.exists():
        _fill(desk, path)
    if opening:
        given = (
            desk.settings().undo_seconds if "undo_seconds" in desk.loaded.origins else _UNDO_SECONDS
        )
        return show(desk, desk.adopt(_open(desk, path, given, work=True)))
    if desk.out.json:
        desk.out.document(
            {"db": str(path), "session": SESSION, "mail_folder": str(_mail_folder(path))}
        )
    else:
        desk.out.lines((f"The sample data is in {path}. Look at it: rusvel demo --db {path}",))
    return 0


def _path(desk: Desk) -> Path:
    """The file of `--db`; RUSVEL_DB is your own database and is left alone."""
    from rusvel_tui.settings import data_path

    if desk.args.db:
        return desk.settings().db or Path(desk.args.db)
    data_path().mkdir(mode=0o700, parents=True, exist_ok=True)
    return data_path() / "demo.db"


def _mail_folder(path: Path) -> Path:
    return path.with_name(f"{path.stem}-mail")


def _settings(path: Path, undo_seconds: int) -> Settings:
    """What the demo runs with, whatever is set: templates, and a folder for its mails."""
    from rusvel_tui.settings import Settings

    return Settings(
        mail_folder=_mail_folder(path.absolute()), undo_seconds=undo_seconds, backup_days=0
    )


def _open(desk: Desk, path: Path, undo_seconds: int, *, work: bool) -> Engine:
    from rusvel_tui.bootstrap import build

    return build(_settings(path, undo_seconds), path=path, now=desk.settings().now, work=work)


def _fill(desk: Desk, path: Path) -> None:
    """Build beside the place and move it there: an interrupted demo leaves no half of one."""
    from rusvel_tui.bootstrap import build, time_now

    draft = path.with_name(f".{path.name}.demo")
    draft.unlink(missing_ok=True)
    start = begin(desk.settings().now or time_now())
    engine = desk.adopt(build(_settings(path, 0), path=draft, now=start, work=True))
    try:
        Story(engine, desk.args.seed).tell()
        desk.close()
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)


def _require_demo(desk: Desk, path: Path) -> None:
    """Refuse a file with other data: sample data never mixes with yours, and `--fresh` never removes it."""
    engine = desk.adopt(_open(desk, path, 0, work=False))
    names = [session.name for session in engine.run(list_sessions, ListSessions()).items]
    desk.close()
    if names != [SESSION]:
        raise Conflict(f"{path} exists and is no sample data. Name a new file with --db.")


def _remove(path: Path) -> None:
    for name in (path.name, f"{path.name}-journal", f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
    if (_mail_folder(path) / "new").is_dir():
        shutil.rmtree(_mail_folder(path))

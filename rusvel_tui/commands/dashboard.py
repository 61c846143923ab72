"""`rusvel` without a command: the dashboard, with a worker in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rusvel_tui.commands.desk import Desk
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.worker import Worker
from rusvel_tui.terminal import check_terminal

if TYPE_CHECKING:
    from rusvel_tui.engine.core import Engine


def run(desk: Desk) -> None:
    """Open the dashboard; on a new database it asks for the first session."""
    require_terminal()
    show(desk.engine(create=True, work=True))


def require_terminal() -> None:
    """Refuse before anything else when there is no screen."""
    if why := check_terminal():
        raise EngineError(why)


def show(engine: Engine) -> None:
    """The dashboard over this engine until the person leaves it."""
    from rusvel_tui.app import RusvelApp

    RusvelApp(engine, None if engine.read_only else Worker(engine)).run()

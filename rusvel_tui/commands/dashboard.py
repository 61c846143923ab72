"""`rusvel` without a command: the dashboard, with a worker in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rusvel_tui.commands.desk import Desk
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.worker import Worker
from rusvel_tui.terminal import check_terminal, drawing, follow_the_window

if TYPE_CHECKING:
    from rusvel_tui.engine.core import Engine
    from rusvel_tui.habits import Habits


class NoTerminal(EngineError):
    """There is no screen to draw on."""

    exit_code = 2


def run(desk: Desk) -> int:
    """Open the dashboard; on a new database it begins with the guided start."""
    require_terminal(desk)
    return show(desk, desk.engine(create=True, work=True))


def require_terminal(desk: Desk) -> None:
    """Refuse before anything else when there is no screen."""
    if why := check_terminal(desk.loaded.settings.ascii):
        raise NoTerminal(why)


def show(desk: Desk, engine: Engine) -> int:
    """The dashboard over this engine until the person leaves it; 128 and the signal that ended it."""
    follow_the_window()
    from rusvel_tui.app import RusvelApp
    from rusvel_tui.commands.mail_setup import setup_of

    works = engine.may("jobs.work") and not engine.read_only
    worker = Worker(engine) if works else None
    app = RusvelApp(engine, worker, habits=_habits(desk))
    app.draw_with(drawing(desk.environ, desk.loaded.settings.ascii))
    app.starts_private = desk.loaded.settings.private
    if worker is not None:
        app.setup = setup_of(desk, engine, worker)
    app.run()
    if app.failure is not None:
        raise app.failure  # the last border of the command line says it in a sentence
    return app.return_code or 0


def _habits(desk: Desk) -> Habits:
    """The keys of the person at this terminal; a guest leaves nothing behind on it."""
    from rusvel_tui.habits import habits_of
    from rusvel_tui.settings import keymap_path, state_path

    keymap = keymap_path(desk.settings(), desk.environ)
    return habits_of(keymap, None if desk.args.read_only else state_path())

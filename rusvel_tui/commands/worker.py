"""`rusvel worker`: drafts and sends what is due, once, until nothing is left, or until it is stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from rusvel_tui.commands import feed, plain
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser
from rusvel_tui.commands.stopping import stopped_by_signals
from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.worker import Worker

_ACTOR = Actor("worker", human=False)


_ENDS = (
    "Ctrl-c, SIGTERM or a lost line end it when the mail in its hands has left or was given back; "
    "the exit code is 0, and 128 and the signal (130, 143, 129) where --until-idle had work left. "
    "A second ctrl-c or SIGTERM ends it at once: what may have left is then put in doubt, and never sent twice."
)


def define(parser: Parser) -> None:
    """`[--once | --until-idle]`."""
    parser.epilog = _ENDS
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--once", action="store_true", help="do one job at the most")
    how.add_argument(
        "--until-idle",
        action="store_true",
        help="work until nothing is due; waits for undo windows",
    )
    parser.set_defaults(run=run)


def run(desk: Desk) -> int:
    """Work, and tell on stderr what was done; the signal that came before the work was done, as a code."""
    worker = Worker(desk.engine(work=True, actor=_ACTOR))
    if not desk.out.json:
        desk.out.note(
            f"Mail leaves by: {worker.engine.policy.mailer or 'no mailer is configured, approved mails wait'}."
        )
    with stopped_by_signals() as stop, _telling(desk, worker.engine):
        _work(worker, desk, stop)
    if desk.out.json:
        desk.out.document({"done": worker.done})
    else:
        desk.out.note(f"Done: {plain.many(worker.done, 'job')}.")
    return stop.exit_code if desk.args.until_idle else 0


def _work(worker: Worker, desk: Desk, stop: Event) -> None:
    if desk.args.once:
        worker.start()
        worker.tick(stop)
    elif desk.args.until_idle:
        worker.until_idle(stop)
    else:
        worker.run(stop)


@contextmanager
def _telling(desk: Desk, engine: Engine) -> Iterator[None]:
    """Print what the worker did while it works: a thread that reads the log like everybody else."""
    if desk.out.json:
        yield
        return
    over, zone, told = Event(), desk.zone, [engine.cursor()]

    def tell() -> None:
        for event in feed.events_after(engine, told[0]):
            told[0] = event.id
            if (
                event.actor == _ACTOR.name and event.kind != "gtm.outreach.sent"
            ):  # `gtm.email.sent` says it
                desk.out.note(feed.line(event, zone))

    def listen() -> None:
        with suppress(EngineError):  # the worker meets the same trouble and says so
            for _topics in engine.follow(over, told[0]):
                tell()

    thread = Thread(target=listen, name="telling", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        tell()

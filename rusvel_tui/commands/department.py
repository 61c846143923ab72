"""`rusvel gtm` and the other departments: the status, the things and the events of a department."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rusvel_tui.commands import plain
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser, Verbs, add_count, verbs
from rusvel_tui.engine import departments
from rusvel_tui.engine.events import ListEvents, list_events
from rusvel_tui.engine.gtm.overview import GtmStatus
from rusvel_tui.engine.operation import View


def define_usual(parser: Parser) -> Verbs:
    """`status | list [--kind K] [-n N] | events [-n N]`; what follows can be added."""
    choice = verbs(parser)
    choice.add_parser("status", help="the numbers").set_defaults(run=run_status)
    things = choice.add_parser("list", help="the things of one kind")
    kinds = departments.find(parser.get_default("command")).things
    things.add_argument(
        "--kind", metavar="K", default=kinds[0], help=f"{', '.join(kinds)} (default: {kinds[0]})"
    )
    add_count(things)
    things.set_defaults(run=run_list)
    events = choice.add_parser("events", help="what happened, newest first")
    add_count(events)
    events.set_defaults(run=run_events)
    return choice


def run_status(desk: Desk) -> None:
    """The department's numbers."""
    view = desk.engine().call(f"{desk.args.command}.status", {})
    desk.out.view(view, lambda found: _status(found, desk))


def run_list(desk: Desk) -> None:
    """The department's things of one kind."""
    args = desk.args
    page: Any = desk.engine().call(f"{args.command}.list", {"kind": args.kind, "limit": args.count})
    desk.out.view(page, lambda found: _things(found, desk))


def run_events(desk: Desk) -> None:
    """What happened in the department, newest first."""
    from rusvel_tui.commands.tables import listing

    command = ListEvents(department=desk.args.command, limit=desk.args.count)
    page = desk.engine().run(list_events, command)
    desk.out.view(page, lambda found: listing(found.items, desk.zone, "Nothing has happened yet."))


def _things(page: Any, desk: Desk) -> Iterator[str]:
    from rusvel_tui.commands.tables import LINES, listing  # they know every kind of view

    empty = f"There are no {page.kind} yet."
    if page.items and type(page.items[0]) not in LINES:
        yield from map(str, page.items)
        return
    yield from listing(page.items, desk.zone, empty)
    if page.next:
        yield "There are more: use -n, or --json and the cursor."


def _status(view: View, desk: Desk) -> Iterator[str]:
    if isinstance(view, GtmStatus):
        return _gtm_status(view)
    return plain.outline(view.model_dump(by_alias=True), desk.zone)


def _gtm_status(status: GtmStatus) -> Iterator[str]:
    session, sender = status.session, status.sender
    yield f"{session.name}: {session.currency}, {session.timezone}"
    yield from plain.fields(
        (
            ("contacts", status.contacts),
            ("deals", _stages(status)),
            ("sequences", _counts(status.sequences)),
            ("enrollments", _counts(status.enrollments)),
            ("invoices", _counts(status.invoices)),
            ("mails", _counts(status.mails)),
            ("to decide", status.to_decide),
            ("mailer", sender.mailer or "none: set RUSVEL_SMTP_HOST or RUSVEL_MAIL_FOLDER"),
            ("sender", sender.mail_from or "none: set RUSVEL_SMTP_FROM"),
            ("paused", sender.reason if sender.paused else ""),
        )
    )


def _stages(status: GtmStatus) -> str:
    return (
        ", ".join(
            f"{stage.stage} {stage.deals} ({' + '.join(stage.sums)})"
            for stage in status.deals
            if stage.deals
        )
        or "none"
    )


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items() if count) or "none"

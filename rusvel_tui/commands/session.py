"""`rusvel session`: create, list and choose workspaces."""

from __future__ import annotations

from collections.abc import Iterator

from rusvel_tui.commands import plain
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser, verbs
from rusvel_tui.commands.seeding import ensure_seeds
from rusvel_tui.engine.sessions import (
    CreateSession,
    ListSessions,
    SessionList,
    SessionView,
    UseSession,
    create_session,
    list_sessions,
    use_session,
)


def define(parser: Parser) -> None:
    """`create NAME | list | use NAME`."""
    choice = verbs(parser)
    create = choice.add_parser("create", help="create a workspace and make it the active one")
    create.add_argument("name", metavar="NAME", help="how it is called")
    create.add_argument(
        "--currency", metavar="CUR", default="EUR", help="ISO 4217 code (default: EUR)"
    )
    create.add_argument(
        "--timezone", metavar="ZONE", default="UTC", help="such as Europe/Berlin (default: UTC)"
    )
    create.add_argument("--sender-name", metavar="NAME", default="", help="who your mails are from")
    create.add_argument(
        "--sender-email", metavar="ADDRESS", default="", help="the address they are from"
    )
    create.set_defaults(run=run_create)
    choice.add_parser("list", help="list the workspaces").set_defaults(run=run_list)
    use = choice.add_parser("use", help="make a workspace the active one")
    use.add_argument("name", metavar="NAME", help="one of `session list`")
    use.set_defaults(run=run_use)


def run_create(desk: Desk) -> None:
    """Create a workspace; its file, too, when there is none yet."""
    args = desk.args
    command = CreateSession(
        name=args.name,
        currency=args.currency,
        timezone=args.timezone,
        sender_name=args.sender_name,
        sender_email=args.sender_email,
    )
    view = desk.engine(create=True).run(create_session, command)
    ensure_seeds(desk, view.session_id)
    desk.out.view(view, lambda made: _about(made, "Created, and active from now on."))


def run_list(desk: Desk) -> None:
    """List the workspaces, the active one marked."""
    desk.out.view(desk.engine().run(list_sessions, ListSessions()), _rows)


def run_use(desk: Desk) -> None:
    """Choose the active workspace."""
    view = desk.engine().run(use_session, UseSession(name=desk.args.name))
    desk.out.view(view, lambda used: _about(used, "Active from now on."))


def _about(session: SessionView, what: str) -> Iterator[str]:
    yield f"{session.name}: {what}"
    yield from plain.fields(
        (
            ("session_id", session.session_id),
            ("currency", session.currency),
            ("time zone", session.timezone),
            ("sender", f"{session.sender_name} {session.sender_email}".strip()),
        )
    )


def _rows(sessions: SessionList) -> Iterator[str]:
    if not sessions.items:
        yield "There is no session yet. Create one: rusvel session create NAME"
        return
    rows = [
        ("*" if s.session_id == sessions.active else "", s.name, s.currency, s.timezone, s.sender_email, s.session_id)
        for s in sessions.items
    ]  # fmt: skip
    yield from plain.table(("", "name", "money", "time zone", "sender", "session_id"), rows)

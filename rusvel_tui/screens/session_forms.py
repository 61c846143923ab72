"""Sessions from the screen: the first one, its settings, and going to another."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.sessions import (
    CreateSession,
    ListSessions,
    SessionView,
    UpdateSession,
    UseSession,
    create_session,
    list_sessions,
    show_session,
    update_session,
    use_session,
)
from rusvel_tui.screens.page import Page
from rusvel_tui.widgets.line_input import Question

if TYPE_CHECKING:
    from rusvel_tui.widgets.form import Field

WELCOME = "Welcome. Where shall your work live?"
LATER = "Nothing can be kept without a session. :welcome or :session makes one."


async def first_session(page: Page[Any]) -> None:
    """Ask a new desk's owner for the essentials; awaited in a worker."""

    def save(values: dict[str, str]) -> SessionView:
        return page.engine.run(create_session, CreateSession(**values))

    made = await page.form(WELCOME, session_fields(), save, button="Begin")
    if made is None:
        page.complain(LATER)
    else:
        page.say(f"{made.name} is ready.")


async def edit_session(page: Page[Any]) -> None:
    """Change the session in use, or make the first one."""
    found = await asyncio.to_thread(page.engine.run, list_sessions, ListSessions())
    if not found.items:
        await first_session(page)
        return
    seen = await asyncio.to_thread(page.engine.run, show_session, ListSessions())

    def save(values: dict[str, str]) -> SessionView:
        return page.engine.run(update_session, UpdateSession(version=seen.version, **values))

    if await page.form("This session", session_fields(seen), save) is not None:
        page.say("Saved. z takes it back.")


async def switch_session(page: Page[Any], name: str) -> None:
    """Work in another session; ask which one when none is named."""
    found = await asyncio.to_thread(page.engine.run, list_sessions, ListSessions())
    names = [item.name for item in found.items]
    hint = "tab completes: " + ", ".join(names)
    wanted = name or await page.ask_line(Question("session", "Session: ", "", names, hint))
    if not wanted:
        return
    try:
        used = await asyncio.to_thread(page.engine.run, use_session, UseSession(name=wanted))
    except EngineError as error:
        page.complain(str(error))
        return
    if page.engine.session is not None:  # it was chosen when the dashboard was started
        page.engine.session = used.session_id
    page.say(f"This is {used.name} now.")


def session_fields(seen: SessionView | None = None) -> tuple[Field, ...]:
    """What a session is made of, filled with that one."""
    from rusvel_tui.widgets.form import Field  # the text editor is imported when one is needed

    money, zone, you = (seen.currency, seen.timezone, seen.sender_name) if seen else _guesses()
    return (
        Field("name", "Name", seen.name if seen else "", required=True,
              help="A workspace: your company, or one product. Everything you keep belongs to one."),
        Field("currency", "Currency", money, required=True,
              help="The money you sell in, by its ISO code: EUR, USD, GBP."),
        Field("timezone", "Time zone", zone, required=True,
              help="Where your days begin: Europe/Berlin, America/New_York, UTC."),
        Field("sender_name", "Your name", you,
              help="Stands under your mails, and in their From line."),
        Field("sender_email", "Your address", seen.sender_email if seen else "",
              help="Mails leave from this address. It can wait until you send the first one."),
    )  # fmt: skip


def _guesses() -> tuple[str, str, str]:
    """What this machine says about money, zone and name."""
    import os

    from rusvel_tui import machine

    return machine.currency(os.environ), machine.zone_name(os.environ), machine.person_name()

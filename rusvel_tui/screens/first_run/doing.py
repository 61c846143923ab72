"""What Enter does for each step of the guided start. Each is one whole change, or a way to the page that has it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.crm.sample import add_sample
from rusvel_tui.engine.operation import Input
from rusvel_tui.screens.first_run.setup import SERVER, Setup
from rusvel_tui.screens.shared.dialogs import Reader
from rusvel_tui.widgets.line_input import Question
from rusvel_tui.widgets.text_view import Block, Heading, Prose

if TYPE_CHECKING:
    from rusvel_tui.screens.first_run.page import WelcomePage


async def session(page: WelcomePage) -> None:
    """The form of the session: the first one, or the one in use."""
    from rusvel_tui.screens.session_forms import edit_session

    await edit_session(page)


async def mail(page: WelcomePage) -> None:
    """A folder, a server, or later."""
    if page.facts.mailer:
        page.say(f"Mail goes to: {page.facts.mailer}. Your settings say so; `rusvel config` shows them.")  # fmt: skip
        return
    choices = {"1": "keep mails in a folder", "2": "a mail server", "3": "later"}
    key = await page.ask_key("mail", choices)
    if key == "1":
        await _folder(page)
    elif key == "2":
        page.app.copy_to_clipboard(SERVER)
        await page.app.push_screen_wait(Reader("A mail server", server_blocks(_setup(page))))
    elif key == "3":
        page.action_skip()


async def _folder(page: WelcomePage) -> None:
    setup = _setup(page)
    if setup is None:
        page.say("Set RUSVEL_MAIL_FOLDER to a folder and start rusvel again.")
        return
    hint = "made when the first mail goes there; nothing leaves this machine"
    path = await page.ask_line(Question("mail folder", "Folder: ", str(setup.folder), hint=hint))
    if not path:
        return
    try:
        label = await asyncio.to_thread(setup.keep_mails_in, Path(path))
    except EngineError as error:
        page.complain(str(error))
    else:
        page.say(f"Mail goes to: {label}. It is set in {setup.config}.")
        page.load()


def server_blocks(setup: Setup | None) -> tuple[Block, ...]:
    """What to write where, and how the password stays out of the database."""
    where = str(setup.config) if setup else "config.toml (`rusvel doctor` names its place)"
    return (
        Prose(f"Put these lines into {where}, with your own values. They are on your clipboard."),
        Heading("The lines"),
        Prose(SERVER, "accent"),
        Heading("The password"),
        Prose("It stands in that file alone, which must be yours alone: chmod 600. RUSVEL_SMTP_PASSWORD in the "
              "environment does the same. It never comes into the database, a log or this screen."),
        Heading("Then"),
        Prose("Start rusvel again. `rusvel doctor` tries the server, and t in the inbox sends a draft to yourself."),
    )  # fmt: skip


def _setup(page: WelcomePage) -> Setup | None:
    found: Setup | None = getattr(page.app, "setup", None)
    return found


async def people(page: WelcomePage) -> None:
    """A file, invented people, one person, or later."""
    choices = {"1": "import a file", "2": "sample people", "3": "type in one", "4": "later"}
    key = await page.ask_key("people", choices)
    if key == "1":
        page.visit("contacts", action="import")
    elif key == "2":
        page.run(add_sample, Input(), lambda _: page.say("Five invented people are here, with first drafts on their way. z takes them back."))  # fmt: skip
    elif key == "3":
        from rusvel_tui.screens.contacts.forms import create_contact

        await create_contact(page)
    elif key == "4":
        page.action_skip()


async def sequence(page: WelcomePage) -> None:
    """A new one, or the way to those that are there."""
    if page.facts.sequences:
        page.visit("sequences")
        return
    from rusvel_tui.screens.sequences.start import new_sequence

    await new_sequence(page)


async def approve(page: WelcomePage) -> None:
    """To the inbox."""
    page.visit("inbox")


DOING: dict[str, Callable[[WelcomePage], Awaitable[None]]] = {
    "session": session,
    "mail": mail,
    "people": people,
    "sequence": sequence,
    "approve": approve,
}
"""What each step does; a test holds it to the list of steps."""

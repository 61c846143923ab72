"""What the tests of the sequences page share: the way to its parts, by keys."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceView
from rusvel_tui.screens import CREATORS, PAGES
from rusvel_tui.screens.sequences.page import SequencesPage
from rusvel_tui.widgets.form import FormDialog
from tests.factories import Desk
from tests.screens.pilots import HOSTILE, settle

HERE = sorted(
    (e for e in PAGES if e.id in ("sequences", "inbox")), key=lambda e: e.id != "sequences"
)
"""The sequences first, and the inbox."""
STORABLE = [text[:200] for text in HOSTILE if "\ud800" not in text]
"""A lone surrogate does not come in: it is no text."""
MAKERS = tuple(made for made in CREATORS if made.id == "sequence")


def program(engine: Engine) -> RusvelApp:
    return RusvelApp(engine, pages=HERE, creators=MAKERS)


def page(app: RusvelApp) -> SequencesPage:
    return app.query_one(SequencesPage)


def sequences(desk: Desk) -> list[SequenceView]:
    return list(desk.call("gtm.outreach.list_sequences").items)


def toasts(app: RusvelApp) -> str:
    return "\n".join(note.message for note in app._notifications)


async def at_row(pilot: Pilot[Any], app: RusvelApp) -> None:
    await settle(pilot, lambda: page(app).sequence is not None)


async def dialog(pilot: Pilot[Any], app: RusvelApp, kind: type[Any]) -> None:
    await settle(pilot, lambda: isinstance(app.screen, kind) and app.screen.focused)


async def press(pilot: Pilot[Any], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()


async def in_editor(pilot: Pilot[Any], app: RusvelApp) -> None:
    """Open the editor on the row under the cursor."""
    await at_row(pilot, app)
    await press(pilot, "e")
    await settle(pilot, lambda: page(app).editor.rows.has_focus and page(app).editor.rows.current)


async def write_step(pilot: Pilot[Any], app: RusvelApp, body: str, subject: str = "") -> None:
    """Fill the open form and save it."""
    await dialog(pilot, app, FormDialog)
    app.screen.query(Input)[-1].value = subject
    app.screen.query(TextArea).first().text = body
    await pilot.pause()
    await pilot.press("ctrl+s")

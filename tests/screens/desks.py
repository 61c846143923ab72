"""Words for the tests of the contacts and deals pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Select, TextArea

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.core import Engine
from rusvel_tui.screens import CREATORS, PAGES
from rusvel_tui.widgets.form import FormDialog
from tests.screens.pilots import HOSTILE, settle

STORABLE = [text[:180] for text in HOSTILE if "\ud800" not in text]
"""A lone surrogate does not come in: it is no text."""
OTHER_PROCESS = """
import json, sys
from pathlib import Path
from rusvel_tui.adapters.clock import SystemClock
from rusvel_tui.engine.core import Engine
engine = Engine(Path(sys.argv[1]), clock=SystemClock())
engine.call(sys.argv[2], json.loads(sys.argv[3]))
"""


def program(engine: Engine, first: str) -> RusvelApp:
    """The real application with the contacts and the deals, `first` in front."""
    pages = [entry for entry in PAGES if entry.id in ("contacts", "deals")]
    makers = [made for made in CREATORS if made.id in ("contact", "deal", "task", "note")]
    pages.sort(key=lambda entry: entry.id != first)
    return RusvelApp(engine, pages=pages, creators=makers)


def said(app: RusvelApp) -> str:
    """All messages that are on the screen."""
    return "\n".join(note.message for note in app._notifications)


async def form(pilot: Pilot[Any]) -> FormDialog:
    """The form, once it is open."""
    await settle(pilot, lambda: isinstance(pilot.app.screen, FormDialog) and pilot.app.focused)
    assert isinstance(pilot.app.screen, FormDialog)
    return pilot.app.screen


def fill(dialog: FormDialog, **values: str) -> None:
    """Type into fields of the form."""
    rows = {row.field.name: row for row in dialog.rows}
    for name, text in values.items():
        control = rows[name].control
        if isinstance(control, TextArea):
            control.text = text
        elif isinstance(control, Input | Select):
            control.value = text


def errors(dialog: FormDialog) -> dict[str, str]:
    """What stands under the fields."""
    found = {row.field.name: str(row.query_one(".field-error").render()) for row in dialog.rows}
    return {name: text for name, text in found.items() if text}


async def prompt(pilot: Pilot[Any]) -> Input:
    """The line at the bottom, once it is open."""
    await settle(
        pilot, lambda: isinstance(pilot.app.focused, Input) and pilot.app.focused.id == "line-text"
    )
    return pilot.app.screen.query_one("#line-text", Input)


@contextmanager
def operations(engine: Engine, patch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the operations that run meanwhile."""
    seen: list[str] = []
    run = engine.run

    def counted(operation: Any, command: Any) -> Any:
        seen.append(operation.name)
        return run(operation, command)

    with patch.context() as here:
        here.setattr(engine, "run", counted)
        yield seen

"""Editing a thing as text in the person's own editor; what is wrong comes back on top of their own words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import ValidationError

from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.text import one_line
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.asking import field_errors
from rusvel_tui.screens.shared.editor import edit_text

T = TypeVar("T")
_WRONG = "# ✗ "


async def edit_as_text(
    page: Page[Any], text: str, save: Callable[[str], T], *, suffix: str = ".yaml"
) -> T | None:
    """What `save` made of the edited text; None when nothing was changed. `save` runs in a thread and may refuse.

    A refused text is opened again as it was left, with the reason above it; closing it unchanged gives up.
    """
    shown = text
    while True:
        edited = edit_text(page.app, shown, suffix=suffix)
        if edited is None:
            return None
        if edited == shown or not edited.strip():
            page.say("Nothing was changed.")
            return None
        plain = without_faults(edited)
        try:
            return await asyncio.to_thread(save, plain)
        except (EngineError, ValidationError) as error:
            faults = field_errors(error)
            shown = "".join(map(_fault, faults.items())) + plain


def without_faults(text: str) -> str:
    """The text without the reasons that stand above it."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(_WRONG))


def _fault(item: tuple[str, str]) -> str:
    name, said = item
    place = f"{name}: " if name and name != "text" else ""
    return f"{_WRONG}{one_line(f'{place}{said}')}\n"

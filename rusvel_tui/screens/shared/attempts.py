"""Engine calls awaited in a worker of a page: one that may be refused, and the same one for several people."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.sessions import ListSessions, SessionView, show_session
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.asking import Asking

T = TypeVar("T")


@dataclass(slots=True)
class Outcome:
    """What became of doing the same for several."""

    done: int = 0
    """How many were changed."""
    refused: list[str] = field(default_factory=list)
    """Why not, once for each that was refused."""

    def tell(self, page: Page[Any], what: str) -> None:
        """Say what was done and how to take it back, or why nothing was."""
        if not self.done:
            page.complain(self.refused[0] if self.refused else "There is nothing to change.")
            return
        left = len(self.refused)
        but = f" {left} left out: {self.refused[0]}" if left else ""
        back = "z to undo." if self.done == 1 else "z takes them back, one at a time."
        page.say(f"{what}{but} {back}")


async def attempt(page: Asking[Any], work: Callable[[], T]) -> T | None:
    """Do this in a thread; when the engine refuses, the person is told and the answer is None."""
    try:
        return await asyncio.to_thread(work)
    except EngineError as error:
        page.complain(str(error))
        return None


async def for_each(page: Page[Any], items: Sequence[T], act: Callable[[T], bool]) -> Outcome:
    """Do this for each in a thread, going on after a refusal; `act` says whether it changed anything."""
    outcome = Outcome()

    def work() -> None:
        with page.engine.connected():
            for item in items:
                try:
                    outcome.done += act(item)
                except EngineError as error:
                    outcome.refused.append(str(error))

    await asyncio.to_thread(work)
    page.load()
    return outcome


async def session_of(page: Page[Any]) -> SessionView | None:
    """The workspace: its zone and its currency."""
    return await attempt(page, lambda: page.engine.run(show_session, ListSessions()))

"""Keys in order: each key is done before the next one is looked at, also when somebody types ahead.

Textual forwards a key to the widget with the focus and goes on; the action happens when the event has bubbled back. Who
types `:approve` fast would thereby approve with the `a`, because the prompt is not there yet. Here our own actions are
run before the next key is taken, and while an action is about to ask something, keys wait for the question.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Any
from weakref import WeakSet

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.worker import Worker

from rusvel_tui.actions import Action, Acts, Offer, available, chords
from rusvel_tui.widgets.bottom_bar import BottomBar
from rusvel_tui.widgets.repeating import Deeds

LOOKS = 200
"""How often an action is looked at before keys no longer wait for its question."""
EVERY = 0.005
"""Seconds between two looks."""
PATIENCE = 2.0
"""Seconds that a key waits for a field to take what was typed before it."""


class KeyRouter(Acts, App[None]):
    """An app whose screen has a `BottomBar`."""

    def __init__(self) -> None:
        super().__init__()
        self.own_keys: Mapping[str, str] = {}
        """Keys by the id of an action, where the person wants others than it comes with."""
        self.deeds = Deeds()
        self._held: list[events.Key] | None = None
        self._opened_screens: WeakSet[Screen[Any]] = WeakSet()
        """The dialogs that have put the focus where typing goes."""
        self._askers: list[Worker[Any]] = []
        self._depth = 1
        self._looks = 0
        self._timer: Timer | None = None
        self._typing: Widget | None = None
        """Who was given keys that may not have been taken yet."""
        self.pressed_at = 0.0
        """When the last key came, by the monotonic clock: what is drawn by itself keeps out of the way for a moment."""

    @property
    def bottom(self) -> BottomBar:
        """The bar of the default screen."""
        return self.query_one(BottomBar)

    async def run_offer(self, offer: Offer, word: str = "") -> None:
        """Do what an action says, on the node that offers it."""
        action = ("", offer.action.do, (word,)) if offer.action.takes else offer.action.do
        await self._perform(action, offer.node, offer.action, word)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded:
            self.pressed_at = monotonic()
            if self._held is not None:
                self._held.append(event)
                return
            if self._is_opening(event):
                return
            if await self._take(event):
                return
        await super().on_event(event)

    async def _take(self, event: events.Key) -> bool:
        """True for a key that belongs to the strip, begins a pair of keys, or is bound by us or by the screen."""
        strip = self.bottom.strip
        if strip.waiting:
            strip.press(event.key)
            return True
        focused = self.focused
        if focused is not None and focused.check_consume_key(event.key, event.character):
            self._typing = focused
            return False
        if second := chords(available(self.screen)).get(event.key):
            labels = {key: offer.action.label for key, offer in second.items()}
            strip.ask(event.key, labels, partial(self._run_second, second))
            return True
        active = self.screen.active_bindings.get(event.key)
        if active is None and self.screen.is_modal and self.explain_dialog(event.key):
            return True
        if active is None or not active.enabled or not isinstance(active.node, (Acts, Screen)):
            return False
        await self._typed_out()
        offered = active.node.offered() if isinstance(active.node, Acts) else ()
        what = next((one for one in offered if one.id == active.binding.id), None)
        await self._perform(active.binding.action, active.node, what)
        return True

    def _is_opening(self, event: events.Key) -> bool:
        """Hold a key that comes in the instant in which a dialog is there and has no focus, or nothing to act on yet."""
        screen = self.screen
        if not screen.is_modal or screen in self._opened_screens:
            return False
        if screen.focused is not None and not _reads(screen):
            return False
        self._held = [event]
        opened = partial(self._opened, screen)
        screen.call_later(self.call_later, opened)
        self.set_timer(PATIENCE, opened)  # one that is closed at once answers nothing any more
        return True

    async def _opened(self, screen: Screen[Any], looks: int = 0) -> None:
        """The dialog has dealt with its opening, which comes before this in its queue."""
        if screen in self._opened_screens:
            return
        if _reads(screen) and screen in self.screen_stack and looks < LOOKS:
            self.set_timer(EVERY, partial(self._opened, screen, looks + 1))
            return
        self._opened_screens.add(screen)
        await self._release()

    async def _release(self) -> None:
        """Give the keys back, in order."""
        held, self._held = self._held or [], None
        for event in held:
            await self.on_event(event)

    def explain_dialog(self, key: str) -> bool:
        """Show the keys of the dialog on top, if that key asks for it."""
        return False

    async def _typed_out(self) -> None:
        """Wait until what was typed before this key stands in its field: ctrl+s must not save half a word."""
        field, self._typing = self._typing, None
        if field is None:
            return
        done = asyncio.Event()
        if field.call_later(done.set):
            with suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), PATIENCE)

    def _run_second(self, second: dict[str, Offer], key: str | None) -> None:
        if key is not None:
            self.call_next(self.run_offer, second[key])

    async def _perform(
        self,
        action: str | tuple[str, str, tuple[Any, ...]],
        node: DOMNode,
        what: Action | None = None,
        word: str = "",
    ) -> None:
        """Run an action; when it started a worker of the default group, keys wait for what that asks."""
        before = set(self.workers)
        self._depth = len(self.screen_stack)
        self.deeds.begin(what, word)
        await self.run_action(action, node)
        if what is not None and what.do == "open":
            await self._arrived(node)
        self._askers = [
            worker for worker in self.workers if worker not in before and worker.group == "default"
        ]
        if self._askers and self._held is None:
            self._held, self._looks = [], 0
            self._timer = self.set_interval(EVERY, self._look)

    async def _arrived(self, node: DOMNode) -> None:
        """Wait until what an action posted has reached the last who may answer it, perhaps with a dialog."""
        for one in node.ancestors_with_self:
            if isinstance(one, Widget):
                done = asyncio.Event()
                if one.call_later(done.set):
                    with suppress(TimeoutError):
                        await asyncio.wait_for(done.wait(), PATIENCE)

    async def _look(self) -> None:
        """Give the keys back once the question is there, or there will be none."""
        self._looks += 1
        over = self._looks > LOOKS or all(worker.is_finished for worker in self._askers)
        if self._held is None or not (over or self._is_asking()):
            return
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        await self._release()

    def _is_asking(self) -> bool:
        dialog = len(self.screen_stack) > self._depth and self.focused is not None
        return dialog or self.bottom.is_asking


def _reads(screen: Screen[Any]) -> bool:
    """Whether a dialog says that what its keys act on is still being read."""
    return bool(getattr(screen, "is_reading", False))

"""An answer while it comes: news from the thread that answers, folded into entries of the transcript."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from rusvel_tui.engine.agent.chat import news
from rusvel_tui.engine.agent.chat.conversations import RunView
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.screens.assistant.words import answer_id, card, end_id, end_note, tool_use
from rusvel_tui.widgets.chat.entries import Answer, Asked, Entry, Note, ToolUse


class Live:
    """What is known of one answer up to now; `base` is what stood there before."""

    def __init__(self, base: Sequence[Entry], question: str = "") -> None:
        asked = [Asked("live:asked", question)] if question else []
        self._before: list[Entry] = [*base, *asked]
        self._entries: dict[str, Entry] = {}
        self._words = 0
        self._open: str | None = None
        """The id of the answer that the next words belong to."""
        self.run: RunView | None = None
        self._fold: dict[type, Callable[[Any], None]] = {
            news.Started: self._started,
            news.Told: self._told,
            news.Calling: self._calling,
            news.Called: self._called,
            news.Proposed: self._proposed,
            news.Retrying: self._retrying,
            news.Warned: self._warned,
            news.Ended: self._ended,
        }

    def hear(self, one: news.News) -> None:
        """Fold one piece of news in."""
        if fold := self._fold.get(type(one)):
            fold(one)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All of it, with a sign of life while nothing is said yet."""
        made = [*self._before, *self._entries.values()]
        running = self.run is None or self.run.state is RunState.RUNNING
        if running and (not made or not isinstance(made[-1], Answer)):
            made.append(Note("live:busy", "… working · esc stops", "muted"))
        return tuple(made)

    @property
    def results(self) -> dict[str, ToolUse]:
        """The tools that answered."""
        made = self._entries.values()
        return {one.id: one for one in made if isinstance(one, ToolUse) and one.result}

    def _started(self, one: news.Started) -> None:
        self.run = one.run
        gone = end_id(one.run.run_id)
        self._before = [entry for entry in self._before if entry.id != gone]
        stem = answer_id(one.run.run_id, 0).removesuffix("0")
        self._words = sum(entry.id.startswith(stem) for entry in self._before)

    def _told(self, one: news.Told) -> None:
        self._entries.pop("live:retry", None)
        known = self._entries.get(self._open or "")
        if isinstance(known, Answer):
            self._entries[known.id] = replace(known, text=known.text + one.text)
            return
        self._words += 1
        self._open = answer_id(self._run_id, self._words)
        self._entries[self._open] = Answer(self._open, one.text)

    def _calling(self, one: news.Calling) -> None:
        self._open = None
        key = self._key(one.call_id)
        if not self._known(key):
            made = tool_use(key, one.operation, one.input, None)
            self._entries[key] = replace(made, sign="…", tone="accent")

    def _called(self, one: news.Called) -> None:
        key = self._key(one.call_id)
        known = self._entries.get(key)
        if known is None or isinstance(known, Answer):
            return
        result = {"text": one.text, "failed": one.failed}
        made = tool_use(key, one.operation, {}, result)
        if isinstance(known, type(made)):
            self._entries[key] = replace(made, brief=known.brief, input=known.input)

    def _proposed(self, one: news.Proposed) -> None:
        key = self._key(one.call_id)
        if not self._known(key, before=True):
            self._entries[key] = card(key, one.proposal)

    def _retrying(self, one: news.Retrying) -> None:
        words = f"… {one.why}; asking again in {one.seconds:g} s · esc stops"
        self._entries["live:retry"] = Note("live:retry", words, "warn")

    def _warned(self, one: news.Warned) -> None:
        key = f"live:warned:{one.text}"
        self._entries[key] = Note(key, f"! {one.text}", "warn")

    def _ended(self, one: news.Ended) -> None:
        self.run = one.run
        self._entries.pop("live:retry", None)
        self._entries |= {note.id: note for note in end_note(one.run)}

    def _known(self, key: str, *, before: bool = False) -> bool:
        """Whether that call stands there already: an answer that goes on calls again what it had called."""
        return any(entry.id == key for entry in self._before) or (
            not before and key in self._entries
        )

    @property
    def _run_id(self) -> str:
        return self.run.run_id if self.run else ""

    def _key(self, call_id: str) -> str:
        return f"{self._run_id}:{call_id}"

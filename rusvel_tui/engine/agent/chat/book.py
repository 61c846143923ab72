"""Where the loop writes down what is said: the operations of `keeping`, in a few words."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Event
from typing import Literal

from rusvel_tui.engine.agent import spending
from rusvel_tui.engine.agent.chat import keeping
from rusvel_tui.engine.agent.chat.blocks import dump, load
from rusvel_tui.engine.agent.chat.conversations import RunView
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.chat_ports import NO_MODEL, ChatModel, Heard, Turn, Usage
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import Busy

Role = Literal["user", "assistant"]
_TRIES = 3
_PAUSE = 2.0
"""Seconds between two tries, besides those that the database waits by itself."""


class Book:
    """One engine's conversations, written for one model."""

    def __init__(self, engine: Engine, model: ChatModel) -> None:
        self._engine = engine
        self._model = model

    def turns(self, run: RunView) -> tuple[Turn, ...]:
        """All that was said up to now."""
        said = self._engine.run(keeping.turns, keeping.RunId(run_id=run.run_id))
        return tuple(Turn(_role(role), load(blocks)) for role, blocks in said.turns)

    def keep(
        self, run: RunView, role: Role, heard: Heard, *, partial: bool = False, error: str = ""
    ) -> RunView:
        """Write down a turn, with what it took."""
        wanted = keeping.Keep(
            run_id=run.run_id,
            role=role,
            blocks=dump(heard.blocks),
            partial=partial,
            error=error,
            call=self._spent(heard),
        )
        return self._patiently(lambda: self._engine.run(keeping.keep, wanted))

    def draft(self, run: RunView, text: str) -> None:
        """Write down what there is of a turn; the next one holds it too, so a busy file is left alone."""
        with suppress(Busy):
            self._engine.run(keeping.draft, keeping.Draft(run_id=run.run_id, text=text))

    def end(self, run: RunView, state: RunState, error: str = "") -> RunView:
        """Write down where the answer stands."""
        wanted = keeping.End(run_id=run.run_id, state=state, error=error)
        return self._patiently(lambda: self._engine.run(keeping.end, wanted))

    def month(self) -> int:
        """What this month cost so far, in billionths of a dollar; nothing counts where nothing is asked for."""
        if self._model.provider in NO_MODEL:
            return 0
        return self._engine.run(spending.month, spending.Month()).spent_nano

    def _patiently(self, write: Callable[[], RunView]) -> RunView:
        """Write although somebody else keeps the file busy: what was heard was paid for."""
        for _ in range(_TRIES - 1):
            try:
                return write()
            except Busy:
                self._engine.clock.wait(Event(), _PAUSE)
        return write()

    def _spent(self, heard: Heard) -> keeping.Spent | None:
        """What a call took; None where no model was asked."""
        done = heard.finished
        if done is None or (done.usage == Usage() and done.cost_nano == 0):
            return None
        return keeping.Spent(
            provider=self._model.provider,
            model=done.model or self._model.name,
            input_tokens=done.usage.input,
            output_tokens=done.usage.output,
            cache_read=done.usage.cache_read,
            cache_write=done.usage.cache_write,
            cost_nano=done.cost_nano,
        )


def _role(role: str) -> Role:
    return "user" if role == "user" else "assistant"

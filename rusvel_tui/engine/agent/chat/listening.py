"""Listening to a model: pieces put together as they come, another try where it helps, and what is left when it breaks."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from rusvel_tui.engine.agent.chat import news
from rusvel_tui.engine.agent.chat.blocks import words_of
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.chat_ports import (
    Block,
    ChatModel,
    Finished,
    Heard,
    ModelFailed,
    Question,
    ToolCall,
    Words,
)
from rusvel_tui.engine.ports import Clock

PAUSES = (1.0, 4.0, 15.0)
"""Seconds before each further try, unless the service says when."""
LONGEST_PAUSE = 60.0
"""A service that asks for a longer pause is not asked again by itself."""
DRAFT_EVERY = 1.0
"""Seconds after which the words of an unfinished answer are kept."""
_REASONS = {
    "length": "the answer was too long and was cut",
    "refused": "the model refused to answer",
    "context": "the conversation is too long for the model: begin a new one",
}


class Broken(Exception):
    """The answer stopped before its end; `heard` is what came before."""

    def __init__(self, state: RunState, text: str, heard: Heard) -> None:
        super().__init__(text)
        self.state = state
        self.text = text
        self.heard = heard


class Listener:
    """Asks one model one question."""

    def __init__(
        self,
        model: ChatModel,
        clock: Clock,
        hear: Callable[[news.News], None],
        stop: Event,
        draft: Callable[[str], None],
    ) -> None:
        self._model = model
        self._clock = clock
        self._hear = hear
        self._stop = stop
        self._draft = draft
        self._drafted = clock.monotonic()

    def listen(self, question: Question) -> Heard:
        """The whole answer; raises `Broken` when it failed, was stopped, or has no usable end."""
        for pause in (*PAUSES, None):
            blocks: list[Block] = []
            try:
                return self._hear_out(question, blocks)
            except ModelFailed as failed:
                wait = failed.wait or pause or 0.0
                over = pause is None or blocks or not failed.passing or wait > LONGEST_PAUSE
                if over:
                    heard = Heard(_words(blocks).blocks, failed.spent)
                    raise Broken(RunState.FAILED, failed.text, heard) from None
                self._hear(news.Retrying(failed.text, wait))
                if self._clock.wait(self._stop, wait):
                    raise Broken(RunState.CANCELLED, "stopped", Heard()) from None
        raise AssertionError("unreachable")

    def _hear_out(self, question: Question, blocks: list[Block]) -> Heard:
        for piece in self._model.stream(question, self._stop):
            if isinstance(piece, Finished):
                return self._finish(blocks, piece)
            if isinstance(piece, Words):
                self._hear(news.Told(piece.text))
            _add(blocks, piece)
            self._keep(blocks)
        if self._stop.is_set():
            raise Broken(RunState.CANCELLED, "stopped", _words(blocks))
        raise ModelFailed("the answer broke off")

    def _keep(self, blocks: list[Block]) -> None:
        """Let the words be kept from time to time, so that a process that is killed leaves them."""
        now = self._clock.monotonic()
        if now - self._drafted >= DRAFT_EVERY and (words := words_of(blocks)):
            self._drafted = now
            self._draft(words)

    def _finish(self, blocks: list[Block], end: Finished) -> Heard:
        if end.reason == "stopped":
            heard = Heard(_words(blocks).blocks, end)
            raise Broken(RunState.CANCELLED, "stopped", heard)
        if end.reason in _REASONS:
            heard = _words(blocks)
            raise Broken(RunState.FAILED, _REASONS[end.reason], Heard(heard.blocks, end))
        return Heard(tuple(blocks), end)


def _add(blocks: list[Block], piece: Words | ToolCall) -> None:
    if isinstance(piece, Words) and blocks and isinstance(blocks[-1], Words):
        blocks[-1] = Words(blocks[-1].text + piece.text)
    else:
        blocks.append(piece)


def _words(blocks: list[Block]) -> Heard:
    """What is left of a broken answer: its words; a call that was not answered is none."""
    return Heard(tuple(block for block in blocks if isinstance(block, Words)))

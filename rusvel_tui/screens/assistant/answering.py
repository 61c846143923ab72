"""The thread that answers, and the queue between it and the screen."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

from rusvel_tui.engine.agent.chat import news
from rusvel_tui.engine.agent.chat.conversations import (
    ConversationId,
    ConversationView,
    RunView,
    show_conversation,
)
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.agent.proposals.listing import list_proposals
from rusvel_tui.engine.agent.proposals.proposals import ListProposals, ProposalView
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.screens.assistant.live import Live
from rusvel_tui.screens.assistant.words import conversation_entries
from rusvel_tui.widgets.chat.entries import Entry

if TYPE_CHECKING:
    from rusvel_tui.engine.agent.chat.loop import Chat

_MOST = 1000
"""Proposals of one conversation that are looked at."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is shown of a conversation."""

    view: ConversationView
    entries: tuple[Entry, ...]
    ready: str
    """The answer that waited and can go on now, because nothing of it is left to decide."""
    waits: str
    """The answer that waits for a person."""


def read_conversation(engine: Engine, conversation_id: str) -> Conversation:
    """A conversation with what was proposed in it; raises `NotFound`. Runs in a thread."""
    view = engine.run(show_conversation, ConversationId(conversation_id=conversation_id))
    wanted = ListProposals(state=None, conversation_id=conversation_id, limit=_MOST)
    proposals = {one.call_key: one for one in engine.run(list_proposals, wanted).items}
    ready, waits = _waiting(view, proposals)
    return Conversation(view, conversation_entries(view, proposals), ready, waits)


def _waiting(view: ConversationView, proposals: dict[str, ProposalView]) -> tuple[str, str]:
    newest = view.runs[-1] if view.runs else None
    if newest is None or newest.state is not RunState.WAITING:
        return "", ""
    undecided = any(
        one.run_id == newest.run_id and one.decided_at is None for one in proposals.values()
    )
    return ("", newest.run_id) if undecided else (newest.run_id, "")


class Answering:
    """One answer that is being given. The thread adds news, the screen takes them a few times a second."""

    def __init__(
        self,
        engine: Engine,
        department: str,
        conversation_id: str = "",
        *,
        base: tuple[Entry, ...] = (),
        question: str = "",
    ) -> None:
        self.engine = engine
        self.department = department
        self.conversation_id = conversation_id
        """Empty until a new conversation has begun."""
        self.question = question
        self.live = Live(base, question)
        self.stop = Event()
        self.over = False
        self.error = ""
        self._news: deque[news.News] = deque()

    def ask(self, *, retry: str = "") -> None:
        """Answer the question, or that one again. Runs in a thread; raises nothing of the engine's."""

        def answer() -> RunView:
            words = retry or self.question
            return self._chat().ask(self.department, words, self.conversation_id, retry=bool(retry))

        self._answer(answer)

    def go_on(self, run_id: str) -> None:
        """Go on with an answer that waited. Runs in a thread; raises nothing of the engine's."""

        def answer() -> RunView:
            shown = read_conversation(self.engine, self.conversation_id)
            self.live = Live(shown.entries)
            return self._chat().go_on(run_id)

        self._answer(answer)

    def take(self) -> bool:
        """Fold what came meanwhile; whether there was anything. Runs on the UI thread."""
        words: list[str] = []
        came = False
        while self._news:
            came = True
            one = self._news.popleft()
            if isinstance(one, news.Told):
                words.append(one.text)
                continue
            self._tell(words)
            self.live.hear(one)
            if isinstance(one, news.Started):
                self.conversation_id = one.run.conversation_id
        self._tell(words)
        return came

    def _tell(self, words: list[str]) -> None:
        """Many small pieces are folded as one."""
        if words:
            self.live.hear(news.Told("".join(words)))
            words.clear()

    def _chat(self) -> Chat:
        from rusvel_tui.engine.agent.chat.loop import Chat

        return Chat(self.engine, hear=self._news.append, stop=self.stop)

    def _answer(self, answer: Callable[[], RunView]) -> None:
        try:
            answer()
        except EngineError as error:
            self.error = str(error)
        except Exception as error:
            self.error = f"This did not work: {type(error).__name__}."
            raise
        finally:
            self.over = True

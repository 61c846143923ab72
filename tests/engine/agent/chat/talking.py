"""A talk with the assistant, in a few words: what is asked, what is heard, who decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from threading import Event
from typing import Any

from rusvel_tui.adapters.models.scripted import ScriptedModel
from rusvel_tui.engine.agent.chat import news
from rusvel_tui.engine.agent.chat.conversations import (
    ConversationId,
    ConversationView,
    RunView,
    show_conversation,
)
from rusvel_tui.engine.agent.chat.loop import Chat
from rusvel_tui.engine.agent.proposals.proposals import (
    ProposalId,
    ProposalView,
    RejectProposal,
    approve,
    reject,
)
from rusvel_tui.engine.chat_ports import (
    ChatModel,
    Finished,
    ModelFailed,
    Piece,
    Question,
    Usage,
    Words,
)
from rusvel_tui.engine.core import Engine


class Talk:
    """One conversation; `decide` is `approve`, `reject`, or nobody."""

    def __init__(self, engine: Engine, model: ChatModel, decide: str = "") -> None:
        engine.chat_model = model
        self.engine = engine
        self.decide = decide
        self.heard: list[news.News] = []
        self.stop = Event()
        self.conversation_id = ""
        self.listen: Callable[[news.News], None] = lambda one: None

    @property
    def chat(self) -> Chat:
        """A partner for the next question."""
        return Chat(self.engine, hear=self._hear, stop=self.stop, decide=self._decide)

    def ask(self, message: str = "", department: str = "gtm", *, retry: bool = False) -> RunView:
        """One question; the answer as it ended."""
        self.heard.clear()
        run = self.chat.ask(department, message, self.conversation_id, retry=retry)
        self.conversation_id = run.conversation_id
        return run

    def go_on(self, run: RunView) -> RunView:
        """The answer taken up again."""
        self.heard.clear()
        return self.chat.go_on(run.run_id)

    def said(self, run: RunView) -> str:
        """What the person read of the last answer."""
        return "".join(one.text for one in self.heard if isinstance(one, news.Told))

    def of(self, kind: type[Any]) -> list[Any]:
        """The news of a kind."""
        return [one for one in self.heard if isinstance(one, kind)]

    def proposal(self) -> ProposalView:
        """The newest card."""
        card: ProposalView = self.of(news.Proposed)[-1].proposal
        return card

    def show(self) -> ConversationView:
        """Everything that was kept."""
        return self.engine.run(
            show_conversation, ConversationId(conversation_id=self.conversation_id)
        )

    def texts(self) -> list[tuple[str, str, bool]]:
        """Who said which words, and whether they are partial; calls and results left out."""
        return [
            (one.role, " ".join(b["text"] for b in one.blocks if b["type"] == "words"), one.partial)
            for one in self.show().messages
            if any(b["type"] == "words" for b in one.blocks)
        ]

    def _hear(self, one: news.News) -> None:
        self.heard.append(one)
        self.listen(one)

    def _decide(self, proposal: ProposalView) -> None:
        if self.decide == "approve":
            self.engine.run(approve, ProposalId(proposal_id=proposal.proposal_id))
        elif self.decide:
            wanted = RejectProposal(proposal_id=proposal.proposal_id, reason=self.decide)
            self.engine.run(reject, wanted)


def scripted(engine: Engine, *answers: Any, decide: str = "") -> Talk:
    """A talk with a model that plays these answers."""
    return Talk(engine, ScriptedModel(answers), decide)


class Playing:
    """A model that plays pieces, or fails; what it is asked is remembered."""

    provider = "playing"
    name = "played"

    def __init__(self, *answers: Sequence[Piece | ModelFailed | Callable[[], None]]) -> None:
        self._answers = list(answers)
        self.asked: list[Question] = []

    def stream(self, question: Question, stop: Event) -> Iterator[Piece]:
        """The next answer."""
        self.asked.append(question)
        for piece in self._answers.pop(0):
            if stop.is_set():
                return
            if isinstance(piece, ModelFailed):
                raise piece
            if callable(piece):
                piece()
                continue
            yield piece


def costing(nano: int | None, text: str = "Well.", reason: Any = "end") -> list[Piece]:
    """An answer that costs so much."""
    return [Words(text), Finished(reason, Usage(1000, 10), "played", nano)]

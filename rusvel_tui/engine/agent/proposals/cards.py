"""What a proposal is: its states, what is asked of it, and how it is shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from rusvel_tui.engine.agent.proposals.difference import Difference
from rusvel_tui.engine.agent.proposals.undone import taken_back
from rusvel_tui.engine.agent.tools.catalogue import proposable
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, NotFound
from rusvel_tui.engine.models import Proposal
from rusvel_tui.engine.operation import Input, Operation, PageInput, View
from rusvel_tui.engine.spelled import Spelled


class ProposalState(Spelled):
    """Where a proposal stands."""

    WAITING = "Waiting"
    APPROVED = "Approved"
    REJECTED = "Rejected"
    FAILED = "Failed"


class Propose(Input):
    """A change that a program wants made."""

    operation: str
    input: dict[str, Any] = Field(default_factory=dict)
    call_key: str = Field(min_length=1, max_length=200)
    """The same key again is the same proposal: nothing is proposed twice."""
    origin: str = "chat"
    """Who asks: `chat`, `mcp`, `http`, `workflow`, `hook`."""
    conversation_id: str = ""
    run_id: str = ""


class ProposalId(Input):
    """Which proposal."""

    proposal_id: str
    version: int | None = None
    """The version that was seen; a verdict on another one is refused."""


class RejectProposal(ProposalId):
    """A no, and why; the assistant reads the reason."""

    reason: str = ""


class EditProposal(ProposalId):
    """Another input for the same operation."""

    input: dict[str, Any]


class ApproveProposals(Input):
    """Several at once, each as it was seen."""

    proposals: tuple[ProposalId, ...] = Field(min_length=1, max_length=1000)


class ListProposals(PageInput):
    """Which proposals."""

    state: ProposalState | None = ProposalState.WAITING
    run_id: str = ""
    conversation_id: str = ""


class ProposalWindow(Input):
    """Which of those that wait, by position; the oldest is the first."""

    first: int = Field(default=0, ge=0)
    count: int = Field(default=100, ge=1, le=1000)


class ProposalView(View):
    """A change that waits, or what became of it."""

    proposal_id: str
    call_key: str
    """Of a conversation: its answer and the call in it, `run:call`."""
    operation: str
    input: dict[str, Any]
    title: str
    diff: tuple[Difference, ...]
    state: ProposalState
    result: dict[str, Any]
    error: str
    origin: str
    conversation_id: str
    run_id: str
    question: str
    """What the person had asked for when it was proposed."""
    stale: str
    """Why it must be looked at again; empty when nothing is in the way of a yes."""
    subject_kind: str
    """The table of what is there already and the change is about: `contact`; empty when there is nothing."""
    subject_id: str
    undoable: bool
    """Whether undo takes the change back once it is made."""
    tried: bool
    """Whether the difference was found out by trying; else it is the input in words."""
    taken_back: bool
    """Whether undo took the change back since it was made; redo makes it again."""
    version: int
    created_at: datetime
    decided_at: datetime | None
    decided_by: str

    @property
    def standing(self) -> str:
        """Where it stands, in words: also that what was made is taken back."""
        return f"{self.state.value}, taken back" if self.taken_back else self.state.value


class ProposalPage(View):
    """Proposals, newest first."""

    items: tuple[ProposalView, ...]
    next: str | None
    waiting: int


class ProposalRows(View):
    """The proposals from position `first`."""

    first: int
    rows: tuple[ProposalView, ...]
    total: int


class RefusedProposal(View):
    """One that was left as it is, and why."""

    proposal_id: str
    title: str
    why: str


class ApprovedProposals(View):
    """What came of several."""

    count: int
    refused: tuple[RefusedProposal, ...]


def view(row: Proposal) -> ProposalView:
    """A proposal as it is shown."""
    kind, subject_id = row.metadata.get("subject", ("", ""))
    return ProposalView(
        proposal_id=row.id,
        call_key=row.call_key,
        operation=row.operation,
        input=row.input,
        title=row.title,
        diff=tuple(Difference(**one) for one in row.diff),
        state=ProposalState(row.state),
        result=row.result,
        error=row.error,
        origin=row.origin,
        conversation_id=row.conversation_id,
        run_id=row.run_id,
        question=row.metadata.get("question", ""),
        stale=row.metadata.get("stale", ""),
        subject_kind=kind,
        subject_id=subject_id,
        undoable=bool(row.metadata.get("undoable")),
        tried=bool(row.metadata.get("tried")),
        taken_back=taken_back(row.metadata.get("events", ())),
        version=row.version,
        created_at=row.created_at,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
    )


def target_of(name: str) -> Operation[Any, Any]:
    """The operation that is proposed; raises `NotFound` for what no program may ask for."""
    found = proposable().get(name)
    if found is None:
        raise NotFound(f"There is no operation {name!r} that a program may propose.")
    return found


def find(ctx: Context, proposal_id: str) -> Proposal:
    """A proposal of this session."""
    row: Proposal | None = Proposal.find(proposal_id)
    if row is None or row.session_id != ctx.session_id:
        raise NotFound(f"There is no proposal {proposal_id!r}. `rusvel proposals list` shows them.")
    return row


def waiting(ctx: Context, wanted: ProposalId) -> Proposal:
    """One that waits, as it was seen; raises `Conflict` when it was decided or changed since."""
    row = find(ctx, wanted.proposal_id)
    if row.state != ProposalState.WAITING.key:
        raise Conflict(f"This proposal is {row.state} already.")
    if wanted.version not in (None, row.version):
        raise Conflict("This proposal was changed since you saw it. Look at it again.")
    return row


def said(row: Proposal) -> dict[str, Any]:
    """What its events tell."""
    return {"name": row.title, "operation": row.operation, "run_id": row.run_id}

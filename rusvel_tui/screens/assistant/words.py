"""A conversation as it stands in the database, as entries of the transcript."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rusvel_tui.engine.agent.chat.conversations import ConversationView, MessageView, RunView
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.agent.proposals.proposals import ProposalState, ProposalView
from rusvel_tui.engine.text import cut, one_line
from rusvel_tui.widgets.chat.entries import Answer, Asked, Card, Entry, Note, ToolUse

Proposals = Mapping[str, ProposalView]
"""By the call that asked for them: `run:call`."""
_BRIEF = 120
STATES = {
    ProposalState.WAITING: ("waits for you", "accent"),
    ProposalState.APPROVED: ("approved", "good"),
    ProposalState.REJECTED: ("rejected", "muted"),
    ProposalState.FAILED: ("failed", "bad"),
}
"""What a card says about where it stands, and its tone."""
TAKEN_BACK = ("taken back", "muted")
"""What it says once undo took back what was made; redo makes it again."""
RUN_SIGNS = {
    RunState.RUNNING: ("…", "accent"),
    RunState.WAITING: ("○", "accent"),
    RunState.FAILED: ("✗", "bad"),
    RunState.CANCELLED: ("–", "muted"),
    RunState.COMPLETED: (" ", ""),
}
"""What stands before a conversation in the list."""


def conversation_entries(view: ConversationView, proposals: Proposals) -> tuple[Entry, ...]:
    """All that was said, with tools, cards, and a word on every answer that did not end well."""
    results = {
        (message.run_id, block["call_id"]): block
        for message in view.messages
        for block in message.blocks
        if block["type"] == "result"
    }
    last = {message.run_id: at for at, message in enumerate(view.messages)}
    runs = {run.run_id: run for run in view.runs}
    counts: dict[str, int] = {}
    made: list[Entry] = []
    for at, message in enumerate(view.messages):
        made += _said(message, results, proposals, counts)
        if last[message.run_id] == at and (run := runs.pop(message.run_id, None)):
            made += end_note(run)
    for run in runs.values():  # an answer that was asked again and came to nothing
        made += end_note(run)
    return tuple(made)


def _said(
    message: MessageView,
    results: Mapping[tuple[str, str], dict[str, Any]],
    proposals: Proposals,
    counts: dict[str, int],
) -> Iterator[Entry]:
    run = message.run_id
    for block in message.blocks:
        if block["type"] == "words" and message.role == "user":
            yield Asked(message.message_id, block["text"])
        elif block["type"] == "words":
            counts[run] = counts.get(run, 0) + 1
            yield Answer(answer_id(run, counts[run]), block["text"])
        elif block["type"] == "call":
            key = f"{run}:{block['call_id']}"
            if (proposal := proposals.get(key)) is not None:
                yield card(key, proposal)
            else:
                yield tool_use(key, block["tool"].replace("__", "."), block["input"], results.get((run, block["call_id"])))  # fmt: skip


def answer_id(run_id: str, number: int) -> str:
    """The same whether the words come from a model now or from the database."""
    return f"{run_id}:words:{number}"


def end_id(run_id: str) -> str:
    """The id of the word on how an answer ended."""
    return f"{run_id}:end"


def end_note(run: RunView) -> Iterator[Note]:
    """How an answer ended, unless it ended well; each says which key goes on."""
    why = f": {run.error}" if run.error else ""
    if run.state is RunState.FAILED:
        yield Note(end_id(run.run_id), f"✗ The answer failed{why}. R asks again.", "bad")
    elif run.state is RunState.CANCELLED:
        yield Note(end_id(run.run_id), "– You stopped this answer. R asks again.", "warn")
    elif run.state is RunState.WAITING:
        words = "○ It goes on by itself once you have decided."
        yield Note(end_id(run.run_id), words, "accent")
    elif run.state is RunState.RUNNING:
        yield Note(end_id(run.run_id), "… It is being answered elsewhere.", "muted")


def tool_use(
    key: str, name: str, data: Mapping[str, Any], result: Mapping[str, Any] | None
) -> ToolUse:
    """A call, with what came of it once that is known."""
    if result is None:  # asked for; what it answered is kept once the whole turn is done
        return ToolUse(key, name, brief(data), "·", "muted", "", pretty(data), "")
    failed = bool(result["failed"])
    text = str(result["text"])
    sign, tone = ("✗", "bad") if failed else ("✓", "good")
    return ToolUse(key, name, brief(data), sign, tone, outcome(text, failed), pretty(data), pretty_text(text))  # fmt: skip


def card(key: str, proposal: ProposalView) -> Card:
    """A proposed change."""
    state, tone = TAKEN_BACK if proposal.taken_back else STATES[proposal.state]
    waits = proposal.state is ProposalState.WAITING
    keys = "a approve · r reject · e edit · enter shows all of it"
    changes = tuple((one.field, one.before, one.after) for one in proposal.diff)
    return Card(
        key,
        proposal.proposal_id,
        proposal.title,
        changes or tuple((name, "", short(value)) for name, value in proposal.input.items()),
        state,
        tone,
        waits,
        keys if waits else proposal.error,
        f"{proposal.operation}\n{pretty(proposal.input)}",
        proposal.version,
        proposal.undoable,
        proposal.stale if waits else "",
    )


def brief(data: Mapping[str, Any]) -> str:
    """An input in a few words: `stage=Won limit=20`."""
    return cut(" ".join(f"{name}={short(value)}" for name, value in data.items()), _BRIEF)


def short(value: Any) -> str:
    """A value on one line."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return one_line(text)


def outcome(text: str, failed: bool) -> str:
    """What a tool answered, in a few words."""
    if failed:
        return cut(one_line(text), _BRIEF)
    try:
        found = json.loads(text)
    except ValueError:
        return ""
    items = found.get("items") if isinstance(found, dict) else found
    if not isinstance(items, list):
        return ""
    more = "more than " if isinstance(found, dict) and found.get("next") else ""
    return f"{more}{len(items)} found" if items else "nothing found"


def pretty(data: Any) -> str:
    """Plain data to read."""
    return json.dumps(data, ensure_ascii=False, indent=2, default=str) if data else ""


def pretty_text(text: str) -> str:
    """A result to read: indented when it is JSON."""
    try:
        return pretty(json.loads(text)) or text
    except ValueError:
        return text

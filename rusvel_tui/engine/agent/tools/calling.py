"""Calling a tool for a program: reads run, writes become proposals, and what is wrong is said in words that help."""

from __future__ import annotations

from typing import Any, NamedTuple

from rusvel_tui.engine.agent.proposals.proposals import (
    ProposalState,
    ProposalView,
    Propose,
    propose,
)
from rusvel_tui.engine.agent.tools.catalogue import catalogue, operation_name, refuse_files
from rusvel_tui.engine.core import Engine, parse_input
from rusvel_tui.engine.errors import EngineError, InvalidInput, NotPermitted
from rusvel_tui.engine.models.base import dump_json
from rusvel_tui.engine.operation import Operation

LONGEST = 24_000
"""Characters of a result; a longer one is cut and says so."""


class Caller(NamedTuple):
    """Who calls: as what it is allowed, and to what its proposals belong."""

    engine: Engine
    """In the hands of the program: its actor is no human."""
    allowed: frozenset[str]
    origin: str = "chat"
    conversation_id: str = ""
    run_id: str = ""


class Outcome(NamedTuple):
    """What a call came to."""

    text: str
    failed: bool = False
    proposal: ProposalView | None = None
    """The change that it asked for; while it waits, `text` is empty of results."""


def call_tool(caller: Caller, tool: str, data: dict[str, Any], key: str) -> Outcome:
    """Run a reading operation, or propose a changing one; never raises for what the caller did wrong.

    A held operation runs like a reading one: what it makes waits for a yes of its own.
    """
    try:
        target = _target(caller, tool)
        refuse_files(data)
        given = _own_session(caller, data) | ({"key": key} if target.held else {})
        wanted = parse_input(target, given)
        if target.held or not target.writes:
            view = caller.engine.run(target, wanted)
            return Outcome(_short(dump_json(view.model_dump(mode="json"))))
        made = caller.engine.run(
            propose,
            Propose(
                operation=target.name,
                input=data,
                call_key=key,
                origin=caller.origin,
                conversation_id=caller.conversation_id,
                run_id=caller.run_id,
            ),
        )
    except EngineError as error:
        return Outcome(str(error), failed=True)
    return outcome_of(made)


def outcome_of(proposal: ProposalView) -> Outcome:
    """What to tell the program about its proposal."""
    if proposal.state is ProposalState.APPROVED:
        return Outcome(_short(dump_json(proposal.result)), proposal=proposal)
    if proposal.state is ProposalState.WAITING:
        said = f"Proposed as {proposal.proposal_id}. It waits for the person's yes; nothing has changed yet."
        return Outcome(said, proposal=proposal)
    if proposal.state is ProposalState.FAILED:
        return Outcome(proposal.error, failed=True, proposal=proposal)
    why = f": {proposal.error}" if proposal.error else "."
    return Outcome(f"The person said no{why}", failed=True, proposal=proposal)


def _target(caller: Caller, tool: str) -> Operation[Any, Any]:
    name = operation_name(tool)
    if name not in catalogue():
        raise InvalidInput(f"There is no tool {name!r}.")
    if name not in caller.allowed:
        raise NotPermitted(f"{name} is not allowed here.")
    return catalogue()[name]


def _own_session(caller: Caller, data: dict[str, Any]) -> dict[str, Any]:
    """The input without a session: a tool works in the session it was called in, whatever the caller says."""
    named = data.pop("session_id", None)
    if named not in (None, "", caller.engine.session):
        raise NotPermitted("A tool works in the session it was called in. Leave session_id out.")
    return data


def _short(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}\n… cut: {len(text)} characters. Ask for less: a filter, or a smaller limit."

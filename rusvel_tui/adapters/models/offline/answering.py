"""Finds the intent of a message and plays its plan, one tool call after the other.

A plan is played again from its beginning for every turn, with the results that the conversation holds: nothing is
kept between two questions, so an answer that waited goes on in another process as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from threading import Event
from typing import NamedTuple

from rusvel_tui.adapters.models.offline.intent import NEVER_MIND, Call, Intent, Result, Said
from rusvel_tui.adapters.models.offline.intents import INTENTS
from rusvel_tui.engine.chat_ports import (
    Finished,
    ModelFailed,
    Piece,
    Question,
    ToolCall,
    ToolResult,
    Turn,
    Usage,
    Words,
)
from rusvel_tui.engine.text import fold

_NO = re.compile(r"(never ?mind|cancel|forget it|stop|no,? thanks?)\W*")


_NAME = "patterns"


def answer(question: Question, stop: Event) -> Iterator[Piece]:
    """The next call of the plan, or the words at its end."""
    step = _step(_exchanges(question.turns))
    if isinstance(step, Call) and question.may_call:
        call_id = f"offline_{len(question.turns)}"
        yield ToolCall(call_id, step.operation.replace(".", "__"), step.input)
        yield Finished("tools", Usage(), _NAME)
        return
    text = "I was stopped before I was done." if isinstance(step, Call) else step
    for piece in re.findall(r"\s*\S+\s*$|\s*\S+", text):
        if stop.is_set():
            return
        yield Words(piece)
    yield Finished("end", Usage(), _NAME)


class _Exchange(NamedTuple):
    """A message, what was done for it, and what was answered."""

    said: str
    calls: list[ToolCall]
    results: dict[str, ToolResult]
    answers: list[str]

    @property
    def asked_back(self) -> bool:
        return bool(self.answers) and self.answers[-1].rstrip().endswith(NEVER_MIND)


def _exchanges(turns: Sequence[Turn]) -> list[_Exchange]:
    found: list[_Exchange] = []
    for turn in turns:
        results = {one.call_id: one for one in turn.blocks if isinstance(one, ToolResult)}
        if found:
            found[-1].results.update(results)
        words = [one.text for one in turn.blocks if isinstance(one, Words)]
        if turn.role == "user" and words:
            found.append(_Exchange(words[-1], [], {}, []))
        elif found and turn.role == "assistant":
            found[-1].answers.extend(words)
            found[-1].calls.extend(one for one in turn.blocks if isinstance(one, ToolCall))
    return found


def _step(exchanges: list[_Exchange]) -> Call | str:
    """What comes next: a call, or the last words."""
    if not exchanges:
        return unknown()
    intent, said = _understood(exchanges)
    if intent is None:
        return unknown()
    if said is None:
        return "Fine. Nothing was done."
    now = exchanges[-1]
    plan = intent.plan(said)
    done = [call for call in now.calls if call.call_id in now.results]
    try:
        wanted = next(plan)
        for call in done:
            if call.tool.replace("__", ".") == wanted.operation:
                wanted = plan.send(_result(now.results[call.call_id]))
    except StopIteration as over:
        return str(over.value)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        why = f"the answer could not be worked out ({type(error).__name__})"
        raise ModelFailed(why) from error
    return wanted


def _understood(exchanges: list[_Exchange]) -> tuple[Intent | None, Said | None]:
    """What is asked for; an answer to a question back is read together with what it answers."""
    newest = exchanges[-1].said
    parts = [newest]
    asking = None
    for before in reversed(exchanges[:-1]):
        if not before.asked_back:
            break
        parts.insert(0, before.said)
        asking = intent_of(before.said) or asking
    if asking is not None and _NO.fullmatch(fold(newest).strip()):
        return asking, None
    own = intent_of(newest)
    if own is not None and own is not asking:
        return own, Said((newest,))
    return asking, Said(tuple(parts))


def intent_of(message: str) -> Intent | None:
    """The first intent that fits."""
    return next((one for one in INTENTS if one.fits(message)), None)


def unknown() -> str:
    """What is said where nothing was understood."""
    examples = "\n".join(f"- {one.example}" for one in INTENTS if one.example)
    return (
        "No model is set up, so I understand only some questions. Set ANTHROPIC_API_KEY for the rest, "
        f"or ask like this:\n\n{examples}"
    )


def _result(found: ToolResult) -> Result:
    try:
        data = None if found.failed else json.loads(found.text)
    except ValueError:
        data = None
    return Result(data, found.text if found.failed else "", found.failed or data is None)

"""A model that says what a script tells it to: for tests and demonstrations, the same every time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Any

from rusvel_tui.engine.chat_ports import (
    Finished,
    ModelFailed,
    Piece,
    Question,
    ToolCall,
    ToolResult,
    Usage,
    Words,
)

_PLACE = re.compile(r"\{([a-z_0-9.]+)\}")


class ScriptedModel:
    """Plays answers in their order, one for each question.

    An answer is a text, or a list of texts and calls: `{"tool": "growth.kpi.record_kpi", "input": {…}}`. `{delta}` in
    a text stands for that field of the newest tool result, `{items.0.name}` for one further inside.
    `{"fail": "why", "passing": true}` fails instead; `{"per_second": 60}` says what follows at so many words a second.
    """

    provider = "scripted"
    name = "scripted"

    def __init__(self, script: Sequence[Any] | Path) -> None:
        self._answers: list[Any] = (
            json.loads(script.read_text(encoding="utf-8"))
            if isinstance(script, Path)
            else list(script)
        )
        self.asked: list[Question] = []
        """Every question that was asked."""

    def stream(self, question: Question, stop: Event) -> Iterator[Piece]:
        """The next answer of the script, word by word; raises `ModelFailed` when there is none."""
        self.asked.append(question)
        if len(self.asked) > len(self._answers):
            raise ModelFailed("the script is over")
        answer = self._answers[len(self.asked) - 1]
        parts = answer if isinstance(answer, list) else [answer]
        called, pause = False, 0.0
        for number, part in enumerate(parts):
            if isinstance(part, dict) and "fail" in part:
                raise ModelFailed(part["fail"], passing=bool(part.get("passing")))
            if isinstance(part, dict) and "per_second" in part:
                pause = 1 / part["per_second"]
                continue
            if isinstance(part, dict):
                called = True
                yield self._call(part, number)
                continue
            for piece in re.findall(r"\s*\S+\s*$|\s*\S+", _filled(part, question)):
                if stop.wait(pause) if pause else stop.is_set():
                    return
                yield Words(piece)
        usage = Usage(input=100 * len(question.turns), output=20)
        yield Finished("tools" if called else "end", usage, self.name)

    def _call(self, part: dict[str, Any], number: int) -> ToolCall:
        tool = str(part["tool"]).replace(".", "__")
        call_id = f"call_{len(self.asked)}_{number}"
        return ToolCall(call_id, tool, dict(part.get("input", {})), str(part.get("problem", "")))


def _filled(text: str, question: Question) -> str:
    """The text with the fields of the newest tool result in their places."""
    results = [
        block for turn in question.turns for block in turn.blocks if isinstance(block, ToolResult)
    ]
    if not results:
        return text
    try:
        found = json.loads(results[-1].text)
    except ValueError:
        return text
    return _PLACE.sub(lambda place: _field(found, place[1], place[0]), text)


def _field(found: Any, path: str, otherwise: str) -> str:
    for name in path.split("."):
        if isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        elif isinstance(found, dict) and name in found:
            found = found[name]
        else:
            return otherwise
    return str(found)

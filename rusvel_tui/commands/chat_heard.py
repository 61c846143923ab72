"""What is heard of an answer, for `rusvel chat`: printed as it comes, or gathered into one document."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rusvel_tui.engine.agent.chat import news
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.text import cut, one_line

if TYPE_CHECKING:
    from rusvel_tui.commands.output import Output
    from rusvel_tui.engine.agent.chat.conversations import RunView

_WIDTH = 100
STOPPED = 130
"""The exit code of what ctrl-c ended."""


class Heard:
    """One answer after the other."""

    def __init__(self, out: Output) -> None:
        self._out = out
        self._text: list[str] = []
        self._tools: list[dict[str, Any]] = []
        self._proposals: dict[str, dict[str, Any]] = {}
        self._warnings: list[str] = []
        self._warned_offline = False
        self._show: dict[type, Callable[[Any], None]] = {
            news.Told: self._told,
            news.Calling: self._calling,
            news.Called: self._called,
            news.Proposed: self._proposed,
            news.Retrying: lambda one: self.note(f"{one.why}; again in {one.seconds:g} s"),
            news.Warned: self._warned,
        }

    def hear(self, one: news.News) -> None:
        """Show one piece of news."""
        if show := self._show.get(type(one)):
            show(one)

    def finish(self, run: RunView) -> int:
        """The end of an answer; the exit code."""
        if self._out.json:
            self._out.document(self._document(run))
        else:
            self._close_line()
            for line in (*_remarks(run), *self._price(run)):
                self._out.note(line)
        self._text, self._tools, self._proposals, self._warnings = [], [], {}, []
        if run.state is RunState.CANCELLED:
            return STOPPED
        return 0 if run.state in (RunState.COMPLETED, RunState.WAITING) else 1

    def note(self, text: str) -> None:
        """A remark, on a line of its own."""
        if not self._out.json:
            self._close_line()
            self._out.note(text)

    def _document(self, run: RunView) -> dict[str, Any]:
        return {
            "conversation_id": run.conversation_id,
            "run_id": run.run_id,
            "state": run.state.value,
            "text": "".join(self._text),
            "tools": self._tools,
            "proposals": list(self._proposals.values()),
            "warnings": self._warnings,
            "error": run.error,
            "provider": run.provider,
            "model": run.model,
            "input_tokens": run.input_tokens,
            "output_tokens": run.output_tokens,
            "cost_usd": run.cost_usd,
        }

    def _price(self, run: RunView) -> list[str]:
        """What it took; that no model was asked is said once."""
        if run.provider == "offline" and not self._warned_offline:
            self._warned_offline = True
            return ["No model is set up: answered by patterns. Set ANTHROPIC_API_KEY for more."]
        if not run.input_tokens:
            return []
        took = f"{run.input_tokens:,} tokens in, {run.output_tokens:,} out"
        return [f"{run.provider} {run.model}: {took}, ${run.cost_usd}"]

    def _told(self, one: news.Told) -> None:
        self._text.append(one.text)
        if not self._out.json:
            self._out.piece(one.text)

    def _calling(self, one: news.Calling) -> None:
        call = {"call_id": one.call_id, "operation": one.operation, "input": one.input}
        self._tools = [tool for tool in self._tools if tool["call_id"] != one.call_id] + [call]
        shown = cut(one_line(json.dumps(one.input, ensure_ascii=False)), _WIDTH)
        self.note(f"→ {one.operation} {shown}")
        self._start_line()

    def _called(self, one: news.Called) -> None:
        for tool in self._tools:
            if tool["call_id"] == one.call_id:
                tool |= {"result": one.text, "failed": one.failed}
        if one.failed:
            self.note(f"  {one.text}")

    def _proposed(self, one: news.Proposed) -> None:
        card = one.proposal
        self._proposals[card.proposal_id] = card.model_dump(mode="json")
        self.note(f"  proposes {card.proposal_id}: {card.title}")
        for change in card.diff:
            self.note(f"    {change.field}: {change.before or '–'} → {change.after or '–'}")

    def _warned(self, one: news.Warned) -> None:
        self._warnings.append(one.text)
        self.note(one.text)

    def _close_line(self) -> None:
        """End the line that the answer stands in, so that a remark does not follow on it."""
        if self._text and not self._text[-1].endswith("\n"):
            self._out.piece("\n")
            self._text.append("\n")

    def _start_line(self) -> None:
        """What is said after a tool begins a paragraph of its own."""
        if self._text and not self._out.json:
            self._out.piece("\n")


def _remarks(run: RunView) -> list[str]:
    """How it ended."""
    lines = []
    if run.state is RunState.WAITING:
        lines.append(
            "The answer waits for your yes or no: decide in the inbox, then "
            f"`rusvel chat {run.department} --conversation {run.conversation_id}`."
        )
    elif run.state is RunState.CANCELLED:
        lines.append("Stopped. What was said is kept.")
    elif run.error:
        lines.append(f"The answer failed: {run.error}. Try again with --retry.")
    return lines

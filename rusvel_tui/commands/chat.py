"""`rusvel chat`: ask the assistant of a department; a change that it proposes is made after your yes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser
from rusvel_tui.commands.stopping import stopped_by_signals
from rusvel_tui.engine.agent.chat import news
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.agent.proposals.proposals import (
    ProposalId,
    ProposalView,
    RejectProposal,
    approve,
    reject,
)
from rusvel_tui.engine.text import cut, one_line

if TYPE_CHECKING:
    from rusvel_tui.engine.agent.chat.conversations import RunView
    from rusvel_tui.engine.core import Engine

_WIDTH = 100


def define(parser: Parser) -> None:
    """`DEPARTMENT [MESSAGE]`."""
    parser.add_argument("department", metavar="DEPARTMENT", help="gtm or growth")
    parser.add_argument("message", metavar="MESSAGE", nargs="?", help="`-` reads it from stdin")
    parser.add_argument("--conversation", metavar="ID", default="", help="go on with this one")
    parser.add_argument(
        "--yes", action="store_true", help="make the changes that are proposed, without asking"
    )
    parser.set_defaults(run=run)


def run(desk: Desk) -> int:
    """One question, or a conversation at the prompt until the end of input."""
    engine = desk.engine()
    talk = _Talk(desk, engine)
    if desk.args.message is not None:
        message = sys.stdin.read() if desk.args.message == "-" else desk.args.message
        return talk.ask(message.strip())
    while (line := _line("you> ")) is not None:
        if line:
            talk.ask(line)
    return 0


class _Talk:
    """A conversation at the command line."""

    def __init__(self, desk: Desk, engine: Engine) -> None:
        self._desk = desk
        self._engine = engine
        self._conversation = desk.args.conversation
        self._heard = Heard(desk)

    def ask(self, message: str) -> int:
        from rusvel_tui.engine.agent.chat.loop import Chat

        with stopped_by_signals() as stop:
            chat = Chat(self._engine, hear=self._heard.hear, stop=stop, decide=self._decide)
            ended = chat.ask(self._desk.args.department, message, self._conversation)
        self._conversation = ended.conversation_id
        return self._heard.finish(ended)

    def _decide(self, proposal: ProposalView) -> None:
        """Ask the person, where there is one; a proposal that nobody decides waits in the inbox."""
        wanted = ProposalId(proposal_id=proposal.proposal_id)
        if self._desk.args.yes:
            self._engine.run(approve, wanted)
            return
        if self._desk.out.json or not sys.stdin.isatty():
            return
        while (answer := _line("  a approve, r reject, enter later> ")) is not None:
            if answer in ("a", "y", "yes"):
                self._engine.run(approve, wanted)
                return
            if answer.startswith("r"):
                why = answer.removeprefix("r").strip()
                command = RejectProposal(proposal_id=proposal.proposal_id, reason=why)
                self._engine.run(reject, command)
                return
            if not answer:
                return


class Heard:
    """What is heard, printed as it comes; with `--json` gathered into one document."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._text: list[str] = []
        self._tools: list[dict[str, Any]] = []
        self._proposals: dict[str, dict[str, Any]] = {}
        self._show: dict[type, Callable[[Any], None]] = {
            news.Told: self._told,
            news.Calling: self._calling,
            news.Called: self._called,
            news.Proposed: self._proposed,
            news.Retrying: lambda one: self._note(f"{one.why}; again in {one.seconds:g} s"),
            news.Warned: lambda one: self._note(one.text),
        }

    def hear(self, one: news.News) -> None:
        """Show one piece of news."""
        if show := self._show.get(type(one)):
            show(one)

    def finish(self, run: RunView) -> int:
        """The end of an answer; the exit code."""
        if self._desk.out.json:
            self._desk.out.document(
                {
                    "conversation_id": run.conversation_id,
                    "run_id": run.run_id,
                    "state": run.state.value,
                    "text": "".join(self._text),
                    "tools": self._tools,
                    "proposals": list(self._proposals.values()),
                    "error": run.error,
                    "cost_usd": run.cost_usd,
                }
            )
        else:
            self._print("\n")
            if run.state is RunState.WAITING:
                self._note("The answer waits for your yes or no: see the inbox.")
            elif run.error:
                self._note(f"The answer {run.state.value.lower()}: {run.error}.")
        self._text, self._tools, self._proposals = [], [], {}
        return 0 if run.state in (RunState.COMPLETED, RunState.WAITING) else 1

    def _told(self, one: news.Told) -> None:
        self._text.append(one.text)
        self._print(one.text)

    def _calling(self, one: news.Calling) -> None:
        self._tools.append({"operation": one.operation, "input": one.input})
        self._note(f"→ {one.operation} {_short(one.input)}")

    def _called(self, one: news.Called) -> None:
        for tool in reversed(self._tools):
            if tool["operation"] == one.operation and "result" not in tool:
                tool |= {"result": one.text, "failed": one.failed}
                break
        if one.failed:
            self._note(f"  {one.text}")

    def _proposed(self, one: news.Proposed) -> None:
        card = one.proposal
        self._proposals[card.proposal_id] = card.model_dump(mode="json")
        self._note(f"  proposes {card.proposal_id}: {card.title}")
        for change in card.diff:
            self._note(f"    {change.field}: {change.before or '–'} → {change.after or '–'}")

    def _note(self, text: str) -> None:
        if not self._desk.out.json:
            self._desk.out.note(text)

    def _print(self, text: str) -> None:
        if not self._desk.out.json:
            self._desk.out.piece(text)


def _short(data: dict[str, Any]) -> str:
    return cut(one_line(json.dumps(data, ensure_ascii=False)), _WIDTH)


def _line(prompt: str) -> str | None:
    """A line from the person; None at the end of input."""
    print(prompt, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    return line.strip() if line else None

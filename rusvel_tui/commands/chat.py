"""`rusvel chat`: ask the assistant of a department; a change that it proposes is made after your yes."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, current_thread, main_thread
from typing import TYPE_CHECKING

from rusvel_tui.commands.chat_heard import Heard
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser
from rusvel_tui.commands.seeding import ensure_seeds
from rusvel_tui.commands.stopping import stopped_by_signals
from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.chat.conversations import (
    ConversationId,
    ConversationLine,
    ListConversations,
    list_conversations,
)
from rusvel_tui.engine.agent.chat.reviving import Everything, last_question, recover
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.agent.proposals.proposals import (
    ProposalId,
    ProposalView,
    RejectProposal,
    approve,
    reject,
)
from rusvel_tui.engine.errors import EngineError, InvalidInput, NotFound
from rusvel_tui.engine.text import one_line

if TYPE_CHECKING:
    from rusvel_tui.engine.agent.chat.conversations import RunView
    from rusvel_tui.engine.agent.chat.loop import Chat

_HELP = """\
/new      begin another conversation
/retry    answer the last question again
/list     the conversations of this department
/quit     leave (so does the end of input)
/help     this
Anything else that begins with / is a skill: /name and what it shall work on. @name asks an agent.
At a proposal: a makes the change, r and a reason refuses it, enter leaves it to the inbox."""


def define(parser: Parser) -> None:
    """`DEPARTMENT [MESSAGE]`."""
    parser.mixes_words = True
    names = " or ".join(one.id for one in departments.DEPARTMENTS)
    parser.add_argument("department", metavar="DEPARTMENT", help=names)
    parser.add_argument("message", metavar="MESSAGE", nargs="?", help="`-` reads it from stdin")
    parser.add_argument(
        "--conversation", metavar="ID", default="", help="go on with this one; `last` is the newest"
    )
    parser.add_argument("--retry", action="store_true", help="answer the last question again")
    parser.add_argument(
        "--list",
        action="store_true",
        help="the conversations in which MESSAGE was said; all without one",
    )
    parser.add_argument(
        "--yes", action="store_true", help="make the changes that are proposed, without asking"
    )
    parser.set_defaults(run=run)


def run(desk: Desk) -> int:
    """One question, an answer taken up again, or a conversation at the prompt until the end of input."""
    args = desk.args
    ensure_seeds(desk)
    talk = _Talk(desk)
    if args.list:
        return talk.list(args.message or "")
    if args.message is not None:
        return talk.ask(sys.stdin.read() if args.message == "-" else args.message)
    if args.retry:
        return talk.retry()
    if args.conversation and (ended := talk.go_on()) is not None:
        return ended
    if desk.out.json:
        raise InvalidInput("With --json give a MESSAGE, or `-` to read it.", field="message")
    return talk.prompt()


class _Talk:
    """A conversation at the command line."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine()
        self._department = departments.find(desk.args.department).id
        self._heard = Heard(desk.out)
        self._stop = Event()
        if not self._engine.read_only and not desk.args.list:
            self._engine.run(recover, Everything())
        self._conversation = self._named(desk.args.conversation)

    def prompt(self) -> int:
        """Lines until the end of input; the code of the last answer."""
        code = 0
        while (line := _line("you> ")) is not None:
            try:
                if line == "/quit":
                    break
                code = self._typed(line) if line else code
            except EngineError as error:
                self._heard.note(str(error))
                code = 1
        return code

    def ask(self, message: str) -> int:
        """One question."""
        message = message.strip()
        if not message:
            raise InvalidInput("There is nothing to answer: the message is empty.", field="message")
        return self._answer(lambda chat: chat.ask(self._department, message, self._conversation))

    def retry(self) -> int:
        """The last question again."""
        self._conversation = self._conversation or self._named("last")
        return self._answer(
            lambda chat: chat.ask(self._department, "", self._conversation, retry=True)
        )

    def go_on(self) -> int | None:
        """Take up the answer that waits here; None when none does."""
        wanted = ConversationId(conversation_id=self._conversation)
        last = self._engine.run(last_question, wanted)
        if last.run.state is not RunState.WAITING:
            return None
        if last.undecided and not (self._desk.args.yes or self._asks):
            return self._heard.finish(last.run)
        return self._answer(lambda chat: chat.go_on(last.run.run_id))

    def list(self, words: str = "") -> int:
        """The conversations of the department, or those in which some words were said."""
        wanted = ListConversations(department=self._department, words=words)
        page = self._engine.run(list_conversations, wanted)
        self._desk.out.view(page, lambda found: map(self._shown, found.items))
        if not page.items and not self._desk.out.json:
            self._desk.out.note(
                "Nobody said that here." if words else "There are no conversations yet."
            )
        return 0

    def _typed(self, line: str) -> int:
        """What a line at the prompt does."""
        if line == "/help":
            self._desk.out.picture(_HELP)
        elif line == "/new":
            self._conversation = ""
        elif line == "/list":
            self.list()
        elif line == "/retry":
            return self.retry()
        else:
            return self.ask(line)
        return 0

    def _answer(self, begin: Callable[[Chat], RunView]) -> int:
        from rusvel_tui.engine.agent.chat.loop import Chat

        with stopped_by_signals() as stop:
            self._stop = stop
            ended = begin(Chat(self._engine, hear=self._heard.hear, stop=stop, decide=self._decide))
        self._conversation = ended.conversation_id
        return self._heard.finish(ended)

    @property
    def _asks(self) -> bool:
        """Whether there is a person who can decide here."""
        return not self._desk.out.json and sys.stdin.isatty()

    def _decide(self, proposal: ProposalView) -> None:
        """Ask the person, where there is one; a proposal that nobody decides waits in the inbox."""
        wanted = ProposalId(proposal_id=proposal.proposal_id)
        if self._desk.args.yes:
            self._engine.run(approve, wanted)
            return
        if not self._asks or self._stop.is_set():
            return
        while answer := self._verdict():
            if answer in ("a", "y", "yes"):
                self._engine.run(approve, wanted)
                return
            if answer == "r" or answer.startswith("r "):
                why = answer.removeprefix("r").strip()
                command = RejectProposal(proposal_id=proposal.proposal_id, reason=why)
                self._engine.run(reject, command)
                return

    def _verdict(self) -> str | None:
        """What the person types at a card; ctrl-c is no verdict, it stops the answer."""
        try:
            with _interruptible():
                return _line("  a approve, r reject, enter later> ")
        except KeyboardInterrupt:
            self._stop.set()
            print(file=sys.stderr)
            return None

    def _named(self, wanted: str) -> str:
        """The id of a conversation; `last` is the newest one of the department."""
        if wanted != "last":
            return str(wanted)
        newest = ListConversations(department=self._department, limit=1)
        page = self._engine.run(list_conversations, newest)
        if not page.items:
            raise NotFound("There is no conversation yet. Ask something first.")
        return page.items[0].conversation_id

    def _shown(self, line: ConversationLine) -> str:
        at = line.updated_at.astimezone(self._desk.zone)
        state = "" if line.state is None else line.state.value
        title = one_line(line.title)
        return f"{line.conversation_id}  {at:%Y-%m-%d %H:%M}  {state:<10} {title}"


@contextmanager
def _interruptible() -> Iterator[None]:
    """Lets ctrl-c interrupt a line that is being typed, which the event of a clean stop would not."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _line(prompt: str) -> str | None:
    """A line from the person; None at the end of input."""
    print(prompt, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    return line.strip() if line else None

"""The mail page: what came in, what it was taken for, and the answer in the same thread."""

from __future__ import annotations

from functools import partial
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Static

from rusvel_tui.actions import Action
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.approvals.boxes import ApprovalView
from rusvel_tui.engine.gtm.mail.incoming.answering import AnswerMail, answer
from rusvel_tui.engine.gtm.mail.incoming.desk import (
    AssignMail,
    Reopen,
    assign,
    mark_done,
    reopen,
)
from rusvel_tui.engine.gtm.mail.incoming.listing import (
    IncomingDetail,
    ListIncoming,
    list_incoming,
    show_incoming,
)
from rusvel_tui.engine.gtm.mail.incoming.views import IncomingId, IncomingView
from rusvel_tui.engine.gtm.outreach.sequences.conditions import Sentiment
from rusvel_tui.engine.sessions import ListSessions, show_session
from rusvel_tui.screens.mail.words import kind_of, message_blocks, sender_of
from rusvel_tui.screens.page import AnyList, Page, Rows
from rusvel_tui.screens.shared.moments import short
from rusvel_tui.screens.shared.subjects import Subject, pick_subject
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.form import Field
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.plain import plain
from rusvel_tui.widgets.text_view import Prose, TextView

MOST = 1000
"""Messages in the list; older ones are on the timeline of their contact."""
NOTHING = """No message needs you.

RUSVEL_IMAP_HOST or RUSVEL_MAILDIR_IN name a mailbox to read; `rusvel mail ingest` takes a single message.
b shows everything that came in."""
_SENTIMENTS = {"p": Sentiment.POSITIVE, "n": Sentiment.NEGATIVE, "q": Sentiment.QUESTION, "o": Sentiment.NEUTRAL}  # fmt: skip


class MailPage(Page[ZoneInfo]):
    """The messages on the left, the one under the cursor on the right."""

    TOPICS = frozenset({"gtm.mail", "gtm.email", "gtm.contact", "gtm.outreach"})
    ABOUT = (
        "What came in. An answer ends the sequence of whom it is from; r writes back in the same thread, "
        "and what you write waits for your yes like every mail."
    )
    ACTIONS = (
        Action("mail.answer", "r", "Answer", "answer", "answer", "Write back in the same thread; it waits in the inbox for your yes.", foot=True),
        Action("mail.do", "Y", "Do it", "do", "do it", "Do what is proposed for this message.", foot=True),
        Action("mail.done", "d", "Done", "done", "done", "Say that it is dealt with, or put it back.", foot=True),
        Action("mail.whose", "a", "Whose", "whose", "whose", "Say whose answer it is, and how it is meant.", foot=True),
        Action("mail.person", "O", "Person", "person", "person", "Go to the contact."),
        Action("mail.all", "b", "All", "all", "all mail", "Show everything that came in, or only what needs you.", foot=True),
    )  # fmt: skip
    zone = ZoneInfo("UTC")
    everything = False
    """Whether what is dealt with is listed too."""
    message: IncomingDetail | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="mail-caption", classes="tally")
        with Container(id="mail-panes", classes="panes"):
            yield OpenList(
                (
                    Column[IncomingView]("", lambda row: kind_of(row)[0], width=12, tone=lambda row: kind_of(row)[1]),
                    Column[IncomingView]("From", sender_of, width=14, grow=1, most=28, by=sender_of),
                    Column[IncomingView]("Subject", lambda row: row.subject or row.snippet, width=14, grow=2, most=50, drop=2, tone="muted"),
                    Column[IncomingView]("Came", lambda row: short(row.received_at, self.engine.clock.now(), self.zone), width=8, align="right", drop=1, tone="muted", by=lambda row: row.received_at),
                ),
                id="mail-list",
                key="incoming_id",
                empty=NOTHING,
                classes="panes-list",
            )  # fmt: skip
            yield TextView(id="mail-text", classes="panes-record")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#mail-panes").set_class(True, "-preview")

    @property
    def messages(self) -> OpenList[IncomingView]:
        return self.query_one("#mail-list", OpenList)

    @property
    def subject(self) -> Subject | None:
        """The contact whom the message is from."""
        row = self.messages.current
        return Subject(row.contact_id, row.contact) if row is not None and row.contact_id else None

    def read(self) -> ZoneInfo:
        return ZoneInfo(self.engine.run(show_session, ListSessions()).timezone)

    def show(self, view: ZoneInfo) -> None:
        self.zone = view
        self._draw()

    def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:
        wanted = ListIncoming(open_only=not self.everything, limit=MOST)
        items = self.engine.run(list_incoming, wanted).items
        self.call_later(self._counted, len(items))
        return Rows(len(items), items[first : first + count])

    def _counted(self, count: int) -> None:
        what = "that came in" if self.everything else f"need{'s' if count == 1 else ''} you"
        messages = f"{count} message{'' if count == 1 else 's'} {what}"
        self.query_one("#mail-caption", Static).update(plain(messages if count else ""))

    def reveal(self, item_id: str) -> None:
        """Put the cursor on a message, also on one that is dealt with."""
        self.everything = True
        self.messages.reload(item_id)

    @on(PagedList.Highlighted, "#mail-list")
    def _draw(self) -> None:
        if (row := self.messages.current) is None:
            self.message = None
            self.query_one("#mail-text", TextView).show((Prose(""),))
        else:
            self._read_message(row.incoming_id)

    @work(thread=True, group="message", exclusive=True, exit_on_error=False)
    def _read_message(self, incoming_id: str) -> None:
        try:
            found = self.engine.run(show_incoming, IncomingId(incoming_id=incoming_id))
        except EngineError as error:
            self.call_later(self.complain, str(error))
        else:
            self.call_later(self._show_message, found)

    def _show_message(self, seen: IncomingDetail) -> None:
        row = self.messages.current
        if row is not None and row.incoming_id == seen.incoming_id:
            self.message = seen
            self.query_one("#mail-text", TextView).show(message_blocks(seen, self.zone))

    @on(OpenList.Opened, "#mail-list")
    def _opened(self) -> None:
        """To the answer that is written, else a new one."""
        if self.message is not None and self.message.answer_id is not None:
            self.visit("inbox", self.message.answer_id)
        else:
            self.action_answer()

    @work(exit_on_error=False)
    async def action_answer(self) -> None:
        """Write back; it waits for a yes."""
        if (seen := self.message) is None:
            return
        fields = (
            Field("subject", "Subject", help="That of the message, as an answer, when left out."),
            Field("body", "Text", kind="multiline", lines=12, required=True),
            Field("quote", "Below it", "yes", kind="select", choices=(("their words", "yes"), ("nothing", ""))),
        )  # fmt: skip
        save = partial(write_answer, self.engine, seen.incoming_id)
        made = await self.form(f"Answer {sender_of(seen)}", fields, save, button="To the inbox")
        if made is not None:
            self.say("It waits for your yes: a approves. z to undo.")
            self.visit("inbox", made.id)

    @work(exit_on_error=False)
    async def action_do(self) -> None:
        """What is proposed: the only thing at once, of several the one that is chosen."""
        found = self.message.proposals if self.message is not None else ()
        if not found:
            self.say("Nothing is proposed for this message.")
            return
        choices = {str(number): one.text for number, one in enumerate(found, 1)}
        key = "1" if len(found) == 1 else await self.ask_key("Do", choices)
        if key is not None:
            one = found[int(key) - 1]
            self.run(one.operation, one.input, lambda _: self.say(f"Done: {one.text}. z to undo."))

    def action_done(self) -> None:
        """Off the list, or on it again."""
        if (row := self.messages.current) is None:
            return
        if row.state == "open":
            order = IncomingId(incoming_id=row.incoming_id)
            self.run(mark_done, order, lambda _: self.say("It is dealt with. z to undo."))
        else:
            self.run(reopen, Reopen(incoming_id=row.incoming_id), lambda _: self.say("It needs you again."))  # fmt: skip

    @work(exit_on_error=False)
    async def action_whose(self) -> None:
        """Whose answer it is, and whether it is a yes, a no or a question."""
        if (row := self.messages.current) is None:
            return
        who = await pick_subject(self, "Whose answer is it?")
        if who is None:
            return
        meant = {"p": "a yes", "n": "a no", "q": "a question", "o": "something else"}
        key = await self.ask_key("It is", meant)
        if key is not None:
            order = AssignMail(incoming_id=row.incoming_id, contact_id=who.contact_id, sentiment=_SENTIMENTS[key])  # fmt: skip
            self.run(assign, order, lambda _: self.say(f"It is the answer of {who.name}."))

    def action_person(self) -> None:
        if self.subject is not None:
            self.visit("contacts", self.subject.contact_id)

    def action_all(self) -> None:
        """Everything, or what needs the person."""
        self.everything = not self.everything
        self.messages.reload()


def write_answer(engine: Engine, incoming_id: str, values: dict[str, str]) -> ApprovalView:
    """Draft the answer; raises `EngineError`. Runs in a thread."""
    order = AnswerMail(
        incoming_id=incoming_id,
        subject=values["subject"],
        body=values["body"],
        quote=bool(values["quote"]),
    )
    return engine.run(answer, order)

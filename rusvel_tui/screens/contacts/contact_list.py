"""Contacts as they are: the list, found as one types, and the record of the one under the cursor."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.timer import Timer
from textual.widgets import Static

from rusvel_tui.engine.errors import EngineError, NotFound
from rusvel_tui.engine.gtm.crm.people.contact_list import (
    ContactWindow,
    CountContacts,
    contact_rows,
    count_contacts,
)
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactRow
from rusvel_tui.engine.gtm.view_proposals import ViewKind
from rusvel_tui.engine.sessions import ListSessions, show_session
from rusvel_tui.screens.contacts.record import Record, read_record, record_blocks
from rusvel_tui.screens.page import AnyList, Rows
from rusvel_tui.screens.shared.viewed import Viewed, captioned
from rusvel_tui.screens.timeline.pane import TimelinePane
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.filter_line import FilterLine
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.plain import plain
from rusvel_tui.widgets.text_view import Prose, TextView
from rusvel_tui.widgets.virtual_list import VirtualList

NOBODY = """Nobody here yet.

c c adds a contact. :import FILE brings many at once, as CSV or vCard
from Google, Outlook, HubSpot, LinkedIn and others; it asks first."""
REST = 0.1
"""Seconds that the cursor rests on somebody before their record is read."""
TOP = "\0"
"""No contact has this id: the list stays at its top instead of following a row."""


@dataclass(frozen=True, slots=True)
class ContactsState:
    """What the page shows around the list."""

    zone: ZoneInfo
    record: Record | None
    """Of the contact whose record is on the screen."""


class ContactList(Viewed[ContactsState]):
    """The list on the left, the record on the right or in its place."""

    KIND = ViewKind.CONTACTS
    zone = ZoneInfo("UTC")
    words = ""
    """What the list is searched for."""
    record: Record | None = None
    _coming = ""
    """Whose record is being read."""
    _seek = ""
    _resting: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="contacts-caption", classes="tally")
        with Container(id="contact-panes", classes="panes"):
            yield VirtualList(_COLUMNS, id="contact-list", empty=NOBODY, classes="panes-list")
            yield TextView(id="record", classes="panes-record")
            yield TimelinePane(self.engine, self._changes, id="past", classes="panes-past")
        yield FilterLine(id="contact-filter")

    @property
    def contacts(self) -> VirtualList[ContactRow]:
        return self.query_one("#contact-list", VirtualList)

    @property
    def past(self) -> TimelinePane:
        """The timeline beside the record that is open."""
        return self.query_one("#past", TimelinePane)

    @property
    def pane(self) -> TextView:
        """Where the record is."""
        return self.query_one("#record", TextView)

    def on_resize(self) -> None:
        self.call_after_refresh(self.read_now)  # there may be room for the record now

    def read(self) -> ContactsState:
        zone = ZoneInfo(self.engine.run(show_session, ListSessions()).timezone)
        row = self.contacts.current
        record = None
        # The first record is read when the cursor says whose it is.
        if row is not None and self.record is not None and self.pane.display:
            with suppress(NotFound):  # the list is about to say so
                record = read_record(self.engine, row.id)
        return ContactsState(zone, record)

    def show(self, view: ContactsState) -> None:
        self.zone = view.zone
        if view.record is not None:
            self.show_record(view.record)

    def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:
        words, seek, version = self.words, self._seek, widget.rows.version
        known = widget.rows.total if widget.rows.exact else None
        wanted = ContactWindow(
            first=first,
            count=count,
            query=words,
            filter=self.filter_text,
            place_of=seek,
            total=known,
        )
        found = self.engine.run(contact_rows, wanted)
        if found.exact or not first:
            self.call_later(self._counted, words, found.total, version, exact=found.exact)
        return Rows(found.total, found.rows, found.at, found.exact)

    def count_rows(self, widget: AnyList) -> int:
        words, version = self.words, widget.rows.version
        total = self.engine.run(
            count_contacts, CountContacts(query=words, filter=self.filter_text)
        ).total
        self.call_later(self._counted, words, total, version)
        return total

    def search(self, words: str, anchor: str = TOP) -> None:
        """List those who fit; the cursor goes to the top, or to the contact `anchor`."""
        if words == self.words:
            return
        if self.contacts.marks.every:
            self.contacts.clear_marks()  # all meant all that were found
        self.words = words
        self.contacts.look_for(words)
        self._list_again(anchor)

    def narrowed(self) -> None:
        """Another filter: the list begins at its top."""
        if self.contacts.marks.every:
            self.contacts.clear_marks()
        self._list_again(TOP)

    def _list_again(self, anchor: str) -> None:
        self._seek = "" if anchor == TOP else anchor
        self.contacts.cursor = 0
        self.contacts.reload(anchor)

    def reveal(self, item_id: str) -> None:
        """Put the cursor on a contact, wherever they are among all."""
        self.words, self.filter_text, self._seek = "", "", item_id
        self.contacts.reload(item_id)

    def show_record(self, record: Record) -> None:
        """Show a record, unless the cursor is on somebody else by now."""
        row = self.contacts.current
        if row is not None and row.id == record.contact.contact_id:
            self.record = record
            beside = self.query_one("#contact-panes").has_class("-open")
            now = self.engine.clock.now()
            self.pane.show(record_blocks(record, now, self.zone, past=not beside))

    def read_now(self) -> None:
        """Read the record of the contact under the cursor, if it is to be seen."""
        row = self.contacts.current
        if row is not None and self.pane.display and row.id != self._coming:
            self._coming = row.id
            self._read_record(row.id)

    def _counted(self, words: str, total: int, version: int, *, exact: bool = True) -> None:
        """The line above the list: how many there are, or how many of them fit."""
        if version != self.contacts.rows.version:
            return
        self._seek = ""  # the rows that arrive next put the cursor there
        number = f"{total:,}".replace(",", " ") if exact else f"{total - 1}+"
        text = f"{number} contact{'' if total == 1 else 's'}"
        asked = " · ".join(filter(None, (f"“{words}”" if words else "", self.filter_caption)))
        parts = captioned((text,) if total or asked else (), asked)
        self.query_one("#contacts-caption", Static).update(plain(" · ".join(parts)))
        self.contacts.empty = "Nobody fits. Esc shows all." if asked else NOBODY

    @on(PagedList.Highlighted, "#contact-list")
    def _highlighted(self, event: PagedList.Highlighted) -> None:
        if self._resting is not None:
            self._resting.stop()
        if event.row is None:
            self.record = None
            self.pane.show((Prose(""),))
        elif self.record is None:
            self.read_now()
        elif self.pane.display:
            self._resting = self.set_timer(REST, self.read_now)

    @work(thread=True, group="record", exclusive=True, exit_on_error=False)
    def _read_record(self, contact_id: str) -> None:
        try:
            record = read_record(self.engine, contact_id)
        except EngineError as error:
            self.call_later(self.complain, str(error))
        else:
            self.call_later(self.show_record, record)
        finally:
            self.call_later(self._came, contact_id)

    def _came(self, contact_id: str) -> None:
        if self._coming == contact_id:
            self._coming = ""


def _address(row: ContactRow) -> str:
    return f"✗ no mail: {row.email}" if row.opted_out else row.email


_COLUMNS = (
    Column[ContactRow]("Name", lambda row: row.name or row.company or row.email, width=20, grow=2, most=34,
                       by=lambda row: row.name),
    Column[ContactRow]("Company", lambda row: row.company, width=14, grow=2, most=34, drop=1, tone="muted",
                       by=lambda row: row.company),
    Column[ContactRow]("Address", _address, width=26, grow=4, most=50,
                       tone=lambda row: "warn" if row.opted_out else "muted", by=lambda row: row.email),
    Column[ContactRow]("Tags", lambda row: row.tags, width=12, grow=2, most=40, drop=2, tone="muted"),
)  # fmt: skip

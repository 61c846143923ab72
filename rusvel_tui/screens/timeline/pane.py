"""The timeline of a contact, a deal or a company, as a part of any page or dialog.

    yield TimelinePane(self.engine, self._changes, id="timeline")
    ...
    self.query_one(TimelinePane).about(contact_id=row.id)

It reads by itself, follows the news, and reads older entries as it is scrolled.
"""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from rusvel_tui.actions import VIEW, Action
from rusvel_tui.engine.errors import EngineError, NotFound
from rusvel_tui.engine.gtm.crm.timeline.activity_inputs import ListTasks
from rusvel_tui.engine.gtm.crm.timeline.activity_views import ActivityView
from rusvel_tui.engine.gtm.crm.timeline.tasks import list_tasks
from rusvel_tui.engine.gtm.crm.timeline.timeline import Timeline, timeline
from rusvel_tui.engine.gtm.crm.timeline.timeline_entries import (
    EntryKind,
    TimelineEntry,
    TimelinePage,
)
from rusvel_tui.engine.sessions import ListSessions, show_session
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.asking import Asking
from rusvel_tui.screens.timeline.entry_card import open_entry
from rusvel_tui.screens.timeline.words import feed_items
from rusvel_tui.widgets.feed import Feed
from rusvel_tui.widgets.lines import CURSOR
from rusvel_tui.widgets.plain import plain

FILTERS: dict[str, tuple[EntryKind, ...]] = {
    "all": (),
    "mails": (
        EntryKind.EMAIL_OUT,
        EntryKind.EMAIL_IN,
        EntryKind.BOUNCE,
        EntryKind.AUTO_REPLY,
        EntryKind.OPT_OUT,
    ),
    "talks": (EntryKind.CALL, EntryKind.MEETING),
    "notes": (EntryKind.NOTE,),
    "tasks": (EntryKind.TASK,),
    "money": (EntryKind.INVOICE, EntryKind.PAYMENT),
    "changes": (
        EntryKind.STAGE_MOVE,
        EntryKind.ENROLLMENT,
        EntryKind.EMPLOYER,
        EntryKind.IMPORT,
        EntryKind.MERGE,
    ),
}
"""What can be shown alone, in the order of the key that goes through them."""
AT_ONCE = 50
"""Entries of one reading."""
_PAGES = {"mail": "inbox", "message": "mail", "deal": "deals", "invoice": "invoices"}
"""Where the targets of entries are dealt with."""
NOTHING = (
    "Nothing yet.\n\nc n writes a note, c t plans a task; mails and moves show up by themselves."
)


@dataclass(frozen=True, slots=True)
class TimelineState:
    """What was read: what is to be done, and the newest entries."""

    whose: dict[str, str]
    todo: tuple[ActivityView, ...]
    page: TimelinePage
    zone: ZoneInfo


class TimelinePane(Asking[TimelineState]):
    """A caption with the kinds that are shown, and the feed."""

    TOPICS = frozenset(
        {"gtm.activity", "gtm.contact", "gtm.deal", "gtm.outreach", "gtm.email", "gtm.company"}
    )
    ACTIONS = (
        Action("timeline.next_kind", "l,right", "Kinds", "kind(1)", "next kind", "Show the next kind of entries alone, then all again.", VIEW, foot=True),
        Action("timeline.previous_kind", "h,left", "Kind before", "kind(-1)", "previous kind", "Show the kind of entries before.", VIEW),
    )  # fmt: skip

    whose: dict[str, str] = {}
    kinds = "all"
    zone = ZoneInfo("UTC")
    todo: tuple[ActivityView, ...] = ()
    entries: tuple[TimelineEntry, ...] = ()
    _next: str | None = None

    def compose(self) -> ComposeResult:
        yield Static(classes="caption", markup=False)
        yield Feed(empty=NOTHING)

    def on_mount(self) -> None:
        super().on_mount()
        self._caption()

    @property
    def feed(self) -> Feed:
        return self.query_one(Feed)

    @property
    def seen(self) -> bool:
        """True while the page that it is a part of is in front."""
        return super().seen and all(
            node.display for node in self.ancestors if isinstance(node, Widget)
        )

    def on_show(self) -> None:
        self.catch_up()

    def about(self, **whose: str) -> None:
        """Show the timeline of a `contact_id`, a `deal_id` or a `company_id`; of nobody when none is named."""
        if whose != self.whose:
            self.whose, self.todo, self.entries = whose, (), ()
            self.load()
            if not whose:
                self.feed.show(())

    def read(self) -> TimelineState | None:
        whose, count = self.whose, max(AT_ONCE, len(self.entries))
        if not whose:
            return None
        kinds = FILTERS[self.kinds]
        with self.engine.connected():
            zone = ZoneInfo(self.engine.run(show_session, ListSessions()).timezone)
            try:
                wanted = Timeline(limit=min(count, 1000), kinds=kinds, **whose)
                page = self.engine.run(timeline, wanted)
            except NotFound:  # deleted meanwhile; whoever shows it says so
                return None
            todo = self.engine.run(list_tasks, ListTasks(limit=AT_ONCE, **whose)).items
        planned = tuple(t for t in todo if not kinds or EntryKind(t.kind.value) in kinds)
        return TimelineState(whose, planned, page, zone)

    def show(self, view: TimelineState) -> None:
        if view.whose == self.whose:
            self.todo, self.zone = view.todo, view.zone
            self.entries, self._next = view.page.items, view.page.next
            self._draw()

    def action_kind(self, by: int) -> None:
        """Another kind alone, or all."""
        names = list(FILTERS)
        self.kinds = names[(names.index(self.kinds) + by) % len(names)]
        self.entries = ()
        self._caption()
        self.load()

    @on(Feed.OlderWanted)
    def _older_wanted(self, event: Feed.OlderWanted) -> None:
        event.stop()
        if self._next is not None:
            kinds = FILTERS[self.kinds]
            self._read_older(
                Timeline(limit=AT_ONCE, cursor=self._next, kinds=kinds, **self.whose), self.entries
            )

    @work(thread=True, exclusive=True, group="older", exit_on_error=False)
    def _read_older(self, wanted: Timeline, before: tuple[TimelineEntry, ...]) -> None:
        try:
            page = self.engine.run(timeline, wanted)
        except EngineError as error:
            self.call_later(self.complain, str(error))
            return
        self.call_later(self._add_older, page, before)

    def _add_older(self, page: TimelinePage, before: tuple[TimelineEntry, ...]) -> None:
        if self.entries is before:  # nothing was read anew meanwhile
            self.entries, self._next = (*before, *page.items), page.next
            self._draw()

    @on(Feed.Opened)
    @work(exit_on_error=False)
    async def _opened(self, event: Feed.Opened) -> None:
        event.stop()
        from rusvel_tui.screens.today.task_card import TaskCard  # brings the text editor with it

        todo = [task.activity_id for task in self.todo]
        if event.id in todo:
            await self.app.push_screen_wait(TaskCard(self.engine, todo[todo.index(event.id) :]))
            return
        entry = next((entry for entry in self.entries if entry.id == event.id), None)
        if entry is None:
            return
        page = _PAGES.get(entry.target.kind)
        if page and entry.target.id not in self.whose.values():
            self.post_message(Page.Visit(page, entry.target.id, ""))
            return
        await open_entry(self, entry, self.zone)

    def _draw(self) -> None:
        named = "contact_id" not in self.whose
        now = self.engine.clock.now()
        items = feed_items(self.todo, self.entries, now, self.zone, named=named)
        self.feed.show(items, more=self._next is not None)

    def _caption(self) -> None:
        names = (
            plain(
                f"{CURSOR if name == self.kinds else ' '}{name} ",
                "bold $text-accent" if name == self.kinds else "",
            )
            for name in FILTERS
        )
        self.query_one(".caption", Static).update(Content.assemble(*names))

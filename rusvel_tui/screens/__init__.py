"""The tabs and what can be created from anywhere: two registries of names, imported when they are used."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from rusvel_tui.actions import CREATE, GO, Action

if TYPE_CHECKING:
    from rusvel_tui.screens.page import Page


def _import(path: str) -> Any:
    """What `package.module:name` names."""
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)


@dataclass(frozen=True, slots=True)
class Entry:
    """A page: its id, its name, a short name for narrow terminals, its letter after `g`, and where its class is."""

    id: str
    title: str
    short: str
    letter: str
    path: str
    """`rusvel_tui.screens.inbox.page:InboxPage`."""
    tab: bool = True
    """Whether it stands in the header; other pages are reached by their keys and commands."""

    @property
    def action(self) -> Action:
        """Going there."""
        do, help_ = f"go('{self.id}')", f"Go to {self.title}."
        return Action(
            f"go.{self.id}", f"g {self.letter}", self.title, do, f"go {self.id}", help_, GO
        )

    def load(self) -> type[Page[Any]]:
        """The page's class; the first visit imports it."""
        found: type[Page[Any]] = _import(self.path)
        return found


@dataclass(frozen=True, slots=True)
class Creator:
    """Something that `c` and a letter makes on any page: `path` is an async function that gets the page."""

    id: str
    title: str
    letter: str
    path: str

    @property
    def action(self) -> Action:
        """Creating one."""
        do, help_ = f"create('{self.id}')", f"Create a {self.title.lower()}."
        return Action(
            f"new.{self.id}", f"c {self.letter}", self.title, do, f"new {self.id}", help_, CREATE
        )

    def load(self) -> Callable[[Page[Any]], Awaitable[None]]:
        """The function, imported when it is called."""
        found: Callable[[Page[Any]], Awaitable[None]] = _import(self.path)
        return found


PAGES: tuple[Entry, ...] = (
    Entry("today", "Today", "Today", "t", "rusvel_tui.screens.today.page:TodayPage"),
    Entry("review", "Week", "Week", "e", "rusvel_tui.screens.review.page:ReviewPage", tab=False),
    Entry(
        "tasks",
        "Tasks and calls",
        "Tasks",
        "k",
        "rusvel_tui.screens.today.tasks_page:TasksPage",
        tab=False,
    ),
    Entry("inbox", "Inbox", "Inbox", "i", "rusvel_tui.screens.inbox.page:InboxPage"),
    Entry("mail", "Mail", "Mail", "m", "rusvel_tui.screens.mail.page:MailPage", tab=False),
    Entry("contacts", "Contacts", "Cont", "c", "rusvel_tui.screens.contacts.page:ContactsPage"),
    Entry(
        "companies",
        "Companies",
        "Comp",
        "o",
        "rusvel_tui.screens.companies.page:CompaniesPage",
        tab=False,
    ),
    Entry("deals", "Deals", "Deals", "d", "rusvel_tui.screens.deals.page:DealsPage"),
    Entry("sequences", "Sequences", "Seqs", "s", "rusvel_tui.screens.sequences.page:SequencesPage"),
    Entry("invoices", "Invoices", "Inv", "v", "rusvel_tui.screens.invoices.page:InvoicesPage"),
    Entry("growth", "Growth", "Grow", "r", "rusvel_tui.screens.growth.page:GrowthPage"),
    Entry("assistant", "Assistant", "Asst", "a", "rusvel_tui.screens.assistant.page:AssistantPage"),
    Entry(
        "told",
        "What it is told",
        "Told",
        "w",
        "rusvel_tui.screens.assistant.told.page:ToldPage",
        tab=False,
    ),
    Entry(
        "welcome",
        "Guided start",
        "Start",
        "h",
        "rusvel_tui.screens.first_run.page:WelcomePage",
        tab=False,
    ),
    Entry("log", "Log", "Log", "l", "rusvel_tui.screens.log:LogPage"),
)
"""The pages, those with a tab in the order of their tabs."""

CREATORS: tuple[Creator, ...] = (
    Creator("contact", "Contact", "c", "rusvel_tui.screens.contacts.forms:create_contact"),
    Creator("company", "Company", "o", "rusvel_tui.screens.companies.forms:create_company"),
    Creator("deal", "Deal", "d", "rusvel_tui.screens.deals.forms:create_deal"),
    Creator("mail", "Mail", "m", "rusvel_tui.screens.inbox.composing:new_mail"),
    Creator("task", "Task", "t", "rusvel_tui.screens.timeline.jots:create_task"),
    Creator("call", "Call", "l", "rusvel_tui.screens.timeline.jots:create_call"),
    Creator("note", "Note", "n", "rusvel_tui.screens.timeline.jots:create_note"),
    Creator("jot", "Jot", "j", "rusvel_tui.screens.timeline.one_line:create_from_line"),
    Creator("sequence", "Sequence", "s", "rusvel_tui.screens.sequences.start:new_sequence"),
    Creator("invoice", "Invoice", "v", "rusvel_tui.screens.invoices.forms:create_document"),
)
"""What `c` and a letter makes."""

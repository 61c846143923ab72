"""Pages as small as they can be, for the tests of what every page inherits."""

from __future__ import annotations

from threading import Event
from typing import Any

from textual import work
from textual.app import ComposeResult

from rusvel_tui.actions import Action
from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.gtm.crm.people.contact_inputs import AddContact
from rusvel_tui.engine.gtm.crm.people.contact_list import ContactWindow, contact_rows
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactRow
from rusvel_tui.engine.gtm.crm.people.contacts import add_contact
from rusvel_tui.screens import Creator, Entry
from rusvel_tui.screens.page import AnyList, Page, Rows
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.form import Field
from rusvel_tui.widgets.line_input import Question
from rusvel_tui.widgets.text_view import Prose, TextView
from rusvel_tui.widgets.virtual_list import VirtualList

HERE = "tests.screens.sample_pages"
BUILT: list[str] = []
"""Ids of the pages built so far, in order."""
CREATED: list[str] = []
"""Ids of the pages over which something was created."""


class PeoplePage(Page[None]):
    """A list over the real contacts."""

    TOPICS = frozenset({"gtm.contact"})
    ABOUT = "Everybody you know [/]."
    ACTIONS = (
        Action("people.add", "n", "Add", "add", "add person", "Add somebody.", foot=True),
        Action("people.delete", "D", "Delete", "delete", "delete", "Delete them.", foot=True),
        Action("people.twice", "T", "Twice", "twice", "twice", "Add the same person again."),
        Action("people.pick", "P", "Pick", "pick", "pick", "Ask for a key and a line."),
    )
    picked: tuple[str | None, str | None] | None = None
    added: object = None

    def compose(self) -> ComposeResult:
        BUILT.append(self.id or "")
        yield VirtualList((Column[ContactRow]("Name", lambda row: row.name, width=20),))

    def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:
        found = self.engine.run(contact_rows, ContactWindow(first=first, count=count))
        return Rows(found.total, found.rows)

    @work
    async def action_add(self) -> None:
        fields = (Field("name", "Name"), Field("email", "Email"))
        self.added = await self.form(
            "New person",
            fields,
            lambda v: self.engine.run(add_contact, AddContact.model_validate(v)),
        )

    @work
    async def action_delete(self) -> None:
        row: Any = self.query_one(VirtualList).current
        if row is not None and await self.confirm(f"Delete {row.name}?"):
            self.run(
                "gtm.crm.delete_contact",
                {"contact_id": row.id},
                lambda _: self.say("Gone."),
            )

    def action_twice(self) -> None:
        self.run(
            add_contact, {"name": "Ada", "email": "ada@x.example"}, lambda view: self.say(view.name)
        )

    @work
    async def action_pick(self) -> None:
        key = await self.ask_key("Which?", {"1": "one"})
        self.picked = key, await self.ask_line(Question("pick", "Text:"))


class CountPage(Page[int]):
    """Shows a number that takes as long to read as the test wants."""

    TOPICS = frozenset({"gtm.deal"})
    numbers: tuple[int, ...] = (1, 2, 3, 4, 5, 6)
    gates: tuple[Event, ...] = ()
    reads = 0

    def compose(self) -> ComposeResult:
        BUILT.append(self.id or "")
        yield TextView()

    def read(self) -> int:
        at, self.reads = self.reads, self.reads + 1
        if at < len(self.gates):
            self.gates[at].wait(10)
        return self.numbers[at]

    def show(self, view: int) -> None:
        self.query_one(TextView).show((Prose(f"number {view}"),))


class RefusedPage(CountPage):
    """Its data is gone."""

    def read(self) -> int:
        raise NotFound("There is no such [/] number.")


class BrokenPage(CountPage):
    """We made a mistake."""

    def read(self) -> int:
        raise KeyError("oops")


PEOPLE = Entry("people", "People", "People", "p", f"{HERE}:PeoplePage")
COUNT = Entry("count", "Count", "Count", "n", f"{HERE}:CountPage")
REFUSED = Entry("refused", "Refused", "Refused", "r", f"{HERE}:RefusedPage")
BROKEN = Entry("broken", "Broken", "Broken", "b", f"{HERE}:BrokenPage")


async def create_thing(page: Page[Any]) -> None:
    """A creator."""
    CREATED.append(page.id or "")


THING = Creator("thing", "Thing", "t", f"{HERE}:create_thing")

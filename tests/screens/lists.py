"""A list over people, for the tests of the list."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on

from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.virtual_list import VirtualList
from tests.screens.pilots import WidgetApp


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    email: str = "someone@example.org"


class ListApp(WidgetApp):
    """A list over people that answers at once, unless `deaf`."""

    def __init__(
        self, people: list[Person], *, empty: str = "Nobody yet.\nPress c c to add somebody."
    ) -> None:
        columns = (
            Column[Person]("Name", lambda row: row.name, width=16, grow=1),
            Column[Person]("Email", lambda row: row.email, width=20, tone="muted"),
        )
        self.list: VirtualList[Person] = VirtualList(columns, empty=empty)
        super().__init__(self.list)
        self.people = people
        self.deaf = False

    def on_mount(self) -> None:
        super().on_mount()
        self.list.reload()

    @on(PagedList.PageWanted)
    def _page_wanted(self, event: PagedList.PageWanted) -> None:
        if not self.deaf:
            self.answer(event)

    def answer(self, event: PagedList.PageWanted) -> None:
        """Give the rows that were asked for."""
        event.widget.set_total(event.version, len(self.people))
        event.widget.set_page(
            event.version, event.first, self.people[event.first : event.first + event.count]
        )


def people(count: int) -> list[Person]:
    return [Person(str(n), f"Person {n}") for n in range(count)]

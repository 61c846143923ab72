"""What every tab inherits: reading and writing off the UI thread, staying up to date, asking the person.

How to write a page
-------------------

A page is a container with widgets. It reads in a thread, shows on the UI thread, writes through operations, and
never touches the database itself:

    class ContactsPage(Page[None]):
        TOPICS = frozenset({"gtm.contact"})              # events after which it reads again
        ABOUT = "Everybody you know."                    # the first line of its help
        ACTIONS = (
            Action("contacts.delete", "D", "Delete", "delete", "delete", "Delete this contact.", foot=True),
        )                                                # keys, `:` names, palette, help, footer follow

        def compose(self) -> ComposeResult:
            yield VirtualList((Column("Name", lambda row: row.name, width=16, grow=1),))

        def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:         # in a thread
            found = self.engine.run(contact_rows, ContactWindow(first=first, count=count))
            return Rows(found.total, found.rows)

        @work                                            # whatever asks the person is a worker
        async def action_delete(self) -> None:
            row = self.query_one(VirtualList).current
            if row is not None and await self.confirm(f"Delete {row.name}?", yes="Delete"):
                self.run(delete_contact, DeleteContact(contact_id=row.id), then=lambda _: self.say("Deleted."))

- Pages without a list override `read` (in a thread, returns a frozen view) and `show` (on the UI thread).
- `run(operation, input, then, failed)` writes in a thread. `then` gets the view, on the UI thread; without `failed`
  an error is shown as a message. Afterwards the page reads again. `run("gtm.crm.add_note", {...})` works too.
- `await form(title, fields, save)` asks for values; `save(values)` runs in a thread and may raise: the error goes
  beside its field and the form stays open. The answer is what `save` returned, None when the person gave up.
- `await ask_line(Question(…))`, `await ask_key(title, {key: meaning})` and `await confirm(…)` ask at the bottom of the
  screen or in a dialog. Take what you need from the row before you ask: rows may move meanwhile.
- `visit(page_id, item_id)` goes to another page and shows one thing there; the page it is about implements `reveal`.
- `back()` is Esc: return True when the page closed something. Marks are cleared by this class.
- Text from outside goes through `VirtualList`, `Board`, `TextView`, or `plain()`; never as `str` into a Static.
- Register the page in `screens/__init__.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual.message import Message
from textual.widget import Widget

from rusvel_tui.screens.shared.asking import Asking
from rusvel_tui.screens.shared.reading import AnyList, Changes, Rows
from rusvel_tui.widgets.seeking import Seeking
from rusvel_tui.widgets.virtual_list import VirtualList

V = TypeVar("V")


class Page(Asking[V], Generic[V]):
    """A tab."""

    ABOUT: ClassVar[str] = ""
    """What this page is for, in one or two sentences; the help begins with it."""

    _focused: Widget | None = None

    @dataclass
    class Visit(Message):
        """Another page shall come to the front, and show one thing there."""

        page_id: str
        item_id: str
        action: str
        """What that page does then; nothing when empty."""

    class Turned(Message):
        """The page shows another part of itself now, where other keys matter."""

    def visit(self, page_id: str, item_id: str = "", action: str = "") -> None:
        """Go to a page and there to the thing with that id; `action` is an action of that page."""
        self.post_message(self.Visit(page_id, item_id, action))

    def reveal(self, item_id: str) -> object:
        """Show one thing of this page, wherever on the page it is."""
        return None

    def known_here(self) -> Sequence[tuple[str, tuple[str, str]]]:
        """What the cursor is on, for fields of operations: the field, then the id and what it is called."""
        from rusvel_tui.screens.shared.here import ids_of, name_of, row_of

        row = row_of(self)
        return [(field, (id_, name_of(row))) for field, id_ in ids_of(self, row)]

    async def copy(self) -> None:
        """Put something of what the cursor is on into the clipboard. Runs in a worker, since it may ask."""
        from rusvel_tui.screens.shared.copying import copy_menu

        await copy_menu(self)

    def back(self) -> bool:
        """Esc: close what is open, then clear marks; True when there was something."""
        cleared = [widget.clear_marks() for widget in self.query(VirtualList)]
        for widget in self.query("*"):
            if isinstance(widget, Seeking):
                widget.forget()  # nothing that is seen: it takes no key of its own
        return any(cleared)

    def arrive(self) -> None:
        """The page is in front now: focus what had the focus before, and read what is new."""
        self.front.focus()
        self.catch_up()

    @property
    def front(self) -> Widget:
        """The widget that has the focus when the page is in front."""
        if self._focused is None or not self._focused.is_attached:
            self._focused = next((widget for widget in self.query("*") if widget.focusable), None)
        return self._focused or self

    def depart(self) -> None:
        """Another page comes to the front."""
        focused = self.screen.focused
        if focused is not None and self in focused.ancestors:
            self._focused = focused


__all__ = ["AnyList", "Changes", "Page", "Rows"]

"""Two contacts side by side: for each field, whose value the one contact gets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.crm.merging.combining import ORDERED, Choice
from rusvel_tui.engine.gtm.crm.merging.comparing import (
    CompareContacts,
    Comparison,
    FieldChoice,
    compare_contacts,
)
from rusvel_tui.engine.gtm.crm.merging.looks import ContactLook
from rusvel_tui.engine.gtm.crm.merging.merging import MergeContacts, merge_contacts
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.plain import plain

HINT = "h left · l right · b both · s swaps who stays · enter merges"


@dataclass(frozen=True, slots=True)
class Line:
    """One field, and what was chosen for it."""

    id: str
    field: FieldChoice
    choice: Choice

    @property
    def label(self) -> str:
        """The field; of addresses and phones all stay, and the choice is whose come first."""
        name = self.field.label
        return f"{name}, first" if self.field.field in ORDERED else name

    def text(self, side: Choice) -> str:
        """The value of one side, behind the sign of whether it counts."""
        value = self.field.kept if side is Choice.KEEP else self.field.merged
        if self.field.same:
            return f"  {value}"
        sign = "●" if self.choice in (side, Choice.BOTH) else "○"
        return f"{sign} {value or '–'}"


class MergeDialog(ModalScreen[MergeContacts | None]):
    """Dismissed with what shall be merged, with None when the person gave up."""

    BINDINGS = [
        Binding("escape,q", "dismiss(None)", "Cancel", show=False, id="merge.cancel"),
        Binding("h,left", "choose('keep')", "Keep the left one", show=False, id="merge.left"),
        Binding("l,right", "choose('merge')", "Keep the right one", show=False, id="merge.right"),
        Binding("b", "choose('both')", "Keep both", show=False, id="merge.both"),
        Binding("s", "swap", "Change sides", show=False, id="merge.swap"),
    ]

    def __init__(self, seen: Comparison) -> None:
        super().__init__()
        self.seen = seen
        self.lines = lines_of(seen)
        self.swapped = False
        """Whether the contact on the right stays."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog picker"):
            yield Static("", classes="dialog-title", id="merge-title")
            yield OpenList[Line](_COLUMNS, id="merge-fields")
            yield Static(plain(self._outcome()), classes="dialog-text")
            yield Static(HINT, classes="dialog-hint")

    @property
    def rows(self) -> OpenList[Line]:
        return self.query_one(OpenList)

    def on_mount(self) -> None:
        self._tell()
        self.rows.focus()
        self.rows.reload()

    def action_choose(self, name: str) -> None:
        """Whose value counts in the field under the cursor; what differs next comes under the cursor."""
        at, choice = self.rows.cursor, Choice(name)
        line = self.lines[at]
        if choice in line.field.choices and not line.field.same:
            self.lines[at] = replace(line, choice=choice)
            self.rows.reload(line.id)

    def action_swap(self) -> None:
        """The other contact stays; what was chosen remains."""
        self.swapped = not self.swapped
        self._tell()

    @on(OpenList.Opened)
    def _merge(self, event: OpenList.Opened) -> None:
        event.stop()
        self.dismiss(self.answer)

    @property
    def answer(self) -> MergeContacts:
        """What shall be merged, as the engine is told."""
        keep, merge = self._sides()
        other = {Choice.KEEP: Choice.MERGE, Choice.MERGE: Choice.KEEP, Choice.BOTH: Choice.BOTH}
        chosen = {line.field.field: line.choice for line in self.lines if not line.field.same}
        if self.swapped:
            chosen = {name: other[choice] for name, choice in chosen.items()}
        return MergeContacts(
            keep_id=keep.contact_id,
            merge_id=merge.contact_id,
            choices=chosen,
            keep_version=keep.version,
            merge_version=merge.version,
        )

    def _sides(self) -> tuple[ContactLook, ContactLook]:
        sides = (self.seen.keep, self.seen.merge)
        return (sides[1], sides[0]) if self.swapped else sides

    def _tell(self) -> None:
        keep, merge = self._sides()
        text = f"{look_label(keep)} stays, {look_label(merge)} goes into it"
        self.query_one("#merge-title", Static).update(plain(text))

    def _outcome(self) -> str:
        """Why they may be one person, and what else a merge does."""
        reasons = "; ".join(reason.text for reason in self.seen.reasons)
        moved = ", ".join(f"{count} {kind}" for kind, count in self.seen.moves.items() if count)
        parts = (
            f"Same person? {reasons}." if reasons else "",
            f"Moves {moved}." if moved else "",
            f"Ends one way through {', '.join(self.seen.ends)}." if self.seen.ends else "",
        )
        return " ".join(part for part in parts if part)

    @on(PagedList.PageWanted)
    def _wanted(self, event: PagedList.PageWanted) -> None:
        event.stop()
        self.rows.set_total(event.version, len(self.lines))
        window = self.lines[event.first : event.first + event.count]
        self.rows.set_page(event.version, event.first, window)


def lines_of(seen: Comparison) -> list[Line]:
    """What differs first, then what is the same; what both lack is left out."""
    found = [
        Line(field.field, field, field.proposed)
        for field in seen.fields
        if field.kept or field.merged
    ]
    return sorted(found, key=lambda line: line.field.same)


def look_label(look: ContactLook) -> str:
    """What to call the contact."""
    return look.name or look.company or next(iter(look.emails), "a contact")


async def merge_pair(page: Page[Any], first_id: str, second_id: str) -> bool:
    """Show two contacts side by side and make one of them; True when it was done."""
    seen = await attempt(page, lambda: _compare(page.engine, first_id, second_id))
    if seen is None:
        return False
    order = await page.app.push_screen_wait(MergeDialog(seen))
    if order is None:
        return False
    done = await attempt(page, lambda: page.engine.run(merge_contacts, order))
    if done is None:
        return False
    ended = f" {done.ended} enrollment ended." if done.ended else ""
    page.say(
        f"Merged into {done.contact.name or done.contact.email}.{ended} z makes them two again."
    )
    page.load()
    return True


def _compare(engine: Engine, first_id: str, second_id: str) -> Comparison:
    """The two, with the one that should rather stay on the left."""
    seen = engine.run(compare_contacts, CompareContacts(keep_id=first_id, merge_id=second_id))
    if seen.better_kept == second_id:
        return engine.run(compare_contacts, CompareContacts(keep_id=second_id, merge_id=first_id))
    return seen


def _tone(line: Line) -> str:
    return "muted" if line.field.same else ""


_COLUMNS = (
    Column[Line]("Field", lambda line: line.label, width=13, grow=1, most=18, tone="muted"),
    Column[Line]("Left", lambda line: line.text(Choice.KEEP), width=16, grow=3, most=60, tone=_tone),
    Column[Line]("Right", lambda line: line.text(Choice.MERGE), width=16, grow=3, most=60, tone=_tone),
)  # fmt: skip

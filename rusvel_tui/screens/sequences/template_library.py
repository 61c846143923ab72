"""The library of texts: mails to start a step from and snippets to put into one; kept, changed, chosen."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from rusvel_tui.engine.gtm.outreach.mails.preview import StepText
from rusvel_tui.engine.gtm.outreach.sequences.library import (
    ListTemplates,
    TemplateId,
    TemplateView,
    TextKind,
    delete_template,
    list_templates,
)
from rusvel_tui.screens.sequences.template_forms import ask_text
from rusvel_tui.screens.shared.asking import Asking
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.plain import plain
from rusvel_tui.widgets.text_view import Block, Fact, Prose, TextView

SIGNS = {TextKind.MAIL: ("✉ mail", "accent"), TextKind.SNIPPET: ("¶ snippet", "muted")}
"""Each kind with its sign, and its tone."""
NONE = """No text yet.

A mail is the beginning of a step, with its subject; a snippet is a part
that goes into any mail. Steps keep a copy of what they took.

n  writes one"""
HINT = "n new · e edit · D delete · PgDn reads on · esc closes"
PICKING = "enter takes it · n new · e edit · D delete · esc cancels"

Texts = tuple[TemplateView, ...]


class Library(ModalScreen[TemplateView | None]):
    """Dismissed with the chosen text when one is to be picked, else with None."""

    BINDINGS = [
        Binding("escape,q", "dismiss(None)", "Close", show=False, id="library.close"),
        Binding("n", "new", "New", show=False, id="library.new"),
        Binding("e", "edit", "Edit", show=False, id="library.edit"),
        Binding("D", "delete", "Delete", show=False, id="library.delete"),
        Binding("pagedown,ctrl+d", "read_on(1)", "Read on", show=False, id="library.read_down"),
        Binding("pageup,ctrl+u", "read_on(-1)", "Read back", show=False, id="library.read_up"),
    ]

    def __init__(self, page: Asking[Any], texts: Texts, *, picking: bool = False) -> None:
        super().__init__()
        self.page, self.texts, self.picking = page, texts, picking

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog enrol broad"):
            title = "Insert which text?" if self.picking else "Texts for your steps"
            yield Static(title, classes="dialog-title")
            yield OpenList(_COLUMNS, key="template_id", empty=NONE)
            yield TextView()
            yield Static(PICKING if self.picking else HINT, classes="dialog-hint")

    @property
    def rows(self) -> OpenList[TemplateView]:
        return self.query_one(OpenList)

    def on_mount(self) -> None:
        self.rows.focus()
        self._show(self.texts)

    @on(PagedList.PageWanted)
    def _wanted(self, event: PagedList.PageWanted) -> None:
        event.stop()
        self.rows.set_total(event.version, len(self.texts))
        window = self.texts[event.first : event.first + event.count]
        self.rows.set_page(event.version, event.first, window)

    @on(PagedList.Highlighted)
    def _highlighted(self, event: PagedList.Highlighted) -> None:
        event.stop()
        self.query_one(TextView).show(tuple(text_blocks(event.row)) if event.row else ())

    @on(OpenList.Opened)
    def _opened(self, event: OpenList.Opened) -> None:
        event.stop()
        if self.picking:
            self.dismiss(event.row)
        else:
            self.action_edit()

    @work(exit_on_error=False)
    async def action_new(self) -> None:
        await self._read(await ask_text(self.page, None))

    @work(exit_on_error=False)
    async def action_edit(self) -> None:
        if (row := self.rows.current) is not None:
            await self._read(await ask_text(self.page, row))

    @work(exit_on_error=False)
    async def action_delete(self) -> None:
        """Take the text out; steps that were made from it keep theirs."""
        if (row := self.rows.current) is None:
            return
        detail = "Steps that took it keep their copy."
        if await self.page.confirm(f"Delete {row.name}?", detail=detail, yes="Delete"):
            order = TemplateId(template_id=row.template_id)
            done = await attempt(self.page, partial(self.page.engine.run, delete_template, order))
            if done is not None:
                self.page.say(f"{done.name} is out of the library. z to undo.")
                await self._read(done)

    def action_read_on(self, pages: int) -> None:
        """Scroll the text while the focus stays in the list."""
        self.query_one(TextView).action_page(pages)

    async def _read(self, changed: TemplateView | None) -> None:
        """Read the library again, with the cursor on what was changed."""
        found = await read_texts(self.page) if changed is not None else None
        if changed is not None and found is not None:
            self._show(found, changed.template_id)

    def _show(self, texts: Texts, anchor: str | None = None) -> None:
        self.texts = texts
        self.rows.styles.height = min(10, max(len(texts), 7)) + 1
        self.rows.reload(anchor)


async def read_texts(page: Asking[Any]) -> Texts | None:
    """The library by name, read in a thread; None when the engine refuses."""
    found = await attempt(page, partial(page.engine.run, list_templates, ListTemplates()))
    return None if found is None else found.items


async def show_library(page: Asking[Any]) -> None:
    """`T`: read and change the library."""
    if (texts := await read_texts(page)) is not None:
        await page.app.push_screen_wait(Library(page, texts))


async def pick_text(page: Asking[Any]) -> TemplateView | None:
    """Choose a text of the library; None when the person gave up."""
    texts = await read_texts(page)
    if texts is None:
        return None
    return await page.app.push_screen_wait(Library(page, texts, picking=True))


def with_text(step: StepText, text: TemplateView) -> StepText:
    """The step with a mail as its text, or with a snippet behind what it says already."""
    if text.kind is TextKind.MAIL:
        changes = {"subject": text.subject or step.subject, "body": text.body}
    else:
        changes = {"body": "\n\n".join(filter(None, (step.body.rstrip(), text.body)))}
    return step.model_copy(update=changes)


def text_blocks(text: TemplateView) -> Iterator[Block]:
    """A text in full, with the fields that it fills in."""
    if text.subject:
        yield Fact("Subject", text.subject, "strong")
    if text.fields:
        yield Fact("Fills in", ", ".join(text.fields), "muted")
    yield Prose(text.body)


_COLUMNS = (
    Column[TemplateView]("", lambda row: SIGNS[row.kind][0], width=9, tone=lambda row: SIGNS[row.kind][1]),
    Column[TemplateView]("Name", lambda row: row.name, width=18, grow=1, most=40),
    Column[TemplateView]("Subject, or how it begins", lambda row: plain(row.subject or row.body).plain, width=20, grow=2, most=70, tone="muted"),
)  # fmt: skip

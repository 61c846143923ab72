"""The companies page: who works where, what is sold to them, and what happened."""

from __future__ import annotations

from functools import partial

from textual import on, work

from rusvel_tui.actions import Action
from rusvel_tui.engine.filters.syntax import quoted
from rusvel_tui.engine.gtm.crm.companies.companies import delete_company, get_company
from rusvel_tui.engine.gtm.crm.companies.company_inputs import CompanyId
from rusvel_tui.screens.companies.company_list import CompanyList
from rusvel_tui.screens.companies.forms import edit_company
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.screens.shared.viewed import VIEW_ACTIONS
from rusvel_tui.widgets.line_input import Question
from rusvel_tui.widgets.virtual_list import VirtualList


class CompaniesPage(CompanyList):
    """Verbs on companies."""

    TOPICS = frozenset({"gtm.company", "gtm.contact", "gtm.deal"})
    ABOUT = (
        "Where people work. A company's timeline holds everything of its people and their deals."
    )
    ACTIONS = (
        Action("companies.find", "slash", "Find", "find", "find", "Find as you type: names and domains.", foot=True),
        Action("companies.edit", "e", "Edit", "edit", "edit", "Change the company.", foot=True),
        Action("companies.people", "O", "People", "people", "people", "Show its people in the contacts.", foot=True),
        Action("companies.delete", "D", "Delete", "delete", "delete", "Delete the record; its people stay, and z brings it back."),
        Action("companies.export", "W", "Export", "export", "export", "Write the companies that the filter shows to a CSV file.", takes="FILE"),
        *VIEW_ACTIONS,
    )  # fmt: skip

    @on(VirtualList.Opened, "#company-list")
    def _opened(self) -> None:
        self._open(True)

    def _open(self, whole: bool) -> None:
        """The record with its timeline in place of the list, or the list again."""
        self.query_one("#company-panes").set_class(whole, "-open")
        (self.past.feed if whole else self.companies).focus()
        self.call_after_refresh(self.read_now)
        self.post_message(self.Turned())

    @work(exit_on_error=False)
    async def action_find(self) -> None:
        """Search with every letter; Esc brings back what was there before."""
        words = self.words
        question = Question("companies", "/", words, hint="a name or a domain", typed=self.search)
        if await self.ask_line(question) is None:
            self.search(words)

    @work(exit_on_error=False)
    async def action_edit(self) -> None:
        if (row := self.companies.current) is None:
            return
        order = CompanyId(company_id=row.id)
        company = await attempt(self, partial(self.engine.run, get_company, order))
        if company is not None:
            await edit_company(self, company)

    def action_people(self) -> None:
        """Its people, in the contacts."""
        if (row := self.companies.current) is not None:
            wanted = f"company:{quoted(row.name)}"
            self.visit("contacts", action=f"narrow_to({wanted!r})")

    @work(exit_on_error=False)
    async def action_delete(self) -> None:
        row = self.companies.current
        if row is None:
            return
        detail = "Its people stay, with the name as they have it."
        if await self.confirm(f"Delete {row.name}?", detail=detail, yes="Delete"):
            gone = f"Deleted {row.name}. z to undo."
            self.run(delete_company, CompanyId(company_id=row.id), lambda _: self.say(gone))

    def back(self) -> bool:
        """Esc: from the record to the list, then the marks, the search and the filter."""
        if self.query_one("#company-panes").has_class("-open"):
            self._open(False)
            return True
        searched = bool(self.words)
        self.search("")
        return super().back() or searched

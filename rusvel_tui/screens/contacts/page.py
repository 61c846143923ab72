"""The contacts page: everybody you know, found as you type, with all that is known and planned about them."""

from __future__ import annotations

from textual import on, work

from rusvel_tui.actions import VIEW, Action
from rusvel_tui.screens.contacts.choice import name_of
from rusvel_tui.screens.contacts.chosen import ChosenContacts
from rusvel_tui.screens.contacts.contact_list import TOP
from rusvel_tui.screens.contacts.forms import edit_contact
from rusvel_tui.screens.contacts.record import read_record
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.screens.shared.subjects import Subject
from rusvel_tui.screens.shared.viewed import VIEW_ACTIONS
from rusvel_tui.widgets.line_input import Question
from rusvel_tui.widgets.virtual_list import VirtualList


class ContactsPage(ChosenContacts):
    """Verbs on people."""

    TOPICS = frozenset({"gtm.contact", "gtm.suppression", "gtm.deal", "gtm.activity", "gtm.outreach", "gtm.email"})  # fmt: skip
    ABOUT = "Everybody you know. Marked contacts are acted on together: x marks, X marks all that are found."
    ACTIONS = (
        Action("contacts.find", "slash", "Find", "find", "find", "Find as you type: names, companies, addresses, #tags.", foot=True),
        Action("contacts.edit", "e", "Edit", "edit", "edit", "Change the contact.", foot=True),
        Action("contacts.edit_text", "E", "Editor", "edit_text", "editor", "Edit everything about the contact as text in your own editor."),
        Action("contacts.enrol", "S", "Enrol", "enrol", "enrol", "Start a sequence for the contact or the marked ones.", foot=True),
        Action("contacts.tags", "T", "Tags", "tags", "tags", "Add tags, and take tags away.", foot=True),
        Action("contacts.suppress", "B", "Block", "suppress", "suppress", "Never write to them again; their sequences end."),
        Action("contacts.delete", "D", "Delete", "delete", "delete", "Delete the contact or the marked ones; z brings them back."),
        Action("contacts.company", "O", "Company", "company", "company", "Go to the company."),
        Action("contacts.merge", "equals_sign", "Merge", "merge", "merge", "Make one of the two marked contacts; without marks, show possible duplicates."),
        Action("contacts.import", "I", "Import", "import", "import", "Import a file of contacts; shows first what it would do.", takes="FILE"),
        Action("contacts.imports", "i", "Imports", "imports", "imports", "Show the imports; take one back, or go on with one."),
        Action("contacts.export", "W", "Export", "export", "export", "Write the marked contacts, else what the filter shows, to a CSV or vCard file.", takes="FILE"),
        Action("contacts.preview", "p", "Preview", "preview", "preview", "Show or hide the record beside the list.", VIEW),
        *VIEW_ACTIONS,
    )  # fmt: skip

    @property
    def subject(self) -> Subject | None:
        """The contact under the cursor."""
        row = self.contacts.current
        return None if row is None else Subject(row.id, name_of(row))

    def back(self) -> bool:
        """Esc: from the record to the list, then clear marks, then what was searched for."""
        if self.pane.has_focus or self.past.has_focus_within:
            self._open(False)
            return True
        if super().back():
            return True
        searched = bool(self.words)
        if (row := self.contacts.current) is not None:
            self.search("", row.id)
        else:
            self.search("")
        return searched

    @on(VirtualList.Opened, "#contact-list")
    def _opened(self) -> None:
        self._open(True)

    @work(exit_on_error=False)
    async def action_find(self) -> None:
        """Search with every letter; Esc brings back what was there before."""
        words, row = self.words, self.contacts.current
        hint = "a name, a company, an address or a #tag"
        question = Question("contacts", "/", words, hint=hint, typed=self.search)
        if await self.ask_line(question) is None:
            self.search(words, row.id if row is not None else TOP)

    @work(exit_on_error=False)
    async def action_edit(self) -> None:
        if (row := self.contacts.current) is None:
            return
        record = await attempt(self, lambda: read_record(self.engine, row.id))
        if record is not None:
            await edit_contact(self, record.contact)

    @work(exit_on_error=False)
    async def action_edit_text(self) -> None:
        from rusvel_tui.screens.contacts.text import edit_contact_as_text

        if (row := self.contacts.current) is None:
            return
        record = await attempt(self, lambda: read_record(self.engine, row.id))
        if record is not None:
            await edit_contact_as_text(self, record.contact)

    @work(exit_on_error=False)
    async def action_company(self) -> None:
        """Go to the record of the person's employer."""
        if (row := self.contacts.current) is None:
            return
        record = await attempt(self, lambda: read_record(self.engine, row.id))
        if record is not None and record.contact.company_id:
            self.visit("companies", record.contact.company_id)
        elif record is not None:
            self.complain("There is no company on this contact. e adds one.")

    @work(exit_on_error=False)
    async def action_import(self, path: str = "") -> None:
        from rusvel_tui.screens.importing.contacts import import_file

        await import_file(self, path)

    @work(exit_on_error=False)
    async def action_imports(self) -> None:
        from rusvel_tui.screens.importing.import_list import show_imports

        await show_imports(self)

    @work(exit_on_error=False)
    async def action_export(self, path: str = "") -> None:
        """The marked ones, else all that are found."""
        from rusvel_tui.screens.importing.export_dialog import What, export, fitting

        what = fitting(self.words, self.filter_text)
        if self.contacts.marked_count and (chosen := await self._chosen()) is not None:
            what = What(ids=chosen.ids)
        await export(self, self.KIND, path, what)

    def action_preview(self) -> None:
        """The record beside the list, or the list alone."""
        panes = self.query_one("#contact-panes")
        shown = self.pane.display
        panes.set_class(not shown, "-preview")
        panes.set_class(shown, "-alone")
        self.call_after_refresh(self.read_now)

    def _open(self, whole: bool) -> None:
        """The record in place of the list, or the list again."""
        panes = self.query_one("#contact-panes")
        panes.set_class(whole, "-open")
        row = self.contacts.current
        self.past.about(**({"contact_id": row.id} if whole and row is not None else {}))
        (self.past.feed if whole else self.contacts).focus()
        self.call_after_refresh(self.read_now)
        self.post_message(self.Turned())

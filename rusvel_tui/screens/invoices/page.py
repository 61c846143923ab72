"""The invoices page: what was billed, what is open and late, and everything that is done about it."""

from __future__ import annotations

from functools import partial

from textual import on, work
from textual.app import ComposeResult

from rusvel_tui.actions import Action
from rusvel_tui.engine.gtm.invoices.ledger.inputs import InvoiceId
from rusvel_tui.engine.gtm.invoices.ledger.record import get_invoice
from rusvel_tui.screens.invoices import verbs
from rusvel_tui.screens.invoices.invoice_list import InvoiceList
from rusvel_tui.screens.invoices.lines_pane import LinesPane
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.screens.shared.subjects import Subject
from rusvel_tui.screens.shared.viewed import VIEW_ACTIONS
from rusvel_tui.widgets.virtual_list import VirtualList

_ABOUT_THE_LIST = frozenset(
    {"verb", "write", "preview", "bank", "filter", "view", "views", "save_view", "delete_view"}
)


class InvoicesPage(InvoiceList):
    """The list, the record, the lines of a draft; what is done to a document is in `verbs`."""

    TOPICS = frozenset({"gtm.invoice", "gtm.invoices"})
    ABOUT = (
        "What you billed, what is open and what is late. A draft gets its number when you make it final; "
        "from then on it stays as it is."
    )
    ACTIONS = (
        Action("invoices.edit", "e", "Edit", "verb('edit')", "edit", "Change the dates, discounts and texts of a draft.", foot=True),
        Action("invoices.final", "F", "Final", "verb('final')", "final", "Give a draft its number; it stays as it is from then on.", foot=True),
        Action("invoices.send", "S", "Send", "verb('send')", "send", "Put a mail with the document into the inbox, for your yes.", foot=True),
        Action("invoices.pay", "P", "Payment", "verb('pay')", "payment", "Record money that came in, all or a part.", foot=True),
        Action("invoices.text", "t", "Document", "verb('text')", "document", "Read the document as the client gets it.", foot=True),
        Action("invoices.paid", "m", "Paid", "verb('paid')", "paid", "Record that all that is open came in today."),
        Action("invoices.refund", "r", "Money back", "verb('refund')", "money back", "Record money that went back to the client."),
        Action("invoices.use_credit", "u", "Use credit", "verb('use_credit')", "use credit", "Pay with what the client paid too much before."),
        Action("invoices.sent", "a", "Handed over", "verb('sent')", "handed over", "Say that it was sent by other means than from here."),
        Action("invoices.quote", "A", "Quote", "verb('quote')", "quote", "Say what became of a quote, or make an invoice of it."),
        Action("invoices.credit", "C", "Credit note", "verb('credit')", "credit note", "Correct a final invoice: the exact negative of all of it."),
        Action("invoices.delete", "D", "Delete", "verb('delete')", "delete", "Delete a draft, or void a final document; z brings it back."),
        Action("invoices.write", "W", "Write file", "write", "write file", "Write the document to a file: PDF, text or e-invoice.", takes="FILE"),
        Action("invoices.statement", "s", "Account", "verb('statement')", "account", "Show what this client was billed and paid."),
        Action("invoices.billing", "B", "Client", "verb('billing')", "client", "Change the name and address on the documents of this client."),
        Action("invoices.person", "O", "Person", "verb('person')", "person", "Show the client in the contacts."),
        Action("invoices.preview", "p", "Record", "preview", "record", "Show or hide the record beside the list."),
        Action("invoices.reports", "R", "Reports", "reports", "reports", "Revenue by month, what is late since when, taxes."),
        Action("invoices.bank", "M", "Bank file", "bank", "bank file", "Find the payments in a bank's CSV file.", takes="FILE"),
        Action("invoices.setup", "I", "Issuer", "setup", "set up invoices", "Say who issues, how numbers look and when clients are reminded."),
        *VIEW_ACTIONS,
    )  # fmt: skip

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield LinesPane(self.engine, self._changes, id="invoice-lines", classes="")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While the lines of a draft are open, the keys are about them."""
        return not self.has_class("-lines") or action not in _ABOUT_THE_LIST

    @property
    def subject(self) -> Subject | None:
        """The client under the cursor, so that notes and tasks begin with them."""
        row = self.invoices.current
        return Subject(row.contact_id, row.client) if row is not None else None

    @on(VirtualList.Opened, "#invoice-list")
    def action_open(self) -> None:
        """The lines of a draft; of a final document what the client sees."""
        if (row := self.invoices.current) is None:
            return
        if row.number is None:
            self.action_lines(row.invoice_id)
        else:
            self.action_verb("text")

    @work(exit_on_error=False)
    async def action_lines(self, invoice_id: str) -> None:
        """Show the lines of a draft in place of the list."""
        order = InvoiceId(invoice_id=invoice_id)
        seen = await attempt(self, partial(self.engine.run, get_invoice, order))
        if seen is not None:
            pane = self.query_one(LinesPane)
            self.set_class(True, "-lines")
            pane.edit(seen)
            pane.rows.focus()
            self.post_message(self.Turned())

    @on(LinesPane.Closed)
    def close_lines(self) -> None:
        """Back to the list."""
        self.set_class(False, "-lines")
        self.invoices.focus()
        self.load()
        self.post_message(self.Turned())

    def back(self) -> bool:
        """Esc: from the lines to the list, then the marks and the filter."""
        if self.has_class("-lines"):
            self.close_lines()
            return True
        return super().back()

    @work(exit_on_error=False)
    async def action_verb(self, name: str) -> None:
        """Do something to the document under the cursor."""
        if (row := self.invoices.current) is not None:
            await verbs.VERBS[name](self, row)

    @work(exit_on_error=False)
    async def action_write(self, path: str = "") -> None:
        from rusvel_tui.screens.invoices.documents import write_document

        if (row := self.invoices.current) is not None:
            await write_document(self, row, path)

    @work(exit_on_error=False)
    async def action_reports(self) -> None:
        from rusvel_tui.screens.invoices.reports import show_reports

        await show_reports(self)

    @work(exit_on_error=False)
    async def action_bank(self, path: str = "") -> None:
        from rusvel_tui.screens.invoices.bank import match_bank

        await match_bank(self, path)

    @work(exit_on_error=False)
    async def action_setup(self) -> None:
        from rusvel_tui.screens.invoices.parties import edit_setup

        await edit_setup(self)

    def action_preview(self) -> None:
        """The record beside the list, or under it where there is little room."""
        panes = self.query_one("#invoice-panes")
        panes.toggle_class("-preview")
        panes.toggle_class("-alone")
        self.call_after_refresh(self.read_now)

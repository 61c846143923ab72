"""What stands in the mails with invoices, and in reminders: plain words that a person reads before they leave."""

from __future__ import annotations

from typing import NamedTuple

from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceView
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind
from rusvel_tui.engine.money import Money


class Letter(NamedTuple):
    """The text of a mail."""

    subject: str
    body: str


def invoice_letter(view: InvoiceView) -> Letter:
    """The mail that a document goes along with."""
    name = f"{view.kind.words.capitalize()} {view.number}"
    subject = f"{name} from {view.issuer.name}" if view.issuer.name else name
    return Letter(subject, _body(view, *_SAYS[view.kind](view)))


def reminder_letter(view: InvoiceView, step: int, fee: str = "") -> Letter:
    """The reminder of a step: friendly before the due date, plainer the later it gets."""
    open_, days = _money(view.open, view), view.overdue_days
    subject, first, second = _tone(view, step, open_, days)
    extra = (f"For the delay {fee} is charged; the invoice for it follows.",) if fee else ()
    closing = "If you have paid in the meantime, please take this as done."
    return Letter(subject, _body(view, first, second, *extra, _how(view), closing))


def _tone(view: InvoiceView, step: int, open_: str, days: int) -> tuple[str, str, str]:
    about = f"invoice {view.number} of {view.issue_date}"
    if step <= 0:
        return (
            f"Invoice {view.number} is due on {view.due_date}",
            f"just a note that {about} over {open_} is due on {view.due_date}.",
            "The invoice is attached once more.",
        )
    late = f"{days} day{'' if days == 1 else 's'}"
    if step <= 7:
        return (
            f"Reminder: invoice {view.number}",
            f"{about} was due on {view.due_date}, and {open_} is still open.",
            "It may have slipped through; the invoice is attached once more.",
        )
    if step <= 14:
        return (
            f"Second reminder: invoice {view.number}, {late} late",
            f"{about} is {late} late, and {open_} is still open.",
            "Please pay it in the next days, or tell me when I can expect it.",
        )
    return (
        f"Last reminder: invoice {view.number}, {late} late",
        f"{about} is {late} late, and {open_} is still open in spite of my reminders.",
        "Please pay it within seven days, or call me if something is wrong with it.",
    )


def _invoice_says(view: InvoiceView) -> tuple[str, ...]:
    first = f"attached is invoice {view.number} over {_money(view.payable, view)}."
    due = f"Please pay it by {view.due_date}." if view.due_date else ""
    return (first, " ".join(filter(None, (due, _how(view)))))


def _quote_says(view: InvoiceView) -> tuple[str, ...]:
    until = (
        f"It is valid until {view.due_date}; a short answer to this mail is enough to accept it."
    )
    return (f"attached is my offer {view.number} over {_money(view.payable, view)}.", until)


def _credit_says(view: InvoiceView) -> tuple[str, ...]:
    about = f" for invoice {view.source.number}" if view.source else ""
    amount = _money(view.payable.removeprefix("-"), view)
    return (f"attached is credit note {view.number}{about} over {amount}.",)


_SAYS = {
    Kind.INVOICE: _invoice_says,
    Kind.QUOTE: _quote_says,
    Kind.CREDIT_NOTE: _credit_says,
}


def _how(view: InvoiceView) -> str:
    """Where to pay to."""
    if not view.issuer.iban:
        return ""
    bic = f", BIC {view.issuer.bic}" if view.issuer.bic else ""
    return f"My account: IBAN {view.issuer.iban}{bic}; reference {view.number}."


def _body(view: InvoiceView, *sentences: str) -> str:
    client = view.client_details
    who = client.attention or client.name
    lines = (f"Hello {who},", *filter(None, sentences), "Kind regards", view.issuer.name)
    return "\n\n".join(lines[:-2]) + "\n\n" + "\n".join(filter(None, lines[-2:]))


def _money(amount: str, view: InvoiceView) -> str:
    return str(Money.parse(amount, view.currency))

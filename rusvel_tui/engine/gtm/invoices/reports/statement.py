"""The account of one client in one currency: what was issued, credited, paid and given back, with the balance."""

from __future__ import annotations

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.people.people import find_contact, label
from rusvel_tui.engine.gtm.invoices.payments.store import credit_balance
from rusvel_tui.engine.gtm.invoices.reports.revenue import Period, bounds
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.money import Money, currency_code
from rusvel_tui.engine.operation import View, operation


class Statement(Period):
    """Whose account, and from when until when."""

    contact_id: str


class Entry(View):
    """One line of the account."""

    on: str
    what: str
    """`invoice`, `credit note`, `payment` or `refund`."""
    number: str
    """Of the invoice or credit note."""
    amount: str
    """What the client owes more; negative: less."""
    balance: str
    """What the client owes after it."""


class StatementOf(View):
    """The account in one currency."""

    currency: str
    opening: str
    entries: tuple[Entry, ...]
    closing: str
    """What the client owes on the last day; negative: what you owe the client."""
    credit: str
    """What the client paid too much and can still use."""


class StatementView(View):
    """The account of a client."""

    contact_id: str
    client: str
    since: str
    until: str
    accounts: tuple[StatementOf, ...]


_ENTRIES = """
SELECT issue_date AS day, id, CASE kind WHEN 'invoice' THEN 'invoice' ELSE 'credit note' END AS what, number,
  currency, payable_minor AS minor FROM invoice
WHERE contact_id = :contact AND number IS NOT NULL AND voided_at IS NULL AND kind IN ('invoice','credit_note')
UNION ALL
SELECT p.paid_on, p.id, p.kind, i.number, p.currency, -p.amount_minor
FROM invoice i JOIN payment p ON p.invoice_id = i.id WHERE i.contact_id = :contact AND p.removed_at IS NULL
ORDER BY day, id"""


@operation("gtm.invoices.client_statement", permission="crm.invoices.read")
def client_statement(ctx: Context, cmd: Statement) -> StatementView:
    """Show the account of a client: invoices, credit notes, payments and what is owed, by currency."""
    contact = find_contact(ctx, cmd.contact_id)
    since, until = bounds(ctx, cmd)
    rows = database.execute_sql(_ENTRIES, {"contact": contact.id}).fetchall()
    wanted = currency_code(cmd.currency) if cmd.currency else ""
    currencies = sorted({row[4] for row in rows if wanted in ("", row[4])})
    return StatementView(
        contact_id=contact.id,
        client=label(contact),
        since=since if cmd.since else "",
        until=until if cmd.until else "",
        accounts=tuple(
            _account(contact.id, code, [row for row in rows if row[4] == code], since, until)
            for code in currencies
        ),
    )


def _account(
    contact_id: str, currency: str, rows: list[tuple[str, ...]], since: str, until: str
) -> StatementOf:
    balance = opening = sum(int(row[5]) for row in rows if row[0] < since)
    entries = []
    for day, _, what, number, _, minor in rows:
        if since <= day <= until:
            balance += int(minor)
            entries.append(_entry(day, what, number, int(minor), balance, currency))
    return StatementOf(
        currency=currency,
        opening=Money(opening, currency).amount,
        entries=tuple(entries),
        closing=Money(balance, currency).amount,
        credit=Money(credit_balance(contact_id, currency), currency).amount,
    )


def _entry(day: str, what: str, number: str, minor: int, balance: int, currency: str) -> Entry:
    return Entry(
        on=day,
        what=what,
        number=number,
        amount=Money(minor, currency).amount,
        balance=Money(balance, currency).amount,
    )

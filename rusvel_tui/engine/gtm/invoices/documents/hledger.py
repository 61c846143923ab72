"""Invoices, credit notes and payments as a journal of hledger: plain text accounting, one entry for each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rusvel_tui.engine.gtm.invoices.documents.bookings import Booking, Settled
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.text import one_line

RECEIVABLE, BANK, INCOME = "assets:receivable", "assets:bank", "income:sales"
TAX, PREPAID, CREDIT, ROUNDING = (
    "liabilities:tax",
    "liabilities:prepayments",
    "liabilities:client credit",
    "expenses:rounding",
)
Posting = tuple[str, int]


def journal(bookings: Iterable[Booking]) -> str:
    """The entries of these documents by day; every entry comes to zero."""
    entries = sorted(entry for booking in bookings for entry in _entries(booking))
    return "\n".join(text for _, _, text in entries)


def _entries(booking: Booking) -> Iterator[tuple[str, str, str]]:
    if booking.is_void:
        text = f"; {booking.day} {_words(booking.number)} is void: nothing is booked\n"
        yield booking.day, booking.invoice_id, text
        return
    yield booking.day, booking.invoice_id, _issued(booking)
    for settled in booking.settled:
        yield settled.day, settled.payment_id, _settled(booking, settled)


def _issued(booking: Booking) -> str:
    """What is owed against income, tax, and what was paid before."""
    taxes = ((f"{TAX}:{category} {rate}%", -minor) for category, rate, minor in booking.taxes)
    postings = (
        (_receivable(booking), booking.payable),
        (PREPAID, booking.prepaid),
        (INCOME, -booking.without_tax),
        *taxes,
        (ROUNDING, -booking.rounding),
    )
    what = _words(booking.title) or booking.kind
    return _entry(booking, f"{booking.day} * ({_words(booking.number)})", what, postings)


def _settled(booking: Booking, settled: Settled) -> str:
    """Money that came or went; what exceeds the invoice is owed to the client."""
    postings = (
        (BANK, settled.received),
        (_receivable(booking), -settled.amount),
        (CREDIT, settled.amount - settled.received),
    )
    code = _words(settled.reference) or _words(booking.number)
    what = f"{settled.kind} for {_words(booking.number)}"
    return _entry(booking, f"{settled.day} * ({code})", what, postings)


def _entry(booking: Booking, head: str, what: str, postings: Iterable[Posting]) -> str:
    kept = [(account, minor) for account, minor in postings if minor]
    amounts = [f"{Money(minor, booking.currency).amount} {booking.currency}" for _, minor in kept]
    names = max((len(account) for account, _ in kept), default=0)
    wide = max(map(len, amounts), default=0)
    rows = (
        f"    {account:<{names}}  {amount:>{wide}}"
        for (account, _), amount in zip(kept, amounts, strict=True)
    )
    return "\n".join((f"{head} {_words(booking.client)} | {what}", *rows)) + "\n"


def _receivable(booking: Booking) -> str:
    return f"{RECEIVABLE}:{_words(booking.client).replace(':', '-') or 'unknown'}"


def _words(text: str) -> str:
    """Text that is nothing else to hledger: no comment, no second payee, no bracket, no double blank."""
    return " ".join(re.sub(r"[;|()\[\]{}\"=*!@]", " ", one_line(text)).split())

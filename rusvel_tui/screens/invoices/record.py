"""Everything about one document: read in one go, and told as text."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceView, LineView
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind, Status
from rusvel_tui.engine.gtm.invoices.totals.categories import CATEGORIES
from rusvel_tui.screens.invoices.words import KIND, STATUS, day, exact, name_of, status_of
from rusvel_tui.screens.shared.moments import when
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose


def invoice_blocks(seen: InvoiceView, zone: ZoneInfo) -> tuple[Block, ...]:
    """The record from top to bottom: where it stands, what it is for, what it comes to, what was paid."""
    return (
        Prose(f"{KIND[seen.kind]} {seen.number}" if seen.number else name_of(seen), "strong"),
        Prose(""),
        *_state(seen),
        *_missing(seen),
        Heading("Lines"),
        *line_blocks(seen),
        Heading("Total"),
        *total_blocks(seen),
        *_payments(seen),
        *_links(seen),
        *_reminders(seen),
        *_history(seen, zone),
    )


def _state(seen: InvoiceView) -> Iterator[Block]:
    text, tone = status_of(seen)
    yield Fact("State", text, tone)
    if seen.status is Status.VOID and seen.void_reason:
        yield Fact("Why void", seen.void_reason)
    if seen.open.strip("-0."):
        yield Fact("Open", exact(seen.open, seen.currency), "bad" if seen.overdue else "strong")
    yield Fact("Client", seen.client, "strong")
    if seen.title:
        yield Fact("Title", seen.title)
    for label, value in (("Date", seen.issue_date), (_due_label(seen), seen.due_date)):
        if value:
            yield Fact(label, day(value))
    if seen.reference:
        yield Fact("Reference", seen.reference)
    if seen.client_credit.strip("-0."):
        yield Fact("Their credit", f"{exact(seen.client_credit, seen.currency)}, can be used")


def _due_label(seen: InvoiceView) -> str:
    return "Valid until" if seen.kind is Kind.QUOTE else "Due"


def _missing(seen: InvoiceView) -> Iterator[Block]:
    if seen.missing:
        yield Heading("Before it can be final")
        yield from (Prose(f"! {sentence}", "warn") for sentence in seen.missing)


def line_blocks(seen: InvoiceView) -> Iterator[Block]:
    """Each line with how its amount comes about."""
    if not seen.lines:
        yield Prose("No line yet. Enter opens the lines, n writes the first one.", "muted")
    for line in seen.lines:
        yield Fact(exact(line.net, seen.currency), _line(line, seen.currency))


def _line(line: LineView, currency: str) -> str:
    per = f" per {line.base_quantity}" if line.base_quantity != "1" else ""
    count = f"{line.quantity} {line.unit}".strip()
    times = "" if (line.quantity, per) == ("1", "") else f" · {count} × {line.unit_price}{per}"
    rate = f" · {line.tax_rate} %" if line.tax_rate else ""
    cuts = "".join(f" − {cut}" for cut in line.allowances)
    more = "".join(f" + {charge}" for charge in line.charges)
    return f"{line.description or 'no description'}{times}{cuts}{more}{rate}"


def total_blocks(seen: InvoiceView) -> Iterator[Block]:
    """From the lines to what is payable; parts that are nothing are left out."""

    def fact(label: str, amount: str, tone: str = "") -> Fact:
        return Fact(label, exact(amount, seen.currency), tone)

    if seen.allowances or seen.charges:
        yield fact("Lines", seen.lines_total)
    yield from (fact(cut.reason or "Discount", f"-{cut.amount}") for cut in seen.allowances)
    yield from (fact(charge.reason or "Charge", charge.amount) for charge in seen.charges)
    if seen.taxes:
        yield fact("Without tax", seen.without_tax)
    yield from _taxes(seen)
    yield fact("Total", seen.total, "strong")
    if seen.prepaid.strip("-0."):
        yield fact("Paid before", f"-{seen.prepaid}")
    if seen.rounding.strip("-0."):
        yield fact("Rounding", seen.rounding)
    if seen.payable != seen.total:
        yield fact("To pay", seen.payable, "strong")


def _taxes(seen: InvoiceView) -> Iterator[Block]:
    for tax in seen.taxes:
        on = exact(tax.taxable, seen.currency)
        if tax.tax.strip("-0."):
            yield Fact(f"Tax {tax.rate} %", f"{exact(tax.tax, seen.currency)} on {on}")
        else:
            meaning = CATEGORIES[tax.category].meaning if tax.category in CATEGORIES else ""
            yield Fact("No tax", f"on {on}{f', {meaning}' if meaning else ''}", "muted")


def _payments(seen: InvoiceView) -> Iterator[Block]:
    if seen.payments:
        yield Heading("Payments")
    for one in seen.payments:
        how = " · ".join(filter(None, (one.kind, one.method, one.reference, one.note)))
        extra = "" if one.received == one.amount else f" · {one.received} came in"
        yield Fact(day(one.paid_on), f"{exact(one.amount, one.currency)} · {how}{extra}")


def _links(seen: InvoiceView) -> Iterator[Block]:
    found = [*(("Credited by", link) for link in seen.credit_notes)]
    found += [("Led to", link) for link in seen.follow_ups]
    if seen.source is not None:
        found.insert(0, ("Corrects" if seen.kind is Kind.CREDIT_NOTE else "From", seen.source))
    if found:
        yield Heading("Belongs to")
    for label, link in found:
        state = STATUS[link.status][0]
        name = link.number or f"{KIND[link.kind].lower()} draft"
        yield Fact(label, f"{name} · {exact(link.total, seen.currency)} · {state}")


def _reminders(seen: InvoiceView) -> Iterator[Block]:
    if seen.reminders:
        yield Heading("Reminders")
    for one in seen.reminders:
        why = f" · {one.why}" if one.why else ""
        yield Fact(day(one.on), f"{one.state}{why}", "muted" if one.state == "planned" else "")


def _history(seen: InvoiceView, zone: ZoneInfo) -> Iterator[Block]:
    if seen.history:
        yield Heading("History")
    for one in seen.history:
        yield Fact(when(one.at, zone), one.what, "muted")

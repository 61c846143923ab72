"""Which invoice a booking seems to pay: by its number in the reference, else by amount and payer. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rusvel_tui.engine.gtm.invoices.bank.reading import Booking
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.text import fold

_COUNTER = re.compile(r"\{seq(?::0?\d)?\}")
_SHORT = frozenset("gmbh ltd inc llc ag sa sas srl bv co kg the and und & ug oy ab plc".split())


@dataclass(slots=True)
class OpenInvoice:
    """An invoice as matching sees it; `open` shrinks with what is proposed for it."""

    id: str
    number: str
    series: str
    seq: int
    currency: str
    open: int
    issue_date: str
    client: str
    settled: str = ""
    """Why nothing is to be paid on it: `paid`, `void`."""


@dataclass(frozen=True, slots=True)
class Match:
    """What is proposed for a booking; no invoice when nothing fits."""

    invoice_id: str | None
    why: str
    parts: tuple[tuple[str, int], ...] = ()
    """What of it pays which invoice, where one transfer pays several to the cent."""


class Matcher:
    """The invoices of a session, found by number and by amount."""

    def __init__(self, invoices: Iterable[OpenInvoice]) -> None:
        self._by_place: dict[tuple[str, int], OpenInvoice] = {}
        self._by_amount: dict[tuple[str, int], list[OpenInvoice]] = {}
        for one in invoices:
            self._by_place[one.series, one.seq] = one
            if one.open > 0:
                self._by_amount.setdefault((one.currency, one.open), []).append(one)
        series = {series for series, _ in self._by_place}
        self._patterns = [(name, _pattern(name)) for name in sorted(series)]

    def match(self, booking: Booking) -> Match:
        """The proposal for one booking; what it takes is no longer open for the next."""
        named = self._named(booking.reference)
        found = _by_number(booking, named) if named else self._by_sum(booking)
        if isinstance(found, Match):
            return found
        invoice, why = found
        invoice.open -= min(booking.amount_minor, invoice.open)
        return Match(invoice.id, why)

    def _named(self, reference: str) -> list[OpenInvoice]:
        """The invoices whose numbers stand in a text, each once."""
        found: dict[str, OpenInvoice] = {}
        for series, pattern in self._patterns:
            for hit in pattern.finditer(reference):
                invoice = self._by_place.get((series, int(hit[1])))
                if invoice is not None:
                    found[invoice.id] = invoice
        return list(found.values())

    def _by_sum(self, booking: Booking) -> Match | tuple[OpenInvoice, str]:
        fits = self._by_amount.get((booking.currency, booking.amount_minor), [])
        fits = [
            one
            for one in fits
            if one.open == booking.amount_minor and one.issue_date <= booking.booked_on
        ]
        payers = [one for one in fits if _same_payer(one.client, booking)]
        if len(payers) == 1:
            return payers[0], f"the amount and the payer fit {payers[0].number}"
        if len(fits) == 1 and not payers:
            return fits[0], f"only {fits[0].number} has this amount open; the payer is another name"
        if fits:
            numbers = ", ".join(one.number for one in fits[:5])
            return Match(None, f"the amount fits {len(fits)} invoices: {numbers}")
        return Match(None, "no open invoice has this number or amount")


def _by_number(booking: Booking, named: Sequence[OpenInvoice]) -> Match | tuple[OpenInvoice, str]:
    open_ = [one for one in named if one.open > 0]
    if len(open_) > 1:
        return _several(booking, open_)
    if not open_:
        first = named[0]
        return Match(None, f"{first.number} is {first.settled or 'settled'} already")
    invoice = open_[0]
    if invoice.currency != booking.currency:
        return Match(None, f"{invoice.number} is in {invoice.currency}, not {booking.currency}")
    if booking.booked_on < invoice.issue_date:
        return Match(None, f"{invoice.number} was issued after it, on {invoice.issue_date}")
    return invoice, _amount_words(booking, invoice)


def _several(booking: Booking, named: Sequence[OpenInvoice]) -> Match:
    """One transfer for several invoices: proposed when it pays all of them exactly."""
    numbers = ", ".join(one.number for one in named[:5])
    fits = all(
        one.currency == booking.currency and one.issue_date <= booking.booked_on for one in named
    )
    if not fits or sum(one.open for one in named) != booking.amount_minor:
        return Match(None, f"it names {len(named)} open invoices: {numbers}; record each by hand")
    parts = tuple((one.id, one.open) for one in named)
    for one in named:
        one.open = 0
    whole = Money(booking.amount_minor, booking.currency)
    return Match(None, f"a part of {whole}, which pays {numbers}", parts)


def _amount_words(booking: Booking, invoice: OpenInvoice) -> str:
    left = invoice.open - booking.amount_minor
    if not left:
        return f"{invoice.number} stands in the reference, the amount fits"
    rest = Money(abs(left), invoice.currency)
    tail = f"{rest} stay open" if left > 0 else f"{rest} are too much"
    return f"{invoice.number} stands in the reference; {tail}"


def _pattern(series: str) -> re.Pattern[str]:
    """Numbers of a series as people write them: any marks or none between the parts, zeros left out."""
    before, after = _COUNTER.split(series, maxsplit=1)
    return re.compile(
        rf"(?<![A-Za-z0-9]){_loose(before)}0*(\d{{1,9}})(?!\d){_loose(after)}", re.IGNORECASE
    )


def _loose(text: str) -> str:
    words = re.findall(r"[A-Za-z0-9]+", text)
    gap = r"[\W_]{0,3}"
    inner = gap.join(map(re.escape, words))
    return f"{inner}{gap}" if words and re.search(r"[\W_]$", text) else inner


def _same_payer(client: str, booking: Booking) -> bool:
    """Whether the words of the client's name stand in the name of who paid."""
    words = {word for word in re.findall(r"\w+", fold(client)) if word not in _SHORT}
    return bool(words) and words <= set(
        re.findall(r"\w+", fold(f"{booking.payer} {booking.reference}"))
    )

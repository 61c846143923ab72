"""Documents: what lines come to, and printing them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from benchmarks.lines import Line, milliseconds
from rusvel_tui.engine.gtm.invoices.totals.computing import compute
from rusvel_tui.engine.gtm.invoices.totals.reading import BillTerms, read_bill, totals_of

LINES = 10
_TRIES = 200
_TERMS = {
    "currency": "EUR",
    "lines": [
        {"quantity": f"{n}.25", "unit_price": f"{n}9.99", "tax_rate": "19" if n % 2 else "7"}
        for n in range(1, LINES + 1)
    ],
    "allowances": [{"amount": "5%"}],
}


def lines(folder: Path) -> Iterator[Line]:
    """What ten lines come to."""
    text, numbers, floor = totals()
    more = f"{numbers / floor:.0f} x bare decimals"
    yield Line(0, f"totals of {LINES} lines from text, ms", text, 1, more=more)


def totals() -> tuple[float, float, float]:
    """Milliseconds for ten lines with a discount: from text, from numbers, and of bare arithmetic on them."""
    terms = BillTerms.model_validate(_TERMS)
    bill = read_bill(terms)
    pairs = [(line.quantity, line.unit_price) for line in bill.lines]

    def floor() -> None:
        cent = Decimal("0.01")
        nets = [(many * price).quantize(cent, ROUND_HALF_UP) for many, price in pairs]
        (sum(nets) * Decimal("0.19")).quantize(cent, ROUND_HALF_UP)

    return (
        milliseconds(lambda: totals_of(terms), _TRIES),
        milliseconds(lambda: compute(bill), _TRIES),
        milliseconds(floor, _TRIES),
    )

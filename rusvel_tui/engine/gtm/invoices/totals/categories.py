"""Tax categories: the codes of UNCL 5305 that EN 16931 allows, and what rate goes with each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum


class Rates(Enum):
    """Which rates a category may have."""

    ZERO = "has no tax: its rate is 0"
    POSITIVE = "needs a rate above 0"
    ANY = ""


@dataclass(frozen=True, slots=True)
class TaxCategory:
    """One code with its meaning."""

    code: str
    meaning: str
    rates: Rates

    def fault(self, rate: Decimal) -> str:
        """Why the rate does not go with the category; empty when it does."""
        wrong = (self.rates is Rates.ZERO and rate != 0) or (
            self.rates is Rates.POSITIVE and rate <= 0
        )
        return f"tax category {self.code} ({self.meaning}) {self.rates.value}" if wrong else ""


CATEGORIES = {
    made.code: made
    for made in (
        TaxCategory("S", "standard", Rates.POSITIVE),
        TaxCategory("Z", "zero rated", Rates.ZERO),
        TaxCategory("E", "exempt", Rates.ZERO),
        TaxCategory("AE", "reverse charge", Rates.ZERO),
        TaxCategory("K", "supply within the EU", Rates.ZERO),
        TaxCategory("G", "export", Rates.ZERO),
        TaxCategory("O", "outside the scope of tax", Rates.ZERO),
        TaxCategory("L", "Canary Islands", Rates.ANY),
        TaxCategory("M", "Ceuta and Melilla", Rates.ANY),
        TaxCategory("B", "split payment", Rates.POSITIVE),
    )
}


def usual_category(rate: Decimal | None) -> str:
    """The category where only a rate was said: standard, zero rated, or no tax at all."""
    if rate is None:
        return "O"
    return "S" if rate > 0 else "Z"

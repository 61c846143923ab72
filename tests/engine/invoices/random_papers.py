"""Invoices and credit notes drawn by lot from a fixed seed: any categories that go together, discounts, prepaid."""

from __future__ import annotations

from random import Random
from typing import Any

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.invoices.documents.document import Document
from tests.engine.invoices.papers import credit_note, document, line

_TAXES = (
    ("S", "19"),
    ("S", "7"),
    ("S", "5.5"),
    ("Z", "0"),
    ("E", "0"),
    ("AE", "0"),
    ("K", "0"),
    ("G", "0"),
)
_WORDS = ("Weaving", "Thread <b>", "Loom & stool\nwith a pedal", "Wool 羊毛", "½ day", '"Quoted"')
_UNITS = ("", "hour", "kg", "Stück", "m²", "wagonload")


def drawn(seed: int) -> Document:
    """A document that is complete for machines."""
    lot = Random(seed)  # noqa: S311 - no secret depends on it
    while True:
        try:
            made = (credit_note if lot.random() < 0.3 else document)(_lines(lot), **_whole(lot))
        except InvalidInput:  # a discount above what it is taken from: draw again
            continue
        if made.totals.payable >= 0:
            return made


def _lines(lot: Random) -> list[dict[str, Any]]:
    taxes = lot.sample(_TAXES, lot.randint(1, 3))
    return [_line(lot, *lot.choice(taxes)) for _ in range(lot.randint(1, 9))]


def _line(lot: Random, category: str, rate: str) -> dict[str, Any]:
    return line(
        f"{lot.uniform(0, 900):.{lot.choice((0, 2, 4))}f}",
        rate,
        f"{lot.uniform(0.01, 50):.{lot.choice((0, 3))}f}",
        tax_category=category,
        description=lot.choice(_WORDS),
        unit=lot.choice(_UNITS),
        base_quantity=lot.choice(("1", "1", "3", "100")),
        allowances=lot.choice(([], [], ["10%"], ["0.01"], ["5%", "1%"])),
        charges=lot.choice(([], [], ["0.75"])),
    )


def _whole(lot: Random) -> dict[str, Any]:
    off = [{"amount": lot.choice(("3%", "1.23")), "reason": lot.choice(("", "Loyalty"))}]
    return {
        "allowances": lot.choice(([], off)),
        "charges": lot.choice(([], [{"amount": "4.90", "reason": "Postage"}])),
        "prepaid": lot.choice(("0", "0", "12.34")),
        "rounding_unit": lot.choice((None, None, "0.05", "1")),
        "prices_include_tax": lot.random() < 0.4,
        "delivered_on": lot.choice(("", "2026-11-20")),
        "terms": lot.choice(("", "At once, <please>")),
        "currency": lot.choice(("EUR", "EUR", "PLN", "JPY")),
    }

"""Totals of 32 official examples of EN 16931, each as one short text; `examples()` reads them.

The examples come from the validation artefacts of CEN/TC 434 and of Peppol BIS 3. Each line of an example reads
`quantity*price/base category rate -discount +charge`; then what concerns the whole document; then the totals
(lines, allowances, charges, without tax, tax, with tax, payable) that the example itself declares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

EXAMPLES = """
BIS3_Invoice_positive | DKK
  1*625743.54 S25
  = 625743.54 0 0 625743.54 156435.89 782179.43 782179.43
FT G2G_TD01 con Allegato, Bonifico e Split Payment | EUR
  20*62.3 B22
  all: prepaid 274.12
  = 1246 0 0 1246 274.12 1520.12 1246
issue116 | SEK
  1*100 S6
  1*50 S12
  1*150 S12
  1*400 S25
  all: -0 S6
  all: -1 E0
  all: +1 E0
  all: +0 E0
  = 700 1 1 700 130 830 830
sample-discount-price | EUR
  100*0.1212 S25
  = 12.12 0 0 12.12 3.03 15.15 15.15
ubl-tc434-creditnote1 | EUR
  1*100.11 E0
  = 100.11 0 0 100.11 0 100.11 100.11
ubl-tc434-example4 | DKK
  1000*1 S25
  100*5 S25
  500*5 S12
  = 4000 0 0 4000 675 4675 4675
ubl-tc434-example5 | DKK
  1000*1 S25 -100 +100
  100*5 S25
  500*5 S12
  all: -150 S25
  all: +150 S25
  all: prepaid 2337.5
  = 4000 150 150 4000 675 4675 2337.5
ubl-tc434-example6 | DKK
  1000*1 S25
  100*5 S25
  500*5 S12
  = 4000 0 0 4000 675 4675 4675
ubl-tc434-example7 | SEK
  1*2500 O0
  1*700 O0
  = 3200 0 0 3200 0 3200 3200
ubl-tc434-example9 | EUR
  3*49 S21
  = 147 0 0 147 30.87 177.87 177.87
CII-BR-CO-10-RoundingIssue | EUR
  1*720.81 S19
  1*0.01 Z0
  -1*720.81 S19
  -1*0.01 Z0
  = 0 0 0 0 0 0 0
CII_business_example_02 | EUR
  1*1.2605 S19
  1*1.2605 S19
  1*7.479 S19
  all: -0 S19
  = 10 0 0 10 1.9 11.9 11.9
CII_example3 | DKK
  1*800 S25
  all: +100 S25
  = 800 0 100 900 225 1125 1125
CII_example4 | DKK
  1000*1 S25
  100*5 S25
  500*5 S12
  = 4000 0 0 4000 675 4675 4675
CII_example5 | DKK
  1000*1 S25 -100 +100
  100*5 S25
  500*5 S12
  all: -150 S25
  all: +150 S25
  all: prepaid 2337.5
  = 4000 150 150 4000 675 4675 2337.5
CII_example6 | DKK
  1000*1 S25
  100*5 S25
  500*5 S12
  = 4000 0 0 4000 675 4675 4675
CII_example7 | SEK
  1*2500 O0
  1*700 O0
  = 3200 0 0 3200 0 3200 3200
BIS_Billing_30-DataIT | SEK
  1*6688 S25
  3*350 E0
  1*448 S25
  all: +150 S25
  all: rounded 0.5
  = 8186 0 150 8336 1821.5 10157.5 10158
BIS_Billing_30-Elhandel | SEK
  1701*0.3492 S25
  1*50 E0
  all: rounded -0.49
  = 643.99 0 0 643.99 148.5 792.49 792
BIS_Billing_30-Elnat | SEK
  90*1585/365 S25
  1701*0.275 S25
  1701*0.41375 S25
  all: rounded 0.01
  = 1562.39 0 0 1562.39 390.6 1952.99 1953
BIS_Billing_30-Forskott_(ej moms) | SEK
  1*400000 O0
  = 400000 0 0 400000 0 400000 400000
BIS_Billing_30-Forskott_slutreglering | SEK
  1*200000 S25
  180*1000 S25
  all: prepaid 400000
  = 380000 0 0 380000 95000 475000 75000
BIS_Billing_30-Hyrbil | SEK
  1*299 S25
  1*0 S25
  1*70 S25
  1*30 S25
  1*64 S25
  all: rounded 0.25
  = 463 0 0 463 115.75 578.75 579
BIS_Billing_30-Inkopskort | SEK
  1*280 O0
  4*75 O0
  4*50/2 O0 -80
  1*400 O0
  2*50 O0
  = 1100 0 0 1100 0 1100 1100
BIS_Billing_30-Kreditering_(urspr_faktura) | SEK
  2000*10/2 S25 -300 +500
  -800*4/5 S25
  all: -1912 S25
  all: +1020 S25
  all: prepaid 834.9
  all: rounded -0.1
  = 9560 1912 1020 8668 2167 10835 10000
BIS_Billing_30-Rabatter_och_avgifter | SEK
  100*2000 S25 -12000 -40000 +24000
  5*5000/5 S25 -1000 -1000 +1500
  all: -450 S25
  all: +3530 S25
  all: +100 S25
  = 176500 450 3630 179680 44920 224600 224600
BIS_Billing_30-Rantefaktura_Saml | SEK
  1*816 O0
  1*800.16 O0
  1*800 O0
  all: rounded -0.16
  = 2416.16 0 0 2416.16 0 2416.16 2416
BIS_Billing_30-Tjanster_Kopiering | SEK
  1*2770 S25
  1488*1.507 S25
  all: rounded 0.47
  = 5012.42 0 0 5012.42 1253.11 6265.53 6266
BIS_Billing_30-Tjanster_Bevakning | SEK
  40*625 S25
  = 25000 0 0 25000 6250 31250 31250
Invoice-Max_content | SEK
  500*20 S25 -0 +0
  10000*0 E0
  all: -0 E0
  all: +0 E0
  = 10000 0 0 10000 2500 12500 12500
Invoice-Min_content_with_VAT | SEK
  1*400 S25
  = 400 0 0 400 100 500 500
Invoice-Min_content_without_VAT | SEK
  1*400 O0
  = 400 0 0 400 0 400 400
"""


NAMES = ("lines", "allowances", "charges", "without_tax", "tax", "with_tax", "payable")


class Example(NamedTuple):
    """One official document: what is asked, and what it says it comes to."""

    name: str
    asked: dict[str, Any]
    totals: dict[str, Decimal]


def examples() -> Iterator[Example]:
    """Every example in the form that `compute_totals` takes."""
    for text in re.split(r"\n(?! )", EXAMPLES.strip()):
        head, *body = text.splitlines()
        name, currency = head.split(" | ")
        *terms, declared = (line.strip() for line in body)
        asked: dict[str, Any] = {"currency": currency, "lines": [], "allowances": [], "charges": []}
        for term in terms:
            _read(asked, term)
        amounts = map(Decimal, declared.removeprefix("= ").split())
        yield Example(name, asked, dict(zip(NAMES, amounts, strict=True)))


def _read(asked: dict[str, Any], term: str) -> None:
    if not term.startswith("all: "):
        asked["lines"].append(_line(term))
        return
    what, value = term.removeprefix("all: ").split()
    if what in ("prepaid", "rounded"):
        asked["rounding" if what == "rounded" else what] = value
        return
    kind = "allowances" if what.startswith("-") else "charges"
    asked[kind].append({"amount": what[1:], **_tax(value)})


def _line(term: str) -> dict[str, Any]:
    priced, tax, *parts = term.split()
    quantity, price = priced.split("*")
    price, _, base = price.partition("/")
    return {
        "quantity": quantity,
        "unit_price": price,
        "base_quantity": base or "1",
        **_tax(tax),
        "allowances": [part[1:] for part in parts if part.startswith("-")],
        "charges": [part[1:] for part in parts if part.startswith("+")],
    }


def _tax(text: str) -> dict[str, str]:
    code = text.rstrip("0123456789.")
    return {"tax_category": code, "tax_rate": text.removeprefix(code)}

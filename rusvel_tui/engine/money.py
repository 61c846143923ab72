"""Money: whole minor units and an ISO 4217 currency inside, Decimal text at the border, never a float."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from rusvel_tui.engine.errors import InvalidInput

# ISO 4217 minor unit exponents that are not 2.
_EXPONENTS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}
CURRENCIES = frozenset(
    """AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
    CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG
    HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR
    MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK
    SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER
    ZAR ZMW ZWG""".split()
) | frozenset(_EXPONENTS)
_AMOUNT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(E[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
MAX_MINOR = 10**15
"""Amounts beyond this are typing errors: a thousand billion in a currency with cents."""


def currency_code(text: str) -> str:
    """The ISO 4217 code in upper case; refuses an unknown one."""
    code = text.strip().upper()
    if code not in CURRENCIES:
        raise InvalidInput(
            f"{text!r} is not an ISO 4217 currency code such as EUR.", field="currency"
        )
    return code


def exponent(currency: str) -> int:
    """How many decimals the currency has: 0, 2 or 3."""
    return _EXPONENTS.get(currency, 2)


def half_away(numerator: int, denominator: int) -> int:
    """The quotient as a whole number, ties away from zero: -5 / 2 is -3. What commerce and EN 16931 mean by rounding."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    whole = (2 * abs(numerator) + denominator) // (2 * denominator)
    return whole if numerator >= 0 else -whole


def apportion(total: int, shares: Sequence[Fraction]) -> list[int]:
    """Whole parts that sum to the total, each within one of its exact share (largest remainder).

    The total is the sum of the shares, rounded. Ties go to the first; the negative of everything gives
    the negative parts.
    """
    if total < 0 or (total == 0 and next((share for share in shares if share), 0) < 0):
        return [-part for part in apportion(-total, [-share for share in shares])]
    parts = [floor(share) for share in shares]
    by_remainder = sorted(range(len(parts)), key=lambda place: parts[place] - shares[place])
    for place in by_remainder[: total - sum(parts)]:
        parts[place] += 1
    return parts


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """The total in whole parts in proportion to the weights: 1000 over 1, 1, 1 is 334, 333, 333.

    Raises `ZeroDivisionError` when the weights sum to zero.
    """
    whole = sum(weights)
    return apportion(total, [Fraction(total * weight, whole) for weight in weights])


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in whole minor units of one currency."""

    minor: int
    currency: str

    @classmethod
    def parse(cls, amount: Decimal | int | str, currency: str) -> Money:
        """From a decimal amount; refuses floats, NaN, infinity and decimals that the currency lacks."""
        code = currency_code(currency)
        text = str(amount).strip()
        if isinstance(amount, float) or len(text) > 60 or not _AMOUNT.fullmatch(text):
            raise InvalidInput(
                f"{amount!r} is not an amount. Write it like 1250.00.", field="value"
            )
        scaled = Fraction(text) * 10 ** exponent(code)  # exact, where Decimal would round
        if scaled.denominator != 1:
            raise InvalidInput(
                f"{code} has {exponent(code)} decimals, {amount} has more.", field="value"
            )
        if abs(scaled) > MAX_MINOR:
            raise InvalidInput(f"{amount} is too large for an amount.", field="value")
        return cls(int(scaled), code)

    @property
    def amount(self) -> str:
        """The plain decimal text, for JSON and files: `1250.00`."""
        places = exponent(self.currency)
        return f"{Decimal(self.minor).scaleb(-places):.{places}f}"

    def __str__(self) -> str:
        """For people: `1,250.00 EUR`."""
        places = exponent(self.currency)
        return f"{Decimal(self.minor).scaleb(-places):,.{places}f} {self.currency}"

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return Money(self.minor + other.minor, self.currency)

"""A/B variants of a mail step: who gets which, and what may honestly be said about them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from typing import Any

from rusvel_tui.engine.beta import better, share_interval

MOST = 5
"""Variants of one step at the most; two are the least."""
ENOUGH = 100
"""Mails of each variant under which nothing is decided."""
SURE = 0.95
"""The probability of being better from which a variant counts as better."""
_WORTH_KNOWING = 0.02
"""A difference of two points: a smaller one is not looked for when a number of mails is estimated."""
_Z = 1.96 + 0.84
"""Normal quantiles for a two-sided error of 5 % and a power of 80 %."""


def pick(variants: Sequence[Mapping[str, Any]], enrollment_id: str, step_key: str) -> str:
    """The variant of this person, the same one whenever it is asked for; empty when the step has none."""
    if not variants:
        return ""
    digest = sha256(f"{enrollment_id}:{step_key}".encode()).digest()
    point = int.from_bytes(digest[:8]) % sum(one["weight"] for one in variants)
    for one in variants:
        point -= one["weight"]
        if point < 0:
            return str(one["name"])
    raise AssertionError("the point lies within the weights")


def texts(
    subject: str, body: str, variants: Sequence[Mapping[str, Any]], name: str
) -> tuple[str, str]:
    """Subject and body of a variant; what it leaves out is that of the step."""
    found = next((one for one in variants if one["name"] == name), None)
    if found is None:
        return subject, body
    return found["subject"] or subject, found["body"] or body


@dataclass(frozen=True, slots=True)
class Tally:
    """How a variant did: mails that left, and how many of them were answered."""

    name: str
    sent: int
    replied: int

    @property
    def rate(self) -> float:
        return self.replied / self.sent if self.sent else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Between which shares the true one lies with 95 % probability (Beta posterior, uniform prior)."""
        return share_interval(self.replied, self.sent)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What may be said: a better variant, or how many mails are missing."""

    best: str
    """The variant that is better; empty while nothing is decided."""
    sure: float
    """The probability that the leading one is better than the one behind it."""
    missing: int
    """About how many further mails, of all variants together, until something can be said."""
    text: str


def judge(tallies: Sequence[Tally]) -> Judgement:
    """Whether one variant is better, said only with enough mails of each and 95 % certainty."""
    ranked = sorted(tallies, key=lambda one: -(one.replied + 1) / (one.sent + 2))
    first, second = ranked[0], ranked[1]
    sure = better((first.replied, first.sent), (second.replied, second.sent))
    if min(one.sent for one in tallies) >= ENOUGH and sure >= SURE:
        text = f"{first.name} is better, with a probability of {sure:.0%}."
        return Judgement(first.name, sure, 0, text)
    each = max(_needed(first, second), ENOUGH)
    missing = sum(max(each - one.sent, 0) for one in tallies) or ENOUGH
    text = f"Cannot tell yet: about {_round(missing)} more mails are needed."
    return Judgement("", sure, _round(missing), text)


def _needed(first: Tally, second: Tally) -> int:
    """Mails of each variant to tell the two shares apart (Fleiss, Statistical Methods for Rates, §4)."""
    p, q = ((one.replied + 1) / (one.sent + 2) for one in (first, second))
    gap = max(abs(p - q), _WORTH_KNOWING)
    return ceil(_Z**2 * (p * (1 - p) + q * (1 - q)) / gap**2)


def _round(number: int) -> int:
    """Two digits are all that an estimate is worth."""
    step = int(10 ** max(len(str(number)) - 2, 0))
    return ceil(number / step) * step

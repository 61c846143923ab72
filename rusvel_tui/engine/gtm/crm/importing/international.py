"""Phones of a file in E.164 (ITU-T): the numbers of one area and length follow one rule, learned from the first."""

from __future__ import annotations

import re
from typing import NamedTuple

from rusvel_tui.engine.gtm.crm.people.phones import read_phone

_PLAIN = re.compile(r"[\d +()./-]+")
_AREA = 6
"""So many digits tell how a number is dialled: country, trunk prefix, area."""
_KEPT = 20_000


class Rule(NamedTuple):
    """How the digits become the international form: some at the front go, others come before the rest."""

    before: str
    drop: int


_rules: dict[tuple[str, str, int], Rule | None] = {}


def international(number: str, digits: str, country: str) -> str:
    """What `read_phone` gives; that alone takes 40 µs for each number."""
    abroad = number.startswith(("+", "00"))
    if not abroad and not country:
        return ""
    if "(0)" in number or not _PLAIN.fullmatch(number):
        return read_phone(number, country).e164
    key = ("" if abroad else country, digits[:_AREA], len(digits))
    if key not in _rules:
        if len(_rules) >= _KEPT:
            _rules.clear()
        _rules[key] = _learn(number, digits, country)
    rule = _rules[key]
    return f"{rule.before}{digits[rule.drop :]}" if rule else ""


def _learn(number: str, digits: str, country: str) -> Rule | None:
    """The rule that this number follows; None when there is no international form."""
    found = read_phone(number, country).e164
    for drop in range(len(digits)):
        if found.endswith(digits[drop:]):
            return Rule(found.removesuffix(digits[drop:]), drop)
    return None

"""Filters as SQL find what a slow reading of the same data in Python finds, whatever is asked."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.filters.syntax import And, Condition, Node, Not, Or, Text, Value
from rusvel_tui.engine.text import fold
from tests.factories import Desk

EXAMPLES = int(os.environ.get("TEST_FILTER_EXAMPLES", "50"))

WORDS = ("acme", "Ada", "élan", "o'brien", "c++", "日本", "x", "a.b", "50%")
TAGS = ("vip", "Fair", "日本")
STAGES = ("lead", "proposal", "won")
NUMBERS = (0, 1, 99, 5000)


@dataclass
class Offer:
    stage: str
    minor: int
    currency: str


@dataclass
class Someone:
    id: str
    name: str
    company: str
    title: str
    email: str
    tags: list[str]
    created: datetime
    touched: list[datetime] = field(default_factory=list)
    deals: list[Offer] = field(default_factory=list)

    @property
    def text(self) -> str:
        marks = "".join(f"#{fold(tag)}#" for tag in self.tags)
        return f"{fold(' '.join((self.name, self.company, self.title, self.email)))} {marks}"


Asked = tuple[Condition, Callable[[Someone, datetime], bool]]
"""A condition, and the slow answer to it."""
OfDeal = Callable[[Offer, str], bool]
"""The slow answer of one deal, told the currency that amounts are in."""


def populate(desk: Desk, seed: int) -> list[Someone]:
    """Some people with some deals, made through the operations; the newest last."""
    dice = random.Random(seed)  # noqa: S311 - a test that can be repeated
    people = []
    for number in range(12):
        name, company, title = (" ".join(dice.sample(WORDS, dice.randint(0, 2))) for _ in range(3))
        tags = dice.sample(TAGS, dice.randint(0, 2))
        address = f"p{number}@{dice.choice(('acme', 'x'))}.example" if dice.random() < 0.7 else ""
        made = desk.contact(name or f"n{number}", address, company=company, title=title, tags=tags)
        one = Someone(made.contact_id, made.name, company, title, address, tags, made.created_at)
        for _ in range(dice.randint(0, 2)):
            offer = Offer(
                dice.choice(STAGES), dice.choice(NUMBERS) * 100, dice.choice(("EUR", "USD"))
            )
            desk.call(
                "gtm.crm.add_deal", contact_id=one.id, title="Deal", value=str(offer.minor // 100),
                currency=offer.currency, stage=offer.stage,
            )  # fmt: skip
            one.deals.append(offer)
        if dice.random() < 0.5:
            desk.call("gtm.crm.log_call", contact_id=one.id, outcome="reached")
            one.touched.append(desk.engine.clock.now())
        people.append(one)
        desk.later(hours=dice.choice((1, 30, 200)))
    return people


def holds(node: Node, one: Someone, now: datetime, asked: dict[int, Any], currency: str) -> bool:
    """The slow reading of the whole tree."""
    if isinstance(node, Text):
        return fold(node.text) in one.text
    if isinstance(node, Not):
        return not holds(node.part, one, now, asked, currency)
    if isinstance(node, Or):
        return any(holds(part, one, now, asked, currency) for part in node.parts)
    if isinstance(node, And):
        return _together(node, one, now, asked, currency)
    kind, test = asked[id(node)]
    if kind == "deal":
        return any(test(offer, currency) for offer in one.deals)
    return bool(test(one, now))


def _together(node: And, one: Someone, now: datetime, asked: dict[int, Any], currency: str) -> bool:
    named = [p for p in node.parts if isinstance(p, Condition) and p.name == "currency"]
    currency = named[0].values[0].text if len(named) == 1 else currency
    tests = [asked[id(p)][1] for p in node.parts if asked.get(id(p), ("", None))[0] == "deal"]
    rest = [p for p in node.parts if asked.get(id(p), ("", None))[0] != "deal"]
    same = not tests or any(all(test(o, currency) for test in tests) for o in one.deals)
    return same and all(holds(part, one, now, asked, currency) for part in rest)


def _ask(name: str, sign: str, *values: str) -> Condition:
    return Condition(name, sign, tuple(map(Value, values)))


COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b, ":": lambda a, b: a == b,
}  # fmt: skip


@st.composite
def texts(draw: st.DrawFn) -> tuple[Condition, str, Any]:
    name, sign = (
        draw(st.sampled_from(("name", "company", "title", "email"))),
        draw(st.sampled_from(":=")),
    )
    values = draw(
        st.lists(st.sampled_from((*WORDS, "acme Ada", "example")), min_size=1, max_size=2)
    )

    def test(one: Someone, now: datetime) -> bool:
        text = fold(getattr(one, name))
        if name == "email" and not text:
            return False
        return any(fold(v) in text if sign == ":" else fold(v) == text for v in values)

    return _ask(name, sign, *values), "person", test


@st.composite
def tags(draw: st.DrawFn) -> tuple[Condition, str, Any]:
    values = draw(st.lists(st.sampled_from((*TAGS, "VIP", "vi")), min_size=1, max_size=2))
    wanted = {fold(value) for value in values}
    return (
        _ask("tag", ":", *values),
        "person",
        lambda one, now: bool(wanted & set(map(fold, one.tags))),
    )


@st.composite
def presences(draw: st.DrawFn) -> tuple[Condition, str, Any]:
    word = draw(st.sampled_from(("has", "no")))
    names = draw(
        st.lists(
            st.sampled_from(("email", "company", "tag", "deal", "last")), min_size=1, max_size=2
        )
    )
    there = {
        "email": "email",
        "company": "company",
        "tag": "tags",
        "deal": "deals",
        "last": "touched",
    }

    def test(one: Someone, now: datetime) -> bool:
        return any(bool(getattr(one, there[name])) for name in names) == (word == "has")

    return _ask(word, ":", *names), "person", test


@st.composite
def times(draw: st.DrawFn) -> tuple[Condition, str, Any]:
    """How long ago; less far back is later."""
    name, sign = (
        draw(st.sampled_from(("created", "last"))),
        draw(st.sampled_from(("<", "<=", ">", ">=", ":"))),
    )
    hours = draw(st.sampled_from((1, 24, 25, 200, 1000)))
    compare = COMPARE["<=" if sign == ":" else sign]

    def test(one: Someone, now: datetime) -> bool:
        moment = one.created if name == "created" else max(one.touched, default=None)
        return moment is not None and compare(now - moment, timedelta(hours=hours))

    return _ask(name, sign, f"{hours}h"), "person", test


@st.composite
def stages(draw: st.DrawFn) -> tuple[Condition, str, Any]:
    values = draw(st.lists(st.sampled_from(STAGES), min_size=1, max_size=2))
    return _ask("stage", ":", *values), "deal", lambda offer, currency: offer.stage in values


@st.composite
def currencies(draw: st.DrawFn) -> tuple[Condition, str, Any]:
    value = draw(st.sampled_from(("EUR", "USD")))
    return _ask("currency", ":", value), "deal", lambda offer, currency: offer.currency == value


@st.composite
def amounts(draw: st.DrawFn) -> tuple[Condition, str, Any]:
    sign, number = draw(st.sampled_from(sorted(COMPARE))), draw(st.sampled_from(NUMBERS))
    code = draw(st.sampled_from(("", "EUR", "USD")))
    written = draw(st.sampled_from((str(number), f"{number / 1000}k", f"{number}.00")))

    def test(offer: Offer, currency: str) -> bool:
        return offer.currency == (code or currency) and COMPARE[sign](offer.minor, number * 100)

    return _ask("value", sign, f"{written}{code}"), "deal", test


LEAVES = st.one_of(texts(), tags(), presences(), times(), stages(), currencies(), amounts())


@st.composite
def trees(draw: st.DrawFn) -> tuple[Node, dict[int, Any]]:
    """A tree with the slow answer to each of its conditions."""
    asked: dict[int, Any] = {}
    kept: list[Condition] = []

    def leaf() -> Node:
        if draw(st.booleans()) and draw(st.booleans()):
            return Text(draw(st.sampled_from((*WORDS, "me", "le", "#vip#", "zz"))), phrase=True)
        made: tuple[Condition, str, Any] = draw(LEAVES)
        kept.append(made[0])
        asked[id(made[0])] = made[1:]
        return made[0]

    def grow(depth: int) -> Node:
        shape = draw(st.sampled_from(("leaf", "leaf", "not", "and", "or"))) if depth else "leaf"
        if shape == "leaf":
            return leaf()
        if shape == "not":
            return Not(grow(depth - 1))
        parts = tuple(grow(depth - 1) for _ in range(draw(st.integers(2, 3))))
        return And(parts) if shape == "and" else Or(parts)

    return grow(3), asked


@pytest.mark.parametrize("seed", range(3))
def test_sql_finds_what_python_finds(desk: Desk, seed: int) -> None:
    people, now = populate(desk, seed), desk.engine.clock.now()

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
    @given(trees())
    def check(drawn: tuple[Node, dict[int, Any]]) -> None:
        tree, asked = drawn
        expected = {one.id for one in people if holds(tree, one, now, asked, "EUR")}
        found = desk.call("gtm.crm.contact_ids", filter=str(tree)).ids
        assert set(found) == expected, str(tree)
        rows = desk.call("gtm.crm.contact_rows", filter=str(tree))
        assert [row.id for row in rows.rows] == list(found)
        assert (rows.total, rows.exact) == (len(found), True)

    check()

"""Conditions of steps and branches, as text: `reply is none`, `outcome is no answer`, `country is DE or AT`.

One grammar: `SUBJECT is [not] VALUE [or VALUE]…`. A value that holds `or`, or begins with `not`, stands in
double quotes; a listed one such as the outcome `not interested` is understood without.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds import OUTCOMES
from rusvel_tui.engine.spelled import Spelled
from rusvel_tui.engine.templates import suggestion
from rusvel_tui.engine.text import fold, one_line

EMPTY = "empty"
NONE = "none"
ANY = "any"


class Sentiment(Spelled):
    """How somebody answered."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    QUESTION = "question"
    NEUTRAL = "neutral"


CHOICES: dict[str, tuple[str, ...]] = {
    "reply": (NONE, ANY, *(one.key for one in Sentiment)),
    "bounce": ("yes", "no"),
    "outcome": (*OUTCOMES, "done"),
}
"""Subjects with a closed list of values. `tag`, `deal` and the fields of a contact take any."""
FREE = ("tag", "deal")
CONTACT_FIELDS = ("country", "source", "timezone")
"""Columns of a contact that a condition may name beside the merge fields."""

_SHAPE = re.compile(r"(\S+)\s+is(\s+not)?\s+(.+)", re.IGNORECASE)
_QUOTED = re.compile(r"\bor\b|^not\b", re.IGNORECASE)
_VALUE = re.compile(r'\s*("[^"]*"|(?:(?!\s+or\s)[^"])+?)\s*(?:\s+or\s+|$)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition; `values` are alternatives."""

    subject: str
    values: tuple[str, ...]
    negated: bool = False

    def __str__(self) -> str:
        quoted = (f'"{value}"' if _QUOTED.search(value) else value for value in self.values)
        return f"{self.subject} is {'not ' if self.negated else ''}{' or '.join(quoted)}"


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What conditions can ask about, read in one transaction."""

    outcome: str = ""
    """What came of the step before."""
    reply: str = ""
    """How the person answered last; empty while they did not."""
    bounced: bool = False
    tags: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    """The stage of the enrollment's deal, or of all deals of the person when it has none."""
    fields: Mapping[str, str] = field(default_factory=dict)


def holds(condition: Condition, facts: StepFacts) -> bool:
    """Whether it is so. Pure."""
    wanted = set(map(bare, condition.values))
    return bool(wanted & _actual(condition.subject, facts)) is not condition.negated


def bare(text: str) -> str:
    """The form in which values are compared: `No answer` and `no_answer` are the same."""
    return fold(text.replace("_", " ").replace("-", " "))


def _actual(subject: str, facts: StepFacts) -> frozenset[str]:
    """Every value that the subject has, in the form of comparing."""
    if subject == "reply":
        return frozenset((ANY, facts.reply) if facts.reply else (NONE,))
    if subject == "bounce":
        return frozenset(("yes",) if facts.bounced else ("no",))
    if subject == "outcome":
        return frozenset((bare(facts.outcome),))
    if subject in FREE:
        values = facts.tags if subject == "tag" else facts.stages
        return frozenset(map(bare, values)) or frozenset((NONE,))
    return frozenset((bare(facts.fields.get(subject, "")) or EMPTY,))


def parse_condition(text: str) -> Condition:
    """The condition behind a text; raises `InvalidInput`. Whether its names exist is not looked at."""
    found = _SHAPE.fullmatch(one_line(text))
    if found is None:
        raise InvalidInput(
            f"{one_line(text)!r} is not a condition. Write it like `reply is none` or `tag is not customer`."
        )
    subject, negated, rest = found[1].lower(), bool(found[2]), found[3]
    values, at = [], 0
    while at < len(rest):
        part = _VALUE.match(rest, at)
        if part is None or part.end() == at:
            raise InvalidInput(f"{rest[at:]!r} is not a value. Put one with quotes into quotes.")
        values.append(part[1].strip('"').strip())
        at = part.end()
    if not all(values) or re.search(r"\sor\s*$", rest, re.IGNORECASE):
        raise InvalidInput(f"{one_line(text)!r} lacks a value. `empty` and `none` are values too.")
    return Condition(subject, tuple(values), negated)


def check_condition(text: str, known_fields: frozenset[str]) -> Condition:
    """The condition, when its subject and values exist; the error names the nearest ones."""
    found = parse_condition(text)
    if found.subject in CHOICES:
        return _choose(found)
    if found.subject in FREE:
        return found
    fields = (*known_fields, *CONTACT_FIELDS)
    if found.subject not in fields:
        known = [*CHOICES, *FREE, *sorted(fields)]
        near = suggestion(found.subject, known) or f" Use {', '.join(known[:5])} or a field."
        raise InvalidInput(f"nothing is called {found.subject!r}.{near}")
    return found


def _choose(found: Condition) -> Condition:
    """The condition with its values as they are listed."""
    listed = {bare(name): name for name in CHOICES[found.subject]}
    whole = bare(f"not {found.values[0]}")
    if found.negated and whole in listed:
        found = Condition(found.subject, (whole, *found.values[1:]))
    for value in found.values:
        if bare(value) not in listed:
            near = suggestion(bare(value), listed)
            there = ", ".join(listed)
            raise InvalidInput(f"{found.subject} is never {value!r}.{near} There are: {there}.")
    values = tuple(listed[bare(value)] for value in found.values)
    return Condition(found.subject, values, found.negated)

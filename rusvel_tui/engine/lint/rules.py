"""The rules: one function each, and one line here. Errors block a mail, warnings do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from rusvel_tui.engine.lint import duties, holes, links, people, style
from rusvel_tui.engine.lint.letter import Finding, Letter

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name, how bad it is, and the function that looks."""

    name: str
    level: str
    look: Callable[[Letter], Iterator[Finding]]


RULES = (
    Rule("empty", ERROR, holes.empty),
    Rule("template tag", ERROR, holes.tags),
    Rule("placeholder", ERROR, holes.placeholders),
    Rule("greeting", ERROR, holes.greetings),
    Rule("wrong name", ERROR, people.drafted_name),
    Rule("no way to opt out", ERROR, duties.opt_out),
    Rule("link that lies", ERROR, links.lies),
    Rule("odd name", WARNING, people.odd_name),
    Rule("other name", WARNING, people.typed_name),
    Rule("capitals", WARNING, style.capitals),
    Rule("length", WARNING, style.lengths),
    Rule("gap", WARNING, style.gaps),
    Rule("number of links", WARNING, links.number),
    Rule("link shortener", WARNING, links.shorteners),
    Rule("link address", WARNING, links.addresses),
    Rule("phrase", WARNING, style.phrases),
    Rule("marks", WARNING, style.marks),
    Rule("fake reply", WARNING, style.fake_reply),
    Rule("missing attachment", WARNING, duties.attachment),
    Rule("no postal address", WARNING, duties.postal_address),
)
"""Every rule there is, errors first."""


def lint(letter: Letter) -> tuple[Finding, ...]:
    """What the rules find, in their order; the same sentence once."""
    found = (
        replace(finding, rule=rule.name, level=rule.level)
        for rule in RULES
        for finding in rule.look(letter)
    )
    return tuple({finding.text: finding for finding in found}.values())


def sentences(letter: Letter, level: str) -> list[str]:
    """The sentences of one level."""
    return [finding.text for finding in lint(letter) if finding.level == level]

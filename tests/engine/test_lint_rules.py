"""Each rule of the lint: what it finds, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rusvel_tui.engine.errors import InvalidState
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.engine.lint import RULES, Finding, Letter, lint
from rusvel_tui.engine.ports import Draft
from tests.factories import Desk

GOOD = Letter(
    subject="Looms in Leeds",
    body="Hi Ann,\n\nI saw that Acme is hiring weavers. Shall we talk on Tuesday?\n\nBest,\nBob",
    footer='If you would rather not hear from me, reply with "unsubscribe".\n1 Mill Lane, Leeds',
    to_name="Ann Lee",
    first_name="Ann",
    company="Acme",
    from_name="Bob",
    postal_address="1 Mill Lane, Leeds",
    cold=True,
)


def found(letter: Letter) -> dict[str, Finding]:
    return {finding.rule: finding for finding in lint(letter)}


def body(text: str) -> Letter:
    return replace(
        GOOD, body=f"Hi Ann,\n\n{text}\n\nI saw that Acme is hiring weavers.\n\nBest,\nBob"
    )


def test_a_good_letter_has_nothing() -> None:
    assert lint(GOOD) == ()


BAD = {
    "empty": replace(GOOD, subject=""),
    "template tag": body("See {{link}}."),
    "placeholder": body("See [your link]."),
    "greeting": replace(GOOD, body=GOOD.body.replace("Hi Ann,", "Hi ,")),
    "wrong name": replace(GOOD, body=GOOD.body.replace("Hi Ann,", "Hi Peter,")),
    "no way to opt out": replace(GOOD, footer="1 Mill Lane, Leeds"),
    "link that lies": body("See [www.bank.example](https://evil.example/x)."),
    "odd name": replace(GOOD, first_name="ANN", body=GOOD.body.replace("Ann", "ANN")),
    "other name": replace(GOOD, edited=True, body=GOOD.body.replace("Hi Ann,", "Hi Peter,")),
    "capitals": replace(GOOD, subject="LOOMS IN LEEDS"),
    "length": replace(GOOD, body="Hi Ann, ping?"),
    "gap": body("I like  your firm."),
    "number of links": body("https://a.example https://b.example https://c.example"),
    "link shortener": body("https://bit.ly/x"),
    "link address": body("http://192.0.2.7/x"),
    "phrase": body("I hope this email finds you well."),
    "marks": body("Look!!!"),
    "fake reply": replace(GOOD, subject="Re: our talk"),
    "missing attachment": body("Please find attached our prices."),
    "no postal address": replace(GOOD, postal_address=""),
}


@pytest.mark.parametrize("rule", [rule.name for rule in RULES])
def test_every_rule_finds_what_it_is_for(rule: str) -> None:
    finding = found(BAD[rule])[rule]
    assert finding.text.endswith((".", "?"))
    assert finding.level == next(one.level for one in RULES if one.name == rule)
    if finding.field and finding.end:
        text = getattr(BAD[rule], finding.field)
        assert 0 <= finding.start < finding.end <= len(text)


@pytest.mark.parametrize(
    ("rule", "letter"),
    [
        ("wrong name", replace(GOOD, body=GOOD.body.replace("Hi Ann,", "Hi Annie,"))),
        ("wrong name", replace(GOOD, body=GOOD.body.replace("Hi Ann,", "Hi there,"))),
        ("wrong name", replace(GOOD, body=GOOD.body.replace("Hi Ann,", "Hello Acme,"))),
        ("wrong name", replace(GOOD, body=GOOD.body.replace("Hi Ann,", "Dear Ms Lee,"))),
        ("no way to opt out", replace(GOOD, footer="", cold=False)),
        (
            "no way to opt out",
            replace(GOOD, footer="Wenn Sie sich abmelden möchten: kurze Antwort."),
        ),
        ("link that lies", body("See [acme.example](https://www.acme.example/x).")),
        ("link that lies", body("See https://acme.example/x (https://acme.example/y).")),
        ("fake reply", replace(GOOD, subject="Re: our talk", answers=True)),
        ("missing attachment", replace(BAD["missing attachment"], attachments=("a.pdf",))),
        ("missing attachment", body("I am attached to old looms.")),
        ("no postal address", replace(GOOD, postal_address="", cold=False)),
        ("capitals", body("IBM and NASA use our API.")),
    ],
)
def test_ordinary_letters_are_left_alone(rule: str, letter: Letter) -> None:
    assert rule not in found(letter)


@pytest.mark.parametrize(
    "unit", ["[a", "<a href=", "(", "a.", "www.", "<", "attached ", "!", "hi ", "stop ", "x@"]
)
def test_hostile_text_is_read_in_linear_time(unit: str) -> None:
    text = unit * (60_000 // len(unit))
    assert isinstance(
        lint(replace(GOOD, subject=text[:5000], body=text, footer=text[:5000])), tuple
    )


def test_errors_block_and_warnings_do_not(desk: Desk) -> None:
    """Q-018: a draft with an error cannot be approved; one with warnings can."""
    desk.drafter.script.append(
        Draft("Looms", "Hi Peter,\n\nshall we talk about your looms soon?", "x")
    )
    bad = desk.drafted()
    assert bad.box is Box.NEEDS_DATA
    view = desk.call("gtm.approvals.lint", id=bad.id)
    assert [finding.rule for finding in view.errors] == ["wrong name"]
    with pytest.raises(InvalidState, match="Peter"):
        desk.approve(bad)
    desk.call("gtm.approvals.edit", id=bad.id, body="Hi Grace,\n\nshall we talk about your looms?")
    good = desk.mail(bad.id)
    warnings = desk.call("gtm.approvals.lint", id=bad.id).warnings
    assert [finding.rule for finding in warnings] == ["no postal address"]
    desk.approve(good)


def test_the_rules_are_listed(desk: Desk) -> None:
    listed = desk.call("gtm.approvals.lint_rules").items
    assert [rule.name for rule in listed] == [rule.name for rule in RULES]
    assert all(rule.summary.endswith(".") for rule in listed)

"""Conditions as text: what they mean, how they are written, and what is refused with the nearest word."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.outreach.sequences.conditions import (
    CHOICES,
    Condition,
    StepFacts,
    bare,
    check_condition,
    holds,
    parse_condition,
)
from rusvel_tui.engine.text import one_line

FIELDS = frozenset({"title", "company", "custom.size"})
FACTS = StepFacts(
    outcome="no answer",
    reply="positive",
    bounced=False,
    tags=frozenset({"VIP", "trade fair"}),
    stages=frozenset({"proposal"}),
    fields={"title": "CEO", "company": "", "country": "DE", "custom.size": "ten or more"},
)


@pytest.mark.parametrize(
    ("text", "so"),
    [
        ("reply is positive", True),
        ("reply is any", True),
        ("reply is none", False),
        ("reply is not none", True),
        ("reply is negative or question", False),
        ("Reply IS Not Negative OR Positive", False),
        ("bounce is no", True),
        ("bounce is yes", False),
        ("outcome is no answer", True),
        ("outcome is no_answer", True),
        ("outcome is No-Answer or voicemail", True),
        ("outcome is reached", False),
        ("tag is vip", True),
        ("tag is not vip", False),
        ("tag is Trade Fair", True),
        ("tag is none", False),
        ("deal is proposal", True),
        ("deal is won or lost", False),
        ("title is ceo", True),
        ("title is not empty", True),
        ("company is empty", True),
        ("company is not empty", False),
        ("country is AT or de", True),
        ('custom.size is "ten or more"', True),
        ("custom.size is ten or more", False),
    ],
)
def test_c_102_what_a_condition_means(text: str, so: bool) -> None:
    """Case, accents and underscores make no difference; one of several values is enough."""
    assert holds(check_condition(text, FIELDS), FACTS) is so


def test_nothing_is_a_value_too() -> None:
    """Whoever has no tags and no deals, whoever did not answer."""
    for text in ("reply is none", "tag is none", "deal is none", "title is empty", "bounce is no"):
        assert holds(check_condition(text, FIELDS), StepFacts())
        assert not holds(check_condition(text.replace("is", "is not", 1), FIELDS), StepFacts())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not a condition"),
        ("reply", "Write it like `reply is none`"),
        ("reply was none", "is not a condition"),
        ("reply is", "is not a condition"),
        ("reply is or", "reply is never 'or'"),
        ("reply is positive or", "lacks a value"),
        ('title is ""', "lacks a value"),
        ('title is "a', "is not a value"),
        ("reply is postive", "Did you mean 'positive'"),
        ("outcome is answered", "outcome is never 'answered'"),
        ("bounce is maybe", "There are: yes, no"),
        ("titel is CEO", "Did you mean 'title'"),
        ("pigeon is white", "nothing is called 'pigeon'"),
        ("custom.none is x", "nothing is called"),
    ],
)
def test_a_condition_that_cannot_be_read_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message.replace(".", r"\.")):
        check_condition(text, FIELDS)


WORDS = st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=12)
VALUES = st.lists(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=4)


@settings(deadline=None)
@given(st.sampled_from(["tag", "title", "deal", "reply"]), VALUES, st.booleans())
def test_every_condition_can_be_written_and_read_again(
    subject: str, values: list[str], negated: bool
) -> None:
    """Also values that hold the word `or`."""
    condition = Condition(subject, tuple(map(one_line, values)), negated)
    assert parse_condition(str(condition)) == condition


@settings(deadline=None)
@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    try:
        found = check_condition(text, FIELDS)
    except InvalidInput:
        return
    assert check_condition(str(found), FIELDS) == found


@settings(deadline=None)
@given(
    st.sampled_from(sorted(CHOICES)).flatmap(
        lambda subject: st.tuples(st.just(subject), st.sampled_from(CHOICES[subject]))
    )
)
def test_every_listed_value_is_known_in_every_spelling(pair: tuple[str, str]) -> None:
    subject, value = pair
    for spelled in (value.upper(), value.replace(" ", "_"), value.title()):
        assert check_condition(f"{subject} is {spelled}", FIELDS).values == (value,)
    assert bare(value) == value


def test_an_outcome_that_begins_with_not_is_one() -> None:
    """`not possible` is what came of a task; its opposite is written with quotes, or twice."""
    facts = StepFacts(outcome="not possible")
    for text in (
        "outcome is not possible",
        'outcome is "not possible"',
        "outcome is done or not possible",
    ):
        assert holds(check_condition(text, FIELDS), facts)
    for text in ('outcome is not "not possible"', "outcome is not done or not possible"):
        assert not holds(check_condition(text, FIELDS), facts)
    found = check_condition("outcome is not possible", FIELDS)
    assert parse_condition(str(found)) == found

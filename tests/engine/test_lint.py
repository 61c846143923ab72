"""The second gate: what blocks a rendered mail, what only raises a doubt, and what is ordinary text."""

from __future__ import annotations

import pytest

from rusvel_tui.engine.lint import Letter, sentences
from rusvel_tui.engine.lint.holes import leftovers


def doubts(subject: str, body: str) -> list[str]:
    return sentences(Letter(subject, body), "warning")


GOOD = "Hi Ann,\n\nI saw that Acme is hiring. Shall we talk on Tuesday?\n\nBest,\nBob"


@pytest.mark.parametrize(
    "text",
    [
        "Hi {{first_name}},",
        "Hi {{ first_name,",
        "Hi first_name}},",
        "Hi {% if x %}",
        "Hi [First Name],",
        "Hi [Your Name],",
        "Hi [company],",
        "Hi <name>,",
        "Hi <<first_name>>,",
        "Hi {first_name},",
        "Hi %FIRST%,",
        "Hi %first_name%,",
        "Hi *|FNAME|*,",
        "See [insert link here].",
        "Hi undefined,",
        "hello None!",
        "Dear null,",
        "  Hey NaN",
        "Hallo n/a,",
        "Hi ,",
        "Hello ,",
        "Text\n\nDear  ,\n",
        "Bonjour ,",
        "Hi !",
        "Best,\nundefined\nBob",
    ],
)
def test_traces_of_a_template_block_the_mail(text: str) -> None:
    found = leftovers(text)
    assert found
    assert all(sentence.count("\n") == 0 for sentence in found)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "",
        "Hi,",
        "Hello!",
        "Hi there,",
        "Hi Nonecia Nullmann,",
        "Hi Null-Smith,",
        "Hi Nan,",
        "Dear Null,",
        "None of this is urgent.",
        "The behaviour is undefined in C.",
        "Smith [VIP] wrote [1] and [sic].",
        "a < b and c > d, or <b>bold</b>",
        "50% now, 50% later; see https://x.example/a%20name%20b",
        "json: {x} and {} and {a: 1}",
        "Salut Jean !",
        "Bonjour !",
        "How many do this?\nNone.",
        "Hi Ann , sorry",
    ],
)
def test_ordinary_text_passes(text: str) -> None:
    assert leftovers(text) == []


@pytest.mark.parametrize(
    ("subject", "body", "words"),
    [
        ("BUY THIS NOW", GOOD, "capitals"),
        ("x" * 79, GOOD, "longer than 78"),
        ("Hello", GOOD.replace("Acme is", "Acme  is"), "two blanks"),
        ("Hello", GOOD.replace("Ann,", "Ann ,"), "before a comma"),
        ("Hello", GOOD + " It is undefined.", "'undefined'"),
        (
            "Hello",
            GOOD + " http://a.example http://b.example https://c.example/x",
            "more than 2 links",
        ),
        ("Hello", GOOD + " https://bit.ly/abc", "bit.ly hides"),
        ("Hello", "Hi Ann, ping?", "fewer than 40"),
        ("Hello", "word " * 251, "more than 250"),
    ],
)
def test_doubtful_style_is_pointed_out(subject: str, body: str, words: str) -> None:
    assert [sentence for sentence in doubts(subject, body) if words in sentence]
    assert leftovers(body) == []


def test_a_good_mail_raises_no_doubt() -> None:
    assert doubts("Hello Ann", GOOD) == []
    assert doubts("FYI", GOOD + " https://a.example/x https://b.example") == []


@pytest.mark.parametrize("unit", ["{", "[", "<", "%", " ", "hi ", "hi\t", "a ", "*|", "http://"])
def test_hostile_text_is_read_in_linear_time(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    assert isinstance(leftovers(text), list)
    assert isinstance(doubts("x", text), list)

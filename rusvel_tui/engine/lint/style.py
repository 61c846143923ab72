"""What a careful reader would point out about the way a mail is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rusvel_tui.engine.lint.letter import Finding, Letter, at, fields

FEW_CHARACTERS = 40
MANY_WORDS = 250
LONG_SUBJECT = 78
SHOUTED_SHARE = 0.3
"""Capitals among the letters of a body; a mail full of names of agencies stays below."""
_TWO_BLANKS = re.compile(r"\S  +\S")
_BLANK_COMMA = re.compile(r"\w +,")
_UNDEFINED = re.compile(r"\bundefined\b", re.I)
_MARKS = re.compile(r"!{2,}|\?{3,}")
_LETTERS = re.compile(r"[^\W\d_]")
_FAKE_REPLY = re.compile(r"\s*(?:re|fwd?|aw|wg|antw|sv|tr|rif)\s*:", re.I)
_PHRASES = """I hope this email finds you well
    I hope this message finds you well
    I hope you're doing well
    I hope you are doing well
    I trust this email finds you well
    I wanted to reach out
    I'm reaching out
    I am reaching out
    Just circling back
    Just checking in
    touch base
    in today's fast-paced
    in today's digital
    ever-evolving
    ever-changing landscape
    game-changer
    game changing
    cutting-edge
    revolutionize
    revolutionary
    unlock the power
    unlock the full potential
    take your business to the next level
    supercharge
    seamlessly
    leverage our
    synergy
    delve into
    a testament to
    I came across your profile
    I stumbled upon
    pick your brain
    low-hanging fruit
    at your earliest convenience
    as an AI language model
    As a large language model
    Certainly! Here
    Here is a draft
    Here's a draft
    Sure, here
    Dear Sir or Madam
    Dear friend
    money back
    act now
    limited time offer
    100% free
    risk-free
    ich hoffe, diese E-Mail erreicht Sie
    j'espère que ce message vous trouve"""
_SLOPPY = re.compile(
    "|".join(re.escape(phrase.strip()).replace("'", "['’]") for phrase in _PHRASES.splitlines()),
    re.I,
)


def capitals(letter: Letter) -> Iterator[Finding]:
    """Shouting, in the subject or in the body."""
    if letter.subject.isupper() and sum(c.isalpha() for c in letter.subject) >= 5:
        yield Finding("The subject is all capitals.", "subject")
    found = _LETTERS.findall(letter.body)
    if len(found) >= FEW_CHARACTERS and sum(map(str.isupper, found)) > SHOUTED_SHARE * len(found):
        yield Finding("Much of the body is in capitals.", "body")


def lengths(letter: Letter) -> Iterator[Finding]:
    """Too much or too little to read."""
    if len(letter.subject) > LONG_SUBJECT:
        text = f"The subject is longer than {LONG_SUBJECT} characters."
        yield Finding(text, "subject", LONG_SUBJECT, len(letter.subject))
    if len(letter.body.strip()) < FEW_CHARACTERS:
        yield Finding(f"The body has fewer than {FEW_CHARACTERS} characters.", "body")
    if len(letter.body.split()) > MANY_WORDS:
        yield Finding(f"The body has more than {MANY_WORDS} words.", "body")


def gaps(letter: Letter) -> Iterator[Finding]:
    """Places where a value may be missing."""
    for pattern, text in (
        (_TWO_BLANKS, "There are two blanks in a row: is a value missing?"),
        (_BLANK_COMMA, "There is a blank before a comma: is a value missing?"),
        (_UNDEFINED, "The text says 'undefined'."),
    ):
        if match := pattern.search(letter.body):
            yield at("body", match, text)


def phrases(letter: Letter) -> Iterator[Finding]:
    """What models and mass mailers write, and what readers and filters know."""
    for field, text in fields(letter):
        for match in _SLOPPY.finditer(text):
            yield at(field, match, f"{match[0]!r} reads like a mass mail. Say it in your words.")


def marks(letter: Letter) -> Iterator[Finding]:
    """Marks in a row."""
    for field, text in fields(letter):
        if match := _MARKS.search(text):
            yield at(field, match, f"{match[0]} shouts.")


def fake_reply(letter: Letter) -> Iterator[Finding]:
    """A first mail that looks like an answer."""
    match = None if letter.answers else _FAKE_REPLY.match(letter.subject)
    if match:
        yield at(
            "subject", match, f"The subject says {match[0].strip()!r}, and this answers nothing."
        )

"""Traces of unfilled templates: tags, placeholders, greetings without a name. All of them block the mail."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rusvel_tui.engine.lint.letter import Finding, Letter, at, fields

_FRENCH = "bonjour|bonsoir|salut|cher|chère"
_OTHER = (
    "hi|hello|hey|dear|greetings|good (?:morning|afternoon|evening)|hallo|liebe[rs]?|guten (?:tag|morgen)|hej|"
    "hola|buenos días|estimad[oa]|olá|ciao|buongiorno|gentile"
)
GREETINGS = f"(?:{_FRENCH}|{_OTHER})"
# The case matters: Nan is a first name, Null a last one.
_VOID = r"(?-i:[Uu]ndefined|null|NULL|nan|NaN|\(null\))"
_GREETING_WORD = re.compile(
    rf"^[ \t]*{GREETINGS}[ \t]+({_VOID}|(?-i:[Nn]one|n/a|N/A))(?![\w-])", re.I | re.M
)
# French puts a blank before the exclamation mark.
_GREETING_HOLE = re.compile(
    rf"^[ \t]*(?:(?:{_FRENCH})[ \t]+,|(?:{_OTHER})[ \t]+[,!:.])(?=[ \t]*$)", re.I | re.M
)
_VOID_LINE = re.compile(rf"^[ \t]*({_VOID})[ \t]*[.,!]?[ \t]*$", re.M)
_PLACEHOLDER = re.compile(
    r"\[[^\[\]\n]{1,40}\]|<[^<>\n]{1,40}>|(?<!\{)\{[^{}\n]{1,40}\}(?!\})|%\w{1,40}%|\*\|\w{1,40}\|\*"
)
_TEMPLATE_TAG = re.compile(r"\{\{[^{}\n]*\}\}|\{\{|\}\}|\{%|%\}")
# What people write in brackets where a value shall come; a bracket holding any other word is ordinary text.
_NOUN_WORDS = """first last name firstname fname lastname lname fullname surname company organization organisation
    business title position role email mail phone address city industry product website url link topic date
    signature placeholder recipient prospect client customer contact sender todo tbd"""
_OTHER_WORDS = "your their the my our insert add enter full given family job of here a an e"
_NOUNS = frozenset(_NOUN_WORDS.split())
_WORDS = _NOUNS | frozenset(_OTHER_WORDS.split())


def empty(letter: Letter) -> Iterator[Finding]:
    """Nothing to read."""
    if not letter.subject:
        yield Finding("The subject is empty.", "subject")
    if not letter.body.strip():
        yield Finding("The body is empty.", "body")


def tags(letter: Letter) -> Iterator[Finding]:
    """Template syntax that nobody rendered."""
    for field, text in fields(letter):
        for match in _TEMPLATE_TAG.finditer(text):
            yield at(field, match, f"{match[0]} is left over from a template.")


def placeholders(letter: Letter) -> Iterator[Finding]:
    """A name of a value in brackets, where the value should stand."""
    for field, text in fields(letter):
        for match in _PLACEHOLDER.finditer(text):
            words = re.findall(r"[^\W_]+", match[0].lower())
            if words and set(words) <= _WORDS and not _NOUNS.isdisjoint(words):
                yield at(field, match, f"{match[0]} is a placeholder that nobody filled in.")


def greetings(letter: Letter) -> Iterator[Finding]:
    """A greeting that lacks its name, or says that there is none."""
    for field, text in fields(letter):
        for match in _GREETING_WORD.finditer(text):
            yield at(field, match, f"The greeting says {match[1]!r} instead of a name.", 1)
        for match in _GREETING_HOLE.finditer(text):
            yield at(field, match, f"The greeting {match[0].strip()!r} lacks a name.")
        for match in _VOID_LINE.finditer(text):
            yield at(field, match, f"A line says only {match[1]!r}.")


def leftovers(text: str) -> list[str]:
    """Why a rendered text must not leave, one sentence for each hole."""
    letter = Letter("", text)
    found = (finding.text for rule in (tags, placeholders, greetings) for finding in rule(letter))
    return list(dict.fromkeys(found))

"""The second gate on a written mail: traces of unfilled templates block it, doubtful style is only pointed out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_FRENCH = "bonjour|bonsoir|salut|cher|chère"
_OTHER = (
    "hi|hello|hey|dear|greetings|good (?:morning|afternoon|evening)|hallo|liebe[rs]?|guten (?:tag|morgen)|hej|"
    "hola|buenos días|estimad[oa]|olá|ciao|buongiorno|gentile"
)
# The case matters: Nan is a first name, Null a last one.
_VOID = r"(?-i:[Uu]ndefined|null|NULL|nan|NaN|\(null\))"
_GREETING_WORD = re.compile(
    rf"^[ \t]*(?:{_FRENCH}|{_OTHER})[ \t]+({_VOID}|(?-i:[Nn]one|n/a|N/A))(?![\w-])", re.I | re.M
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

_LINK = re.compile(r"\bhttps?://([^\s/>)\]]+)", re.I)
_SHORTENING_HOSTS = """bit.ly tinyurl.com t.co goo.gl ow.ly is.gd buff.ly rebrand.ly cutt.ly rb.gy shorturl.at
    lnkd.in tiny.cc"""
_SHORTENERS = frozenset(_SHORTENING_HOSTS.split())
MAX_LINKS = 2
FEW_CHARACTERS = 40
MANY_WORDS = 250
LONG_SUBJECT = 78


def leftovers(text: str) -> list[str]:
    """Why the rendered text must not leave, one sentence for each place: unfilled tags and empty greetings."""
    return list(dict.fromkeys(sentence for rule in _RULES for sentence in rule(text)))


def doubts(subject: str, body: str) -> list[str]:
    """What a careful reader would point out about subject and body; none of it blocks the mail."""
    found = [sentence for applies, sentence in _DOUBTS if applies(subject, body)]
    shortened = {host.lower() for host in _LINK.findall(body)} & _SHORTENERS
    return found + [
        f"{host} hides where the link goes, and spam filters know it." for host in sorted(shortened)
    ]


def _tags(text: str) -> Iterator[str]:
    for match in _TEMPLATE_TAG.finditer(text):
        yield f"{match[0]} is left over from a template."


def _placeholders(text: str) -> Iterator[str]:
    for match in _PLACEHOLDER.finditer(text):
        words = re.findall(r"[^\W_]+", match[0].lower())
        if words and set(words) <= _WORDS and not _NOUNS.isdisjoint(words):
            yield f"{match[0]} is a placeholder that nobody filled in."


def _greetings(text: str) -> Iterator[str]:
    for match in _GREETING_WORD.finditer(text):
        yield f"The greeting says {match[1]!r} instead of a name."
    for match in _GREETING_HOLE.finditer(text):
        yield f"The greeting {match[0].strip()!r} lacks a name."
    for match in _VOID_LINE.finditer(text):
        yield f"A line says only {match[1]!r}."


_RULES: tuple[Callable[[str], Iterator[str]], ...] = (_tags, _placeholders, _greetings)


def _all_capitals(subject: str, _body: str) -> bool:
    return subject.isupper() and sum(c.isalpha() for c in subject) >= 5


_DOUBTS: tuple[tuple[Callable[[str, str], bool], str], ...] = (
    (_all_capitals, "The subject is all capitals."),
    (
        lambda subject, _: len(subject) > LONG_SUBJECT,
        f"The subject is longer than {LONG_SUBJECT} characters.",
    ),
    (
        lambda _, body: bool(re.search(r"\S  +\S", body)),
        "There are two blanks in a row: is a value missing?",
    ),
    (
        lambda _, body: bool(re.search(r"\w +,", body)),
        "There is a blank before a comma: is a value missing?",
    ),
    (lambda _, body: bool(re.search(r"\bundefined\b", body, re.I)), "The text says 'undefined'."),
    (
        lambda _, body: len(_LINK.findall(body)) > MAX_LINKS,
        f"There are more than {MAX_LINKS} links.",
    ),
    (
        lambda _, body: len(body.strip()) < FEW_CHARACTERS,
        f"The body has fewer than {FEW_CHARACTERS} characters.",
    ),
    (lambda _, body: len(body.split()) > MANY_WORDS, f"The body has more than {MANY_WORDS} words."),
)

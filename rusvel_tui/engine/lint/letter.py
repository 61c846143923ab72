"""What a rule looks at, and what it finds."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as its reader gets it, with what the rules need to know about the two people."""

    subject: str
    body: str
    footer: str = ""
    to_name: str = ""
    first_name: str = ""
    company: str = ""
    from_name: str = ""
    postal_address: str = ""
    attachments: tuple[str, ...] = ()
    """The names of the files that go along."""
    cold: bool = False
    """Whether the reader did not ask for it: a mail of a sequence."""
    answers: bool = False
    """Whether it follows an earlier mail of the same thread."""
    edited: bool = False
    """Whether a person wrote this text."""

    @property
    def text(self) -> str:
        """Everything that is read, the footer included."""
        return f"{self.subject}\n{self.body}\n{self.footer}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found, and where."""

    text: str
    """One sentence for the person who approves."""
    field: str = ""
    """`subject` or `body`; empty when it is about the mail as a whole."""
    start: int = 0
    end: int = 0
    """The place in that field, in characters; both 0 when it is about all of it."""
    rule: str = ""
    level: str = ""
    """`error` or `warning`."""


def at(field: str, match: re.Match[str], text: str, group: int = 0) -> Finding:
    """What was found at the place of a match."""
    return Finding(text, field, match.start(group), match.end(group))


def fields(letter: Letter) -> tuple[tuple[str, str], ...]:
    """Subject and body, each with its name."""
    return (("subject", letter.subject), ("body", letter.body))

"""One mail, whole: who gets it and from whom, what it says, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from rusvel_tui.widgets.text_view import Block, Fact, Prose, Rule, TextView


@dataclass(frozen=True, slots=True)
class Letter:
    """What a person must see before they say yes."""

    to: str
    sender: str
    subject: str
    body: str
    footer: str = ""
    """What the sender puts below every mail."""
    step: str = ""
    """`step 2 of 3`."""
    sequence: str = ""
    about: str = "Sequence"
    """What `sequence` is called."""
    state: str = ""
    state_tone: str = "muted"
    facts: tuple[tuple[str, str], ...] = ()
    """More labels with their values: when it leaves, who drafted it."""
    note: str = ""
    """What to know before the verdict; it is not part of the mail."""
    problems: tuple[str, ...] = ()
    """Why it cannot be approved as it is."""
    warnings: tuple[str, ...] = ()
    """What deserves a look."""
    thread: tuple[tuple[str, str], ...] = ()
    """Earlier mails: a line about each, and its text."""


class MailView(TextView):
    """Shows a letter; an empty one shows a hint."""

    def show_letter(self, letter: Letter | None, hint: str = "") -> None:
        """Show this letter, or the hint when there is none."""
        self.show(blocks_of(letter) if letter else (Prose(""), Prose(hint, "muted")))


def blocks_of(letter: Letter) -> tuple[Block, ...]:
    """A letter as text: what is wrong comes before the body, so that nobody scrolls past it."""
    where = " · ".join(part for part in (letter.sequence, letter.step) if part)
    facts = [
        Fact("To", letter.to or "nobody", "strong" if letter.to else "bad"),
        Fact("From", letter.sender or "no sender", "" if letter.sender else "bad"),
        Fact("Subject", letter.subject or "no subject", "strong" if letter.subject else "bad"),
        *([Fact(letter.about, where)] if where else []),
        *([Fact("State", letter.state, letter.state_tone)] if letter.state else []),
        *(Fact(label, value) for label, value in letter.facts),
    ]
    noted = [Prose(f"· {letter.note}", "accent")] if letter.note else []
    notices = noted + [Prose(f"✗ {text}", "bad") for text in letter.problems]
    notices += [Prose(f"! {text}", "warn") for text in letter.warnings]
    past: list[Block] = []
    for line, text in letter.thread:
        past += [Prose(""), Rule(), Prose(line, "muted"), Prose(text, "muted", indent=2)]
    gap = [Prose("")] if notices else []
    foot = [Prose(""), Prose(letter.footer, "muted")] if letter.footer else []
    return (*facts, *gap, *notices, Rule(), Prose(""), Prose(letter.body), *foot, *past)

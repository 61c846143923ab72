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
    step: str = ""
    """`step 2 of 3`."""
    sequence: str = ""
    state: str = ""
    state_tone: str = "muted"
    facts: tuple[tuple[str, str], ...] = ()
    """More labels with their values: when it leaves, who drafted it."""
    problems: tuple[str, ...] = ()
    """Why it cannot be approved as it is."""
    warnings: tuple[str, ...] = ()
    """What deserves a look."""
    thread: tuple[tuple[str, str], ...] = ()
    """Earlier mails: a line about each, and its text."""
    footer: str = ""
    """What the sender puts below every mail."""
    about: str = "Sequence"
    """What `sequence` is called."""
    note: str = ""
    """What to know before the verdict; it is not part of the mail."""


LOW = 20
"""Lines below which a letter is shown in few of them: what is not needed for the yes goes below the text."""


class MailView(TextView):
    """Shows a letter; an empty one shows a hint."""

    letter: Letter | None = None

    def show_letter(self, letter: Letter | None, hint: str = "") -> None:
        """Show this letter, or the hint when there is none."""
        self.letter = letter
        low = self.size.height < LOW
        self.show(blocks_of(letter, low=low) if letter else (Prose(""), Prose(hint, "muted")))

    def on_resize(self) -> None:
        if self.letter is not None:
            self.show_letter(self.letter)


def blocks_of(letter: Letter, *, low: bool = False) -> tuple[Block, ...]:
    """A letter as text: what is wrong comes before the body, so that nobody scrolls past it."""
    where = " · ".join(part for part in (letter.sequence, letter.step) if part)
    facts = [
        *([Fact(letter.about, where)] if where else []),
        *([Fact("State", letter.state, letter.state_tone)] if letter.state else []),
        *(Fact(label, value) for label, value in letter.facts),
    ]
    notices = _notices(letter)
    foot = [Prose(""), Prose(letter.footer, "muted")] if letter.footer else []
    body: list[Block] = [Prose(letter.body), *foot]
    past: list[Block] = []
    for line, earlier in letter.thread:
        past += [Prose(""), Rule(), Prose(line, "muted"), Prose(earlier, "muted", indent=2)]
    if low:
        short = Prose(" · ".join(filter(None, (letter.state, where))), letter.state_tone)
        rest = (Prose(""), Rule(), *facts, *past)
        return (*_head(letter), short, *notices, Rule(), *body, *rest)
    gap = [Prose("")] if notices else []
    return (*_head(letter), *facts, *gap, *notices, Rule(), Prose(""), *body, *past)


def _head(letter: Letter) -> tuple[Fact, ...]:
    return (
        Fact("To", letter.to or "nobody", "strong" if letter.to else "bad"),
        Fact("From", letter.sender or "no sender", "" if letter.sender else "bad"),
        Fact("Subject", letter.subject or "no subject", "strong" if letter.subject else "bad"),
    )


def _notices(letter: Letter) -> list[Prose]:
    noted = [Prose(f"· {letter.note}", "accent")] if letter.note else []
    noted += [Prose(f"✗ {text}", "bad") for text in letter.problems]
    return noted + [Prose(f"! {text}", "warn") for text in letter.warnings]

"""The steps of the guided start: what there is already, read anew each time, so that nothing is half-made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.overview import status
from rusvel_tui.engine.operation import Input
from rusvel_tui.engine.sessions import ListSessions, list_sessions


@dataclass(frozen=True, slots=True)
class Facts:
    """What is there already."""

    session: str = ""
    """Name, money and zone; empty while there is no session."""
    sender: str = ""
    mailer: str = ""
    contacts: int = 0
    sequences: int = 0
    waiting: int = 0
    approved: int = 0
    """Mails that got their yes, gone or not."""


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One step: what it is, whether it is done, how it stands in words, and what Enter does."""

    id: str
    title: str
    done: Callable[[Facts], bool]
    stands: Callable[[Facts], str]
    about: str


def read_facts(engine: Engine) -> Facts:
    """What there is; three queries at most. Runs in a thread."""
    if not engine.run(list_sessions, ListSessions()).items:
        return Facts()
    seen = engine.run(status, Input())
    mails = seen.mails
    return Facts(
        session=f"{seen.session.name}, {seen.session.currency}, {seen.session.timezone}",
        sender=seen.session.sender_email,
        mailer=seen.sender.mailer,
        contacts=seen.contacts,
        sequences=sum(seen.sequences.values()),
        waiting=mails["waiting"],
        approved=mails["queued"] + mails["sent"] + mails["held"],
    )


def _many(count: int, what: str) -> str:
    """`none yet`, `1 contact`, `5 contacts`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}" if count else "none yet"


STEPS = (
    GuideStep(
        "session", "Your desk", lambda facts: bool(facts.session),
        lambda facts: facts.session or "none yet",
        "A name for your work, the money you sell in, your time zone, and the name and address your mails come from.",
    ),
    GuideStep(
        "mail", "Where mail goes", lambda facts: bool(facts.mailer),
        lambda facts: facts.mailer or "nowhere yet: approved mails wait",
        "To begin with, mails can be kept in a folder: you see what would leave, and nothing does. "
        "A mail server is set in the file of your settings; so is its password, which never comes into the database.",
    ),
    GuideStep(
        "people", "People", lambda facts: facts.contacts > 0,
        lambda facts: _many(facts.contacts, "contact"),
        "Import a CSV or vCard file, type in one person, or take five invented ones to try things with; z takes those back.",
    ),
    GuideStep(
        "sequence", "A first sequence", lambda facts: facts.sequences > 0,
        lambda facts: _many(facts.sequences, "sequence"),
        "A few mails with days between them. Every mail is drafted and waits for your yes; it ends when somebody answers.",
    ),
    GuideStep(
        "approve", "Your first yes", lambda facts: facts.approved > 0,
        lambda facts: "given" if facts.approved else f"{facts.waiting:,} to read",
        "Read a draft in the inbox, change what you like, and press a. For a minute u takes the yes back.",
    ),
)  # fmt: skip
"""Every step, in its order."""

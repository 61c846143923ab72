"""What the engine asks of the outside world: a clock, a drafter, a mailer, a mailbox, and the plain data they exchange."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event
from typing import Any, Protocol


class Clock(Protocol):
    """Where time comes from. Every other module is told the time."""

    def now(self) -> datetime:
        """The moment, aware and in UTC."""

    def monotonic(self) -> float:
        """Seconds that never go backwards, for deadlines inside one process."""

    def wait(self, stop: Event, seconds: float) -> bool:
        """Let that time pass, or less when `stop` is set; True when it is set."""


@dataclass(frozen=True, slots=True)
class PastMail:
    """A mail that already went to the person in this sequence."""

    subject: str
    body: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Fact:
    """Something known about the person, and where it is written."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Style:
    """How the mail shall read, in the sender's words; what is empty follows the template."""

    tone: str = ""
    language: str = ""
    length: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """All that a drafter may know: the template, the facts about the person, who writes, and what went before."""

    sequence: str
    step_number: int
    step_count: int
    subject_template: str
    """Empty when the step has none: then `subject_fallback` is the subject."""
    subject_fallback: str
    body_template: str
    fields: dict[str, str]
    """Merge fields by name, an empty text where the contact has no value."""
    facts: tuple[Fact, ...] = ()
    """What else is known, numbered from 1 in this order."""
    sender_name: str = ""
    style: Style = Style()
    instructions: str = ""
    """What the step asks of an AI or of the person, beyond the template."""
    past: tuple[PastMail, ...] = ()
    wish: str = ""
    """What the person wants to be different from the text that the draft has now."""
    present: tuple[str, str] = ("", "")
    """Subject and body that the draft has now; empty when there is none, or nothing is wished."""
    use_ai: bool = True


@dataclass(frozen=True, slots=True)
class Draft:
    """A subject and a body, plain text, with what is wrong or doubtful about them."""

    subject: str
    body: str
    drafted_by: str
    """`template`, or the model's name."""
    problems: tuple[str, ...] = ()
    """Why this must not leave as it is: unknown fields, missing values. Blocks approval."""
    notes: tuple[str, ...] = ()
    """What the person should know: the AI was not available, a value came from its fallback."""
    facts: tuple[int, ...] = ()
    """The numbers of the brief's facts that the text rests on, as the drafter says."""


class DrafterFailed(Exception):
    """The drafter could not answer; the text says why in one line and holds no secret."""


class Drafter(Protocol):
    """Writes the subject and the body of one mail. Never sends, has no tools."""

    name: str

    def draft(self, brief: Brief) -> Draft:
        """Raises `DrafterFailed`."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One mail, ready: the exact bytes and the one recipient they are for."""

    mail_id: str
    message_id: str
    mail_from: str
    rcpt_to: str
    raw: bytes = field(repr=False)
    """The whole message, CRLF line ends, as it was stored and hashed."""
    account: str = ""
    """The mail account of the settings that it leaves by; empty for the usual one."""
    key: str = ""
    """What is the same in every copy of the database: this step for this person. Empty for a mail of no sequence."""
    again: bool = False
    """A person wants it to leave although it may have left before."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The server took responsibility (a 2yz answer to the final dot, RFC 5321 §4.2.5)."""

    code: int
    text: str
    queue_id: str = ""


class NotSent(Exception):
    """The server provably did not take the mail.

    `scope` says what the failure is about: `message` and `recipient` concern this mail only,
    `connection` will pass (nobody listens, a busy server), `sender` concerns all mails of that
    sender (not allowed, too fast), `account` needs a person (log-in, certificate).
    """

    def __init__(
        self,
        text: str,
        *,
        scope: str,
        permanent: bool,
        code: int = 0,
        hard_bounce: bool = False,
        soft_bounce: bool = False,
        wait: int = 0,
    ) -> None:
        super().__init__(text)
        self.text = text
        self.scope = scope
        self.permanent = permanent
        self.code = code
        self.hard_bounce = hard_bounce
        """The address itself is dead (RFC 3463 X.1.x): it goes on the suppression list."""
        self.soft_bounce = soft_bounce
        """The mailbox is full or switched off: at the third time it counts as dead."""
        self.wait = wait
        """Seconds after which the server wants to be asked again; 0 when it does not say. A day means: tomorrow."""


class InDoubt(Exception):
    """The final dot was written and no clear answer came: the mail may have been taken."""


class GateClosed(Exception):
    """The gate refused: the mailer drops the connection without the final dot."""


Gate = Callable[[], None]
"""Called once, when everything but the final dot is done. Returns: the intent is durable. Raises `GateClosed`."""


class Mailer(Protocol):
    """Hands one mail over. Calls `gate` right before the point of no return."""

    label: str
    """For the header and the doctor: `smtp mail.example.net:587`, `folder outbox/ (no mail leaves)`."""

    def send(self, envelope: Envelope, gate: Gate) -> Receipt:
        """Raises `NotSent`, `InDoubt`, or lets `GateClosed` through after aborting."""

    def close(self) -> None:
        """Ends a kept connection; never raises."""


class Printer(Protocol):
    """Makes a PDF/A-3 of a document."""

    def ready(self) -> str:
        """What prints, with its version and template; empty when its library is not installed.

        Raises `NotConfigured` for settings that cannot work.
        """

    def pdf(self, sheet: dict[str, Any], xml: bytes = b"") -> bytes:
        """The words of a `Sheet` as a PDF, with an invoice for machines inside when there is one.

        Same input, same bytes. Raises `NotConfigured` when nothing can print, `InvalidInput` for what cannot be printed.
        """


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message in a mailbox: its bytes, or their beginning when it is very large."""

    raw: bytes = field(repr=False)
    size: int
    """Octets of the whole."""
    place: dict[str, int]
    """How far the folder is read with this message: what `fetch` is given next time."""


class MailboxFailed(Exception):
    """The mailbox could not be read; `permanent` needs a person: a log-in, a folder that is not there."""

    def __init__(self, text: str, *, permanent: bool = False) -> None:
        super().__init__(text)
        self.text = text
        self.permanent = permanent


class Mailbox(Protocol):
    """Where mail comes in. Only reads: no message is moved, deleted or marked."""

    label: str
    """For the doctor: `imap mail.example.net:993`."""
    name: str
    """What makes it the same mailbox tomorrow; part of a message's identity."""
    folders: tuple[str, ...]

    def fetch(self, folder: str, place: dict[str, int], since: datetime) -> Iterator[Arrived]:
        """What is new in a folder, oldest first; of one that was never read, what came since then.

        Raises `MailboxFailed`. What was yielded before counts.
        """

    def find_sent(self, message_ids: Sequence[str]) -> frozenset[str]:
        """Those message ids of which a copy lies where sent mail is kept. Raises `MailboxFailed`."""

    def check(self) -> str:
        """Look whether it can be read; what was found, in a few words. Raises `MailboxFailed`."""

    def close(self) -> None:
        """Ends a kept connection; never raises."""

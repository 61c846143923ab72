"""What the classifier is told, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rusvel_tui.engine.spelled import Spelled


class MailKind(Spelled):
    """What a mail is, in the order in which it is asked."""

    OWN = "own"
    BOUNCE_HARD = "bounce_hard"
    BOUNCE_SOFT = "bounce_soft"
    OPT_OUT = "opt_out"
    AUTO_REPLY = "auto_reply"
    HUMAN = "human"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Own:
    """Who we are: our addresses and the domains that are ours alone, in lower case."""

    addresses: frozenset[str]
    domains: frozenset[str]


@dataclass(frozen=True, slots=True)
class Originals:
    """The mails that we sent: the recipient of each by message id, and everybody whom we wrote to, in lower case."""

    recipients: Mapping[str, str]
    written_to: frozenset[str]

    def known(self, message_id: str) -> str:
        """The id as we wrote it, or nothing; some systems change its case."""
        if message_id in self.recipients:
            return message_id
        lower = message_id.lower()
        return next((one for one in self.recipients if one.lower() == lower), "")


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict, with what it rests on."""

    kind: MailKind
    reply_to: str = ""
    """The one of our mails that it answers or reports on."""
    bounced: str = ""
    """The address that we wrote to."""
    status: str = ""
    resume: date | None = None
    action: str = ""
    """Of a bounce: `failed` or `delayed`."""
    suppress: tuple[str, ...] = ()
    """Addresses that must not be written to any more."""
    detail: str = ""
    evidence: tuple[str, ...] = ()

"""What an SMTP reply means: the stage decides first, the code second, the enhanced code and a few words refine.

The rules are data, read from top to bottom, first match wins. Codes follow RFC 5321 §4.2, enhanced codes RFC 3463.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """What the client had just said when the reply came."""

    GREETING = "greeting"
    HELLO = "hello"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    DOT = "dot"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of the mail; `scope`, `permanent` and `hard_bounce` are those of `NotSent`."""

    outcome: str
    """`sent`, `not_sent` or `in_doubt`."""
    scope: str = ""
    permanent: bool = False
    hard_bounce: bool = False


SENT = Verdict("sent")
IN_DOUBT = Verdict("in_doubt")
LATER = Verdict("not_sent", "connection")
ACCOUNT = Verdict("not_sent", "account", permanent=True)
MESSAGE_LATER = Verdict("not_sent", "message")
MESSAGE = Verdict("not_sent", "message", permanent=True)
RECIPIENT_LATER = Verdict("not_sent", "recipient")
RECIPIENT = Verdict("not_sent", "recipient", permanent=True)
DEAD_ADDRESS = Verdict("not_sent", "recipient", permanent=True, hard_bounce=True)


@dataclass(frozen=True, slots=True)
class Rule:
    """Matches when all that it names matches: a stage, the code, the enhanced code, a word in the text."""

    stages: frozenset[Stage]
    code: str
    verdict: Verdict
    enhanced: str = ""
    words: str = ""
    vague_only: bool = False
    """The words count only when there is no enhanced code, or one that ends in .0: other, undefined."""

    def matches(self, stage: Stage, code: int, enhanced: str, text: str) -> bool:
        """Whether the rule is about this reply."""
        if stage not in self.stages or not re.fullmatch(self.code, str(code)):
            return False
        if self.enhanced and not re.fullmatch(self.enhanced, enhanced):
            return False
        if self.vague_only and enhanced and not enhanced.endswith(".0"):
            return False
        return not self.words or re.search(self.words, text, re.I) is not None


_ALL = frozenset(Stage)
_OPENING = frozenset({Stage.GREETING, Stage.HELLO, Stage.STARTTLS, Stage.AUTH})
_MAIL, _RCPT, _DATA, _DOT = (
    frozenset({stage}) for stage in (Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.DOT)
)
_JUDGED = _RCPT | _DATA | _DOT
_REFUSED = _MAIL | _JUDGED

_NOBODY = (
    r"user unknown|unknown (?:user|recipient|mailbox|local part)|no such (?:user|recipient|mailbox|address|person)|"
    r"(?:user|recipient|mailbox|address|account)[^.]{0,40}(?:does not|doesn't) exist|no mailbox (?:here )?by that name|"
    r"(?:invalid|nonexistent|non-existent) (?:recipient|mailbox|user)|(?:mailbox|user|recipient) not found"
)
_FULL = r"mailbox (?:is )?full|over ?quota|quota exceeded|exceeded storage"
_RATE = r"rate[- ]?limit|rate exceeded|sending rate|too (?:many|fast)|throttl"
_NOT_OURS = (
    r"relay(?:ing)? (?:access )?denied|relaying|not permitted to relay|unable to relay|relay not permitted|"
    r"authentication (?:is )?required|must authenticate|not authenticated|authenticate first"
)
_NOT_YOUR_NAME = (
    r"not owned by|send ?as\b|sender address rejected|sender (?:is )?not (?:allowed|permitted)"
)

RULES: tuple[Rule, ...] = (
    # After the final dot only a clear answer is an answer.
    Rule(_DOT, r"2\d\d", SENT),
    Rule(_DOT, r"(?!4\d\d|5\d\d).*", IN_DOUBT),
    # The server goes away.
    Rule(_ALL, r"421", LATER),
    # Before MAIL everything concerns the account or the way to it.
    Rule(_OPENING, r"4\d\d", LATER),
    Rule(_OPENING, r".*", ACCOUNT),
    # Log-in and sender.
    Rule(_REFUSED, r"530|534|535|538", ACCOUNT),
    Rule(_REFUSED, r"5\d\d", ACCOUNT, words=_NOT_OURS),
    Rule(_REFUSED, r"5\d\d", ACCOUNT, words=_NOT_YOUR_NAME),
    Rule(_REFUSED, r"5\d\d", ACCOUNT, enhanced=r"5\.1\.[78]"),
    # An address that needs SMTPUTF8 where the server has none (RFC 6531).
    Rule(_REFUSED, r"5\d\d", RECIPIENT, enhanced=r"5\.6\.7"),
    # MAIL.
    Rule(_MAIL, r"4\d\d", LATER, enhanced=r"4\.7\.\d+"),
    Rule(_MAIL, r"4\d\d", LATER, words=_RATE),
    Rule(_MAIL, r"4\d\d", MESSAGE_LATER),
    Rule(_MAIL, r"5\d\d", MESSAGE, enhanced=r"5\.3\.4|5\.2\.3|5\.6\.\d+"),
    Rule(_MAIL, r"50\d|552|555", MESSAGE),
    Rule(_MAIL, r"5\d\d", ACCOUNT),
    # Too fast: the whole account slows down.
    Rule(_JUDGED, r"4\d\d", LATER, enhanced=r"4\.5\.3|4\.7\.28"),
    Rule(_JUDGED, r"4\d\d", LATER, words=_RATE),
    # Temporary, for this mail only.
    Rule(_RCPT, r"4\d\d", RECIPIENT_LATER),
    Rule(_DATA | _DOT, r"4\d\d", MESSAGE_LATER),
    # The address is dead.
    Rule(_JUDGED, r"5\d\d", DEAD_ADDRESS, enhanced=r"5\.1\.(?:1|2|3|6|10)"),
    Rule(_JUDGED, r"556", DEAD_ADDRESS),
    # The mailbox is full or switched off: a person may live there again.
    Rule(_JUDGED, r"5\d\d", RECIPIENT, enhanced=r"5\.2\.[12]"),
    # Content and policy, never the person's fault.
    Rule(_JUDGED, r"5\d\d", MESSAGE, enhanced=r"5\.7\.\d+|5\.6\.\d+|5\.3\.4|5\.2\.3"),
    # No telling enhanced code: words.
    Rule(_JUDGED, r"5\d\d", DEAD_ADDRESS, words=_NOBODY, vague_only=True),
    Rule(_JUDGED, r"5\d\d", RECIPIENT, words=_FULL, vague_only=True),
    # RFC 5321 §4.5.3.1.10: some servers say 552 where they mean 452.
    Rule(_RCPT, r"552", RECIPIENT_LATER),
    Rule(_RCPT, r"50\d|555", MESSAGE),
    Rule(
        _RCPT,
        r"554",
        MESSAGE,
        words=r"spam|block|black|reject|denied|policy|reputation",
        vague_only=True,
    ),
    Rule(_RCPT, r"5\d\d", RECIPIENT),
    Rule(_DATA | _DOT, r"5\d\d", MESSAGE),
    # Neither yes nor no, and no dot was written: the talk is out of step.
    Rule(_REFUSED, r".*", LATER),
)

_ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")


def verdict(stage: Stage, code: int, text: str) -> Verdict:
    """The meaning of an unexpected reply, or of any reply to the final dot."""
    found = _ENHANCED.match(text)
    enhanced = found[1] if found else ""
    return next(rule.verdict for rule in RULES if rule.matches(stage, code, enhanced, text))


_QUEUE_IDS = (
    re.compile(r"queued as ([\w.-]+)", re.I),  # Postfix
    re.compile(r"\bid=([\w-]+)"),  # Exim
    re.compile(r"\b([\w.-]+) Message accepted", re.I),  # OpenSMTPD, Sendmail
    re.compile(r"InternalId=(\d+)"),  # Exchange
    re.compile(r"2\.0\.0 OK +\d+ ([\w.-]+)", re.I),  # Gmail
    re.compile(r"^Ok ([\w-]{16,})$", re.I | re.M),  # Amazon SES
    re.compile(r"queued (?:mail )?(?:with id|id) ([\w.-]+)", re.I),
)


def queue_id(text: str) -> str:
    """The server's own name for the mail, when its reply to the final dot tells one."""
    return next((found[1] for pattern in _QUEUE_IDS if (found := pattern.search(text))), "")

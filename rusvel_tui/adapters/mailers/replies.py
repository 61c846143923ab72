"""What an SMTP reply means: the stage decides first, the code second, the enhanced code and a few words refine.

The rules are data, read from top to bottom, first match wins. Codes follow RFC 5321 §4.2, enhanced codes RFC 3463.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
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


class Meaning(StrEnum):
    """What an answer comes to, in the words of a person."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    SUPPRESS = "suppress"
    PAUSE_SENDER = "pause this sender"
    PAUSE_ACCOUNT = "pause the account"
    WRONG_LOGIN = "wrong login"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of the mail; the fields after `meaning` are those of `NotSent`."""

    meaning: Meaning
    scope: str = ""
    permanent: bool = False
    hard_bounce: bool = False
    soft_bounce: bool = False
    wait: int = 0
    advice: str = ""
    """What a person can do about it, where that is known."""

    @property
    def outcome(self) -> str:
        """`sent`, `not_sent` or `in_doubt`."""
        outcomes = {Meaning.SENT: "sent", Meaning.UNKNOWN: "in_doubt"}
        return outcomes.get(self.meaning, "not_sent")


QUARTER, DAY = 900, 86_400
SENT = Verdict(Meaning.SENT)
IN_DOUBT = Verdict(Meaning.UNKNOWN)
LATER = Verdict(Meaning.LATER, "connection")
SLOWER = Verdict(
    Meaning.LATER, "sender", wait=QUARTER, advice="It sends too fast: a daily cap or a gap helps."
)
TOMORROW = Verdict(Meaning.LATER, "sender", wait=DAY, advice="Its quota for today is used up.")
ACCOUNT = Verdict(Meaning.PAUSE_ACCOUNT, "account", permanent=True)
BLOCKED = Verdict(
    Meaning.PAUSE_ACCOUNT,
    "account",
    permanent=True,
    advice="The mail server stands on a blocklist: ask its provider.",
)
LOG_IN = Verdict(
    Meaning.WRONG_LOGIN,
    "account",
    permanent=True,
    advice="Check RUSVEL_SMTP_USERNAME and RUSVEL_SMTP_PASSWORD.",
)
APP_PASSWORD = Verdict(
    Meaning.WRONG_LOGIN,
    "account",
    permanent=True,
    advice="It wants an app password: make one and set RUSVEL_SMTP_PASSWORD.",
)
NOT_YOU = Verdict(
    Meaning.PAUSE_SENDER,
    "sender",
    permanent=True,
    advice="The account may not write from this address: change the sender.",
)
UNPROVEN = Verdict(
    Meaning.PAUSE_SENDER,
    "sender",
    permanent=True,
    advice="The domain must prove its mails: `rusvel doctor` looks at SPF, DKIM and DMARC.",
)
MESSAGE_LATER = Verdict(Meaning.LATER, "message")
MESSAGE = Verdict(Meaning.REFUSED, "message", permanent=True)
TOO_LARGE = Verdict(
    Meaning.REFUSED, "message", permanent=True, advice="The mail is too large: take a file away."
)
RECIPIENT_LATER = Verdict(Meaning.LATER, "recipient")
RECIPIENT = Verdict(Meaning.REFUSED, "recipient", permanent=True)
FULL = Verdict(Meaning.REFUSED, "recipient", permanent=True, soft_bounce=True)
DEAD_ADDRESS = Verdict(Meaning.SUPPRESS, "recipient", permanent=True, hard_bounce=True)


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
_AUTH = frozenset({Stage.AUTH})
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
_QUOTA = r"daily[^.]{0,30}(?:quota|limit)|(?:quota|limit)[^.]{0,30}(?:per|a) day|sending (?:quota|limit)[^.]{0,20}exceeded"
_LISTED = r"block ?list|black ?list|spamhaus|client host[^.]{0,60}blocked|(?:ip|host) address[^.]{0,40}blocked|\brbl\b|dnsbl"
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
    Rule(_AUTH, r"5\d\d", APP_PASSWORD, enhanced=r"5\.7\.9"),
    Rule(_AUTH, r"5\d\d", APP_PASSWORD, words=r"application-specific|app password"),
    Rule(_AUTH, r"535|534", LOG_IN),
    Rule(_OPENING, r"5\d\d", BLOCKED, words=_LISTED),
    Rule(_OPENING, r".*", ACCOUNT),
    # Log-in and sender.
    Rule(_REFUSED, r"530|534|535|538", LOG_IN),
    Rule(_REFUSED, r"5\d\d", LOG_IN, words=_NOT_OURS),
    Rule(_REFUSED, r"5\d\d", NOT_YOU, words=_NOT_YOUR_NAME),
    Rule(_REFUSED, r"5\d\d", NOT_YOU, enhanced=r"5\.1\.[78]"),
    Rule(_REFUSED, r"5\d\d", UNPROVEN, enhanced=r"5\.7\.(?:2[0-7]|509|515)"),
    Rule(_REFUSED, r"5\d\d", BLOCKED, words=_LISTED),
    # The mailbox has used up its day (RFC 3463 X.4.5 as Gmail uses it).
    Rule(_REFUSED, r"[45]\d\d", TOMORROW, enhanced=r"[45]\.4\.5"),
    Rule(_REFUSED, r"[45]\d\d", TOMORROW, words=_QUOTA),
    # An address that needs SMTPUTF8 where the server has none (RFC 6531).
    Rule(_REFUSED, r"5\d\d", RECIPIENT, enhanced=r"5\.6\.7"),
    # MAIL.
    Rule(_MAIL, r"4\d\d", LATER, enhanced=r"4\.7\.\d+"),
    Rule(_MAIL, r"4\d\d", SLOWER, words=_RATE),
    Rule(_MAIL, r"4\d\d", MESSAGE_LATER),
    Rule(_MAIL, r"5\d\d", TOO_LARGE, enhanced=r"5\.3\.4|5\.2\.3"),
    Rule(_MAIL, r"5\d\d", MESSAGE, enhanced=r"5\.6\.\d+"),
    Rule(_MAIL, r"552", TOO_LARGE),
    Rule(_MAIL, r"50\d|555", MESSAGE),
    Rule(_MAIL, r"5\d\d", NOT_YOU),
    # Too fast: the sender slows down.
    Rule(_JUDGED, r"4\d\d", SLOWER, enhanced=r"4\.5\.3|4\.7\.28"),
    Rule(_JUDGED, r"4\d\d", SLOWER, words=_RATE),
    # Temporary, for this mail only.
    Rule(_RCPT, r"4\d\d", RECIPIENT_LATER),
    Rule(_DATA | _DOT, r"4\d\d", MESSAGE_LATER),
    # The address is dead.
    Rule(_JUDGED, r"5\d\d", DEAD_ADDRESS, enhanced=r"5\.1\.(?:1|2|3|6|10)"),
    Rule(_JUDGED, r"556", DEAD_ADDRESS),
    # The mailbox is full or switched off: a person may live there again.
    Rule(_JUDGED, r"5\d\d", FULL, enhanced=r"5\.2\.[12]"),
    # Content and policy, never the person's fault.
    Rule(_JUDGED, r"5\d\d", TOO_LARGE, enhanced=r"5\.3\.4|5\.2\.3"),
    Rule(_JUDGED, r"5\d\d", MESSAGE, enhanced=r"5\.7\.\d+|5\.6\.\d+"),
    # No telling enhanced code: words.
    Rule(_JUDGED, r"5\d\d", DEAD_ADDRESS, words=_NOBODY, vague_only=True),
    Rule(_JUDGED, r"5\d\d", FULL, words=_FULL, vague_only=True),
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
    """The meaning of an unexpected reply, or of any reply to the final dot; a time that the text names is kept."""
    found = _ENHANCED.match(text)
    enhanced = found[1] if found else ""
    meant = next(rule.verdict for rule in RULES if rule.matches(stage, code, enhanced, text))
    named = named_wait(text) if meant.meaning is Meaning.LATER else 0
    return replace(meant, wait=max(meant.wait, named)) if named else meant


_NAMED_WAIT = re.compile(
    r"(?:again|retry|wait|delay|for|in|after)[^.\d]{0,20}?(\d{1,5}) ?(s(?:ec)?(?:ond)?s?|m(?:in)?(?:ute)?s?|h(?:our)?s?)\b",
    re.I,
)
_CLOCK_WAIT = re.compile(
    r"(?:again|retry|wait|delay|in|after)[^.\d]{0,20}?(\d{1,2}):(\d\d):(\d\d)\b", re.I
)
_UNITS = {"s": 1, "m": 60, "h": 3600}


def named_wait(text: str) -> int:
    """Seconds after which the server wants to be asked again, as its text says; 0 when it does not, a day at most."""
    if clock := _CLOCK_WAIT.search(text):
        hours, minutes, seconds = map(int, clock.groups())
        return min(hours * 3600 + minutes * 60 + seconds, DAY)
    if found := _NAMED_WAIT.search(text):
        return min(int(found[1]) * _UNITS[found[2][0].lower()], DAY)
    return 0


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

"""A message that came in, told as text."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from rusvel_tui.engine.gtm.mail.classifying.verdict import MailKind
from rusvel_tui.engine.gtm.mail.incoming.links import Link
from rusvel_tui.engine.gtm.mail.incoming.listing import IncomingDetail
from rusvel_tui.engine.gtm.mail.incoming.views import IncomingView
from rusvel_tui.screens.shared.moments import when
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose

KINDS = {
    MailKind.HUMAN: ("↩ answer", "good"),
    MailKind.UNKNOWN: ("? message", ""),
    MailKind.OPT_OUT: ("⊘ objection", "warn"),
    MailKind.BOUNCE_HARD: ("✗ came back", "bad"),
    MailKind.BOUNCE_SOFT: ("~ delayed", "warn"),
    MailKind.AUTO_REPLY: ("z automatic", "muted"),
    MailKind.OWN: ("· your own", "faint"),
}
"""Each kind with its sign, and its tone."""
LINKS = {
    Link.THREAD: "it answers a mail of yours",
    Link.MARK: "the address it was sent to says so",
    Link.ADDRESS: "by the address",
    Link.ALIAS: "by another spelling of the address",
    Link.BY_HAND: "you said so",
    Link.COMPANY: "perhaps: the same company",
    Link.SUBJECT: "perhaps: the same subject",
}


def kind_of(row: IncomingView) -> tuple[str, str]:
    """What it is, with its tone; what was not judged yet says so."""
    return KINDS[row.kind] if row.kind is not None else ("… new", "muted")


def sender_of(row: IncomingView) -> str:
    """Whom it is from: the contact, else the name, else the address."""
    return row.contact or row.from_name or row.from_address


def message_blocks(seen: IncomingDetail, zone: ZoneInfo) -> tuple[Block, ...]:
    """From whom, what it is and what followed; what can be done; then their words, and all of it."""
    return (*_facts(seen, zone), *_choices(seen), *_words(seen), *_evidence(seen))


def _facts(seen: IncomingDetail, zone: ZoneInfo) -> Iterator[Block]:
    words, tone = kind_of(seen)
    yield Fact("From", " ".join(filter(None, (seen.from_name, f"<{seen.from_address}>"))), "strong")
    yield Fact("Subject", seen.subject)
    yield Fact("Came", when(seen.received_at, zone))
    yield Fact("It is", words, tone)
    if seen.contact:
        why = f" · {LINKS[seen.linked_by]}" if seen.linked_by is not None else ""
        yield Fact("Contact", f"{seen.contact}{why}")
    if seen.original_subject:
        yield Fact("Answers", seen.original_subject)
    if seen.resume_date is not None:
        yield Fact("Back on", f"{seen.resume_date:%a %d %b %Y}")
    if seen.effect:
        yield Fact("Followed", seen.effect)
    if seen.answer_id is not None:
        yield Fact("Your answer", "is written: Enter goes to it", "accent")


def _choices(seen: IncomingDetail) -> Iterator[Block]:
    if seen.proposals:
        yield Heading("Y does this")
    for one in seen.proposals:
        yield Prose(f"→ {one.text}", "accent")


def _words(seen: IncomingDetail) -> Iterator[Block]:
    own, whole = seen.own_words.strip(), seen.text.strip()
    yield Heading("What they wrote")
    yield Prose(own or whole or "Nothing that can be read.")
    if own and own != whole:
        yield Heading("The whole message")
        yield Prose(whole, "muted")


def _evidence(seen: IncomingDetail) -> Iterator[Block]:
    if seen.evidence:
        yield Heading("Why it counts as that")
    yield from (Prose(one, "muted") for one in seen.evidence)

"""The classifier as an operation: one mail in, the verdict out, nothing stored."""

from __future__ import annotations

import base64
import binascii
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.mail import ledger
from rusvel_tui.engine.gtm.mail.classifying.classifier import VERSION, classify
from rusvel_tui.engine.gtm.mail.classifying.verdict import Judged, MailKind, Originals
from rusvel_tui.engine.gtm.mail.reading.content import mailbox
from rusvel_tui.engine.gtm.mail.reading.message import parse
from rusvel_tui.engine.operation import Input, View, operation


class OriginalMail(BaseModel):
    """A mail that we sent; what else is known of it does not matter here."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    message_id: str
    to: str


class OwnAddresses(BaseModel):
    """Who we are; without domains they are those of the addresses, as far as they are ours alone."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    addresses: tuple[str, ...]
    domains: tuple[str, ...] | None = None


class ClassifyMail(Input):
    """A mail to be judged."""

    raw_base64: str = Field(max_length=40_000_000)
    """Its bytes, as they came, in base64."""
    originals: tuple[OriginalMail, ...] | None = None
    """The mails that we sent; those of the session when left out."""
    own: OwnAddresses | None = None
    """Our addresses; those of the session's senders when left out."""


class Verdict(View):
    """What the mail is, and what it says."""

    kind: MailKind
    reply_to_message_id: str | None
    """The one of our mails that it answers or reports on."""
    bounced_address: str | None
    """Of a bounce: the address that we wrote to."""
    status: str | None
    """Of a bounce: the enhanced status code (RFC 3463)."""
    resume_date: date | None
    """Of an automatic answer: the day from which the person is back."""
    action: str | None
    """Of a bounce: `failed` or `delayed`."""
    suppress: tuple[str, ...]
    """Addresses that must not be written to any more."""
    detail: str | None
    """`complaint`, `calendar`."""
    evidence: tuple[str, ...]
    """What the verdict rests on."""
    version: int
    """Of the classifier."""


@operation("gtm.mail.classify", permission="crm.mail.read")
def classify_mail(ctx: Context, cmd: ClassifyMail) -> Verdict:
    """Judge a mail: own, bounce, opt-out, automatic answer, human or unknown. Stores nothing."""
    mail = parse(decoded(cmd.raw_base64))
    return verdict(classify(mail, _originals(ctx, cmd, mail), _own(ctx, cmd)))


def decoded(text: str) -> bytes:
    """The bytes behind base64; raises `InvalidInput`."""
    try:
        return base64.b64decode(text, validate=False)
    except (binascii.Error, ValueError):
        raise InvalidInput("The mail is not in base64.", field="raw_base64") from None


def _originals(ctx: Context, cmd: ClassifyMail, mail: Any) -> Originals:
    if cmd.originals is None:
        return ledger.originals_of(ctx, mail)
    recipients = {one.message_id: mailbox(one.to)[1] or one.to for one in cmd.originals}
    return Originals(recipients, frozenset(address.lower() for address in recipients.values()))


def _own(ctx: Context, cmd: ClassifyMail) -> Any:
    if cmd.own is None:
        return ledger.own_of(ctx)
    return ledger.own(cmd.own.addresses, cmd.own.domains)


def verdict(judged: Judged) -> Verdict:
    """A verdict as it is shown: what does not apply is null."""
    return Verdict(
        kind=judged.kind,
        reply_to_message_id=judged.reply_to or None,
        bounced_address=judged.bounced or None,
        status=judged.status or None,
        resume_date=judged.resume,
        action=judged.action or None,
        suppress=judged.suppress,
        detail=judged.detail or None,
        evidence=judged.evidence,
        version=VERSION,
    )

"""What the classifier is told of us: our addresses, and those of the mails we sent that a mail may be about."""

from __future__ import annotations

from collections.abc import Iterable

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.companies.free_mail import is_free_mail
from rusvel_tui.engine.gtm.mail.classifying.verdict import Originals, Own
from rusvel_tui.engine.gtm.mail.reading.content import mailbox
from rusvel_tui.engine.gtm.mail.reading.message import Parsed, message_ids
from rusvel_tui.engine.models import Mail, Sender
from rusvel_tui.engine.models.base import among, tuples

LEFT = ("sent", "committing", "in_doubt", "dead")
"""States of mails that left, or may have."""


def own_of(ctx: Context) -> Own:
    """Our addresses, also those of identities that were deleted; domains only where they are ours alone."""
    rows = tuples(
        Sender.select(Sender.address, Sender.reply_to).where(Sender.session_id == ctx.session_id)
    )
    named = (*(text for row in rows for text in row), ctx.policy.mail_from, *ctx.policy.mailboxes)
    return own(address for text in named if (address := mailbox(text)[1]))


def own(addresses: Iterable[str], domains: Iterable[str] | None = None) -> Own:
    """Who we are by these addresses; our domains are those of them at which not everybody can have one."""
    ours = frozenset(address.lower() for address in addresses)
    if domains is None:
        domains = (d for one in ours if not is_free_mail(d := one.rpartition("@")[2]))
    return Own(ours, frozenset(domain.lower() for domain in domains) - {""})


def originals_of(ctx: Context, mail: Parsed) -> Originals:
    """Those of our mails that this mail names anywhere, and whether we ever wrote to its sender: two questions."""
    ids = mentioned_ids(mail)
    sent = (Mail.session_id == ctx.session_id) & Mail.state.in_(LEFT)
    found = Mail.select(Mail.message_id, Mail.to_address).where(sent & among(Mail.message_id, ids))
    sender = mailbox(mail.header("from"))[1]
    wrote = Mail.select(Mail.id).where(sent & (Mail.recipient_key == sender))
    return Originals(dict(tuples(found)), frozenset([sender] if sender and wrote.exists() else []))


def mentioned_ids(mail: Parsed) -> list[str]:
    """Every message id in the headers, in carried mails and in the text."""
    headers = (*mail.headers, *(pair for one in mail.carried for pair in one))
    values = [value for name, value in headers if name in _WITH_IDS]
    texts = [part.text for part in mail.parts if "message-id" in part.text[:200_000].lower()]
    return list(dict.fromkeys(found for text in (*values, *texts) for found in message_ids(text)))[
        :500
    ]


_WITH_IDS = ("message-id", "in-reply-to", "references", "x-original-message-id")

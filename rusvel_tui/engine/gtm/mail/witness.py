"""A mail in doubt is settled by evidence: its Message-ID in the Sent folder, or a report or an answer that names it."""

from __future__ import annotations

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.outreach.mails.settle import mark_sent
from rusvel_tui.engine.models import Mail, Session
from rusvel_tui.engine.models.base import among, tuples
from rusvel_tui.engine.operation import Input, View, operation


class Doubts(Input):
    """Nothing to say."""


class Doubt(View):
    """A mail of which nobody knows whether it left."""

    mail_id: str
    session_id: str
    message_id: str
    from_address: str


class DoubtList(View):
    """All of the file: a mailbox knows no sessions."""

    items: tuple[Doubt, ...]


class Witness(Input):
    """Message ids that were found where only mails lie that left."""

    message_ids: tuple[str, ...] = Field(max_length=1000)
    where: str = "the Sent folder"


class Settled(View):
    """How many doubts were settled."""

    count: int


@operation("gtm.mail.doubts", permission="jobs.read", internal=True)
def doubts(ctx: Context, cmd: Doubts) -> DoubtList:
    """List the mails in doubt, for whoever can look for their copies."""
    every = Session.select(Session.id)  # the index of the boxes begins with the session
    query = Mail.select(Mail.id, Mail.session_id, Mail.message_id, Mail.from_address).where(
        Mail.session_id.in_(every) & (Mail.state == "in_doubt")
    )
    found = (Doubt(mail_id=a, session_id=b, message_id=c, from_address=d) for a, b, c, d in tuples(query.limit(500)))  # fmt: skip
    return DoubtList(items=tuple(found))


@operation("gtm.mail.settle_by_evidence", writes=True, permission="jobs.work", internal=True)
def settle_by_evidence(ctx: Context, cmd: Witness) -> Settled:
    """Note that mails in doubt did leave: their copies were found. What is not found stays with a person."""
    query = Mail.select().where(
        (Mail.session_id == ctx.session_id)
        & (Mail.state == "in_doubt")
        & among(Mail.message_id, cmd.message_ids)
    )
    return Settled(count=sum(bear_witness(ctx, mail.id, f"found in {cmd.where}") for mail in query))


def bear_witness(ctx: Context, mail_id: str, why: str) -> bool:
    """Let a mail in doubt count as sent, for that reason; false when it is not in doubt."""
    mail = Mail.get_or_none((Mail.id == mail_id) & (Mail.state == "in_doubt"))
    if mail is None:
        return False
    mark_sent(ctx, mail, sent_at=mail.intent_at, settled_by="evidence")
    ctx.record(
        "gtm.email.settled", mail.id, {"name": mail.to_name, "outcome": "sent", "reason": why}
    )
    return True

"""Mails that need the person: senders that are paused, drafts, doubts, proposals, and messages that came in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from peewee import fn

from rusvel_tui.engine.agent.proposals.cards import ProposalWindow
from rusvel_tui.engine.agent.proposals.listing import proposal_window
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.approvals.boxes import views as mail_views
from rusvel_tui.engine.gtm.mail.classifying.verdict import MailKind
from rusvel_tui.engine.gtm.mail.incoming.views import incoming_views
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box, in_box
from rusvel_tui.engine.gtm.today.needs import Found, Need
from rusvel_tui.engine.models import IncomingMail, Mail, SenderState, Sequence

_BOXES = {
    Need.IN_DOUBT: Box.IN_DOUBT,
    Need.FAILED: Box.FAILED,
    Need.CHANGED: Box.CHANGED,
    Need.TO_APPROVE: Box.WAITING,
    Need.NEEDS_DATA: Box.NEEDS_DATA,
    Need.BLOCKED: Box.HELD,
}
MOST = 50
"""Things of one kind that are looked at; the boxes hold the rest."""
_PAST = timedelta(days=30)
"""A mail that failed longer ago is history."""


def paused(ctx: Context) -> Iterator[Found]:
    """Senders that rest, whoever stopped them."""
    for state in SenderState.select().where(SenderState.paused == 1).order_by(SenderState.id):
        yield Found(
            id=state.id,
            need=Need.PAUSED,
            who=state.id.partition(":")[2],
            what="Approved mails wait",
            why=state.reason,
            at=state.updated_at,
            page="inbox",
        )


def stopped(ctx: Context) -> Iterator[Found]:
    """Sequences that paused themselves and wait for a person."""
    query = Sequence.select().where(
        (Sequence.session_id == ctx.session_id)
        & (Sequence.status == "paused")
        & (Sequence.pause_reason != "")
    )
    for row in query.order_by(Sequence.updated_at).limit(MOST):
        yield Found(
            id=row.id,
            need=Need.STOPPED,
            what=row.name,
            why=row.pause_reason,
            at=row.updated_at,
            page="sequences",
            item_id=row.id,
        )


def mails(ctx: Context) -> Iterator[Found]:
    """The mails of the boxes that wait for somebody, the oldest of each."""
    needs: list[Need] = []
    rows: list[Mail] = []
    for need in _BOXES:
        found = list(_lying(ctx, need).order_by(Mail.updated_at, Mail.id).limit(MOST))
        needs += [need] * len(found)
        rows += found
    for need, mail, seen in zip(needs, rows, mail_views(ctx, rows) if rows else (), strict=True):
        trouble = seen.error or seen.blocked or seen.changed_since or "; ".join(seen.problems)
        yield Found(
            id=mail.id,
            need=need,
            who=seen.contact,
            what=seen.subject or seen.sequence or seen.source,
            why=trouble or seen.sequence or seen.source,
            at=mail.updated_at,
            page="inbox",
            item_id=mail.id,
            contact_id=mail.contact_id,
            deal_id=mail.deal_id,
            job_id=mail.id,
        )


def _lying(ctx: Context, need: Need) -> Any:
    """The mails with that need; one that a person put off needs nothing before its time."""
    query = Mail.select().where((Mail.session_id == ctx.session_id) & in_box(_BOXES[need], ctx.now))
    if need is Need.BLOCKED:
        query = query.where(Mail.state != "held")
    elif need is Need.FAILED:
        query = query.where(Mail.updated_at > ctx.now - _PAST)
    return query


def proposed(ctx: Context) -> Iterator[Found]:
    """Changes that the assistant and other programs want made."""
    for card in proposal_window.handle(ctx, ProposalWindow(count=MOST)).rows:
        yield Found(
            id=card.proposal_id,
            need=Need.PROPOSED,
            what=card.title,
            why=card.stale or card.question,
            at=card.created_at,
            page="inbox",
            item_id=card.proposal_id,
        )


def incoming(ctx: Context) -> Iterator[Found]:
    """Messages that need somebody: answers, and people who say when they are back."""
    rows = list(_open(ctx).order_by(IncomingMail.received_at).limit(MOST))
    for seen in incoming_views(rows) if rows else ():
        away = seen.kind is MailKind.AUTO_REPLY
        yield Found(
            id=seen.incoming_id,
            need=Need.AWAY if away else Need.REPLIED,
            who=seen.contact or seen.from_name or seen.from_address,
            what=seen.subject or seen.snippet,
            why=seen.effect or seen.snippet,
            at=seen.received_at,
            page="mail",
            item_id=seen.incoming_id,
            contact_id=seen.contact_id,
        )


def _open(ctx: Context) -> Any:
    return IncomingMail.select().where(
        (IncomingMail.session_id == ctx.session_id) & (IncomingMail.state == "open")
    )


def count_mails(ctx: Context, need: Need) -> int:
    """How many mails have that need, where more do than were looked at."""
    return int(_lying(ctx, need).select(fn.COUNT(Mail.id)).scalar())


def count_proposed(ctx: Context, need: Need) -> int:
    """How many changes wait."""
    return int(proposal_window.handle(ctx, ProposalWindow(count=1)).total)


def count_incoming(ctx: Context, need: Need) -> int:
    """How many messages wait, of both kinds: which is which is known once they are read."""
    return int(_open(ctx).select(fn.COUNT(IncomingMail.id)).scalar())

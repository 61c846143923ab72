"""Taking messages in: each is stored first, then judged; whatever stops in between is gone on with later."""

from __future__ import annotations

from functools import partial

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Busy, StorageDamaged, StorageFull
from rusvel_tui.engine.gtm.mail.classifying.classifier import VERSION
from rusvel_tui.engine.gtm.mail.classifying.classify import decoded
from rusvel_tui.engine.gtm.mail.incoming.judging import give_up, in_session, judge, judge_again
from rusvel_tui.engine.gtm.mail.incoming.store import store
from rusvel_tui.engine.gtm.mail.incoming.views import (
    IncomingView,
    find_incoming,
    incoming_views,
)
from rusvel_tui.engine.models import IncomingMail, MailboxPlace
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import one_line

_AT_ONCE = 100


class IngestMail(Input):
    """A message as it came."""

    raw_base64: str = Field(max_length=40_000_000)
    mailbox: str = Field(default="pipe", min_length=1, max_length=200)
    """Where it lies: with the Message-ID it is what makes a message the same."""
    size: int = Field(default=0, ge=0)
    """Its octets, when only its beginning is given."""


class Ingested(View):
    """The message as it was judged."""

    message: IncomingView
    new: bool
    """False when it was here already."""


class Nothing(Input):
    """Nothing to say."""


class JudgedCount(View):
    """How many messages were judged."""

    count: int
    changed: int = 0
    """Of those judged again: how many are something else now."""


class KeepPlace(Input):
    """How far a folder was read."""

    mailbox: str
    folder: str
    place: dict[str, int]


class FindPlace(Input):
    """Which folder."""

    mailbox: str
    folder: str


class Place(View):
    """How far it was read; empty when it never was."""

    place: dict[str, int]


@operation("gtm.mail.ingest", writes=True, permission="crm.mail.manage", staged=True)
def ingest(ctx: Context, cmd: IngestMail) -> Ingested:
    """Take in one message: store it, judge it, and do what follows. The same message again changes nothing."""
    raw = decoded(cmd.raw_base64)
    mailbox = one_line(cmd.mailbox)
    message, session, new = ctx.write(lambda: store(ctx, raw, mailbox, cmd.size))
    there = in_session(ctx, session)
    _judge_safely(there, message)
    view = there.read(lambda: incoming_views([find_incoming(there, message)])[0])
    return Ingested(message=view, new=new)


@operation(
    "gtm.mail.judge_waiting", writes=True, permission="jobs.work", staged=True, internal=True
)
def judge_waiting(ctx: Context, cmd: Nothing) -> JudgedCount:
    """Judge the messages that were stored and not judged, because something stopped in between."""
    waiting = ctx.read(_waiting)
    for message, session in waiting:
        there = in_session(ctx, session)
        _judge_safely(there, message)
    return JudgedCount(count=len(waiting))


def _judge_safely(ctx: Context, message: str) -> None:
    """Judge a message; one that nobody can judge is given to a person and stops no other."""
    try:
        ctx.write(partial(_judge, ctx, message))
    except (Busy, StorageFull, StorageDamaged):
        raise
    except Exception as error:  # noqa: BLE001 - strangers write these; a person can read what a program cannot
        ctx.write(partial(_give_up, ctx, message, f"{type(error).__name__}: {error}"))


def _give_up(ctx: Context, message: str, why: str) -> None:
    give_up(ctx, find_incoming(ctx, message), why)


def _judge(ctx: Context, message: str) -> None:
    judge(ctx, find_incoming(ctx, message))


def _waiting() -> list[tuple[str, str]]:
    query = IncomingMail.select().where(IncomingMail.state == "new")
    return [(row.id, row.session_id) for row in query.order_by(IncomingMail.id).limit(_AT_ONCE)]


@operation("gtm.mail.judge_again", writes=True, permission="crm.mail.manage", staged=True)
def judge_all_again(ctx: Context, cmd: Nothing) -> JudgedCount:
    """Judge every message of the session again that an older classifier judged; what is new about it is done."""
    count = changed = 0
    while rows := ctx.read(lambda: _older(ctx)):
        for message in rows:
            changed += ctx.write(partial(_judge_again, ctx, message))
        count += len(rows)
    return JudgedCount(count=count, changed=changed)


def _judge_again(ctx: Context, message: str) -> bool:
    return judge_again(ctx, find_incoming(ctx, message))


def _older(ctx: Context) -> list[str]:
    query = IncomingMail.select(IncomingMail.id).where(
        (IncomingMail.session_id == ctx.session_id)
        & (IncomingMail.classifier < VERSION)
        & (IncomingMail.state != "new")
    )
    return [row.id for row in query.order_by(IncomingMail.id).limit(_AT_ONCE)]


@operation("gtm.mail.place", permission="jobs.read", internal=True)
def find_place(ctx: Context, cmd: FindPlace) -> Place:
    """How far a folder of a mailbox was read."""
    row = MailboxPlace.get_or_none(
        (MailboxPlace.mailbox == cmd.mailbox) & (MailboxPlace.folder == cmd.folder)
    )
    return Place(place=row.place if row else {})


@operation("gtm.mail.keep_place", writes=True, permission="jobs.work", internal=True)
def keep_place(ctx: Context, cmd: KeepPlace) -> Place:
    """Remember how far a folder was read."""
    MailboxPlace.insert(
        mailbox=cmd.mailbox, folder=cmd.folder, place=cmd.place, updated_at=ctx.now
    ).on_conflict_replace().execute()
    return Place(place=cmd.place)

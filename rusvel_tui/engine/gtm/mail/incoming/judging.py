"""A stored message gets its verdict and what follows from it, in one transaction; a newer classifier judges again."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.mail.classifying.classifier import VERSION, classify
from rusvel_tui.engine.gtm.mail.classifying.classify import verdict
from rusvel_tui.engine.gtm.mail.classifying.verdict import Judged, MailKind
from rusvel_tui.engine.gtm.mail.incoming.effects import Effect, follow
from rusvel_tui.engine.gtm.mail.incoming.linking import Linked, link
from rusvel_tui.engine.gtm.mail.ledger import originals_of, own_of
from rusvel_tui.engine.gtm.mail.reading.message import parse
from rusvel_tui.engine.models import IncomingMail
from rusvel_tui.engine.session_choice import pick_session
from rusvel_tui.engine.text import one_line


def in_session(ctx: Context, session_id: str) -> Context:
    """The same call on behalf of another session: a mailbox knows none."""
    return replace(ctx, find_session=partial(pick_session, session_id), _session=None)


def judge(ctx: Context, row: IncomingMail) -> None:
    """Judge a message for the first time and do what follows; nothing when that was done."""
    if row.processed_at is not None:
        return
    judged, linked = _verdict(ctx, row)
    twin = _twin(row)
    effect = Effect(said="the same mail came by another mailbox") if twin else follow(ctx, row, judged, linked)  # fmt: skip
    _write(ctx, row, judged, linked, effect, processed_at=ctx.now)


def give_up(ctx: Context, row: IncomingMail, why: str) -> None:
    """Leave a message to a person that could not be judged."""
    judged = Judged(MailKind.UNKNOWN, evidence=(one_line(f"could not be judged: {why}")[:300],))
    effect = Effect(open=True, said="could not be judged: read it yourself")
    _write(ctx, row, judged, Linked(), effect, processed_at=ctx.now)


def judge_again(ctx: Context, row: IncomingMail) -> bool:
    """Judge with the present classifier; what a new kind asks for is done now. Whether the kind changed."""
    judged, linked = _verdict(ctx, row)
    if judged.kind.value == row.kind:
        IncomingMail.update(classifier=VERSION, verdict=_stored(judged)).where(
            IncomingMail.id == row.id
        ).execute()
        return False
    effect = follow(ctx, row, judged, linked)
    _write(ctx, row, judged, linked, effect)
    return True


def _verdict(ctx: Context, row: IncomingMail) -> tuple[Judged, Linked]:
    mail = parse(bytes(row.raw))
    own = own_of(ctx)
    judged = classify(mail, originals_of(ctx, mail), own)
    return judged, link(ctx, mail, row.from_address, judged.reply_to, own)


def _twin(row: IncomingMail) -> bool:
    """Whether the same message was judged already in another mailbox."""
    if not row.message_id:
        return False
    query = IncomingMail.select(IncomingMail.id).where(
        (IncomingMail.session_id == row.session_id)
        & (IncomingMail.message_id == row.message_id)
        & (IncomingMail.id != row.id)
        & IncomingMail.processed_at.is_null(False)
    )
    return bool(query.exists())


def _write(
    ctx: Context, row: IncomingMail, judged: Judged, linked: Linked, effect: Effect, **more: Any
) -> None:
    own = judged.kind is MailKind.OWN
    values = {
        "classifier": VERSION,
        "kind": judged.kind.value,
        "verdict": _stored(judged),
        "mail_id": None if own else linked.mail_id,
        "contact_id": None if own else linked.contact_id,
        "linked_by": linked.by.key if linked.by and not own else "",
        "state": "open" if effect.open else "done",
        "activity_id": effect.activity_id or row.activity_id,
        "metadata": row.metadata | {"effect": effect.said},
        "updated_at": ctx.now,
    }
    IncomingMail.update(**values, **more, version=IncomingMail.version + 1).where(
        IncomingMail.id == row.id
    ).execute()
    name = row.from_name or row.from_address
    payload = {"name": name, "kind": judged.kind.value, "contact_id": linked.contact_id, "subject": row.subject}  # fmt: skip
    ctx.record("gtm.mail.judged", row.id, payload)


def _stored(judged: Judged) -> dict[str, Any]:
    return verdict(judged).model_dump(mode="json")

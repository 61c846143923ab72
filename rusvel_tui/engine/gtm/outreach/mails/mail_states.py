"""The states of a mail in the ledger, and the boxes in which a person finds it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from peewee import SQL

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidState, NotFound
from rusvel_tui.engine.models import Mail
from rusvel_tui.engine.models.base import as_stored
from rusvel_tui.engine.models.kept import NEXT, change_state, kept
from rusvel_tui.engine.spelled import Spelled


class MailState(Spelled):
    """Where a mail stands between its plan and the recipient."""

    SCHEDULED = "Scheduled"
    DRAFTING = "Drafting"
    HELD = "Held"
    APPROVED = "Approved"
    SENDING = "Sending"
    COMMITTING = "Committing"
    SENT = "Sent"
    IN_DOUBT = "InDoubt"
    REJECTED = "Rejected"
    DEAD = "Dead"
    CANCELLED = "Cancelled"


class Box(Spelled):
    """What a mail needs from the person, as the tabs of the inbox."""

    WAITING = "waiting"
    NEEDS_DATA = "needs_data"
    CHANGED = "changed"
    QUEUED = "queued"
    HELD = "held"
    IN_DOUBT = "in_doubt"
    SENT = "sent"
    FAILED = "failed"


OPEN_BOXES = (Box.WAITING, Box.CHANGED, Box.NEEDS_DATA)
"""The boxes that wait for a verdict."""


def in_box(box: Box, now: datetime | None = None) -> Any:
    """The condition that a mail lies in that box; without a moment, as if nothing were snoozed."""
    held, asleep = Mail.state == "held", Mail.id == ""
    if now is not None:
        asleep = Mail.snoozed_until.is_null(False) & (Mail.snoozed_until > now)
        held = held & ~asleep
    sound = Mail.problems == as_stored([])
    blocked = Mail.blocked != ""
    return {
        Box.WAITING: held & sound & (Mail.changed_since == ""),
        Box.NEEDS_DATA: held & ~sound,
        Box.CHANGED: held & sound & (Mail.changed_since != ""),
        Box.QUEUED: Mail.state.in_(("sending", "committing"))
        | ((Mail.state == "approved") & ~blocked),
        Box.HELD: (Mail.state.in_(("approved", "scheduled")) & blocked)
        | ((Mail.state == "held") & asleep),
        Box.IN_DOUBT: Mail.state == "in_doubt",
        Box.SENT: Mail.state == "sent",
        Box.FAILED: Mail.state.in_(("rejected", "dead")),
    }[box]


def box_of(mail: Mail, now: datetime) -> Box | None:
    """The box of a mail; none for one that is planned or cancelled."""
    if mail.state == "held" and mail.snoozed_until is not None and mail.snoozed_until > now:
        return Box.HELD
    if mail.state == "held":
        return (
            Box.NEEDS_DATA if mail.problems else Box.CHANGED if mail.changed_since else Box.WAITING
        )
    if mail.blocked and mail.state in ("approved", "scheduled"):
        return Box.HELD
    return {
        "approved": Box.QUEUED,
        "sending": Box.QUEUED,
        "committing": Box.QUEUED,
        "in_doubt": Box.IN_DOUBT,
        "sent": Box.SENT,
        "rejected": Box.FAILED,
        "dead": Box.FAILED,
    }.get(mail.state)


SPOKEN = {
    MailState.SCHEDULED: "planned",
    MailState.DRAFTING: "being drafted",
    MailState.HELD: "waiting for a verdict",
    MailState.APPROVED: "approved",
    MailState.SENDING: "being sent",
    MailState.COMMITTING: "being sent",
    MailState.SENT: "sent",
    MailState.IN_DOUBT: "in doubt",
    MailState.REJECTED: "refused by the server",
    MailState.DEAD: "failed",
    MailState.CANCELLED: "cancelled",
}
"""What each state is called among people. `held` is a box for them: an approved mail that may not leave yet."""


def spoken_state(state: str) -> str:
    """What a state is called among people."""
    return SPOKEN[MailState(state)]


def require_held(mail: Mail, wanted: str) -> None:
    """Refuse a mail that waits for no verdict."""
    if mail.state != "held":
        hint = "Only a draft that waits for a verdict takes one."
        raise InvalidState("The mail", spoken_state(mail.state), wanted, hint)


def find_mail(ctx: Context, mail_id: str) -> Mail:
    """The ledger row of this session; raises `NotFound`."""
    found: Mail | None = Mail.get_or_none(
        (Mail.id == mail_id) & (Mail.session_id == ctx.session_id)
    )
    if found is None:
        raise NotFound(
            f"There is no mail {mail_id!r} in this session. `rusvel queue list` shows them."
        )
    return found


def has_step(of: Any, key: str, *, but: str = "") -> bool:
    """Whether that recipient, or the contact, has a mail of this sequence, run and step already; `of` names them."""
    return taker(of, key, but=but) is not None


def taker(of: Any, key: str, *, but: str = "") -> str | None:
    """The enrollment that has the place of that mail in the ledger; None while it is free.

    The place is one of the address, and one of the contact `of` names: who was merged had it under another address.
    """
    place = (of.sequence_id, of.run_no, of.step_key)
    found = (*_of_contact(of.contact_id), *_of_address(*place, key))
    taken = [who for who, mail_id, *at in found if tuple(at) == place and mail_id != but]
    return str(taken[0]) if taken else None


_PLACE = (Mail.enrollment_id, Mail.id, Mail.sequence_id, Mail.run_no, Mail.step_key)


@kept
def _of_contact(contact_id: Any) -> Any:
    """All of that person's: asked for with the step, SQLite would look through the step's instead."""
    return Mail.select(*_PLACE).where((Mail.contact_id == contact_id) & (Mail.state != "cancelled"))


@kept
def _of_address(sequence_id: Any, run_no: Any, step_key: Any, key: Any) -> Any:
    """The state is written out: only so the unique index of such places serves."""
    return Mail.select(*_PLACE).where(
        (Mail.sequence_id == sequence_id)
        & (Mail.run_no == run_no)
        & (Mail.step_key == step_key)
        & (Mail.recipient_key == key)
        & SQL('"t1"."state" <> \'cancelled\'')
    )


def move_mail(mail_id: str, before: tuple[str, ...], after: str, **values: Any) -> bool:
    """Change the state by compare-and-set; false when another was faster."""
    return bool(change_state(Mail, [mail_id], before, state=after, version=NEXT, **values))

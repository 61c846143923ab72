"""Which mails one key may approve: those without errors, and how many are left out for what reason."""

from __future__ import annotations

from collections import Counter

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.approvals.boxes import fitting
from rusvel_tui.engine.gtm.approvals.verdicts import Approve
from rusvel_tui.engine.gtm.approvals.window import condition
from rusvel_tui.engine.gtm.outreach.mails.mail_states import OPEN_BOXES, Box, box_of, in_box
from rusvel_tui.engine.models import Mail
from rusvel_tui.engine.models.base import among
from rusvel_tui.engine.operation import Input, View, operation

MOST = 1000
"""Mails that are approved at once at most; nobody has read more."""


class SortOut(Input):
    """Which mails are wanted: some by their ids, or all of a box that fit a filter."""

    ids: tuple[str, ...] = Field(default=(), max_length=MOST)
    box: Box = Box.WAITING
    filter: str = ""
    every: bool = False
    """Whether only the open box is meant, and not all that waits for a verdict."""


class Sorted(View):
    """What can be approved, each with the digest of what was listed, and what is left out."""

    ready: tuple[Approve, ...]
    left: dict[str, int]
    """How many are left out, by the reason: `3 with errors`."""
    recipients: tuple[str, ...]
    """To whom the ready ones go, the first hundred."""
    warned: int
    """How many of the ready ones have warnings."""


@operation("gtm.approvals.sort_out", permission="crm.approvals.read")
def sort_out(ctx: Context, cmd: SortOut) -> Sorted:
    """Find out which mails can be approved at once. Errors and changed drafts never are; warnings are counted."""
    left: Counter[str] = Counter()
    ready = []
    for mail in _wanted(ctx, cmd):
        why = _left_out(ctx, mail)
        if why:
            left[why] += 1
        else:
            ready.append(mail)
    return Sorted(
        ready=tuple(Approve(id=mail.id, digest=mail.digest) for mail in ready),
        left=dict(left),
        recipients=tuple(mail.to_name or mail.to_address for mail in ready[:100]),
        warned=sum(bool(mail.warnings) for mail in ready),
    )


def _wanted(ctx: Context, cmd: SortOut) -> list[Mail]:
    if cmd.ids:
        which = (Mail.session_id == ctx.session_id) & among(Mail.id, cmd.ids)
    elif cmd.box in OPEN_BOXES and not cmd.every:
        held = in_box(OPEN_BOXES[0], ctx.now)
        for box in OPEN_BOXES[1:]:
            held = held | in_box(box, ctx.now)
        which = (Mail.session_id == ctx.session_id) & held
        which = which & fitting(ctx, cmd.filter) if cmd.filter.strip() else which
    else:
        which = condition(ctx, cmd.box, cmd.filter)
    return list(Mail.select().where(which).order_by(Mail.created_at, Mail.id).limit(MOST))


def _left_out(ctx: Context, mail: Mail) -> str:
    """Why a mail is not approved with others; empty when it can be."""
    if mail.state != "held":
        return "that wait for no verdict"
    if mail.problems:
        return "with errors"
    if box_of(mail, ctx.now) is Box.HELD:
        return "snoozed"
    if mail.changed_since:
        return "changed since their yes"
    return ""

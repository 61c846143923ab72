"""When somebody of a company answers: what happens to the others of it who are in a sequence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.people.people import label
from rusvel_tui.engine.gtm.outreach.enrolling import lifecycle
from rusvel_tui.engine.gtm.outreach.enrolling.asking import ask_person
from rusvel_tui.engine.gtm.outreach.enrolling.ends import End
from rusvel_tui.engine.gtm.outreach.enrolling.enrol_rules import CompanyReply, rules_of
from rusvel_tui.engine.gtm.outreach.enrolling.places import Jotted, places_of
from rusvel_tui.engine.models import Contact, Enrollment, Sequence


@dataclass(slots=True)
class Reached:
    """Where the others stood before, and the tasks that were written down, for the way back."""

    places: list[dict[str, Any]] = field(default_factory=list)
    tasks: list[Jotted] = field(default_factory=list)


def reach_colleagues(ctx: Context, contact: Contact) -> Reached:
    """Stop, pause, or ask about the others of the company, as each sequence says."""
    reached = Reached()
    if contact.company_id is None:
        return reached
    rows = _colleagues(ctx, contact)
    rules = {
        sequence.id: rules_of(sequence).company_reply
        for sequence in Sequence.select().where(Sequence.id.in_({row.sequence_id for row in rows}))
    }
    asked = 0
    for row in rows:
        policy = rules[row.sequence_id]
        if policy is CompanyReply.IGNORE or (
            policy is not CompanyReply.STOP and row.status != "active"
        ):
            continue
        reached.places += places_of([row])
        asked += policy is CompanyReply.ASK
        _apply(ctx, row, policy, f"{label(contact)} answered")
    if asked:
        reached.tasks.append(_ask(ctx, contact, asked))
    return reached


def _colleagues(ctx: Context, contact: Contact) -> list[Enrollment]:
    query = (
        Enrollment.select()
        .join(Contact, on=(Contact.id == Enrollment.contact_id))
        .where(
            (Enrollment.session_id == ctx.session_id)
            & (Contact.company_id == contact.company_id)
            & (Contact.id != contact.id)
            & Enrollment.status.in_(lifecycle.RUNNING)
        )
    )
    return list(query.order_by(Enrollment.id))


def _apply(ctx: Context, row: Enrollment, policy: CompanyReply, why: str) -> None:
    if policy is CompanyReply.STOP:
        lifecycle.stop(ctx, row, End.COMPANY_REPLIED, why)
        return
    Enrollment.update(
        status="paused", note=why, version=Enrollment.version + 1, updated_at=ctx.now
    ).where(Enrollment.id == row.id).execute()


def _ask(ctx: Context, contact: Contact, count: int) -> Jotted:
    """A task for the person at the desk."""
    others = "a colleague" if count == 1 else f"{count} colleagues"
    where = f" of {contact.company}" if contact.company else ""
    subject = f"{label(contact)}{where} answered: {others} paused. Resume or end it for them."
    return ask_person(ctx, contact.id, subject)

"""Sequences when a merge is taken back: what it had cancelled goes on, unless somebody would get something twice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.crm.merging.merge_enrollments import RUNNING
from rusvel_tui.engine.gtm.crm.people.people import label
from rusvel_tui.engine.gtm.outreach.enrolling.lookups import sequence_names
from rusvel_tui.engine.models import Contact, Enrollment, Job, Mail
from rusvel_tui.engine.models.base import database, tuples
from rusvel_tui.engine.row_changes import Change

_MAILS = """
UPDATE mail SET contact_id = ? WHERE contact_id = ? AND enrollment_id IN (SELECT value FROM json_each(?))"""
_ACTIVITIES = """
UPDATE activity SET contact_id = ? WHERE contact_id = ? AND (
  deal_id IN (SELECT value FROM json_each(?)) OR job_id IN (
    SELECT id FROM mail WHERE enrollment_id IN (SELECT value FROM json_each(?)) UNION ALL
    SELECT job_id FROM enrollment WHERE id IN (SELECT value FROM json_each(?))))"""


def refuse_twice(changes: Sequence[Change]) -> None:
    """Raise `Conflict` when somebody would be in a sequence twice, or get a step twice."""
    back = _moved(changes)
    for one in Enrollment.select().where(Enrollment.id.in_(revived(changes, "enrollment"))):
        running = Enrollment.select().where(
            (Enrollment.sequence_id == one.sequence_id)
            & (Enrollment.contact_id == one.contact_id)
            & Enrollment.status.in_(RUNNING)
            & (Enrollment.id != one.id)
        )
        owner = back.get(one.id, one.contact_id)
        if any(back.get(other.id, other.contact_id) == owner for other in running):
            who = label(Contact.get_by_id(owner))
            where = sequence_names([one.sequence_id])[one.sequence_id]
            raise Conflict(f"{who} was enrolled in {where!r} since. End that enrollment first.")
    for mail in Mail.select().where(Mail.id.in_(revived(changes, "mail"))):
        if _address_had(mail):
            raise Conflict(
                f"{mail.to_address} got a step of a sequence since that would be sent once more."
            )


def wake(ctx: Context, changes: Sequence[Change]) -> None:
    """Work that goes on: an approved mail leaves after a new undo window at the earliest."""
    again = ctx.now + timedelta(seconds=ctx.policy.undo_seconds)
    approved = Mail.select(Mail.id).where(
        Mail.id.in_(revived(changes, "mail")) & (Mail.state == "approved")
    )
    Job.update(run_at=again).where(Job.id.in_(approved) & (Job.run_at < again)).execute()
    for table, model in (("mail", Mail), ("enrollment", Enrollment)):
        rows: Any = model.id.in_(revived(changes, table))
        model.update(version=model.version + 1, updated_at=ctx.now).where(rows).execute()


def give_back(changes: Sequence[Change], kept_id: str, gone_id: str) -> None:
    """What came since of an enrollment or a deal goes with it to its former owner."""
    listed = {
        table: json.dumps(
            [c.key[-1] for c in changes if c.table == table and c.key[-1] in _moved(changes)]
        )
        for table in ("enrollment", "deal")
    }
    ours = listed["enrollment"]
    database.execute_sql(_MAILS, (gone_id, kept_id, ours))
    database.execute_sql(_ACTIVITIES, (gone_id, kept_id, listed["deal"], ours, ours))


def record_going_on(ctx: Context, changes: Sequence[Change]) -> None:
    """Say in the log which enrollments go on."""
    going = Enrollment.select(Enrollment.id, Enrollment.contact_id, Enrollment.status)
    for enrollment_id, contact_id, status in tuples(
        going.where(Enrollment.id.in_(revived(changes, "enrollment")))
    ):
        name = label(Contact.get_by_id(contact_id))
        ctx.record("gtm.outreach.updated", enrollment_id, {"name": name, "status": status.title()})


def revived(changes: Sequence[Change], table: str) -> list[str]:
    """The rows that the merge had cancelled and that go on."""
    column = "status" if table == "enrollment" else "state"
    return [c.key[-1] for c in changes if c.table == table and column in (c.before or {})]


def _moved(changes: Sequence[Change]) -> dict[str, str]:
    """Whose the rows are again that the merge had moved, by their ids."""
    rows = ((change.key[-1], change.before or {}) for change in changes)
    return {key: before["contact_id"] for key, before in rows if "contact_id" in before}


def _address_had(mail: Mail) -> bool:
    """Whether the place of the mail in the ledger is taken by now, as its unique index sees it."""
    other = (
        (Mail.sequence_id == mail.sequence_id)
        & (Mail.run_no == mail.run_no)
        & (Mail.step_key == mail.step_key)
        & (Mail.recipient_key == mail.recipient_key)
        & (Mail.state != "cancelled")
        & (Mail.id != mail.id)
    )
    return bool(Mail.select(Mail.id).where(other).exists())

"""Enrollments of two contacts that are one person: nobody goes twice through a sequence, nobody gets a step again."""

from __future__ import annotations

from rusvel_tui.engine.models import Enrollment, Mail

RUNNING = ("active", "paused")
_WAY = (
    "cancelled", "scheduled", "drafting", "held", "approved", "sending", "rejected", "dead", "in_doubt", "committing",
    "sent",
)  # fmt: skip
"""The states of a mail by how near it is to the person."""
_GONE = ("committing", "in_doubt", "sent")
"""In these a mail has left, or nobody can tell that it has not."""


def doubled(kept_id: str, merged_id: str) -> list[Enrollment]:
    """The running enrollments that must end when the two become one person.

    Of two in the same sequence, the one further along stays. One also ends when the mail of its present step has
    left, or may have, to the other contact in the same run.
    """
    query = Enrollment.select().where(
        Enrollment.contact_id.in_((kept_id, merged_id)) & Enrollment.status.in_(RUNNING)
    )
    running = sorted(query, key=lambda one: (_progress(one), one.contact_id == kept_id, one.id))
    furthest = {one.sequence_id: one for one in running}
    return [
        one
        for one in running
        if one is not furthest[one.sequence_id] or _had(one, kept_id, merged_id)
    ]


def _progress(enrollment: Enrollment) -> tuple[int, int]:
    """How far an enrollment is: its step, and how near the mail of that step is to the person."""
    states = [mail.state for mail in _mails(enrollment)]
    return enrollment.position, max(map(_WAY.index, states), default=0)


def _mails(enrollment: Enrollment) -> list[Mail]:
    """The mails of the present step."""
    return list(
        Mail.select(Mail.id, Mail.state, Mail.step_key).where(
            (Mail.enrollment_id == enrollment.id) & (Mail.position == enrollment.position)
        )
    )


def _had(enrollment: Enrollment, *people: str) -> bool:
    """Whether the person has the mail of the present step as the other contact."""
    same = (
        (Mail.sequence_id == enrollment.sequence_id)
        & (Mail.run_no == enrollment.run_no)
        & Mail.step_key.in_([mail.step_key for mail in _mails(enrollment)])
        & Mail.contact_id.in_([one for one in people if one != enrollment.contact_id])
        & (Mail.state.in_(_GONE) | (Mail.settled_by != ""))
    )
    return bool(Mail.select(Mail.id).where(same).exists())

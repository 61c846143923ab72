"""Who may be enrolled: the rules of a sequence, and for each person the reason why not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from peewee import fn
from pydantic import ConfigDict, Field

from rusvel_tui.engine import clock
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.described import Described
from rusvel_tui.engine.gtm.outreach.enrolling.ends import End
from rusvel_tui.engine.gtm.outreach.enrolling.lookups import sequence_names
from rusvel_tui.engine.gtm.outreach.enrolling.recipients import Recipient, parts
from rusvel_tui.engine.models import Enrollment, Mail, Step
from rusvel_tui.engine.models import Sequence as SequenceRow
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.spelled import Spelled

RUNNING = ("active", "paused")


class CompanyReply(Spelled):
    """What happens to the others of a company when one of them answers."""

    ASK = "ask"
    PAUSE = "pause"
    STOP = "stop"
    IGNORE = "ignore"


class EnrolRules(Described):
    """Who may be enrolled again, and what a colleague's reply means. They hold for all versions."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    again: Literal["always", "after", "never"] = "always"
    """Whether somebody who went through may begin anew; `after` so many days."""
    again_after_days: int = Field(default=90, ge=1, le=3650)
    """For `after`: days since the last time ended."""
    one_at_a_time: bool = False
    """Whether people in another sequence are left out."""
    company_reply: CompanyReply = CompanyReply.ASK
    """`ask` pauses the colleagues and gives you a task, `pause` pauses them, `stop` ends it for them."""

    @property
    def stored(self) -> dict[str, Any]:
        """What differs from the defaults."""
        return self.model_dump(mode="json", exclude_defaults=True)


def rules_of(sequence: SequenceRow) -> EnrolRules:
    """The rules of a sequence."""
    return EnrolRules.model_validate(sequence.rules)


def refusals(
    ctx: Context,
    sequence: SequenceRow,
    steps: Sequence[Step],
    contact_ids: Sequence[str],
    reach: dict[str, Recipient],
) -> dict[str, str]:
    """For each person who may not be enrolled now, why not; a few queries for however many people.

    `reach` holds the address of everybody who has one that may be written to.
    """
    rules = rules_of(sequence)
    found: dict[str, str] = {}
    for why in (
        _in_it(sequence, contact_ids),
        _without_address(steps, contact_ids, reach),
        _was_in_it(ctx, sequence, rules, contact_ids),
        _elsewhere(ctx, sequence, rules, contact_ids),
        _had_first_step(sequence, steps, contact_ids, reach),
    ):
        found = why | found
    return found


def run_numbers(sequence_id: str, contact_ids: Sequence[str]) -> dict[str, int]:
    """The number of each person's next run through a sequence."""
    last = dict(_past(sequence_id, contact_ids, fn.MAX(Enrollment.run_no)))
    return {contact_id: last.get(contact_id, 0) + 1 for contact_id in contact_ids}


def _in_it(sequence: SequenceRow, ids: Sequence[str]) -> dict[str, str]:
    return {
        contact_id: f"is in {sequence.name!r} already ({status})"
        for contact_id, status in _running(Enrollment.sequence_id == sequence.id, ids)
    }


def _without_address(
    steps: Sequence[Step], ids: Sequence[str], reach: dict[str, Recipient]
) -> dict[str, str]:
    if not any(step.channel == "email" for step in steps):
        return {}
    why = "has no address that may be written to"
    return {contact_id: why for contact_id in ids if contact_id not in reach}


def _was_in_it(
    ctx: Context, sequence: SequenceRow, rules: EnrolRules, ids: Sequence[str]
) -> dict[str, str]:
    if rules.again == "always":
        return {}
    past = dict(
        _past(sequence.id, ids, fn.MAX(Enrollment.ended_at), Enrollment.reason != End.UNDONE.value)
    )
    if rules.again == "never":
        return {i: f"was in {sequence.name!r} before" for i, ended in past.items() if ended}
    free = ctx.now - timedelta(days=rules.again_after_days)
    return {
        contact_id: f"was in {sequence.name!r} less than {rules.again_after_days} days ago"
        for contact_id, ended in past.items()
        if ended and _moment(ended) > free
    }


def _elsewhere(
    ctx: Context, sequence: SequenceRow, rules: EnrolRules, ids: Sequence[str]
) -> dict[str, str]:
    if not rules.one_at_a_time:
        return {}
    rows = list(_running(Enrollment.sequence_id != sequence.id, ids, Enrollment.sequence_id))
    names = sequence_names(other for _, other in rows)
    return {contact_id: f"is in {names[other]!r} now" for contact_id, other in rows}


def _had_first_step(
    sequence: SequenceRow, steps: Sequence[Step], ids: Sequence[str], reach: dict[str, Recipient]
) -> dict[str, str]:
    """Whose address had the first mail of such a run already, as another contact."""
    if steps[0].channel != "email":
        return {}
    runs = run_numbers(sequence.id, ids)
    keys = sorted({reach[i].key for i in ids if i in reach})
    taken = {
        (key, run)
        for part in parts(keys)
        for key, run in tuples(
            Mail.select(Mail.recipient_key, Mail.run_no).where(
                (Mail.sequence_id == sequence.id)
                & (Mail.step_key == steps[0].key)
                & (Mail.state != "cancelled")
                & Mail.recipient_key.in_(part)
            )
        )
    }
    return {
        i: f"had step 1 of this sequence already, as another contact ({reach[i].key})"
        for i in ids
        if i in reach and (reach[i].key, runs[i]) in taken
    }


def _running(which: object, ids: Sequence[str], what: Any = Enrollment.status) -> Iterable[Any]:
    for part in parts(ids):
        query = Enrollment.select(Enrollment.contact_id, what).where(
            Enrollment.contact_id.in_(part) & Enrollment.status.in_(RUNNING) & which
        )
        yield from tuples(query)


def _past(sequence_id: str, ids: Sequence[str], what: Any, which: object = True) -> Iterable[Any]:
    for part in parts(ids):
        query = Enrollment.select(Enrollment.contact_id, what).where(
            (Enrollment.sequence_id == sequence_id) & Enrollment.contact_id.in_(part) & which
        )
        yield from tuples(query.group_by(Enrollment.contact_id))


def _moment(value: Any) -> datetime:
    return clock.moment(value) if isinstance(value, str) else value

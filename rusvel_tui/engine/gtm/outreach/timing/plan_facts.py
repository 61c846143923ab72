"""What the conditions and branches of the plan ask about: as it is today, for many people at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.outreach.enrolling.lookups import sequence_names
from rusvel_tui.engine.gtm.outreach.enrolling.recipients import recipients
from rusvel_tui.engine.gtm.outreach.mails.facts import sender_of
from rusvel_tui.engine.gtm.outreach.mails.fields import field_values
from rusvel_tui.engine.gtm.outreach.sequences.branches import PathStep
from rusvel_tui.engine.gtm.outreach.sequences.conditions import (
    CHOICES,
    CONTACT_FIELDS,
    FREE,
    StepFacts,
)
from rusvel_tui.engine.models import Contact, Deal, Enrollment, Mail
from rusvel_tui.engine.models.base import among, tuples

Paths = Mapping[str, Sequence[PathStep]]
"""The steps of each version as the evaluator of paths sees them, by the id of the version."""


def subjects_of(path: Iterable[PathStep]) -> set[str]:
    """What the conditions and branches of these steps name."""
    return {one.subject for step in path for one in (*step.when, *(b.when for b in step.branches))}


def plan_facts(ctx: Context, versions: Mapping[str, str], paths: Paths) -> dict[str, StepFacts]:
    """The facts of each enrollment whose version parts; `versions` names the version of each.

    A few queries for however many people, and none when nothing parts.
    """
    asking = {who: subjects_of(paths[version]) for who, version in versions.items()}
    asking = {who: subjects for who, subjects in asking.items() if subjects}
    if not asking:
        return {}
    rows = list(Enrollment.select().where(among(Enrollment.id, asking)))
    named = set().union(*asking.values())
    contacts = {row.id: row for row in _contacts(rows)}
    stages = _stages(rows) if "deal" in named else {}
    bounced = _bounced(asking) if "bounce" in named else set()
    fields = _fields(ctx, rows, contacts, frozenset(named - {*CHOICES, *FREE}))
    return {
        row.id: StepFacts(
            outcome=row.outcome,
            reply=row.reply,
            bounced=row.id in bounced,
            tags=frozenset(contacts[row.contact_id].tags),
            stages=frozenset(stages.get(row.deal_id or row.contact_id, ())),
            fields=fields.get(row.id, {}),
        )
        for row in rows
    }


def _contacts(rows: list[Enrollment]) -> list[Contact]:
    return list(Contact.select().where(among(Contact.id, {row.contact_id for row in rows})))


def _stages(rows: list[Enrollment]) -> dict[str, set[str]]:
    """The stage of each deal, and of all deals of each person, by the id of either."""
    who = {row.contact_id for row in rows}
    deals = {row.deal_id for row in rows if row.deal_id}
    query = Deal.select(Deal.id, Deal.contact_id, Deal.stage).where(
        Deal.deleted_at.is_null() & (among(Deal.contact_id, who) | among(Deal.id, deals))
    )
    found: defaultdict[str, set[str]] = defaultdict(set)
    for deal_id, contact_id, stage in tuples(query):
        found[deal_id].add(stage)
        found[contact_id].add(stage)
    return found


def _bounced(ids: Iterable[str]) -> set[str]:
    query = Mail.select(Mail.enrollment_id).where(
        among(Mail.enrollment_id, ids) & Mail.bounced_at.is_null(False)
    )
    return {who for (who,) in tuples(query)}


def _fields(
    ctx: Context, rows: list[Enrollment], contacts: Mapping[str, Contact], names: frozenset[str]
) -> dict[str, dict[str, Any]]:
    """The values of the named merge fields and of the columns that a condition may name."""
    if not names:
        return {}
    sender = sender_of(ctx)[:2]
    reach = recipients(ctx, contacts) if "email" in names else {}
    called = sequence_names({row.sequence_id for row in rows})
    found = {}
    for row in rows:
        person = contacts[row.contact_id]
        address = reach[person.id].address if person.id in reach else ""
        values = field_values(ctx, person, address, called[row.sequence_id], names, sender)
        own = {name: str(getattr(person, name) or "") for name in CONTACT_FIELDS}
        found[row.id] = values | own
    return found

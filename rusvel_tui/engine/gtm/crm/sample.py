"""A handful of invented people to try the desk with: added in one change, taken back by one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.crm.deals.deal_inputs import AddDeal
from rusvel_tui.engine.gtm.crm.deals.deals import add_deal
from rusvel_tui.engine.gtm.crm.people.choosing import ChosenContacts
from rusvel_tui.engine.gtm.crm.people.contact_deleting import delete_contacts
from rusvel_tui.engine.gtm.crm.people.contact_inputs import AddContact
from rusvel_tui.engine.gtm.crm.people.contacts import add_contact
from rusvel_tui.engine.gtm.crm.timeline.activity_inputs import AddTask
from rusvel_tui.engine.gtm.crm.timeline.tasks import add_task
from rusvel_tui.engine.gtm.outreach.enrolling.enrolling import ExecuteSequence, execute_sequence
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceStatus
from rusvel_tui.engine.gtm.outreach.sequences.sequences import (
    CreateSequence,
    SequenceId,
    activate_sequence,
    archive_sequence,
    create_sequence,
    get_sequence,
    pause_sequence,
)
from rusvel_tui.engine.models import Contact, Sequence
from rusvel_tui.engine.operation import Input, View, operation

TAG = "sample"
"""The tag of the invented people."""
NAME = "Sample: first hello"
"""The sequence that they go through."""
_PEOPLE: tuple[dict[str, Any], ...] = (
    {"name": "Mara Lindqvist", "company": "Kiln & Clay", "title": "Owner", "country": "SE"},
    {"name": "Tomás Rey", "company": "Rey Carpintería", "title": "Founder", "country": "ES"},
    {"name": "Aiko Hart", "company": "Hart Letterpress", "title": "Printer", "country": "GB"},
    {"name": "Jonas Weil", "company": "Weil Optik", "title": "Managing director", "country": "DE"},
    {"name": "Noor de Wit", "company": "De Wit Fietsen", "title": "Head of sales", "country": "NL"},
)
_STEPS: tuple[dict[str, Any], ...] = (
    {
        "delay_days": 0,
        "channel": "email",
        "subject": "A quick question about {{company}}",
        "template": "Hi {{first_name|there}},\n\nI help small workshops keep their orders in one place. "
        "How do you do that at {{company}} today?\n\nBest,\n{{sender_name|me}}",
    },
    {
        "delay_days": 4,
        "channel": "email",
        "template": "Hi {{first_name|there}},\n\nmay I show you in ten minutes what it would look like for "
        "{{company}}?\n\nBest,\n{{sender_name|me}}",
    },
)
_FIRST = 3
"""How many of them a first mail is drafted for."""


class Sample(View):
    """What was added."""

    contacts: int
    sequence_id: str
    enrolled: int


class RemoveSample(Input):
    """What was added."""

    contact_ids: tuple[str, ...]
    sequence_id: str


class SampleRemoved(View):
    """How many people are gone."""

    contacts: int


@operation("gtm.crm.add_sample", writes=True, permission="crm.contacts.manage")
def add_sample(ctx: Context, cmd: Input) -> Sample:
    """Add five invented people, a deal, a call and a sequence with first drafts; undo takes all of it back."""
    _refuse_twice(ctx)
    people = [ctx.call(add_contact, _person(one)) for one in _PEOPLE]
    made = ctx.call(
        create_sequence, CreateSequence.model_validate({"name": NAME, "steps": list(_STEPS)})
    )
    sequence = SequenceId(sequence_id=made.sequence_id)
    ctx.call(activate_sequence, sequence)
    for one in people[:_FIRST]:
        wanted = ExecuteSequence(sequence_id=made.sequence_id, contact_id=one.contact_id)
        ctx.call(execute_sequence, wanted)
    _work(ctx, people[_FIRST].contact_id, people[-1].contact_id)
    back = {
        "contact_ids": [one.contact_id for one in people],
        "sequence_id": made.sequence_id,
    }
    undo = Inverse("gtm.crm.remove_sample", back)
    ctx.record("gtm.contact.sampled", "", {"count": len(people)}, undo=undo)
    return Sample(contacts=len(people), sequence_id=made.sequence_id, enrolled=_FIRST)


@operation(
    "gtm.crm.remove_sample",
    writes=True,
    permission="crm.contacts.manage",
    internal=True,
)
def remove_sample(ctx: Context, cmd: RemoveSample) -> SampleRemoved:
    """Delete the invented people, and put their sequence away."""
    there = Contact.select(Contact.id).where(
        Contact.id.in_(cmd.contact_ids) & Contact.deleted_at.is_null()
    )
    ids = tuple(one.id for one in there)
    if ids:
        ctx.call(delete_contacts, ChosenContacts(contact_ids=ids))
    sequence = SequenceId(sequence_id=cmd.sequence_id)
    if ctx.call(get_sequence, sequence).status is SequenceStatus.ACTIVE:
        ctx.call(pause_sequence, sequence)
    if ctx.call(get_sequence, sequence).status is not SequenceStatus.ARCHIVED:
        ctx.call(archive_sequence, sequence)
    ctx.record("gtm.contact.unsampled", "", {"count": len(ids)})
    return SampleRemoved(contacts=len(ids))


def _refuse_twice(ctx: Context) -> None:
    there = Sequence.select().where(
        (Sequence.session_id == ctx.session_id)
        & (Sequence.name == NAME)
        & (Sequence.status != "archived")
    )
    if there.exists():
        raise Conflict(f"The sample people are here already. The filter tag:{TAG} shows them.")


def _person(one: dict[str, Any]) -> AddContact:
    first = one["name"].split()[0].lower().translate(str.maketrans("áí", "ai"))
    firm = "".join(c for c in one["company"].lower() if c.isascii() and c.isalpha())
    more = {"email": f"{first}@{firm}.example", "tags": [TAG], "source": TAG}
    return AddContact.model_validate(one | more)


def _work(ctx: Context, to_call: str, with_deal: str) -> None:
    """A call for today, and an open deal with its next step."""
    due = (ctx.now + timedelta(hours=1)).isoformat()
    call = {"contact_id": to_call, "kind": "call", "subject": "Ask how they plan their week", "due_at": due}  # fmt: skip
    ctx.call(add_task, AddTask.model_validate(call))
    deal = {"contact_id": with_deal, "title": "Order board", "value": "1800", "currency": ctx.session.currency}  # fmt: skip
    ctx.call(add_deal, AddDeal.model_validate(deal))

"""What is missing before mails can be written, grouped by field: the list that is worked off in one go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import Field

from rusvel_tui.engine import templates
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.outreach.mails.fields import field_values
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box, in_box
from rusvel_tui.engine.gtm.outreach.sequences.steps import STEP_KINDS, StepType
from rusvel_tui.engine.models import Contact, ContactEmail, Enrollment, Mail, Sequence, Step
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import Input, View, operation

ADDRESS = "email"
"""The field that a contact without an address lacks."""


class MissingDataQuery(Input):
    """Whose data; all sequences when none is named."""

    sequence_id: str = ""
    limit: int = Field(default=1000, ge=1, le=10_000)
    """How many people in sequences are looked at, those with waiting drafts first."""


class MissingFor(View):
    """One person who lacks the field, and where it would be used."""

    contact_id: str
    name: str
    company: str
    sequence: str
    mail_id: str | None
    """The draft that waits for it; None when it is not written yet."""


class MissingField(View):
    """One merge field with everybody who lacks it."""

    field: str
    people: tuple[MissingFor, ...]


class MissingData(View):
    """All missing fields, the one that stops most people first."""

    fields: tuple[MissingField, ...]
    looked_at: int
    more: bool
    """Whether there are people who were not looked at."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Somebody at a point of a sequence."""

    contact_id: str
    version_id: str
    position: int
    sequence: str
    mail_id: str | None


@operation("gtm.outreach.missing_data", permission="crm.sequences.read")
def missing_data(ctx: Context, cmd: MissingDataQuery) -> MissingData:
    """List the merge fields without a value that stop mails of running sequences, with the people who lack them."""
    places = [*_drafts(ctx, cmd), *_enrolled(ctx, cmd)]
    seen = places[: cmd.limit]
    found: dict[str, dict[str, MissingFor]] = defaultdict(dict)
    for name, person in _missing(ctx, seen):
        found[name].setdefault(person.contact_id, person)
    fields = (
        MissingField(field=name, people=tuple(people.values())) for name, people in found.items()
    )
    ordered = sorted(fields, key=lambda field: (-len(field.people), field.field))
    return MissingData(fields=tuple(ordered), looked_at=len(seen), more=len(places) > cmd.limit)


def _drafts(ctx: Context, cmd: MissingDataQuery) -> Iterator[_Place]:
    """Drafts that cannot be approved for want of data."""
    query = (
        Mail.select(Mail.contact_id, Mail.version_id, Mail.position, Sequence.name, Mail.id)
        .join(Sequence, on=(Sequence.id == Mail.sequence_id))
        .where((Mail.session_id == ctx.session_id) & in_box(Box.NEEDS_DATA))
    )
    if cmd.sequence_id:
        query = query.where(Mail.sequence_id == cmd.sequence_id)
    for row in tuples(query.order_by(Mail.id).limit(cmd.limit + 1)):
        yield _Place(*row)


def _enrolled(ctx: Context, cmd: MissingDataQuery) -> Iterator[_Place]:
    """People on their way, who will need data for the mails before them."""
    query = (
        Enrollment.select(
            Enrollment.contact_id, Enrollment.version_id, Enrollment.position, Sequence.name
        )
        .join(Sequence, on=(Sequence.id == Enrollment.sequence_id))
        .where((Enrollment.session_id == ctx.session_id) & (Enrollment.status == "active"))
    )
    if cmd.sequence_id:
        query = query.where(Enrollment.sequence_id == cmd.sequence_id)
    rows = tuples(query.order_by(Enrollment.id).limit(cmd.limit + 1))
    for contact_id, version_id, position, sequence in rows:
        yield _Place(contact_id, version_id, position, sequence, None)


def _missing(ctx: Context, places: Iterable[_Place]) -> Iterator[tuple[str, MissingFor]]:
    """Field and person, for every field that a mail before that person lacks."""
    places = list(places)
    texts = _mail_texts({place.version_id for place in places})
    contacts, addresses = _people({place.contact_id for place in places})
    for place in places:
        contact = contacts.get(place.contact_id)
        if contact is None:
            continue
        address = addresses.get(contact.id, "")
        ahead = [text for at, text in texts[place.version_id] if at >= place.position]
        person = MissingFor(
            contact_id=contact.id,
            name=contact.name or contact.company or address,
            company=contact.company,
            sequence=place.sequence,
            mail_id=place.mail_id,
        )
        for name in _lacking(ctx, contact, address, place.sequence, ahead):
            yield name, person


def _lacking(
    ctx: Context, contact: Contact, address: str, sequence: str, texts: Iterable[templates.Template]
) -> dict[str, None]:
    """The fields without a value and without a fallback in these texts, each once."""
    texts = list(texts)
    wanted = frozenset(name for text in texts for name in text.fields)
    values = field_values(ctx, contact, address, sequence, wanted)
    lacking = {} if address or not texts else {ADDRESS: None}
    for text in texts:
        lacking |= dict.fromkeys(templates.render(text, values).missing)
    return lacking


def _mail_texts(version_ids: Iterable[str]) -> dict[str, list[tuple[int, templates.Template]]]:
    """The texts of the mail steps of each version, with their positions."""
    mail = [kind.key for kind in StepType if STEP_KINDS[kind].mail]
    query = (
        Step.select(Step.version_id, Step.position, Step.subject, Step.body)
        .where(Step.version_id.in_(list(version_ids)) & Step.type.in_(mail))
        .order_by(Step.version_id, Step.position)
    )
    found: dict[str, list[tuple[int, templates.Template]]] = defaultdict(list)
    for version_id, position, subject, body in tuples(query):
        found[version_id].append((position, templates.parse(f"{subject}\n{body}")))
    return found


def _people(ids: Iterable[str]) -> tuple[dict[str, Contact], dict[str, str]]:
    """The living contacts by id, and the first address of each that has one."""
    wanted = list(ids)
    living = Contact.select().where(Contact.id.in_(wanted) & Contact.deleted_at.is_null())
    addresses = (
        ContactEmail.select(ContactEmail.contact_id, ContactEmail.address)
        .where(ContactEmail.contact_id.in_(wanted) & ContactEmail.deleted_at.is_null())
        .order_by(ContactEmail.position.desc())
    )
    return {contact.id: contact for contact in living}, dict(tuples(addresses))

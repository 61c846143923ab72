"""Two contacts side by side: what differs, what is proposed, and what a merge would move and end."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.merging.combining import (
    CUSTOM,
    FIELDS,
    ORDERED,
    Choice,
    choices_of,
    custom_fields,
    proposed,
    value_of,
)
from rusvel_tui.engine.gtm.crm.merging.looks import ContactLook, looks
from rusvel_tui.engine.gtm.crm.merging.merge_enrollments import doubled
from rusvel_tui.engine.gtm.crm.merging.merging import count_moves, pair
from rusvel_tui.engine.gtm.crm.merging.traits import Evidence, evidence, load_traits, score
from rusvel_tui.engine.gtm.outreach.enrolling.lookups import sequence_names
from rusvel_tui.engine.models import Contact
from rusvel_tui.engine.operation import Input, View, operation


class CompareContacts(Input):
    """Which two contacts, and which of them would stay."""

    keep_id: str
    merge_id: str


class FieldChoice(View):
    """One field of both contacts, as text, with what can be chosen and what is proposed."""

    field: str
    """Its name in `choices` of `merge_contacts`."""
    label: str
    kept: str
    merged: str
    same: bool
    choices: tuple[Choice, ...]
    proposed: Choice


class Comparison(View):
    """Two contacts side by side."""

    keep: ContactLook
    merge: ContactLook
    fields: tuple[FieldChoice, ...]
    reasons: tuple[Evidence, ...]
    score: int
    moves: dict[str, int]
    """How many rows the contact that goes would give away, by kind."""
    ends: tuple[str, ...]
    """The sequences in which an enrollment would end, because nobody goes through one twice."""
    better_kept: str
    """The contact that should rather stay: the one with more on it, else the older one."""


@operation("gtm.crm.compare_contacts", permission="crm.contacts.read")
def compare_contacts(ctx: Context, cmd: CompareContacts) -> Comparison:
    """Show two contacts side by side, with a proposal for each field."""
    kept, gone = pair(ctx, cmd.keep_id, cmd.merge_id)
    seen = looks((kept.id, gone.id))
    traits = load_traits((kept.id, gone.id))
    why = evidence(traits[kept.id], traits[gone.id])
    names = sequence_names(one.sequence_id for one in doubled(kept.id, gone.id))
    return Comparison(
        keep=seen[kept.id],
        merge=seen[gone.id],
        fields=_fields(kept, gone, seen),
        reasons=why,
        score=score(why),
        moves=count_moves(gone.id),
        ends=tuple(sorted(names.values())),
        better_kept=max((kept, gone), key=lambda one: (_weight(one), one is kept)).id,
    )


def _fields(kept: Contact, gone: Contact, seen: dict[str, ContactLook]) -> tuple[FieldChoice, ...]:
    found = []
    for field in (*FIELDS, *ORDERED, *custom_fields(kept, gone)):
        mine, other = (_value(one, field, seen) for one in (kept, gone))
        found.append(
            FieldChoice(
                field=field,
                label=FIELDS[field].label if field in FIELDS else field.removeprefix(CUSTOM),
                kept=_text(mine),
                merged=_text(other),
                same=mine == other,
                choices=choices_of(field),
                proposed=proposed(kept, gone, field),
            )
        )
    return tuple(found)


def _value(contact: Contact, field: str, seen: dict[str, ContactLook]) -> Any:
    if field in ORDERED:
        return getattr(seen[contact.id], field)
    return value_of(contact, field)


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _weight(contact: Contact) -> int:
    """How much hangs on a contact: what was done with it counts more than what is written on it."""
    filled = sum(bool(value_of(contact, field)) for field in FIELDS)
    return 10 * sum(count_moves(contact.id).values()) + filled + len(contact.fields)

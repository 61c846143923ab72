"""Reads how a person can be reached beside mail."""

from __future__ import annotations

from rusvel_tui.engine.gtm.outreach.sequences.channels import Reach
from rusvel_tui.engine.models import Contact, ContactPhone
from rusvel_tui.engine.text import fold


def reach_of(contact: Contact) -> Reach:
    """The first phone in E.164, the profile, the links, and the custom fields of a contact. One query."""
    phones = ContactPhone.select().where(ContactPhone.contact_id == contact.id)
    numbers = [row.e164 for row in phones.order_by(ContactPhone.position) if row.e164]
    return Reach(
        phone=numbers[0] if numbers else "",
        profile=contact.profile,
        links=tuple(contact.links),
        fields={fold(name).replace(" ", "_"): str(text) for name, text in contact.fields.items()},
    )

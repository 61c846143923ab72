"""Mend a contact's odd first name in one step, and have the drafts that use it written anew."""

from __future__ import annotations

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.people.contact_inputs import UpdateContact
from rusvel_tui.engine.gtm.crm.people.contacts import update_contact
from rusvel_tui.engine.gtm.crm.people.people import find_contact
from rusvel_tui.engine.gtm.outreach.mails.rewriting import redraft_mail
from rusvel_tui.engine.lint.names import first_name_doubt
from rusvel_tui.engine.models import Mail
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import Input, View, operation


class MendName(Input):
    """Whose name."""

    contact_id: str


class NameMended(View):
    """What the first name was and is, and how many drafts are written anew."""

    contact_id: str
    before: str
    after: str
    redrafted: int


@operation("gtm.outreach.mend_name", writes=True, permission="crm.contacts.manage")
def mend_name(ctx: Context, cmd: MendName) -> NameMended:
    """Give a contact the better first name that the warning on a draft proposes."""
    contact = find_contact(ctx, cmd.contact_id)
    before = contact.first_name
    doubt = first_name_doubt(before, contact.company)
    if doubt is None or doubt.proposed is None:
        raise InvalidInput(
            f"There is no better first name for {before or 'this person'!r} to be found. Edit the contact.",
            field="first_name",
        )
    change = UpdateContact(contact_id=contact.id, first_name=doubt.proposed)
    ctx.call(update_contact, change)
    # A draft that a person edited stays as it is: their words are not thrown away.
    held = Mail.select(Mail.id).where(
        (Mail.contact_id == contact.id)
        & (Mail.state == "held")
        & Mail.edited_at.is_null()
        & (Mail.body.contains(before) | Mail.subject.contains(before))
    )
    redrafted = sum(redraft_mail(ctx, mail_id) for (mail_id,) in tuples(held))
    return NameMended(
        contact_id=contact.id, before=before, after=doubt.proposed, redrafted=redrafted
    )

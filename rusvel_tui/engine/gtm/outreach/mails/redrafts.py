"""Drafts follow the data: one that lacked something is written anew when its contact changes."""

from __future__ import annotations

from collections.abc import Iterable

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box, in_box
from rusvel_tui.engine.models import Mail
from rusvel_tui.engine.models.base import among, tuples


def redraft_for_contact(ctx: Context, contact_id: str) -> int:
    """Send the contact's drafts that need data back to the drafter; how many."""
    return redraft_for_contacts(ctx, [contact_id])


def redraft_for_contacts(ctx: Context, contact_ids: Iterable[str]) -> int:
    """The same for many contacts at once; how many drafts."""
    from rusvel_tui.engine.gtm.outreach.mails.rewriting import redraft_mail

    written = (Mail.source_kind == "") & Mail.edited_at.is_null()
    held = Mail.select(Mail.id).where(
        among(Mail.contact_id, contact_ids) & in_box(Box.NEEDS_DATA) & written
    )
    return sum(redraft_mail(ctx, mail_id) for (mail_id,) in tuples(held))

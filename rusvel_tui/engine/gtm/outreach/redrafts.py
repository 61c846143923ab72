"""Drafts follow the data: one that lacked something is written anew when its contact changes."""

from __future__ import annotations

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.outreach.mail_states import Box, in_box
from rusvel_tui.engine.models import Mail
from rusvel_tui.engine.models.base import tuples


def redraft_for_contact(ctx: Context, contact_id: str) -> int:
    """Send the contact's drafts that need data back to the drafter; how many."""
    from rusvel_tui.engine.gtm.outreach.drafting import redraft_mail

    held = Mail.select(Mail.id).where(
        (Mail.contact_id == contact_id) & in_box(Box.NEEDS_DATA) & Mail.edited_at.is_null()
    )
    return sum(redraft_mail(ctx, mail_id) for (mail_id,) in tuples(held))

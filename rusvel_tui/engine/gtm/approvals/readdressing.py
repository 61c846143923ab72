"""Drafts that were written before their sender changed take the sender as it is now, and are looked at again."""

from __future__ import annotations

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.outreach.mails.mail_states import find_mail
from rusvel_tui.engine.gtm.senders.keeping import refresh_drafts
from rusvel_tui.engine.models import Mail
from rusvel_tui.engine.operation import Input, View, operation


class Readdress(Input):
    """Which draft; all that wait when left out."""

    id: str | None = None


class Readdressed(View):
    """How many drafts changed."""

    count: int


@operation("gtm.approvals.readdress", writes=True, permission="crm.approvals.manage")
def readdress(ctx: Context, cmd: Readdress) -> Readdressed:
    """Put the present sender on drafts that wait: its name, address, Reply-To and footer. The text stays."""
    which = Mail.session_id == ctx.session_id
    if cmd.id is not None:
        which = which & (Mail.id == find_mail(ctx, cmd.id).id)
    count = refresh_drafts(ctx, which)
    if count:
        ctx.record("gtm.outreach.readdressed", cmd.id or "", {"count": count})
    return Readdressed(count=count)

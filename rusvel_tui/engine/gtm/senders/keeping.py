"""Changing a sender, and the drafts that carry it: what waits for a yes shows the sender as it is now."""

from __future__ import annotations

from typing import Any

from peewee import IntegrityError

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.outreach.mails.envelope import put_sender, signed
from rusvel_tui.engine.gtm.senders.identity import identity_of, key_of, writes_as
from rusvel_tui.engine.models import Mail, Sender


def change_sender(ctx: Context, row: Sender, **values: Any) -> None:
    """Store new values, and put them on the drafts that wait; approved mails stay as they were read.

    A mail whose sender address is another by then comes back to the inbox when its turn comes.
    """
    if "address" in values:
        values["key"] = key_of(values["address"])
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.updated_at = ctx.now
    store(row)
    refresh_drafts(ctx, writes_as(row))


def store(row: Sender, *, new: bool = False) -> None:
    """Write the row; an address that another sender has is a conflict."""
    try:
        row.save(force_insert=new)
    except IntegrityError:
        text = f"There is a sender {row.address} already. `gtm.senders.list` shows it."
        raise Conflict(text) from None


def refresh_drafts(ctx: Context, which: Any) -> int:
    """Put the present sender on held drafts; how many changed by that."""
    changed = 0
    for mail in Mail.select().where(which & (Mail.state == "held") & (Mail.drafted_by != "")):
        identity = identity_of(ctx, mail)
        if identity.difference(mail):
            put_sender(mail, identity)
            Mail.update(version=Mail.version + 1, updated_at=ctx.now, **signed(mail)).where(
                (Mail.id == mail.id) & (Mail.state == "held")
            ).execute()
            changed += 1
    return changed

"""Every text that a draft had: what was written for it, what a person made of it, and what was written anew."""

from __future__ import annotations

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models import DraftVersion, Mail
from rusvel_tui.engine.models.base import tuples

PERSON = "person"
"""The author of a text that somebody edited."""


def keep_draft(
    ctx: Context, mail: Mail, author: str, *, instruction: str = "", notes: tuple[str, ...] = ()
) -> int:
    """Keep the text of a draft as its next version, unless it says what the last one says; the number it has."""
    number, subject, body = last_draft(mail.id)
    if number and (subject, body) == (mail.subject, mail.body):
        return number
    DraftVersion.insert(
        id=ctx.new_id(),
        mail_id=mail.id,
        number=number + 1,
        subject=mail.subject,
        body=mail.body,
        author=author,
        instruction=instruction,
        notes=list(notes),
        created_at=ctx.now,
    ).execute()
    return number + 1


def last_draft(mail_id: str) -> tuple[int, str, str]:
    """Number, subject and body of the newest version; zero when there is none."""
    query = DraftVersion.select(DraftVersion.number, DraftVersion.subject, DraftVersion.body)
    newest = tuples(
        query.where(DraftVersion.mail_id == mail_id).order_by(DraftVersion.number.desc()).limit(1)
    )
    return newest[0] if newest else (0, "", "")

"""Every text that a draft had: what was written for it, what a person made of it, and what was written anew."""

from __future__ import annotations

from collections.abc import Sequence

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.models import DraftVersion, Mail
from rusvel_tui.engine.models.base import tuples

PERSON = "person"
"""The author of a text that somebody edited."""


def keep_draft(
    ctx: Context, mail: Mail, author: str, *, instruction: str = "", notes: Sequence[str] = ()
) -> int:
    """Keep the text of a draft as its next version, unless it says what the last one says; the number it has."""
    number, subject, body = _last(mail.id)
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


def versions_of(mail_id: str) -> list[DraftVersion]:
    """All texts of a draft, oldest first."""
    query = DraftVersion.select().where(DraftVersion.mail_id == mail_id)
    return list(query.order_by(DraftVersion.number))


def version_of(mail_id: str, number: int) -> DraftVersion:
    """One text of a draft; raises `NotFound`."""
    found: DraftVersion | None = DraftVersion.get_or_none(
        (DraftVersion.mail_id == mail_id) & (DraftVersion.number == number)
    )
    if found is None:
        raise NotFound(f"This draft has no version {number}.")
    return found


def shown_number(mail: Mail, versions: Sequence[DraftVersion]) -> int:
    """The newest version with the text that stands on the mail; 0 when none has it."""
    text = (mail.subject, mail.body)
    return max((row.number for row in versions if (row.subject, row.body) == text), default=0)


def _last(mail_id: str) -> tuple[int, str, str]:
    query = DraftVersion.select(DraftVersion.number, DraftVersion.subject, DraftVersion.body)
    newest = tuples(
        query.where(DraftVersion.mail_id == mail_id).order_by(DraftVersion.number.desc()).limit(1)
    )
    return newest[0] if newest else (0, "", "")

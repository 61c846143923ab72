"""A mail as the rules of the lint read it."""

from __future__ import annotations

from collections.abc import Iterator

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.outreach.mails.compose import check_header_text
from rusvel_tui.engine.gtm.senders.identity import identity_of
from rusvel_tui.engine.lint import Letter, lint
from rusvel_tui.engine.lint.rules import ERROR
from rusvel_tui.engine.models import Contact, Mail


def letter_of(ctx: Context, mail: Mail) -> Letter:
    """The mail as it stands, with the person it goes to and what its sender puts below."""
    contact = Contact.find(mail.contact_id) if mail.contact_id else None
    return Letter(
        subject=mail.subject,
        body=mail.body,
        footer=mail.footer,
        to_name=mail.to_name,
        first_name=contact.first_name if contact else "",
        company=contact.company if contact else "",
        from_name=mail.from_name,
        postal_address=identity_of(ctx, mail).postal_address,
        attachments=tuple(name for name, _ in mail.attachments),
        cold=not mail.source_kind,
        answers=bool(mail.in_reply_to),
        edited=mail.edited_at is not None,
    )


def remarks(ctx: Context, mail: Mail) -> tuple[list[str], list[str]]:
    """What blocks the text of a mail, and what is only doubtful about it, one sentence each."""
    found = lint(letter_of(ctx, mail))
    errors = [finding.text for finding in found if finding.level == ERROR]
    warnings = [finding.text for finding in found if finding.level != ERROR]
    return [*_header_faults(mail), *errors], warnings


def _header_faults(mail: Mail) -> Iterator[str]:
    """What cannot stand in a header line."""
    named = (("subject", mail.subject), ("to name", mail.to_name), ("from name", mail.from_name))
    for field, value in named:
        try:
            check_header_text(value, field)
        except InvalidInput as error:
            yield str(error)

"""A link that opens one's own mail program at a person, with the text filled in (RFC 6068)."""

from __future__ import annotations

from urllib.parse import quote

from rusvel_tui.engine import templates
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.people.people import find_contact, label
from rusvel_tui.engine.gtm.outreach.mails.facts import primary_email
from rusvel_tui.engine.gtm.outreach.mails.fields import field_values, known_fields
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import one_line, sanitize

LONGEST = 6000
"""Characters of a link; programs cut longer ones. The body is left out then, to be pasted."""


class MailLinkFor(Input):
    """Whom to write to, and what; merge fields are filled in."""

    contact_id: str
    subject: str = ""
    body: str = ""


class MailLink(View):
    """The link, and the text as it would be."""

    link: str
    subject: str
    body: str
    missing: tuple[str, ...]
    """Fields without a value; their tags still stand in the text."""


@operation("gtm.outreach.mail_link", permission="crm.sequences.read")
def mail_link(ctx: Context, cmd: MailLinkFor) -> MailLink:
    """Make a mailto link for a contact with merge fields filled in; nothing is sent or stored."""
    contact = find_contact(ctx, cmd.contact_id)
    email = primary_email(ctx, contact.id)
    if email is None:
        raise InvalidInput(f"{label(contact)} has no address that may be written to.")
    known = known_fields(ctx)
    texts = [templates.check(text, known) for text in (cmd.subject, cmd.body)]
    wanted = frozenset(name for text in texts for name in text.fields)
    values = field_values(ctx, contact, email.address, "", wanted)
    subject, body = (templates.render(text, values) for text in texts)
    return MailLink(
        link=_link(email.address, one_line(subject.text), sanitize(body.text)),
        subject=one_line(subject.text),
        body=sanitize(body.text),
        missing=tuple(dict.fromkeys((*subject.missing, *body.missing))),
    )


def _link(address: str, subject: str, body: str) -> str:
    """The address and two header fields, all percent-encoded; lines end with CRLF (RFC 6068 §5)."""
    parts = {"subject": subject, "body": body.replace("\n", "\r\n")}
    link = _joined(address, parts)
    return link if len(link) <= LONGEST else _joined(address, {"subject": subject})


def _joined(address: str, parts: dict[str, str]) -> str:
    query = "&".join(f"{name}={quote(text, safe='')}" for name, text in parts.items() if text)
    return f"mailto:{quote(address, safe='@')}{f'?{query}' if query else ''}"

"""To and From of a mail, the digest that a yes is tied to, and the exact bytes that leave."""

from __future__ import annotations

from rusvel_tui.engine.addresses import parse_address
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.approvals.files import file_bytes
from rusvel_tui.engine.gtm.approvals.sources import source_kind
from rusvel_tui.engine.gtm.outreach.mails import compose
from rusvel_tui.engine.gtm.outreach.mails.facts import closed, primary_email
from rusvel_tui.engine.gtm.outreach.mails.mail_states import has_step
from rusvel_tui.engine.gtm.outreach.mails.parts import File
from rusvel_tui.engine.gtm.senders.identity import Identity, identity_of
from rusvel_tui.engine.models import Contact, Mail

NO_ADDRESS = "the contact has no address that may be written to"


def address_mail(ctx: Context, mail: Mail) -> list[str]:
    """Put the present To and From on the mail; what keeps it from being addressed."""
    put_sender(mail, identity_of(ctx, mail))
    if mail.source_kind:
        return source_problems(mail)
    contact = Contact.get_by_id(mail.contact_id)
    email = primary_email(ctx, contact.id)
    mail.to_name = contact.name
    mail.to_address = email.address if email else ""
    if email is None:
        return [NO_ADDRESS]
    if has_step(mail, email.key, but=mail.id):
        return [f"{email.address} had this step already, as another contact"]
    mail.recipient_key = email.key
    return []


def address_problems(mail: Mail) -> list[str]:
    """What is wrong with the To of a mail as it stands, whoever put it there."""
    if mail.source_kind:
        return source_problems(mail)
    if not mail.to_address:
        return [NO_ADDRESS]
    key = parse_address(mail.to_address).key
    if key != mail.recipient_key or has_step(mail, key, but=mail.id):
        return [f"{mail.to_address} had this step already, as another contact"]
    return []


def source_problems(mail: Mail) -> list[str]:
    """What is wrong with the To of a mail that no sequence asked for."""
    if not mail.to_address:
        return ["it has no address to go to"]
    why = closed(mail)
    return [f"{mail.to_address} must not be written to: {why}"] if why else []


def put_sender(mail: Mail, identity: Identity) -> None:
    """Write the mail as that sender."""
    mail.from_name, mail.from_address = identity.name, identity.address
    mail.reply_to, mail.footer, mail.html = identity.reply_to, identity.footer, int(identity.html)


def addressed(mail: Mail) -> dict[str, object]:
    """The columns of To and From, with the digest that covers them."""
    names = ("to_name", "to_address", "recipient_key")
    return {name: getattr(mail, name) for name in names} | signed(mail)


def signed(mail: Mail) -> dict[str, object]:
    """The columns of the sender, with the digest that covers them."""
    names = ("from_name", "from_address", "reply_to", "footer", "html")
    return {name: getattr(mail, name) for name in names} | {"digest": mail_digest(mail)}


def mail_digest(mail: Mail) -> str:
    """What a yes is tied to: sender, recipient, subject, body, footer, attachments and earliest time."""
    return compose.digest(
        mail.to_name,
        mail.to_address,
        mail.from_name,
        mail.from_address,
        mail.subject,
        mail.body,
        tuple((name, digest) for name, digest in mail.attachments),
        reply_to=mail.reply_to,
        footer=mail.footer,
        html=bool(mail.html),
        not_before=mail.not_before,
    )


def build_raw(ctx: Context, mail: Mail) -> bytes:
    """The exact bytes that leave; built once, at the first try, and kept."""
    identity = identity_of(ctx, mail)
    text = compose.MailText(
        message_id=mail.message_id,
        from_name=mail.from_name,
        from_address=mail.from_address,
        to_name=mail.to_name,
        to_address=mail.to_address,
        subject=mail.subject,
        body=mail.body,
        in_reply_to=mail.in_reply_to,
        references=tuple(mail.references),
        reply_to=mail.reply_to,
        footer=mail.footer,
        html=bool(mail.html),
        files=tuple(File(name, file_bytes(mail.session_id, sha)) for name, sha in mail.attachments),
        token=mail.id,
        unsubscribe_url=identity.unsubscribe_url,
        owed=bool(mail.source_kind) and source_kind(mail.source_kind).owed,
    )
    return compose.compose(text, date=ctx.now, zone=ctx.zone)

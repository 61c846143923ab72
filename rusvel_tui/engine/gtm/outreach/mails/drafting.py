"""Pass one of a mail: the draft that is held for a yes, with what is wrong about it."""

from __future__ import annotations

from rusvel_tui.engine import jobs
from rusvel_tui.engine.addresses import parse_address
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.approvals.files import file_bytes
from rusvel_tui.engine.gtm.approvals.sources import source_kind
from rusvel_tui.engine.gtm.outreach.mails import compose
from rusvel_tui.engine.gtm.outreach.mails.brief import sent_before
from rusvel_tui.engine.gtm.outreach.mails.draft_versions import keep_draft
from rusvel_tui.engine.gtm.outreach.mails.facts import closed, primary_email
from rusvel_tui.engine.gtm.outreach.mails.letters import remarks
from rusvel_tui.engine.gtm.outreach.mails.mail_states import (
    has_step,
    move_mail,
)
from rusvel_tui.engine.gtm.outreach.mails.parts import File
from rusvel_tui.engine.gtm.senders.identity import Identity, identity_of
from rusvel_tui.engine.models import Contact, Job, Mail
from rusvel_tui.engine.operation import View, operation
from rusvel_tui.engine.ports import Draft
from rusvel_tui.engine.text import one_line, sanitize


class HoldDraft(jobs.Held):
    """A draft, from the worker that holds the job."""

    subject: str
    body: str
    drafted_by: str
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    facts: tuple[dict[str, str], ...] = ()
    """The facts that the drafter used, each as `text` and `source`."""


class DraftHeld(View):
    """Whether the draft could be stored."""

    held: bool


NO_ADDRESS = "the contact has no address that may be written to"


@operation("gtm.outreach.hold_draft", writes=True, permission="jobs.work", internal=True)
def hold_draft(ctx: Context, cmd: HoldDraft) -> DraftHeld:
    """Store a draft and hold it for a yes; nothing is stored when somebody else has the job by now."""
    from rusvel_tui.engine.gtm.approvals.rules import approve_by_rule

    job = Job.get_or_none(jobs.holds(cmd))
    mail = Mail.get_or_none((Mail.id == cmd.job_id) & (Mail.state == "drafting"))
    if job is None or mail is None:
        return DraftHeld(held=False)
    draft = Draft(cmd.subject, cmd.body, cmd.drafted_by, cmd.problems, cmd.notes)
    values = _draft_values(ctx, mail, draft)
    wish = mail.metadata.get("wish", "")
    kept = {key: value for key, value in mail.metadata.items() if key != "wish"}
    values["metadata"] = kept | {"facts": list(cmd.facts)}
    move_mail(mail.id, ("drafting",), "held", **values)
    keep_draft(ctx, mail, cmd.drafted_by, instruction=wish, notes=cmd.notes)
    jobs.hold_for_approval(job.id)
    payload = {
        "contact_id": mail.contact_id,
        "subject": values["subject"],
        "name": mail.to_name,
        "by": cmd.drafted_by,
    }
    ctx.record("gtm.outreach.drafted", mail.id, payload)
    approve_by_rule(ctx, Mail.get_by_id(mail.id))
    return DraftHeld(held=True)


def _draft_values(ctx: Context, mail: Mail, draft: Draft) -> dict[str, object]:
    """The columns of a held draft: its text, whom it is for, its thread, and what is wrong with it."""
    address = address_mail(ctx, mail)
    mail.subject, mail.body = one_line(draft.subject), sanitize(draft.body).strip()
    past = sent_before(mail)
    mail.edited_at, mail.in_reply_to = None, past[-1].message_id if past else ""
    errors, warnings = remarks(ctx, mail)
    # A tag that could not be filled is named once, by the drafter.
    problems = [*address, *(draft.problems or errors)]
    return {
        **addressed(mail),
        "subject": mail.subject,
        "body": mail.body,
        "first_subject": mail.subject,
        "first_body": mail.body,
        "problems": list(dict.fromkeys(problems)),
        "warnings": [*draft.notes, *warnings],
        "drafted_by": draft.drafted_by,
        "drafted_at": ctx.now,
        "edited_at": None,
        "approved_digest": None,
        "blocked": "",
        "changed_since": "",
        "error": "",
        "in_reply_to": mail.in_reply_to,
        "references": [m.message_id for m in past],
        "updated_at": ctx.now,
    }


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

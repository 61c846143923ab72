"""Looking closer before the yes: the exact bytes, a copy to oneself, and why this person gets this mail now."""

from __future__ import annotations

from datetime import datetime

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, NotConfigured
from rusvel_tui.engine.gtm.approvals.boxes import ApprovalId, ApprovalView, view
from rusvel_tui.engine.gtm.approvals.proposals import AttachedFile, ProposeMail, propose_mail
from rusvel_tui.engine.gtm.approvals.verdicts import say_yes
from rusvel_tui.engine.gtm.outreach.mails.envelope import build_raw
from rusvel_tui.engine.gtm.outreach.mails.mail_states import find_mail
from rusvel_tui.engine.gtm.outreach.timing.explain import Explain, Explanation, explain
from rusvel_tui.engine.gtm.senders.identity import identity_of
from rusvel_tui.engine.models import Enrollment, Event, Mail
from rusvel_tui.engine.operation import View, operation


class RawMail(View):
    """A mail as mail servers see it."""

    text: str
    """Headers and body; bytes that are no UTF-8 are shown as such."""
    size: int
    """Bytes."""
    final: bool
    """Whether these are the bytes that left, or will; else the date and what depends on it still change."""


class FactUsed(View):
    """A fact that the text rests on, and where it is written."""

    text: str
    source: str


class Because(View):
    """Why this person gets this mail, now, in these words."""

    person: tuple[str, ...]
    """How the person came to it: enrolled when, by whom; or who asked for the mail."""
    words: tuple[str, ...]
    """How the text came about."""
    facts: tuple[FactUsed, ...]
    """What the drafter says the text rests on."""
    now: Explanation
    """Every gate, and the moment at which it may leave."""


@operation("gtm.approvals.raw", permission="crm.approvals.read")
def show_raw(ctx: Context, cmd: ApprovalId) -> RawMail:
    """Show the exact message: all headers and the encoded body; of a mail that did not leave, as it would be now."""
    mail = find_mail(ctx, cmd.id)
    raw = bytes(mail.raw) if mail.raw is not None else build_raw(ctx, mail)
    text = raw.decode("utf-8", "backslashreplace").replace("\r\n", "\n")
    return RawMail(text=text, size=len(raw), final=mail.raw is not None)


@operation(
    "gtm.approvals.send_test", writes=True, permission="crm.approvals.manage", human_only=True
)
def send_test(ctx: Context, cmd: ApprovalId) -> ApprovalView:
    """Send a mail as it stands to its own sender, at once: the same text, marked as a test in the subject."""
    ctx.require_human("send a test")
    mail = find_mail(ctx, cmd.id)
    identity = identity_of(ctx, mail)
    if not identity.address:
        raise NotConfigured("There is no sender address to send a test to. Set RUSVEL_SMTP_FROM.")
    copy = ctx.call(
        propose_mail,
        ProposeMail(
            source_kind="test",
            source_id=mail.id,
            occasion=ctx.new_id(),
            to=identity.address,
            to_name=identity.name,
            subject=f"[test] {mail.subject}",
            body="\n\n".join(filter(None, (mail.body, mail.footer))),
            attachments=tuple(
                AttachedFile(name=name, sha256=sha) for name, sha in mail.attachments
            ),
            drafted_by=mail.drafted_by,
        ),
    )
    made = find_mail(ctx, copy.id)
    if not made.subject or not made.body:
        raise Conflict("There is no text to test yet.")
    say_yes(ctx, made, approved_by=ctx.actor.name)
    jobs.move(made.id, ("queued",), "queued", run_at=ctx.now, metadata={})
    return view(ctx, find_mail(ctx, made.id))


@operation("gtm.approvals.why", permission="crm.approvals.read")
def show_why(ctx: Context, cmd: ApprovalId) -> Because:
    """Say why this person, why now, which gates, and which facts the text rests on."""
    mail = find_mail(ctx, cmd.id)
    return Because(
        person=tuple(_person(ctx, mail)),
        words=tuple(_words(mail)),
        facts=tuple(FactUsed.model_validate(fact) for fact in mail.metadata.get("facts", ())),
        now=ctx.call(explain, Explain(id=mail.id)),
    )


def _person(ctx: Context, mail: Mail) -> list[str]:
    if mail.source_kind:
        asked = f"{mail.approved_by or mail.drafted_by} asked for it {_day(ctx, mail.created_at)}."
        return [asked, *([mail.note] if mail.note else [])]
    row = Enrollment.get_by_id(mail.enrollment_id)
    event = Event.get_or_none(
        (Event.kind == "gtm.outreach.enrolled") & (Event.subject_id == row.id)
    )
    by = f" by {event.actor}" if event else ""
    said = [f"Enrolled {_day(ctx, row.created_at)}{by}."]
    if mail.first_touch:
        said.append("It is the first mail to them in this sequence.")
    if row.replied_at is not None:
        said.append(f"They answered {_day(ctx, row.replied_at)}.")
    return said


def _words(mail: Mail) -> list[str]:
    said = [f"Written by {mail.drafted_by}."] if mail.drafted_by else []
    if mail.variant:
        said.append(f"Variant {mail.variant} of the step.")
    if mail.edited_at is not None:
        said.append("Edited by hand since.")
    return said


def _day(ctx: Context, moment: datetime) -> str:
    return f"{moment.astimezone(ctx.zone):%a %d %b %Y %H:%M}"

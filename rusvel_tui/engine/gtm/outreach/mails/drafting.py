"""Pass one of a mail: the draft that is held for a yes, with what is wrong about it."""

from __future__ import annotations

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.approvals.rules import approve_by_rule
from rusvel_tui.engine.gtm.outreach.mails.brief import sent_before
from rusvel_tui.engine.gtm.outreach.mails.draft_versions import keep_draft
from rusvel_tui.engine.gtm.outreach.mails.envelope import address_mail, addressed
from rusvel_tui.engine.gtm.outreach.mails.letters import remarks
from rusvel_tui.engine.gtm.outreach.mails.mail_states import move_mail
from rusvel_tui.engine.models import Job, Mail
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


@operation("gtm.outreach.hold_draft", writes=True, permission="jobs.work", internal=True)
def hold_draft(ctx: Context, cmd: HoldDraft) -> DraftHeld:
    """Store a draft and hold it for a yes; nothing is stored when somebody else has the job by now."""
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

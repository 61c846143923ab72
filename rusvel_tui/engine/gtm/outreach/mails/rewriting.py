"""Another text for a draft: written anew with an instruction, or one that it had before."""

from __future__ import annotations

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict, InvalidState
from rusvel_tui.engine.gtm.outreach.mails.draft_versions import (
    PERSON,
    keep_draft,
    version_of,
)
from rusvel_tui.engine.gtm.outreach.mails.envelope import address_problems, mail_digest
from rusvel_tui.engine.gtm.outreach.mails.letters import remarks
from rusvel_tui.engine.gtm.outreach.mails.mail_states import find_mail, move_mail, spoken_state
from rusvel_tui.engine.models import Mail
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import one_line

WISH = "wish"
"""Where the metadata of a mail holds what the drafter is asked to change."""


class Redraft(Input):
    """Which draft is written anew."""

    id: str
    instruction: str = ""
    """What shall be different: `shorter, mention the talk in Oslo`."""


class RedraftQueued(View):
    """The job that writes it."""

    job_id: str


@operation("gtm.outreach.redraft", writes=True, permission="crm.sequences.manage")
def redraft(ctx: Context, cmd: Redraft) -> RedraftQueued:
    """Have a draft written anew from the contact's present data, with an instruction; the old text is kept."""
    mail = find_mail(ctx, cmd.id)
    if mail.source_kind:
        raise Conflict("No drafter wrote this mail: edit it, or reject it.")
    if not redraft_mail(ctx, mail.id, cmd.instruction, undoable=True):
        raise InvalidState(
            "The mail",
            spoken_state(mail.state),
            "drafted anew",
            "Only a draft that waits for a verdict is written anew.",
        )
    return RedraftQueued(job_id=cmd.id)


def redraft_mail(
    ctx: Context, mail_id: str, instruction: str = "", *, undoable: bool = False
) -> bool:
    """Send a held mail back to the drafter; false when it is not held.

    As a change of its own it can be taken back; where it follows from another change, that one is what is taken back.
    """
    mail = Mail.get_by_id(mail_id)
    number = send_back(ctx, mail, one_line(instruction))
    if not number:
        return False
    undo = Inverse("gtm.approvals.use_version", {"id": mail.id, "number": number})
    payload = {"name": mail.to_name, "subject": mail.subject, "instruction": one_line(instruction)}
    ctx.record("gtm.outreach.redraft", mail_id, payload, undo=undo if undoable else None)
    return True


def send_back(ctx: Context, mail: Mail, instruction: str = "") -> int:
    """Let the drafter have a held mail again; the number under which its text is kept, 0 when it is not held."""
    values: dict[str, object] = {"digest": None, "approved_digest": None, "problems": []}
    wish = mail.metadata | {WISH: instruction} if instruction else mail.metadata
    if not move_mail(mail.id, ("held",), "scheduled", metadata=wish, updated_at=ctx.now, **values):
        return 0
    jobs.release(mail.id, ctx.now)
    return keep_draft(ctx, mail, PERSON if mail.edited_at else mail.drafted_by)


def put_version(ctx: Context, mail: Mail, number: int) -> None:
    """Hold the mail with one of the texts that it had; raises `InvalidState` when it waits for no verdict."""
    version = version_of(mail.id, number)
    mail.subject, mail.body = version.subject, version.body
    mail.edited_at = version.created_at if version.author == PERSON else None
    moved = move_mail(
        mail.id,
        ("held", "scheduled", "drafting"),
        "held",
        **text_values(ctx, mail),
        edited_at=mail.edited_at,
        blocked="",
        error="",
    )
    if not moved:
        raise InvalidState("The mail", spoken_state(mail.state), "edited", "It has its verdict.")
    jobs.hold_for_approval(mail.id)


def text_values(ctx: Context, mail: Mail) -> dict[str, object]:
    """The columns that follow from another subject and body of a mail."""
    errors, warnings = remarks(ctx, mail)
    return {
        "subject": mail.subject,
        "body": mail.body,
        "digest": mail_digest(mail),
        "problems": [*errors, *address_problems(mail)],
        "warnings": warnings,
        "updated_at": ctx.now,
    }

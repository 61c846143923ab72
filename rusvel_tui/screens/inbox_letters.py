"""A mail of the ledger as the letter that the inbox shows."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from rusvel_tui.engine.gtm.approvals.boxes import ApprovalDetail, ApprovalView
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.screens.moments import when
from rusvel_tui.widgets.mail_view import Letter

STATES = {
    Box.WAITING: ("waits for your yes", "accent"),
    Box.NEEDS_DATA: ("cannot leave like this", "bad"),
    Box.CHANGED: ("changed: needs a new yes", "warn"),
    Box.QUEUED: ("approved", "good"),
    Box.HELD: ("approved, but held", "warn"),
    Box.IN_DOUBT: ("in doubt: it may have arrived", "bad"),
    Box.SENT: ("sent", "good"),
    Box.FAILED: ("failed", "bad"),
}
"""Each box in words, with its tone."""


def letter_of(mail: ApprovalView, zone: ZoneInfo, detail: ApprovalDetail | None = None) -> Letter:
    """Everything that a person must see before they say yes; the thread comes with the detail."""
    words, tone = STATES.get(mail.box, ("", "muted")) if mail.box else (mail.state.value, "muted")
    return Letter(
        to=_mailbox(mail.to_name, mail.to),
        sender=_mailbox(mail.from_name, mail.from_),
        subject=mail.subject,
        body=mail.body,
        step=f"step {mail.step} of {mail.steps}",
        sequence=mail.sequence,
        state=f"{words}{_moment(mail, zone)}",
        state_tone=tone,
        facts=tuple(_facts(mail, zone, detail)),
        problems=mail.problems,
        warnings=(*_reasons(mail, detail), *mail.warnings),
        thread=_thread(detail, zone),
    )


def _mailbox(name: str, address: str) -> str:
    return f"{name} <{address}>" if name and address else address or name


def _moment(mail: ApprovalView, zone: ZoneInfo) -> str:
    if mail.box is Box.SENT and mail.sent_at is not None:
        return f" {when(mail.sent_at, zone)}"
    if mail.box is Box.QUEUED:
        return f", leaves {when(mail.run_at, zone)}"
    return ""


def _facts(
    mail: ApprovalView, zone: ZoneInfo, detail: ApprovalDetail | None
) -> list[tuple[str, str]]:
    facts = []
    if mail.company:
        facts.append(("Company", mail.company))
    if mail.drafted_by:
        edited = ", edited by you" if mail.edited else ""
        facts.append(("Drafted", f"by {mail.drafted_by}{edited}"))
    if mail.approved_at is not None and mail.approved_by:
        facts.append(("Approved", f"{when(mail.approved_at, zone)} by {mail.approved_by}"))
    if detail is not None and detail.reply:
        facts.append(("Server", detail.reply))
    return facts


def _reasons(mail: ApprovalView, detail: ApprovalDetail | None = None) -> tuple[str, ...]:
    """Why it is where it is, and what would keep it from leaving after a yes."""
    here = [text for text in (mail.changed_since, mail.blocked, mail.error) if text]
    if detail is not None and mail.box in (Box.WAITING, Box.CHANGED):
        here += [f"would be held: {why}" for why in detail.why if why not in here]
    return tuple(here)


def _thread(detail: ApprovalDetail | None, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    if detail is None:
        return ()
    return tuple(
        (f"{when(mail.sent_at, zone)} you wrote: {mail.subject}", mail.body) for mail in detail.past
    )

"""A mail of the ledger as the letter that the inbox shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from rusvel_tui.engine import clock
from rusvel_tui.engine.gtm.approvals.boxes import ApprovalView
from rusvel_tui.engine.gtm.approvals.detail import ApprovalDetail, AttachedView
from rusvel_tui.engine.gtm.outreach.mails.mail_states import SPOKEN, Box
from rusvel_tui.screens.shared.moments import when
from rusvel_tui.widgets.mail_view import Letter

STATES = {
    Box.WAITING: ("waits for your yes", "accent"),
    Box.NEEDS_DATA: ("cannot leave like this", "bad"),
    Box.CHANGED: ("changed: needs a new yes", "warn"),
    Box.QUEUED: ("approved", "good"),
    Box.HELD: ("held: it does not go on now", "warn"),
    Box.IN_DOUBT: ("in doubt: it may have arrived", "bad"),
    Box.SENT: ("sent", "good"),
    Box.FAILED: ("failed", "bad"),
}
"""Each box in words, with its tone."""
OPEN = (Box.WAITING, Box.CHANGED, Box.NEEDS_DATA)


def letter_of(
    mail: ApprovalView, now: datetime, zone: ZoneInfo, detail: ApprovalDetail | None = None
) -> Letter:
    """Everything that a person must see before they say yes; the thread comes with the detail."""
    words, tone = STATES.get(mail.box, ("", "muted")) if mail.box else (SPOKEN[mail.state], "muted")
    return Letter(
        to=_mailbox(mail.to_name, mail.to),
        sender=_mailbox(mail.from_name, mail.from_),
        subject=mail.subject,
        body=mail.body,
        footer=mail.footer,
        step=f"step {mail.step} of {mail.steps}" if mail.steps else _occasion(mail),
        sequence=mail.sequence or mail.source,
        about="Sequence" if mail.sequence else "Kind",
        state=f"{words}{_moment(mail, zone)}",
        state_tone=tone,
        facts=tuple(_facts(mail, now, zone, detail)),
        note=mail.note,
        problems=mail.problems,
        warnings=(*_reasons(mail, zone, detail), *mail.warnings),
        thread=_thread(detail, zone),
    )


def _occasion(mail: ApprovalView) -> str:
    """Which of several mails about the same thing, where that is a word: `reminder 2`."""
    return mail.occasion if mail.occasion[:1].isalpha() and mail.source_kind != "test" else ""


def slot(moment: datetime, zone: ZoneInfo, theirs: str, name: str) -> str:
    """A moment on both clocks: `Tue 21 Jan 09:30 · 17:30 for Ada (Asia/Tokyo)`; once when they show the same."""
    here = when(moment, zone)
    if not theirs or not clock.is_zone(theirs):
        return here
    there = moment.astimezone(ZoneInfo(theirs))
    local = moment.astimezone(zone)
    if there.replace(tzinfo=None) == local.replace(tzinfo=None):
        return here
    shown = f"{there:%H:%M}" if there.date() == local.date() else f"{there:%a %d %b %H:%M}"
    return f"{here} · {shown} for {name} ({theirs})"


def _mailbox(name: str, address: str) -> str:
    return f"{name} <{address}>" if name and address else address or name


def _moment(mail: ApprovalView, zone: ZoneInfo) -> str:
    if mail.box is Box.SENT and mail.sent_at is not None:
        return f" {when(mail.sent_at, zone)}"
    if mail.box is Box.QUEUED:
        return f", leaves {when(mail.run_at, zone)}"
    if mail.box is Box.HELD and mail.state == "Held" and mail.snoozed_until is not None:
        return f", snoozed until {when(mail.snoozed_until, zone)}"
    return ""


def _facts(
    mail: ApprovalView, now: datetime, zone: ZoneInfo, detail: ApprovalDetail | None
) -> Iterator[tuple[str, str]]:
    """More labels with their values; what is empty is left out."""
    known = dict(_known(mail, now, zone, detail)) if detail is not None else {}
    files = ", ".join(mail.attachments)
    told = (
        ("Reply-To", mail.reply_to),
        ("Files", known.get("Files", files)),
        ("Slot", known.get("Slot", "")),
        ("Deal", known.get("Deal", "")),
        ("Company", mail.company),
        ("Drafted", _drafted(mail, detail)),
        ("Approved", _approved(mail, zone)),
        ("Server", known.get("Server", "")),
    )
    return (fact for fact in told if fact[1])


def _known(
    mail: ApprovalView, now: datetime, zone: ZoneInfo, detail: ApprovalDetail
) -> Iterator[tuple[str, str]]:
    yield "Files", ", ".join(map(_file, detail.files))
    if mail.box in (*OPEN, Box.QUEUED):
        yield "Slot", _slot(mail, detail, now, zone)
    yield "Deal", detail.deal
    yield "Server", detail.reply


def _file(file: AttachedView) -> str:
    size = f"{max(1, file.size // 1024)} KB" if file.size >= 0 else "its bytes are gone"
    return f"{file.name} ({size})"


def _approved(mail: ApprovalView, zone: ZoneInfo) -> str:
    if mail.approved_at is None or not mail.approved_by:
        return ""
    by = f"rule {mail.approved_rule}" if mail.approved_rule else mail.approved_by
    return f"{when(mail.approved_at, zone)} by {by}"


def _slot(mail: ApprovalView, detail: ApprovalDetail, now: datetime, zone: ZoneInfo) -> str:
    moment = mail.run_at if mail.box is Box.QUEUED else detail.next_time or mail.not_before
    if moment is None or moment <= now:
        return "as soon as your yes is firm"
    return slot(moment, zone, detail.their_zone, mail.contact)


def _drafted(mail: ApprovalView, detail: ApprovalDetail | None) -> str:
    if not mail.drafted_by:
        return ""
    edited = ", edited by you" if mail.edited else ""
    many = detail is not None and detail.drafts > 1
    which = f" · text {detail.draft} of {detail.drafts}" if many and detail is not None else ""
    return f"by {mail.drafted_by}{edited}{which}"


def _reasons(
    mail: ApprovalView, zone: ZoneInfo, detail: ApprovalDetail | None = None
) -> tuple[str, ...]:
    """Why it is where it is, and what would keep it from leaving after a yes."""
    here = [text for text in (mail.changed_since, mail.blocked, mail.error) if text]
    if detail is not None and detail.unfinished:
        here.append("an edit of it is not finished: e goes on with it")
    if detail is not None and mail.box in (Box.WAITING, Box.CHANGED):
        here += [f"would be held: {why}" for why in detail.why if why not in here]
    return tuple(here)


def _thread(detail: ApprovalDetail | None, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    if detail is None:
        return ()
    return tuple(
        (f"{when(mail.sent_at, zone)} {mail.sender or 'you'} wrote: {mail.subject}", mail.body)
        for mail in detail.past
    )

"""The judgement itself: own mail, bounce, complaint, opt-out, automatic answer, human, unknown, in this order.

Pure: the bytes, our own addresses and the mails that we sent decide, nothing else does. When in doubt
between a person and a machine, it is a person.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from rusvel_tui.engine.gtm.mail.classifying.automatic import automatic
from rusvel_tui.engine.gtm.mail.classifying.codes import is_dead
from rusvel_tui.engine.gtm.mail.classifying.date_words import MONTH_FIRST
from rusvel_tui.engine.gtm.mail.classifying.opt_outs import asks_for_no_more
from rusvel_tui.engine.gtm.mail.classifying.reports import (
    Recipient,
    Report,
    read_report,
    status_of,
)
from rusvel_tui.engine.gtm.mail.classifying.return_dates import return_day
from rusvel_tui.engine.gtm.mail.classifying.verdict import Judged, MailKind, Originals, Own
from rusvel_tui.engine.gtm.mail.reading.content import Content, read_content
from rusvel_tui.engine.gtm.mail.reading.message import Parsed, message_ids

VERSION = 1
"""Grows with every change of a verdict: stored mails are judged anew then."""
_UNKNOWN = Judged(MailKind.UNKNOWN)


def classify(mail: Parsed, originals: Originals, own: Own) -> Judged:
    """What a mail is. Every question may answer; the first answer counts."""
    said = read_content(mail)
    return (
        _own(mail, said, originals, own)
        or _bounce(mail, said, originals)
        or _complaint(mail, originals)
        or _receipt(mail)
        or _by_words(mail, said, originals)
    )


def thread_of(mail: Parsed, originals: Originals) -> str:
    """The mail of ours that the headers name: the first in In-Reply-To, else the last in References (RFC 5322 §3.6.4)."""
    for value in mail.all("in-reply-to"):
        for found in message_ids(value):
            if known := originals.known(found):
                return known
    references = [found for value in mail.all("references") for found in message_ids(value)]
    return next((known for one in reversed(references) if (known := originals.known(one))), "")


def _own(mail: Parsed, said: Content, originals: Originals, own: Own) -> Judged | None:
    ids = [found for value in mail.all("message-id") for found in message_ids(value)]
    domain = said.sender.rpartition("@")[2]
    if said.sender in own.addresses:
        why = f"From is our address {said.sender}"
    elif any(originals.known(found) for found in ids):
        why = "its Message-ID is one of ours"
    elif domain in own.domains and not said.is_robot:
        why = f"From is in our domain {domain}"
    else:
        return None
    return Judged(MailKind.OWN, thread_of(mail, originals), evidence=(why,))


def _bounce(mail: Parsed, said: Content, originals: Originals) -> Judged | None:
    report = read_report(mail, said.sender, said.sender_name)
    if report is None:
        return None
    headers = [
        f for name in ("in-reply-to", "references") for v in mail.all(name) for f in message_ids(v)
    ]
    for found in (*report.attached_ids, *headers):
        known = originals.known(found)
        if known and (matched := _failed(report, originals.recipients[known])):
            return _judged_bounce(report, known, originals.recipients[known], *matched)
    why = "a report that names none of our mails with its recipient is not believed"
    return replace(_UNKNOWN, evidence=(why,))


def _failed(report: Report, address: str) -> tuple[Recipient | None, str] | None:
    """What the report says of that address; none when it does not name it."""
    key = address.lower()
    for recipient in report.recipients:
        if key in recipient.addresses:
            return recipient, f"the report names {key}"
    if key in report.named:
        return next(iter(report.recipients), None), f"the notice names {key}"
    return None


def _judged_bounce(
    report: Report, known: str, address: str, recipient: Recipient | None, why: str
) -> Judged:
    action = recipient.action if recipient else ("delayed" if report.delayed else "failed")
    if action in ("delivered", "relayed", "expanded"):
        return replace(_UNKNOWN, evidence=(f"the report says {action}",))
    action = "delayed" if action == "delayed" else "failed"
    status = status_of(recipient, report)
    words = f"{recipient.diagnostic if recipient else ''}\n{report.notice}"
    dead = action == "failed" and is_dead(status, words)
    return Judged(
        MailKind.BOUNCE_HARD if dead else MailKind.BOUNCE_SOFT,
        known,
        bounced=address,
        status=status,
        action=action,
        suppress=(address.lower(),) if dead else (),
        evidence=(why, f"action {action}", f"status {status or 'not told'}"),
    )


def _complaint(mail: Parsed, originals: Originals) -> Judged | None:
    """A feedback report (RFC 5965): the reader of the attached mail pressed the spam button."""
    reports = [part.text for part in mail.parts if part.kind == "message/feedback-report"]
    if mail.report_type != "feedback-report" and not reports:
        return None
    kind = next((line.partition(":")[2].strip().lower() for text in reports for line in text.split("\n")
                 if line.lower().startswith("feedback-type:")), "abuse")  # fmt: skip
    attached = [
        f
        for headers in mail.carried
        for name, v in headers
        if name == "message-id"
        for f in message_ids(v)
    ]
    known = next((one for f in attached if (one := originals.known(f))), "") or thread_of(
        mail, originals
    )
    if not known or kind in ("not-spam", "auth-failure", "dmarc"):
        return replace(_UNKNOWN, evidence=(f"a feedback report ({kind}) on none of our mails",))
    return Judged(
        MailKind.OPT_OUT, known, suppress=(originals.recipients[known].lower(),), detail="complaint",
        evidence=(f"a feedback report: {kind}",),
    )  # fmt: skip


def _receipt(mail: Parsed) -> Judged | None:
    """A disposition notification (RFC 8098) is neither an answer nor a bounce."""
    kinds = {part.kind for part in mail.parts}
    if (
        mail.report_type == "disposition-notification"
        or "message/disposition-notification" in kinds
    ):
        return replace(_UNKNOWN, evidence=("a read receipt",))
    return None


def _by_words(mail: Parsed, said: Content, originals: Originals) -> Judged:
    thread = thread_of(mail, originals)
    is_list = mail.has("list-unsubscribe") or any(
        value.strip().lower() in ("bulk", "list", "junk") for value in mail.all("precedence")
    )
    stray = is_list and not thread
    if not stray and (asked := asks_for_no_more(said.own.text, mail.header("subject"))):
        return Judged(
            MailKind.OPT_OUT, thread, suppress=_objecting(said, thread, originals),
            evidence=(f"asks for no more mail: {asked[:120]!r}",),
        )  # fmt: skip
    if why := automatic(mail, said.sender, said.own):
        return Judged(MailKind.AUTO_REPLY, thread, resume=_resume(mail, said), evidence=(why,))
    if stray:
        return replace(_UNKNOWN, evidence=("list mail that answers nothing of ours",))
    if thread or said.sender in originals.written_to:
        why = f"answers {thread}" if thread else f"from {said.sender}, whom we wrote to"
        detail = "calendar" if said.answers_invitation else ""
        return Judged(MailKind.HUMAN, thread, detail=detail, evidence=(why,))
    return replace(_UNKNOWN, evidence=("answers nothing of ours, from nobody whom we wrote to",))


def _objecting(said: Content, thread: str, originals: Originals) -> tuple[str, ...]:
    """The address that it came from, and the one that we had written to."""
    wrote_to = originals.recipients.get(thread, "").lower()
    return tuple(dict.fromkeys(address for address in (said.sender, wrote_to) if address))


def _resume(mail: Parsed, said: Content) -> date | None:
    if mail.date is None:
        return None
    languages = mail.header("content-language") or mail.header("accept-language")
    offset = mail.date.utcoffset()
    hours = offset.total_seconds() / 3600 if offset is not None else None
    first = _is_month_first(languages, hours)
    text = f"{said.own.text}\n\n{mail.header('subject')}"
    return return_day(text, mail.date.date(), month_first=first)


def _is_month_first(languages: str, hours: float | None) -> bool:
    """Whether `10/12` is a day in October: by the languages that a mail names, else by its time zone west of the Atlantic."""
    tags = [tag.strip().lower() for tag in re.split(r"[,;]", languages)]
    named = next((tag for tag in tags if "-" in tag), "")
    if named:
        return named in MONTH_FIRST
    return hours is not None and -10 <= hours <= -4 and (not tags[0] or tags[0] == "en")

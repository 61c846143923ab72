"""`c m`: a mail of one's own, which waits in the inbox like all others."""

from __future__ import annotations

from functools import partial
from typing import Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.approvals.boxes import ApprovalView
from rusvel_tui.engine.gtm.approvals.proposals import ProposeMail, propose_mail
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.subjects import Subject, ask_subject
from rusvel_tui.widgets.form import Field


async def new_mail(page: Page[Any]) -> None:
    """Write to whom the page is about, or to whomever the person picks; then show it in the inbox."""
    subject = await ask_subject(page, "A mail to whom?")
    if subject is None:
        return
    fields = (
        Field("to", "To", help="Another address; empty for the contact's first one."),
        Field("subject", "Subject", required=True),
        Field("body", "Text", kind="multiline", lines=12, required=True),
        Field("not_before", "Not before", help="tomorrow 9:00, mon; empty: once you say yes."),
    )
    save = partial(_save, page.engine, subject)
    made = await page.form(f"Mail to {subject.label}", fields, save, button="To the inbox")
    if made is not None:
        page.say("It waits for your yes: a approves. z to undo.")
        page.visit("inbox", made.id)


def _save(engine: Engine, subject: Subject, values: dict[str, str]) -> ApprovalView:
    mail = ProposeMail(
        contact_id=subject.contact_id or None,
        deal_id=subject.deal_id or None,
        to=values["to"],
        subject=values["subject"],
        body=values["body"],
        not_before=values["not_before"],
    )
    return engine.run(propose_mail, mail)

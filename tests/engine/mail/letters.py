"""Mails of our own making, in the forms that mail programs and mail systems give them."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from rusvel_tui.engine.gtm.approvals.detail import ApprovalDetail
from tests.factories import Desk


def raw(
    text: str = "",
    *,
    sender: str = "Grace Hopper <grace1@example.com>",
    to: str = "ada@acme.example",
    subject: str = "Re: Hello",
    message_id: str = "<answer-1@example.com>",
    date: str = "Tue, 24 Nov 2026 10:15:00 +0100",
    **headers: str,
) -> bytes:
    """A plain mail; further headers by their names with underscores for hyphens."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"], made["Date"] = sender, to, subject, date
    if message_id:
        made["Message-ID"] = message_id
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes()


def report(
    original: str,
    recipient: str,
    *,
    status: str = "5.1.1",
    action: str = "failed",
    diagnostic: str = "smtp; 550 5.1.1 nobody of that name",
    text: str = "Your letter did not reach somebody.",
    message_id: str = "<report-1@relay.example.net>",
) -> bytes:
    """A delivery report (RFC 3464) about one recipient of one mail."""
    lines = (
        "Return-Path: <>",
        "From: Mail Delivery System <MAILER-DAEMON@relay.example.net>",
        "To: ada@acme.example",
        "Subject: Undelivered letter returned",
        "Date: Tue, 24 Nov 2026 10:20:00 +0100",
        f"Message-ID: {message_id}",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="cut"',
        "",
        "--cut",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        text,
        "--cut",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; relay.example.net",
        "",
        f"Final-Recipient: rfc822; {recipient}",
        f"Action: {action}",
        f"Status: {status}",
        f"Diagnostic-Code: {diagnostic}",
        "",
        "--cut",
        "Content-Type: message/rfc822",
        "",
        "From: Ada <ada@acme.example>",
        f"To: {recipient}",
        "Subject: Hello",
        f"Message-ID: {original}",
        "",
        "Hi there.",
        "--cut--",
        "",
    )
    return "\r\n".join(lines).encode()


def sent(desk: Desk, **contact: Any) -> ApprovalDetail:
    """A mail of a new sequence that left."""
    mail = desk.drafted(contact=desk.contact(**contact))
    desk.approve(mail)
    desk.work()
    return desk.mail(mail.id)


def arrives(desk: Desk, message: bytes, **more: Any) -> Any:
    """The message comes in; how it was judged."""
    coded = base64.b64encode(message).decode()
    return desk.call("gtm.mail.ingest", raw_base64=coded, **more).message

"""What real servers say, line by line, and what each line means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.adapters.mailers.replies import (
    ACCOUNT,
    DEAD_ADDRESS,
    IN_DOUBT,
    LATER,
    MESSAGE,
    MESSAGE_LATER,
    RECIPIENT,
    RECIPIENT_LATER,
    SENT,
    Stage,
    Verdict,
    queue_id,
    verdict,
)

G, H, T, A, M, R, D, DOT = Stage
REPLIES: list[tuple[Stage, int, str, Verdict]] = [
    (G, 421, "4.7.0 Try again later", LATER),
    (G, 450, "4.3.2 System busy", LATER),
    (G, 554, "5.7.1 You are on a blacklist", ACCOUNT),
    (G, 521, "Server does not accept mail", ACCOUNT),
    (G, -1, "Malformed SMTP response line: +OK POP3 ready", ACCOUNT),
    (H, 421, "Too many connections", LATER),
    (H, 550, "5.7.1 Bad HELO", ACCOUNT),
    (H, 502, "Command not implemented", ACCOUNT),
    (T, 454, "4.7.0 TLS not available", LATER),
    (T, 502, "5.5.1 Unrecognised", ACCOUNT),
    (A, 535, "5.7.8 Authentication credentials invalid", ACCOUNT),
    (A, 534, "5.7.9 Application-specific password required", ACCOUNT),
    (A, 530, "5.7.0 Must issue a STARTTLS command first", ACCOUNT),
    (A, 538, "5.7.11 Encryption required", ACCOUNT),
    (A, 454, "4.7.0 Temporary authentication failure", LATER),
    (A, 432, "4.7.12 A password transition is needed", LATER),
    (A, 421, "4.7.0 Too many login attempts", LATER),
    (A, 334, "VXNlcm5hbWU6", ACCOUNT),
    (M, 421, "4.3.2 Shutting down", LATER),
    (M, 451, "4.3.0 Temporary lookup failure", MESSAGE_LATER),
    (M, 452, "4.3.1 Insufficient system storage", MESSAGE_LATER),
    (M, 450, "4.7.1 Sender is greylisted", LATER),
    (M, 451, "Rate limit exceeded", LATER),
    (M, 530, "5.7.0 Authentication Required", ACCOUNT),
    (M, 550, "5.7.1 Sender not allowed", ACCOUNT),
    (M, 553, "5.1.8 Sender domain does not exist", ACCOUNT),
    (M, 550, "No", ACCOUNT),
    (M, 552, "5.3.4 Message size exceeds fixed limit", MESSAGE),
    (M, 552, "Too big", MESSAGE),
    (M, 501, "Syntax error in parameters", MESSAGE),
    (M, 503, "5.5.1 Bad sequence", MESSAGE),
    (M, 555, "5.5.4 Unsupported option", MESSAGE),
    (M, 553, "5.6.7 Address needs SMTPUTF8", RECIPIENT),
    (M, 354, "Out of step", LATER),
    (R, 450, "4.2.0 <a@b.example>: Recipient address rejected: Greylisted", RECIPIENT_LATER),
    (R, 451, "4.7.1 Please try again later", RECIPIENT_LATER),
    (R, 452, "4.2.2 Mailbox full", RECIPIENT_LATER),
    (R, 452, "4.5.3 Too many recipients", LATER),
    (R, 450, "4.7.28 Unusual rate of mail", LATER),
    (R, 451, "Sending rate exceeded, slow down", LATER),
    (R, 421, "4.7.0 Closing connection", LATER),
    (R, 550, "5.1.1 The email account that you tried to reach does not exist", DEAD_ADDRESS),
    (R, 550, "5.1.2 Bad destination system", DEAD_ADDRESS),
    (R, 501, "5.1.3 Bad recipient address syntax", DEAD_ADDRESS),
    (R, 551, "5.1.6 Mailbox has moved", DEAD_ADDRESS),
    (R, 550, "5.1.10 RESOLVER.ADR.RecipientNotFound; not found", DEAD_ADDRESS),
    (R, 556, "Domain does not accept mail", DEAD_ADDRESS),
    (R, 550, "No such user here", DEAD_ADDRESS),
    (R, 550, "5.0.0 User unknown", DEAD_ADDRESS),
    (R, 550, "Unknown user", DEAD_ADDRESS),
    (R, 550, "sorry, no mailbox here by that name. (#5.1.1)", DEAD_ADDRESS),
    (R, 550, "5.1.0 Address rejected, recipient does not exist", DEAD_ADDRESS),
    (R, 550, "Invalid recipient a@b.example", DEAD_ADDRESS),
    (R, 550, "Mailbox not found", DEAD_ADDRESS),
    (R, 550, "Requested action not taken: mailbox unavailable", RECIPIENT),
    (R, 550, "5.2.1 The account is disabled", RECIPIENT),
    (R, 552, "5.2.2 Over quota", RECIPIENT),
    (R, 550, "Mailbox is full", RECIPIENT),
    (R, 552, "Exceeded allocation", RECIPIENT_LATER),
    (R, 550, "5.4.1 Recipient address rejected: Access denied", RECIPIENT),
    (R, 550, "5.7.1 Service unavailable; client host blocked", MESSAGE),
    (R, 554, "Your message was rejected as spam", MESSAGE),
    (R, 554, "Sorry", RECIPIENT),
    (R, 554, "5.7.1 <a@b.example>: Relay access denied", ACCOUNT),
    (R, 550, "relay not permitted", ACCOUNT),
    (R, 550, "5.7.1 Authentication required", ACCOUNT),
    (R, 530, "5.7.1 Client was not authenticated", ACCOUNT),
    (R, 553, "5.7.1 <me@x.example>: Sender address rejected: not owned by user me", ACCOUNT),
    (R, 550, "5.1.8 Sender address rejected: Domain not found", ACCOUNT),
    (R, 550, "5.6.7 SMTPUTF8 is required", RECIPIENT),
    (R, 503, "Bad sequence of commands", MESSAGE),
    (R, -1, "Malformed SMTP response line: x", LATER),
    (D, 451, "4.3.0 Queue file write error", MESSAGE_LATER),
    (D, 421, "4.4.2 Timeout", LATER),
    (D, 554, "5.5.1 Error: no valid recipients", MESSAGE),
    (D, 250, "Ok, but we expected 354", LATER),
    (D, -1, "Malformed SMTP response line: x", LATER),
    (DOT, 250, "2.0.0 Ok: queued as 4X", SENT),
    (DOT, 251, "Will forward", SENT),
    (DOT, 252, "Odd but positive", SENT),
    (DOT, 450, "4.7.1 Greylisted", MESSAGE_LATER),
    (DOT, 451, "4.7.28 Rate limit", LATER),
    (DOT, 421, "4.3.2 Shutting down", LATER),
    (DOT, 452, "4.3.1 Out of storage", MESSAGE_LATER),
    (DOT, 550, "5.1.1 User unknown", DEAD_ADDRESS),
    (DOT, 550, "5.2.2 Mailbox full", RECIPIENT),
    (DOT, 552, "5.3.4 Message too big", MESSAGE),
    (DOT, 550, "5.7.26 Unauthenticated mail from x is not accepted (DMARC)", MESSAGE),
    (DOT, 554, "5.7.1 Message scored too high on spam", MESSAGE),
    (DOT, 554, "5.6.0 Malformed message", MESSAGE),
    (DOT, 550, "Rejected", MESSAGE),
    (DOT, 554, "5.2.252 SendAsDenied; not allowed to send as me@x.example", ACCOUNT),
    (DOT, 354, "Go on", IN_DOUBT),
    (DOT, 150, "Hm", IN_DOUBT),
    (DOT, 650, "Hm", IN_DOUBT),
    (DOT, 0, "", IN_DOUBT),
    (DOT, -1, "Malformed SMTP response line: x", IN_DOUBT),
]


@pytest.mark.parametrize(("stage", "code", "text", "expected"), REPLIES)
def test_a_reply_has_one_meaning(stage: Stage, code: int, text: str, expected: Verdict) -> None:
    assert verdict(stage, code, text) == expected


@given(st.sampled_from(Stage), st.integers(-1, 999), st.text(max_size=60))
def test_every_reply_has_a_meaning(stage: Stage, code: int, text: str) -> None:
    found = verdict(stage, code, text)
    if stage is not Stage.DOT:
        assert found.outcome == "not_sent"
    elif 200 <= code < 300:
        assert found == SENT
    else:
        assert (found.outcome == "not_sent") == (400 <= code < 600)


@given(st.sampled_from(Stage), st.integers(400, 599), st.text(max_size=60))
def test_only_a_permanent_refusal_is_permanent(stage: Stage, code: int, text: str) -> None:
    found = verdict(stage, code, text)
    assert found.permanent == (code >= 500) or (stage is Stage.RCPT and code == 552)
    assert not found.hard_bounce or (found.permanent and found.scope == "recipient")


def test_a_long_reply_is_read_in_linear_time() -> None:
    for unit in ("a", "user ", "mailbox ", "recipient."):
        assert verdict(Stage.RCPT, 550, unit * 30_000).scope == "recipient"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2.0.0 Ok: queued as 4XyZ12abc", "4XyZ12abc"),
        ("OK id=1rABcD-0004Xy-2Z", "1rABcD-0004Xy-2Z"),
        ("2.0.0 1a2b3c4d Message accepted for delivery", "1a2b3c4d"),
        ("2.0.0 x8LFD012 Message accepted for delivery", "x8LFD012"),
        ("2.6.0 <x@y.example> [InternalId=123456, Hostname=H] Queued mail for delivery", "123456"),
        ("2.0.0 OK  1700000000 d2e1a72fcca58-6cb.12 - gsmtp", "d2e1a72fcca58-6cb.12"),
        ("Ok 0100018bcd-1a2b-3c4d-000000", "0100018bcd-1a2b-3c4d-000000"),
        ("Message queued with id AbC.1", "AbC.1"),
        ("OK", ""),
        ("2.0.0 Ok", ""),
    ],
)
def test_the_queue_id_is_found(text: str, found: str) -> None:
    assert queue_id(text) == found

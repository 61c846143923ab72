"""What real servers say, line by line, and what each line means."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.adapters.mailers.replies import (
    ACCOUNT,
    APP_PASSWORD,
    BLOCKED,
    DEAD_ADDRESS,
    FULL,
    IN_DOUBT,
    LATER,
    LOG_IN,
    MESSAGE,
    MESSAGE_LATER,
    NOT_YOU,
    RECIPIENT,
    RECIPIENT_LATER,
    SENT,
    SLOWER,
    TOMORROW,
    TOO_LARGE,
    UNPROVEN,
    Meaning,
    Stage,
    Verdict,
    queue_id,
    verdict,
)

G, H, T, A, M, R, D, DOT = Stage
REPLIES: list[tuple[Stage, int, str, Verdict]] = [
    (G, 421, "4.7.0 Try again later", LATER),
    (G, 450, "4.3.2 System busy", LATER),
    (G, 554, "5.7.1 You are on a blacklist", BLOCKED),
    (G, 521, "Server does not accept mail", ACCOUNT),
    (G, -1, "Malformed SMTP response line: +OK POP3 ready", ACCOUNT),
    (H, 421, "Too many connections", LATER),
    (H, 550, "5.7.1 Bad HELO", ACCOUNT),
    (H, 502, "Command not implemented", ACCOUNT),
    (T, 454, "4.7.0 TLS not available", LATER),
    (T, 502, "5.5.1 Unrecognised", ACCOUNT),
    (A, 535, "5.7.8 Authentication credentials invalid", LOG_IN),
    (A, 534, "5.7.9 Application-specific password required", APP_PASSWORD),
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
    (M, 451, "Rate limit exceeded", SLOWER),
    (M, 530, "5.7.0 Authentication Required", LOG_IN),
    (M, 550, "5.7.1 Sender not allowed", NOT_YOU),
    (M, 553, "5.1.8 Sender domain does not exist", NOT_YOU),
    (M, 550, "No", NOT_YOU),
    (M, 552, "5.3.4 Message size exceeds fixed limit", TOO_LARGE),
    (M, 552, "Too big", TOO_LARGE),
    (M, 501, "Syntax error in parameters", MESSAGE),
    (M, 503, "5.5.1 Bad sequence", MESSAGE),
    (M, 555, "5.5.4 Unsupported option", MESSAGE),
    (M, 553, "5.6.7 Address needs SMTPUTF8", RECIPIENT),
    (M, 354, "Out of step", LATER),
    (R, 450, "4.2.0 <a@b.example>: Recipient address rejected: Greylisted", RECIPIENT_LATER),
    (R, 451, "4.7.1 Please try again later", RECIPIENT_LATER),
    (R, 452, "4.2.2 Mailbox full", RECIPIENT_LATER),
    (R, 452, "4.5.3 Too many recipients", SLOWER),
    (R, 450, "4.7.28 Unusual rate of mail", SLOWER),
    (R, 451, "Sending rate exceeded, slow down", SLOWER),
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
    (R, 550, "5.2.1 The account is disabled", FULL),
    (R, 552, "5.2.2 Over quota", FULL),
    (R, 550, "Mailbox is full", FULL),
    (R, 552, "Exceeded allocation", RECIPIENT_LATER),
    (R, 550, "5.4.1 Recipient address rejected: Access denied", RECIPIENT),
    (R, 550, "5.7.1 Service unavailable; client host blocked", BLOCKED),
    (R, 554, "Your message was rejected as spam", MESSAGE),
    (R, 554, "Sorry", RECIPIENT),
    (R, 554, "5.7.1 <a@b.example>: Relay access denied", LOG_IN),
    (R, 550, "relay not permitted", LOG_IN),
    (R, 550, "5.7.1 Authentication required", LOG_IN),
    (R, 530, "5.7.1 Client was not authenticated", LOG_IN),
    (R, 553, "5.7.1 <me@x.example>: Sender address rejected: not owned by user me", NOT_YOU),
    (R, 550, "5.1.8 Sender address rejected: Domain not found", NOT_YOU),
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
    (DOT, 451, "4.7.28 Rate limit", SLOWER),
    (DOT, 421, "4.3.2 Shutting down", LATER),
    (DOT, 452, "4.3.1 Out of storage", MESSAGE_LATER),
    (DOT, 550, "5.1.1 User unknown", DEAD_ADDRESS),
    (DOT, 550, "5.2.2 Mailbox full", FULL),
    (DOT, 552, "5.3.4 Message too big", TOO_LARGE),
    (DOT, 550, "5.7.26 Unauthenticated mail from x is not accepted (DMARC)", UNPROVEN),
    (DOT, 554, "5.7.1 Message scored too high on spam", MESSAGE),
    (DOT, 554, "5.6.0 Malformed message", MESSAGE),
    (DOT, 550, "Rejected", MESSAGE),
    (DOT, 554, "5.2.252 SendAsDenied; not allowed to send as me@x.example", NOT_YOU),
    (DOT, 354, "Go on", IN_DOUBT),
    (DOT, 150, "Hm", IN_DOUBT),
    (DOT, 650, "Hm", IN_DOUBT),
    (DOT, 0, "", IN_DOUBT),
    (DOT, -1, "Malformed SMTP response line: x", IN_DOUBT),
    # Gmail and Google Workspace
    (A, 535, "5.7.8 Username and Password not accepted", LOG_IN),
    (A, 534, "5.7.14 Please log in with your web browser", LOG_IN),
    (A, 535, "5.7.9 Application-specific password required", APP_PASSWORD),
    (M, 550, "5.4.5 Daily user sending limit exceeded", TOMORROW),
    (M, 454, "4.7.0 Too many login attempts, please try again later", LATER),
    (R, 450, "4.2.1 The user is receiving mail too quickly", RECIPIENT_LATER),
    (R, 452, "4.2.2 The recipient's inbox is out of storage space", RECIPIENT_LATER),
    (R, 550, "5.2.1 The email account is inactive", FULL),
    (R, 552, "5.2.2 The recipient's inbox is out of storage space and inactive", FULL),
    (R, 553, "5.1.3 The recipient address is not a valid address", DEAD_ADDRESS),
    (R, 550, "5.1.1 NoSuchUser", DEAD_ADDRESS),
    (DOT, 421, "4.7.28 Our system has detected an unusual rate of unsolicited mail", LATER),
    (DOT, 550, "5.7.1 The message is likely unsolicited mail", MESSAGE),
    (DOT, 550, "5.7.25 The sending address has no PTR record", UNPROVEN),
    (DOT, 550, "5.7.24 The SPF record of the sender is suspicious", UNPROVEN),
    (DOT, 552, "5.2.3 Your message exceeded the size limits", TOO_LARGE),
    (DOT, 552, "5.7.0 The content presents a potential security issue", MESSAGE),
    (DOT, 555, "5.5.2 Syntax error, goodbye", MESSAGE),
    (DOT, 451, "4.3.0 Mail server temporarily rejected message", MESSAGE_LATER),
    # Microsoft
    (A, 535, "5.7.139 Authentication unsuccessful, basic authentication is disabled", LOG_IN),
    (A, 535, "5.7.3 Authentication unsuccessful", LOG_IN),
    (M, 530, "5.7.57 Client not authenticated to send mail", LOG_IN),
    (M, 501, "5.1.7 Invalid address", NOT_YOU),
    (R, 550, "5.4.1 Recipient address rejected: Access denied. AS(201806281)", RECIPIENT),
    (R, 550, "5.1.10 RESOLVER.ADR.RecipientNotFound", DEAD_ADDRESS),
    (R, 550, "5.7.54 SMTP; Unable to relay recipient in non-accepted domain", LOG_IN),
    (R, 550, "5.7.606 Access denied, banned sending IP", MESSAGE),
    (R, 550, "5.7.511 Access denied, banned sender", MESSAGE),
    (R, 451, "4.7.500 Server busy. Please try again later", RECIPIENT_LATER),
    (R, 452, "4.5.3 Recipients limit reached", SLOWER),
    (DOT, 550, "5.7.515 Access denied, sending domain does not meet the required level", UNPROVEN),
    (DOT, 550, "5.7.509 Access denied, sending domain does not pass DMARC verification", UNPROVEN),
    (DOT, 550, "5.7.23 The message was rejected because of Sender Policy Framework", UNPROVEN),
    (DOT, 554, "5.2.252 STOREDRV.Submission; not allowed to send as the account", NOT_YOU),
    (
        DOT,
        550,
        "5.7.708 Service unavailable. Access denied, traffic not accepted from this IP",
        MESSAGE,
    ),
    (DOT, 550, "5.3.4 SMTPSEND.OverAdvertisedSize; message size exceeds limit", TOO_LARGE),
    # Yahoo, and others of the large
    (
        G,
        553,
        "5.7.1 [BL21] Connections will not be accepted, because the ip is in Spamhaus's list",
        BLOCKED,
    ),
    (R, 554, "delivery error: dd This user doesn't have an account", RECIPIENT),
    (R, 554, "5.0.0 This mailbox is disabled", RECIPIENT),
    (DOT, 554, "5.7.9 Message not accepted for policy reasons", MESSAGE),
    (DOT, 421, "4.7.0 [TSS04] Messages temporarily deferred due to user complaints", LATER),
    (DOT, 451, "Message temporarily deferred", MESSAGE_LATER),
    # Postfix
    (R, 450, "4.1.2 <a@b.example>: Recipient address rejected: Domain not found", RECIPIENT_LATER),
    (R, 450, "4.7.25 Client host rejected: cannot find your hostname", RECIPIENT_LATER),
    (R, 550, "5.1.1 <a@b.example>: User unknown in local recipient table", DEAD_ADDRESS),
    (
        R,
        550,
        "5.1.1 <a@b.example>: Recipient address rejected: User unknown in virtual mailbox table",
        DEAD_ADDRESS,
    ),
    (
        R,
        554,
        "5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.dnsbl.example",
        BLOCKED,
    ),
    (
        R,
        450,
        "4.7.1 <a@b.example>: Recipient address rejected: Greylisted for 5 minutes",
        replace(RECIPIENT_LATER, wait=300),
    ),
    (M, 450, "4.1.8 <me@x.example>: Sender address rejected: Domain not found", MESSAGE_LATER),
    (DOT, 552, "5.3.4 Error: message file too big", TOO_LARGE),
    (DOT, 554, "5.6.0 Reject, id=1-1 - BAD HEADER", MESSAGE),
    # Exim and OpenSMTPD
    (R, 550, "Unrouteable address", RECIPIENT),
    (R, 451, "Temporary local problem - please try later", RECIPIENT_LATER),
    (R, 451, "Greylisted, please try again in 00:05:00", replace(RECIPIENT_LATER, wait=300)),
    (R, 550, "Invalid recipient: <a@b.example>", DEAD_ADDRESS),
    (R, 421, "Service temporarily unavailable, try again in 300 seconds", replace(LATER, wait=300)),
    (DOT, 552, "Message size exceeds maximum permitted", MESSAGE),
    (DOT, 550, "Message is not RFC 2822 compliant", MESSAGE),
    (DOT, 550, "Administrative prohibition", MESSAGE),
    # Amazon SES and relays
    (M, 454, "Throttling failure: Maximum sending rate exceeded.", SLOWER),
    (M, 454, "Throttling failure: Daily message quota exceeded.", TOMORROW),
    (DOT, 554, "Message rejected: Email address is not verified.", MESSAGE),
    (R, 450, "Requested mail action not taken: too many recipients per hour", SLOWER),
    (R, 550, "You have exceeded your daily sending limit", TOMORROW),
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
    assert found.permanent == (code >= 500) or found.meaning is Meaning.LATER
    assert not found.hard_bounce or (found.permanent and found.scope == "recipient")


def test_g10_many_replies_of_real_servers_are_known() -> None:
    """T-104: the table holds what servers say, and each meaning has a state to end in."""
    assert len(REPLIES) >= 150
    assert {expected.meaning for *_, expected in REPLIES} == set(Meaning)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("4.7.1 Try again in 300 seconds", 300),
        ("Greylisted for 5 minutes", 300),
        ("retry after 2 hours", 7200),
        ("please retry in 00:01:30", 90),
        ("try again in 90000 minutes", 86_400),
        ("Try again later", 0),
        ("450 4.2.0 wait", 0),
        ("limit 300 a message", 0),
    ],
)
def test_a_time_that_the_server_names_is_kept(text: str, seconds: int) -> None:
    assert verdict(Stage.RCPT, 450, text).wait == seconds
    assert verdict(Stage.RCPT, 550, text).wait in (0, seconds)


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

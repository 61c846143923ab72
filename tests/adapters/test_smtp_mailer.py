"""SMTP when all goes well and at each point where it can go wrong: what is sent, not sent, or in doubt."""

from __future__ import annotations

import base64
import signal
import socket
import threading
import traceback
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.adapters.mailers.smtp import MAX_MAILS, SmtpMailer
from rusvel_tui.adapters.mailers.smtp_account import Timeouts
from rusvel_tui.engine.errors import NotConfigured
from rusvel_tui.engine.ports import Envelope, GateClosed, InDoubt, NotSent
from tests.adapters.smtp_servers import DROP, SILENT, ScriptedServer

QUICK = Timeouts(connect=5, command=5, data=5, body=5, before_dot=20, dot=5)
IMPATIENT = Timeouts(connect=0.3, command=0.3, data=0.3, dot=0.3)


def open_gate() -> None:
    """Lets every mail through."""


def mailer_for(server: ScriptedServer, username: str = "", password: str = "") -> SmtpMailer:
    silent = SILENT in server.script.values()
    timeouts = IMPATIENT if silent else QUICK
    return SmtpMailer("127.0.0.1", server.port, username, password, tls="plain", timeouts=timeouts)


def outcome(
    server: ScriptedServer, envelope: Envelope, gate: Callable[[], None] = open_gate
) -> str:
    """`sent`, `in_doubt`, or scope and permanence of a mail that was not sent."""
    mailer = mailer_for(server)
    try:
        mailer.send(envelope, gate)
    except InDoubt:
        return "in_doubt"
    except NotSent as error:
        kind = "permanent" if error.permanent else "later"
        return f"{error.scope} {kind}{' bounce' if error.hard_bounce else ''}"
    finally:
        mailer.close()
    return "sent"


FAULTS = {
    "all is well": ({}, "sent", 1),
    "drop at the greeting": ({"greeting": DROP}, "connection later", 0),
    "silence at the greeting": ({"greeting": SILENT}, "connection later", 0),
    "busy at the greeting": ({"greeting": b"421 4.3.2 try later"}, "connection later", 0),
    "no at the greeting": ({"greeting": b"554 5.7.1 you are on a list"}, "account permanent", 0),
    "garbage at the greeting": ({"greeting": b"HTTP/1.1 400 Bad Request"}, "account permanent", 0),
    "drop at EHLO": ({"EHLO": DROP}, "connection later", 0),
    "drop at MAIL": ({"MAIL": DROP}, "connection later", 0),
    "silence at MAIL": ({"MAIL": SILENT}, "connection later", 0),
    "garbage at MAIL": ({"MAIL": b"hello?"}, "connection later", 0),
    "4yz at MAIL": ({"MAIL": b"452 4.3.1 no room"}, "message later", 0),
    "5yz at MAIL": ({"MAIL": b"550 5.7.1 who are you"}, "account permanent", 0),
    "drop at RCPT": ({"RCPT": DROP}, "connection later", 0),
    "greylist at RCPT": ({"RCPT": b"450 4.2.0 greylisted"}, "recipient later", 0),
    "nobody at RCPT": ({"RCPT": b"550 5.1.1 user unknown"}, "recipient permanent bounce", 0),
    "policy at RCPT": ({"RCPT": b"550 5.7.1 blocked"}, "message permanent", 0),
    "251 at RCPT": ({"RCPT": b"251 will forward"}, "sent", 1),
    "drop at DATA": ({"DATA": DROP}, "connection later", 0),
    "4yz at DATA": ({"DATA": b"451 4.3.0 later"}, "message later", 0),
    "5yz at DATA": ({"DATA": b"554 5.5.1 no valid recipients"}, "message permanent", 0),
    "250 where 354 is due": ({"DATA": b"250 ok"}, "connection later", 0),
    "garbage at DATA": ({"DATA": b"?"}, "connection later", 0),
    "250 after the dot": ({"dot": b"250 ok"}, "sent", 1),
    "251 after the dot": ({"dot": b"251 2.0.0 accepted, forwarded"}, "sent", 1),
    "several lines after the dot": ({"dot": b"250-2.0.0 thank\r\n250 2.0.0 you"}, "sent", 1),
    "4yz after the dot": ({"dot": b"451 4.7.1 greylisted"}, "message later", 1),
    "421 after the dot": ({"dot": b"421 4.3.2 shutting down"}, "connection later", 1),
    "5yz after the dot": ({"dot": b"554 5.7.1 spam"}, "message permanent", 1),
    "354 after the dot": ({"dot": b"354 go on"}, "in_doubt", 1),
    "garbage after the dot": ({"dot": b"\xff\xfe nonsense"}, "in_doubt", 1),
    "endless reply after the dot": ({"dot": b"250-" + b"x" * 40_000}, "in_doubt", 1),
    "swallowed reply after the dot": ({"dot": DROP}, "in_doubt", 1),
    "silence after the dot": ({"dot": SILENT}, "in_doubt", 1),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_has_one_outcome(fault: str, envelope: Envelope) -> None:
    script, expected, reached_the_dot = FAULTS[fault]
    with ScriptedServer(script) as server:
        assert outcome(server, envelope) == expected
        assert len(server.mails) == reached_the_dot


def test_a_cut_before_the_dot_is_not_sent(envelope: Envelope) -> None:
    with ScriptedServer({"body": DROP}) as server:
        gate_open = server.dropped.wait
        assert (
            outcome(server, envelope, lambda: None if gate_open(10) else pytest.fail("no drop"))
            == "connection later"
        )
        assert server.mails == []


def test_nobody_listens(envelope: Envelope) -> None:
    with ScriptedServer() as server:
        mailer = mailer_for(server)
    with pytest.raises(NotSent, match="Nothing was sent") as refused:
        mailer.send(envelope, open_gate)
    assert refused.value.text.isprintable()
    assert (refused.value.scope, refused.value.permanent) == ("connection", False)


def test_an_unknown_host_passes_by_itself(
    envelope: Envelope, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NotSent, match="Name or service not known") as refused:
        SmtpMailer("mail.example.com", 587, timeouts=QUICK).send(envelope, open_gate)
    assert (refused.value.scope, refused.value.permanent) == ("connection", False)


def test_the_connection_is_dropped_when_the_gate_refuses(envelope: Envelope) -> None:
    def closed() -> None:
        raise GateClosed

    with ScriptedServer() as server:
        with pytest.raises(GateClosed):
            mailer_for(server).send(envelope, closed)
        assert server.mails == []
        assert server.verbs()["DATA"] == 1
        assert server.verbs()["QUIT"] == 0


def test_a_run_of_mails_shares_a_connection(envelope: Envelope) -> None:
    with ScriptedServer() as server:
        mailer = mailer_for(server)
        for _ in range(MAX_MAILS):
            mailer.send(envelope, open_gate)
        assert server.connections == 1
        assert server.verbs()["NOOP"] == MAX_MAILS - 1
        mailer.send(envelope, open_gate)
        mailer.close()
        assert server.connections == 2
        assert server.verbs()["QUIT"] == 2
        assert len(server.mails) == MAX_MAILS + 1


def test_an_idle_connection_is_not_used_again(
    envelope: Envelope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rusvel_tui.adapters.mailers.smtp.MAX_IDLE", -1.0)
    with ScriptedServer() as server:
        mailer = mailer_for(server)
        mailer.send(envelope, open_gate)
        mailer.send(envelope, open_gate)
        mailer.close()
        assert server.connections == 2


@pytest.mark.parametrize("answer", [b"421 4.4.2 idle too long", DROP, SILENT, b"500 what?"])
def test_a_connection_that_ended_meanwhile_is_replaced(envelope: Envelope, answer: bytes) -> None:
    with ScriptedServer({"NOOP": answer}) as server:
        mailer = mailer_for(server)
        mailer.send(envelope, open_gate)
        mailer.send(envelope, open_gate)
        mailer.close()
        assert server.connections == 2
        assert len(server.mails) == 2


def test_a_refused_mail_does_not_spoil_the_next_one(envelope: Envelope) -> None:
    with ScriptedServer({"RCPT": b"550 5.1.1 user unknown"}) as server:
        mailer = mailer_for(server)
        with pytest.raises(NotSent):
            mailer.send(envelope, open_gate)
        server.script["RCPT"] = b"250 ok"
        mailer.send(envelope, open_gate)
        mailer.close()
        assert server.mails == [envelope.raw]


def test_the_receipt_carries_what_the_server_said(envelope: Envelope) -> None:
    with ScriptedServer({"dot": b"250 2.0.0 \x1b[31mOk: queued as 4ABC12"}) as server:
        mailer = mailer_for(server)
        receipt = mailer.send(envelope, open_gate)
        mailer.close()
    assert (receipt.code, receipt.text, receipt.queue_id) == (
        250,
        "250 2.0.0 Ok: queued as 4ABC12",
        "4ABC12",
    )


def test_exactly_one_sender_and_one_recipient_are_named(envelope: Envelope) -> None:
    with ScriptedServer({"EHLO": b"250-scripted\r\n250-SIZE 100000\r\n250 DSN"}) as server:
        assert outcome(server, replace(envelope, rcpt_to="ann@bücher.example")) == "sent"
        assert server.commands[:4] == [
            "EHLO [127.0.0.1]",
            f"MAIL FROM:<bob@acme.example> SIZE={len(envelope.raw)} ENVID=mail-1",
            "RCPT TO:<ann@xn--bcher-kva.example>",
            "DATA",
        ]


def test_an_address_in_utf8_needs_a_server_that_takes_it(envelope: Envelope) -> None:
    foreign = replace(envelope, rcpt_to="änn@example.com")
    with ScriptedServer() as server:
        assert outcome(server, foreign) == "recipient permanent"
        assert server.verbs()["MAIL"] == 0
    with ScriptedServer({"EHLO": b"250-scripted\r\n250-8BITMIME\r\n250 SMTPUTF8"}) as server:
        assert outcome(server, foreign) == "sent"
        assert "MAIL FROM:<bob@acme.example> SMTPUTF8 BODY=8BITMIME" in server.commands


HOSTILE = [
    "ann@example.com\r\nRCPT TO:<eve@evil.example>",
    "ann@example.com, eve@evil.example",
    "alice@example.org]<eve@evil.example>",
    "ann@example.com SIZE=1",
    "Ann <ann@example.com>",
    "ann@example.com>",
    "",
    "ann\x00@example.com",
]


@pytest.mark.parametrize("address", HOSTILE)
def test_a_repairable_address_is_refused_and_not_repaired(envelope: Envelope, address: str) -> None:
    with ScriptedServer() as server:
        assert outcome(server, replace(envelope, rcpt_to=address)) == "recipient permanent"
        assert outcome(server, replace(envelope, mail_from=address)) == "recipient permanent"
        assert server.verbs()["MAIL"] == server.verbs()["RCPT"] == 0


@given(
    st.from_regex(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,20}@[a-z0-9-]{1,10}\.example", fullmatch=True)
)
def test_the_library_reads_each_accepted_address_as_it_is(address: str) -> None:
    from aiosmtplib.email import parse_address as lenient

    from rusvel_tui.engine.addresses import wire_address
    from rusvel_tui.engine.errors import InvalidInput

    try:
        wire = wire_address(address)
    except InvalidInput:
        return
    assert lenient(wire) == wire


@pytest.mark.parametrize(
    "raw", [b"A: b\r\n\r\nx\n.\r\nMAIL FROM:<eve@evil.example>\r\n", b"A: b\r\n\r\nx\r.\r\n"]
)
def test_a_mail_with_lone_line_ends_is_refused(envelope: Envelope, raw: bytes) -> None:
    with ScriptedServer() as server:
        assert outcome(server, replace(envelope, raw=raw)) == "message permanent"
        assert server.mails == []


def test_a_large_mail_arrives_whole(envelope: Envelope) -> None:
    raw = b"Subject: x\r\n\r\n" + b".0123456789\r\n" * 300_000
    with ScriptedServer() as server:
        mailer = SmtpMailer("127.0.0.1", server.port, tls="plain")
        mailer.send(replace(envelope, raw=raw), open_gate)
        mailer.close()
        assert server.mails == [raw]


@pytest.mark.parametrize(
    "limit", [replace(Timeouts(), body=0.2), replace(Timeouts(), before_dot=0.2)]
)
def test_a_server_that_stops_reading_is_given_up(envelope: Envelope, limit: Timeouts) -> None:
    raw = b"Subject: x\r\n\r\n" + (b"x" * 998 + b"\r\n") * 24_000
    with ScriptedServer({"body": SILENT}) as server:
        mailer = SmtpMailer("127.0.0.1", server.port, tls="plain", timeouts=limit)
        with pytest.raises(NotSent) as refused:
            mailer.send(replace(envelope, raw=raw), open_gate)
        assert refused.value.scope == "connection"
        assert server.mails == []


LOG_IN = {"EHLO": b"250-scripted\r\n250 AUTH PLAIN LOGIN CRAM-MD5"}
SECRET = "correct horse"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"535 5.7.8 no", "account permanent"),
        (b"534 5.7.9 too weak", "account permanent"),
        (b"454 4.7.0 later", "connection later"),
        (b"432 4.7.12 change it", "connection later"),
        (b"334 ", "account permanent"),
        (DROP, "connection later"),
    ],
)
def test_a_refused_log_in_is_tried_once(envelope: Envelope, answer: bytes, expected: str) -> None:
    with ScriptedServer({**LOG_IN, "AUTH": answer}) as server:
        mailer = mailer_for(server, username="bob", password=SECRET)
        with pytest.raises(NotSent) as refused:
            mailer.send(envelope, open_gate)
        assert (
            f"{refused.value.scope} {'permanent' if refused.value.permanent else 'later'}"
            == expected
        )
        assert server.verbs()["AUTH"] == 1
        assert server.verbs()["MAIL"] == 0


@pytest.mark.parametrize(
    ("offer", "command"),
    [
        (b"AUTH LOGIN PLAIN", "AUTH PLAIN"),
        (b"AUTH=LOGIN", "AUTH LOGIN"),
        (b"AUTH CRAM-MD5", "AUTH CRAM-MD5"),
    ],
)
def test_the_log_in_method_is_ours_to_choose(
    envelope: Envelope, offer: bytes, command: str
) -> None:
    with ScriptedServer({"EHLO": b"250-scripted\r\n250 " + offer, "AUTH": b"535 no"}) as server:
        with pytest.raises(NotSent):
            mailer_for(server, username="bob", password=SECRET).send(envelope, open_gate)
        assert [line for line in server.commands if line.startswith(command)]


def test_a_server_without_a_usable_log_in_is_an_account_problem(envelope: Envelope) -> None:
    with ScriptedServer({"EHLO": b"250-scripted\r\n250 AUTH XOAUTH2"}) as server:
        with pytest.raises(NotSent, match="no log-in by password") as refused:
            mailer_for(server, username="bob", password=SECRET).send(envelope, open_gate)
        assert refused.value.scope == "account"


def test_no_text_ever_shows_the_password(envelope: Envelope) -> None:
    coded = base64.b64encode(SECRET.encode())
    with ScriptedServer(
        {**LOG_IN, "AUTH": b"535 5.7.8 bad: " + SECRET.encode() + b" " + coded}
    ) as server:
        mailer = mailer_for(server, username="bob", password=SECRET)
        with pytest.raises(NotSent) as refused:
            mailer.send(envelope, open_gate)
    shown = "".join(traceback.format_exception(refused.value)) + repr(mailer.__dict__)
    assert "***" in refused.value.text
    assert SECRET not in shown
    assert coded.decode() not in shown


def test_the_log_in_stays_here_when_the_name_leads_elsewhere(
    envelope: Envelope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rusvel_tui.adapters.mailers.smtp_session.is_loopback", lambda _host: False)
    with ScriptedServer(LOG_IN) as server:
        with pytest.raises(NotSent, match="not encrypted") as refused:
            mailer_for(server, username="bob", password=SECRET).send(envelope, open_gate)
        assert refused.value.scope == "account"
        assert server.verbs()["AUTH"] == 0


@pytest.mark.parametrize(
    "host", ["mail.example.com", "10.0.0.1", "localhost.example.com", "2001:db8::1"]
)
def test_plain_is_for_this_machine_only(host: str) -> None:
    with pytest.raises(NotConfigured, match="in clear"):
        SmtpMailer(host, 25, tls="plain")
    assert SmtpMailer(host, 25, tls="plain", force_plain=True).label == f"smtp {host}:25"
    with pytest.raises(NotConfigured, match="log-in is never sent in clear"):
        SmtpMailer(host, 25, "bob", SECRET, tls="plain", force_plain=True)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1"])
def test_plain_is_fine_on_this_machine(host: str) -> None:
    assert SmtpMailer(host, 25, "bob", SECRET, tls="plain").label == f"smtp {host}:25"


def test_settings_that_cannot_work_are_refused() -> None:
    for tls in ("", "none", "STARTTLS", "ssl"):
        with pytest.raises(NotConfigured, match="RUSVEL_SMTP_TLS"):
            SmtpMailer("localhost", 25, tls=tls)
    for host, port in (("", 25), ("localhost", 0), ("localhost", 70000)):
        with pytest.raises(NotConfigured, match="host and a port"):
            SmtpMailer(host, port)
    with pytest.raises(NotConfigured, match=r"no certificate file 'gone\.pem'"):
        SmtpMailer("localhost", 25, ca_file="/nowhere/gone.pem")


def test_close_during_a_send_waits_for_nobody(envelope: Envelope) -> None:
    with ScriptedServer() as server:
        mailer = mailer_for(server)
        mailer.send(envelope, mailer.close)
        assert server.mails == [envelope.raw]
        assert server.verbs()["QUIT"] == 1


def test_an_interrupt_after_the_dot_leaves_nothing_half_open(
    envelope: Envelope,
) -> None:
    def interrupted(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGUSR1, interrupted)
    try:
        with ScriptedServer({"dot": SILENT}) as server:
            server.on_dot = lambda: signal.pthread_kill(
                threading.main_thread().ident or 0, signal.SIGUSR1
            )
            mailer = SmtpMailer("127.0.0.1", server.port, tls="plain", timeouts=QUICK)
            with pytest.raises(KeyboardInterrupt):
                mailer.send(envelope, open_gate)
            server.on_dot, server.script["dot"] = lambda: None, b"250 ok"
            mailer.send(envelope, open_gate)
            mailer.close()
            assert (len(server.mails), server.connections) == (2, 2)
    finally:
        signal.signal(signal.SIGUSR1, before)

"""SMTP at each point where it can go wrong: what is sent, not sent, or in doubt."""

from __future__ import annotations

import signal
import socket
import threading
from dataclasses import replace

import pytest

from rusvel_tui.adapters.mailers.smtp import SmtpMailer
from rusvel_tui.adapters.mailers.smtp_account import Timeouts
from rusvel_tui.engine.ports import Envelope, GateClosed, NotSent
from tests.adapters.smtp_mail import QUICK, mailer_for, open_gate, outcome
from tests.adapters.smtp_servers import DROP, SILENT, ScriptedServer

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
    "5yz at MAIL": ({"MAIL": b"550 5.7.1 who are you"}, "sender permanent", 0),
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
def test_t_104_q_009_each_fault_has_one_outcome(fault: str, envelope: Envelope) -> None:
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

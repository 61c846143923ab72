"""SMTP when all goes well: one connection for a run of mails, exact addresses, exact bytes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from aiosmtplib.email import parse_address as lenient
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.adapters.mailers.smtp import MAX_MAILS, SmtpMailer
from rusvel_tui.engine.addresses import wire_address
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.ports import Envelope, NotSent
from tests.adapters.smtp_mail import mailer_for, open_gate, outcome
from tests.adapters.smtp_servers import DROP, SILENT, ScriptedServer


def test_a_run_of_mails_shares_a_connection(envelope: Envelope) -> None:
    with ScriptedServer() as server:
        mailer = mailer_for(server)
        for _ in range(MAX_MAILS):
            mailer.send(envelope, open_gate)
        assert server.connections == 1
        assert server.verbs()["NOOP"] == 0  # it was used a moment ago
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
def test_a_connection_that_ended_meanwhile_is_replaced(
    envelope: Envelope, answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rusvel_tui.adapters.mailers.smtp_session.SURELY_ALIVE", -1.0)
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


def test_close_during_a_send_waits_for_nobody(envelope: Envelope) -> None:
    with ScriptedServer() as server:
        mailer = mailer_for(server)
        mailer.send(envelope, mailer.close)
        assert server.mails == [envelope.raw]
        assert server.verbs()["QUIT"] == 1

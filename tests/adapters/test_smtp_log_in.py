"""The log-in and the settings: tried once, never in clear, and never shown."""

from __future__ import annotations

import base64
import traceback

import pytest

from rusvel_tui.adapters.mailers.smtp import SmtpMailer
from rusvel_tui.engine.errors import NotConfigured
from rusvel_tui.engine.ports import Envelope, NotSent
from tests.adapters.smtp_mail import mailer_for, open_gate
from tests.adapters.smtp_servers import DROP, ScriptedServer

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

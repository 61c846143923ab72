"""Encryption and log-in against a real server; nothing secret leaves when the encryption is not what it should be."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from rusvel_tui.adapters.mailers.smtp import SmtpMailer
from rusvel_tui.adapters.mailers.smtp_account import Timeouts
from rusvel_tui.engine.ports import Envelope, NotSent
from tests.adapters.conftest import MakeCertificate
from tests.adapters.smtp_servers import DROP, PASSWORD, USER, ScriptedServer, real_server

# The server of the tests says so when it takes a log-in over implicit TLS.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

Certificate = tuple[Path, Path]
QUICK = Timeouts(connect=2, command=2, data=2)


def open_gate() -> None:
    """Lets every mail through."""


def refusal(mailer: SmtpMailer, envelope: Envelope) -> NotSent:
    with pytest.raises(NotSent) as refused:
        mailer.send(envelope, open_gate)
    return refused.value


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_encrypted_and_logged_in_over_one_connection(
    tls: str, certificate: Certificate, envelope: Envelope
) -> None:
    with real_server(tls, certificate, log_in=True) as (inbox, port):
        mailer = SmtpMailer("localhost", port, USER, PASSWORD, tls=tls, ca_file=certificate[0])
        for _ in range(5):
            assert mailer.send(envelope, open_gate).queue_id == "REAL1"
        mailer.close()
        assert inbox.encrypted == [True] * 5
        assert inbox.logins == [USER]
        assert len(inbox.sessions) == 1
        assert [(mail.mail_from, mail.rcpt_tos) for mail in inbox.mails] == [
            (envelope.mail_from, [envelope.rcpt_to])
        ] * 5
        assert [mail.content for mail in inbox.mails] == [envelope.raw] * 5


def test_plain_on_this_machine_with_a_log_in(envelope: Envelope) -> None:
    with real_server("plain", log_in=True) as (inbox, port):
        mailer = SmtpMailer("127.0.0.1", port, USER, PASSWORD, tls="plain")
        mailer.send(envelope, open_gate)
        mailer.close()
        assert inbox.logins == [USER]


def test_a_wrong_password_is_tried_once(certificate: Certificate, envelope: Envelope) -> None:
    with real_server("starttls", certificate, log_in=True) as (inbox, port):
        mailer = SmtpMailer("localhost", port, USER, "wrong", ca_file=certificate[0])
        refused = refusal(mailer, envelope)
        assert (refused.scope, refused.permanent, refused.code) == ("account", True, 535)
        assert inbox.logins == [USER]
        assert inbox.mails == []


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_an_untrusted_certificate_is_refused_before_the_log_in(
    tls: str, certificate: Certificate, envelope: Envelope
) -> None:
    with real_server(tls, certificate, log_in=True) as (inbox, port):
        refused = refusal(SmtpMailer("localhost", port, USER, PASSWORD, tls=tls), envelope)
        assert (refused.scope, refused.permanent) == ("account", True)
        assert "certificate is not trusted" in refused.text
        assert inbox.logins == []


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_certificate_for_another_host_is_refused_before_the_log_in(
    tls: str, make_certificate: MakeCertificate, envelope: Envelope
) -> None:
    other = make_certificate("mail.example.com")
    with real_server(tls, other, log_in=True) as (inbox, port):
        mailer = SmtpMailer("localhost", port, USER, PASSWORD, tls=tls, ca_file=other[0])
        refused = refusal(mailer, envelope)
        assert (refused.scope, refused.permanent) == ("account", True)
        assert "certificate is not trusted" in refused.text
        assert inbox.logins == []


def test_q_041_a_stripped_starttls_offer_ends_the_talk(envelope: Envelope) -> None:
    with ScriptedServer({"EHLO": b"250-scripted\r\n250 AUTH PLAIN LOGIN"}) as server:
        refused = refusal(SmtpMailer("localhost", server.port, USER, PASSWORD), envelope)
        assert (refused.scope, refused.permanent) == ("account", True)
        assert "STARTTLS" in refused.text
        assert server.commands == ["EHLO [127.0.0.1]"]


@pytest.mark.parametrize(
    ("answer", "scope", "permanent"),
    [
        (b"454 4.7.0 not now", "connection", False),
        (b"502 5.5.1 no", "account", True),
        (DROP, "connection", False),
        (b"220 go\r\nnonsense instead of TLS", "account", True),
    ],
)
def test_a_refused_starttls_never_goes_on_in_clear(
    envelope: Envelope, answer: bytes, scope: str, permanent: bool
) -> None:
    script = {"EHLO": b"250-scripted\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN", "STARTTLS": answer}
    with ScriptedServer(script) as server:
        refused = refusal(
            SmtpMailer("localhost", server.port, USER, PASSWORD, timeouts=QUICK), envelope
        )
        assert (refused.scope, refused.permanent) == (scope, permanent)
        assert server.verbs()["AUTH"] == server.verbs()["MAIL"] == 0


def test_tls_on_a_plain_port_says_what_to_try(envelope: Envelope) -> None:
    with ScriptedServer() as server:
        refused = refusal(
            SmtpMailer("localhost", server.port, USER, PASSWORD, tls="tls", timeouts=QUICK),
            envelope,
        )
        assert (refused.scope, refused.permanent) == ("account", True)
        assert "starttls or tls" in refused.text
        assert server.verbs()["AUTH"] == 0


def test_an_old_tls_version_is_refused(certificate: Certificate, envelope: Envelope) -> None:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    old.load_cert_chain(*map(str, certificate))
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with ScriptedServer(context=old) as server:
        mailer = SmtpMailer(
            "localhost",
            server.port,
            USER,
            PASSWORD,
            tls="tls",
            ca_file=certificate[0],
            timeouts=QUICK,
        )
        assert refusal(mailer, envelope).scope in ("account", "connection")
        assert server.commands == []


def test_a_broken_certificate_file_is_an_account_problem(
    tmp_path: Path, envelope: Envelope
) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_text("not a certificate")
    refused = refusal(SmtpMailer("localhost", 25, ca_file=bundle), envelope)
    assert (refused.scope, refused.permanent) == ("account", True)
    assert "'bundle.pem' cannot be read" in refused.text

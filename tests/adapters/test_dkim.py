"""DKIM: what leaves verifies with the published key, and nobody can add a second subject."""

from __future__ import annotations

import subprocess
from pathlib import Path

import dkim
import pytest

from rusvel_tui.adapters.mailers.dkim import Signer
from rusvel_tui.adapters.mailers.routing import RoutingMailer
from rusvel_tui.adapters.mailers.smtp import SmtpMailer
from rusvel_tui.engine.errors import NotConfigured
from rusvel_tui.engine.ports import Envelope, NotSent
from tests.adapters.conftest import MakeCertificate
from tests.adapters.smtp_mail import open_gate
from tests.adapters.smtp_servers import ScriptedServer
from tests.fakes import RecordingMailer


@pytest.fixture
def key(tmp_path: Path, make_certificate: MakeCertificate) -> Path:
    """Made by openssl; where that is missing the certificates are missed first."""
    path = tmp_path / "dkim.pem"
    subprocess.run(
        ["openssl", "genrsa", "-out", str(path), "2048"], check=True, capture_output=True
    )
    path.chmod(0o600)
    return path


def record(key: Path) -> bytes:
    """The DNS record of the key."""
    command = ["openssl", "rsa", "-in", str(key), "-pubout", "-outform", "PEM"]
    pem = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    return f"v=DKIM1; k=rsa; p={''.join(pem.splitlines()[1:-1])}".encode()


def verifies(raw: bytes, key: Path) -> bool:
    def look(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"mail2026._domainkey.acme.example."
        return record(key)

    return bool(dkim.verify(raw, dnsfunc=look))


def test_what_leaves_verifies(envelope: Envelope, key: Path) -> None:
    with ScriptedServer() as server:
        mailer = SmtpMailer("127.0.0.1", server.port, tls="plain", dkim=(key, "mail2026"))
        mailer.send(envelope, open_gate)
        mailer.close()
    [sent] = server.mails
    assert sent.startswith(b"DKIM-Signature: ")
    assert sent.endswith(envelope.raw)
    assert verifies(sent, key)


@pytest.mark.parametrize(
    "line", [b"Subject: Other\r\n", b"From: x@y.example\r\n", b"To: z@y.example\r\n"]
)
def test_a_second_header_breaks_the_signature(envelope: Envelope, key: Path, line: bytes) -> None:
    signed = Signer(key, "mail2026").sign(envelope.raw, envelope.mail_from)
    assert not verifies(line + signed, key)
    assert not verifies(signed.replace(b"Hi Ann", b"Hi Eve"), key)


def test_a_key_that_others_can_read_is_refused(key: Path) -> None:
    key.chmod(0o644)
    with pytest.raises(NotConfigured, match="chmod 600"):
        Signer(key, "mail2026")


@pytest.mark.parametrize("selector", ["", "a b", "a.b\r\n", "ü"])
def test_a_selector_that_is_none_is_refused(key: Path, selector: str) -> None:
    with pytest.raises(NotConfigured, match="SELECTOR"):
        Signer(key, selector)


def test_a_key_that_is_none_sends_nothing(envelope: Envelope, key: Path) -> None:
    key.write_bytes(b"no key")
    with ScriptedServer() as server:
        mailer = SmtpMailer("127.0.0.1", server.port, tls="plain", dkim=(key, "mail2026"))
        with pytest.raises(NotSent) as refused:
            mailer.send(envelope, open_gate)
        mailer.close()
    assert refused.value.scope == "account"
    assert server.mails == []


def test_each_mail_leaves_by_the_account_of_its_sender(envelope: Envelope) -> None:
    from dataclasses import replace

    usual, sales = RecordingMailer(), RecordingMailer()
    mailer = RoutingMailer(usual, {"sales": sales})
    mailer.send(envelope, open_gate)
    mailer.send(replace(envelope, account="sales"), open_gate)
    with pytest.raises(NotSent, match="no mail account 'other'"):
        mailer.send(replace(envelope, account="other"), open_gate)
    mailer.close()
    assert [len(which.sent) for which in (usual, sales)] == [1, 1]
    assert (usual.closed, sales.closed) == (1, 1)

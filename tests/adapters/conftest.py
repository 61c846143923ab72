"""What several adapter tests share: an envelope and throwaway certificates."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from rusvel_tui.engine.ports import Envelope

MakeCertificate = Callable[[str], tuple[Path, Path]]

RAW = (
    b"From: Bob <bob@acme.example>\r\nTo: Ann <ann@example.com>\r\nSubject: Hello\r\n"
    b"Message-ID: <1.a@acme.example>\r\n\r\nHi Ann,\r\n.\r\n..two\r\n.end\r\n"
)


@pytest.fixture
def envelope() -> Envelope:
    """One mail whose body has lines that begin with dots."""
    return Envelope("mail-1", "<1.a@acme.example>", "bob@acme.example", "ann@example.com", RAW)


@pytest.fixture(scope="session")
def make_certificate(tmp_path_factory: pytest.TempPathFactory) -> MakeCertificate:
    """Makes a self-signed certificate and its key for a host name."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("the openssl program is missing, so there is no certificate to test TLS with")

    def make(host: str) -> tuple[Path, Path]:
        folder = tmp_path_factory.mktemp("certificate")
        cert, key = folder / "cert.pem", folder / "key.pem"
        names = f"subjectAltName=DNS:{host}"
        command = [
            openssl,
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
        ]
        options = [
            "-days",
            "2",
            "-subj",
            f"/CN={host}",
            "-addext",
            names,
            "-keyout",
            str(key),
            "-out",
            str(cert),
        ]
        subprocess.run([*command, *options], check=True, capture_output=True)
        return cert, key

    return make


@pytest.fixture(scope="session")
def certificate(make_certificate: MakeCertificate) -> tuple[Path, Path]:
    """A certificate for localhost."""
    return make_certificate("localhost")

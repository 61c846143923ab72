"""Where a test may kill a delivery: each mailer passes its points in the order of the crash table."""

from __future__ import annotations

from pathlib import Path

import pytest

from rusvel_tui.adapters.mailers import folder, smtp_session
from rusvel_tui.adapters.mailers.folder import FolderMailer
from rusvel_tui.adapters.mailers.smtp import SmtpMailer
from rusvel_tui.engine.crashpoints import CRASHPOINTS
from rusvel_tui.engine.ports import Envelope
from tests.adapters.smtp_servers import ScriptedServer


def test_smtp_passes_every_point_in_order(
    envelope: Envelope, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed: list[str] = []
    monkeypatch.setattr(smtp_session, "crashpoint", passed.append)
    with ScriptedServer() as server:
        mailer = SmtpMailer("127.0.0.1", server.port, tls="plain")
        mailer.send(envelope, lambda: passed.append(f"gate after {len(server.mails)} mails"))
        mailer.close()
    assert passed == [
        "after_connect",
        "after_mail",
        "after_rcpt",
        "after_body",
        "gate after 0 mails",
        "after_dot",
        "after_250",
    ]
    assert {name for name in passed if not name.startswith("gate")} <= set(CRASHPOINTS)


def test_the_folder_passes_the_points_that_it_has(
    envelope: Envelope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed: list[str] = []
    monkeypatch.setattr(folder, "crashpoint", passed.append)
    FolderMailer(tmp_path).send(envelope, lambda: passed.append("gate"))
    assert passed == ["after_connect", "after_body", "gate", "after_dot", "after_250"]

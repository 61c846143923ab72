"""The main job against Debian's postfix: `smtp-sink` takes the mails and writes each to a file (`make postfix`)."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from threading import Event

import pytest

from rusvel_tui.adapters.mailers.smtp import SmtpMailer
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from tests.factories import AGAIN, HELLO, Desk, box

SINK = shutil.which("smtp-sink") or shutil.which("smtp-sink", path="/usr/sbin")
pytestmark = pytest.mark.skipif(SINK is None, reason="smtp-sink is missing: run `make postfix`")
MAILS = 25


class Sink:
    """A running smtp-sink: its port, and the folder with a file for each mail it took."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = folder
        who = (
            ["-u", "root"] if os.geteuid() == 0 else []
        )  # it insists on a name when it is started by root
        command = [str(SINK), *who, "-d", "%M.", f"127.0.0.1:{self.port}", "10"]
        self.process = subprocess.Popen(command, cwd=folder)
        self._await_port()

    def _await_port(self) -> None:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            Event().wait(0.02)
        raise AssertionError("smtp-sink does not listen")

    def mails(self) -> list[bytes]:
        return [path.read_bytes() for path in self.folder.iterdir() if path.stat().st_size]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    folder = tmp_path / "sink"
    folder.mkdir()
    running = Sink(folder)
    yield running
    running.stop()


def test_c_105_approved_mails_reach_postfix_each_once(desk: Desk, sink: Sink) -> None:
    """Every approved mail lies at the server once, whole, and its next step is planned."""
    mailer = SmtpMailer("127.0.0.1", sink.port, tls="plain")
    desk.engine.mailer = mailer
    desk.set_policy(mailer=mailer.label)
    sequence = desk.sequence(HELLO, AGAIN)
    for n in range(MAILS):
        desk.enrol(sequence, desk.contact(f"Zoë {n}", f"zoe{n}@example.com"))
    desk.work()
    for mail in box(desk, Box.WAITING):
        desk.approve(mail)
    desk.work()
    mailer.close()
    taken = [message_from_bytes(raw) for raw in sink.mails()]
    assert len(taken) == len(box(desk, Box.SENT)) == MAILS
    assert {mail["Message-ID"] for mail in taken} == {
        mail.message_id for mail in box(desk, Box.SENT)
    }
    desk.later(days=3)
    desk.work()
    assert len(box(desk, Box.WAITING)) == MAILS

"""T-100: whoever is killed whenever, between the plan and the next step: no mail twice, none lost, each doubt explained."""

from __future__ import annotations

import os
import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope

from rusvel_tui.adapters.clock import SystemClock
from tests.adapters.smtp_servers import Inbox, real_server
from tests.system.fault_proxy import FAULTS, OPENING, FaultProxy
from tests.system.helpers import ended, python
from tests.system.story import write
from tests.system.tls_proxy import TLS_FAULTS, TlsProxy

KILLS = int(os.environ.get("TEST_PIPELINE_KILLS", "15"))
"""`make promises` asks for 500; the suite is content with some dozens."""
MAILS = int(os.environ.get("TEST_PIPELINE_MAILS", "25"))
SEED = os.environ.get("TEST_KILL_SEED", "1")
PATIENCE = 3000
_SETTLED = {"sent", "in_doubt", "dead", "rejected"}


def queried(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        return connection.execute(sql).fetchall()


def killed(path: Path, port: int, kills: int = KILLS, trusted: Path | None = None) -> int:
    """Let them work and die; how many did."""
    origin = SystemClock().now().isoformat()
    words = ["-m", "tests.system.pipeline_kills", str(path), str(port), origin, SEED, str(kills)]
    words += [str(trusted)] if trusted else []
    code, out, err = ended(python(*words), patience=PATIENCE)
    assert (code, err) == (0, ""), out + err
    return int(out)


def content(mail: Envelope) -> bytes:
    assert isinstance(mail.content, bytes)
    return mail.content


def copies(inbox: Inbox) -> Counter[str]:
    """How often the server accepted each mail, by its Message-ID."""
    found = (re.search(rb"^Message-ID: (<.*?>)", content(mail), re.M) for mail in inbox.mails)
    return Counter(match[1].decode() for match in found if match)


def check(path: Path, taken: Counter[str]) -> dict[str, int]:
    """What must hold whatever happened; the states of the first mails."""
    assert max(taken.values()) == 1, "a mail was accepted twice"
    rows = queried(path, "SELECT message_id, state, error FROM mail WHERE position = 0")
    assert len(rows) == MAILS
    for message_id, state, error in rows:
        assert state in _SETTLED
        assert message_id in taken or state != "sent", "a mail was lost"
        assert message_id not in taken or state in ("sent", "in_doubt")
        assert state == "sent" or error, "a mail that did not leave does not say why"
    missing = """SELECT count(*) FROM mail first WHERE position = 0 AND (state = 'sent') <> EXISTS (
        SELECT 1 FROM mail next JOIN job USING (id) WHERE next.enrollment_id = first.enrollment_id
        AND next.position = 1 AND job.state IN ('queued', 'running', 'awaiting_approval'))"""
    assert queried(path, missing) == [(0,)]
    assert queried(path, "PRAGMA integrity_check") == [("ok",)]
    assert queried(path, "PRAGMA foreign_key_check") == []
    return dict(Counter(str(state) for _, state, _ in rows))


@pytest.fixture
def planned(tmp_path: Path, no_sync: None) -> Path:
    """People enrolled, nothing drafted yet."""
    write(tmp_path / "desk.db", MAILS, drafted=False)
    return tmp_path / "desk.db"


@pytest.mark.timeout(PATIENCE)
def test_t_100_whatever_is_killed_whenever(planned: Path) -> None:
    with real_server() as (inbox, port):
        count = killed(planned, port)
    assert count >= min(KILLS, 20)
    states = check(planned, copies(inbox))
    print(f"{count} kills, {MAILS} mails: {states}")


@pytest.mark.timeout(PATIENCE)
def test_t_100_through_a_line_with_faults(planned: Path) -> None:
    """The same, with a third of the talks cut at a verb, stormed with 4yz, answered with garbage or slowly."""
    with real_server() as (inbox, port), FaultProxy(port, 0.3, int(SEED)) as proxy:
        count = killed(planned, proxy.port, KILLS)
    states = check(planned, copies(inbox))
    assert proxy.seen
    assert set(proxy.seen) <= {*FAULTS, *OPENING}
    print(f"{count} kills, {sum(proxy.seen.values())} faults, {MAILS} mails: {states}")


@pytest.mark.timeout(PATIENCE)
def test_t_100_through_a_line_whose_encryption_fails(
    planned: Path, certificate: tuple[Path, Path]
) -> None:
    """The same, encrypted, with most talks broken in the handshake or by a damaged record."""
    with (
        real_server("tls", certificate) as (inbox, port),
        TlsProxy(port, 0.7, int(SEED)) as proxy,
    ):
        count = killed(planned, proxy.port, KILLS, certificate[0])
    states = check(planned, copies(inbox))
    assert proxy.seen
    assert set(proxy.seen) <= set(TLS_FAULTS)
    print(f"{count} kills, {sum(proxy.seen.values())} faults, {MAILS} mails: {states}")

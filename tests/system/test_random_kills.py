"""Workers killed at any moment: no mail twice, none lost, and the next step is never missing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.adapters.smtp_servers import ScriptedServer
from tests.system.driver import LEASE
from tests.system.helpers import ended, python, wait_for
from tests.system.story import Story, write

MAILS = int(os.environ.get("TEST_KILL_MAILS", "40"))
"""More of them mean more kills; the suite is content with some dozens."""
SEED = os.environ.get("TEST_KILL_SEED", "1")


@pytest.fixture
def many(tmp_path: Path, server: ScriptedServer, no_sync: None) -> Story:
    write(tmp_path / "desk.db", MAILS)
    return Story(tmp_path / "desk.db", server)


def drained(story: Story) -> bool:
    """Do what the last ones killed left behind; whether nothing is left."""
    story.do("work", time="now")
    left = """SELECT 1 FROM mail JOIN job USING (id) WHERE job.state = 'running'
        OR mail.state IN ('approved', 'sending', 'committing')"""
    return not story.query(left)


@pytest.mark.timeout(600)
def test_c_132_whatever_is_killed_whenever(many: Story) -> None:
    many.due_now()
    words = ("-m", "tests.system.random_kills", str(many.path), str(many.server.port), SEED)
    code, out, err = ended(python(*words, **{LEASE: "1"}), patience=500)
    assert (code, err) == (0, ""), out
    assert int(out) >= MAILS / 10
    wait_for(lambda: drained(many), "the last lease to run out")
    copies = many.copies()
    assert max(copies.values()) == 1
    states = dict(many.query("SELECT state, count(*) FROM mail WHERE position = 0 GROUP BY 1"))
    assert set(states) <= {"sent", "in_doubt"}
    assert sum(states.values()) == MAILS
    sent = many.query("SELECT message_id FROM mail WHERE position = 0 AND state = 'sent'")
    assert {message_id for (message_id,) in sent} <= set(copies)
    missing = """SELECT count(*) FROM mail first WHERE position = 0 AND (state = 'sent') <> EXISTS (
        SELECT 1 FROM mail next JOIN job USING (id) WHERE next.enrollment_id = first.enrollment_id
        AND next.position = 1 AND next.state = 'scheduled' AND job.state = 'queued')"""
    assert many.query(missing) == [(0,)]
    assert many.query("SELECT count(*) FROM job WHERE state = 'running'") == [(0,)]
    assert many.query("PRAGMA integrity_check") == [("ok",)]
    assert many.query("PRAGMA foreign_key_check") == []
    print(f"{out.strip()} kills, {MAILS} mails, {states.get('in_doubt', 0)} in doubt")

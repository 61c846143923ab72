"""T-101: four worker processes over one file do each job once, and no cap is exceeded."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.adapters.smtp_servers import ScriptedServer
from tests.system.driver import CAP, NO_SYNC
from tests.system.helpers import ended
from tests.system.story import Story, write

JOBS = int(os.environ.get("TEST_JOBS", "160"))
"""`make promises` asks for 10 000."""
WORKERS = 4
CAP_OF_THE_DAY = 40
PATIENCE = 3000


@pytest.fixture
def many(tmp_path: Path, server: ScriptedServer, no_sync: None) -> Story:
    """As many approved mails."""
    write(tmp_path / "desk.db", JOBS)
    return Story(tmp_path / "desk.db", server)


@pytest.mark.timeout(PATIENCE)
def test_t_101_each_mail_of_many_leaves_once(many: Story) -> None:
    workers = [many.process("work", **{NO_SYNC: "1"}) for _ in range(WORKERS)]
    found = [ended(worker, PATIENCE) for worker in workers]
    assert [(code, err) for code, _, err in found] == [(0, "")] * WORKERS
    shares = [int(out) for _, out, _ in found]
    assert sum(shares) == JOBS
    assert min(shares) > 0
    copies = many.copies()
    assert len(copies) == JOBS
    assert set(copies.values()) == {1}
    done = "SELECT count(*), min(attempts), max(attempts) FROM job WHERE state = 'succeeded'"
    assert many.query(done) == [(JOBS, 1, 1)]
    assert many.query("SELECT state, count(*) FROM mail WHERE position = 0 GROUP BY 1") == [
        ("sent", JOBS)
    ]
    following = "SELECT state, attempts, count(*) FROM job WHERE json_extract(payload, '$.step_index') = 1 GROUP BY 1, 2"
    assert many.query(following) == [("queued", 0, JOBS)]
    assert many.query("SELECT count(*) FROM job WHERE state = 'running'") == [(0,)]
    assert many.query("PRAGMA foreign_key_check") == []
    assert many.query("PRAGMA integrity_check") == [("ok",)]


@pytest.mark.timeout(PATIENCE)
def test_q_045_no_cap_is_exceeded_by_workers_at_once(many: Story) -> None:
    """Q-045: what four processes send in a day is what one may: the gate counts in the transaction of the intent."""
    settings = {CAP: str(CAP_OF_THE_DAY), NO_SYNC: "1"}
    workers = [many.process("work", **settings) for _ in range(WORKERS)]
    found = [ended(worker, PATIENCE) for worker in workers]
    assert [(code, err) for code, _, err in found] == [(0, "")] * WORKERS
    assert sum(many.copies().values()) == CAP_OF_THE_DAY
    states = dict(many.query("SELECT state, count(*) FROM mail WHERE position = 0 GROUP BY 1"))
    assert states == {"sent": CAP_OF_THE_DAY, "approved": JOBS - CAP_OF_THE_DAY}
    assert many.query("SELECT count(*) FROM mail WHERE intent_at IS NOT NULL") == [
        (CAP_OF_THE_DAY,)
    ]
    assert many.query("SELECT DISTINCT blocked FROM mail WHERE state = 'approved'") == [
        (f"the daily cap of {CAP_OF_THE_DAY} mails is reached",)
    ]

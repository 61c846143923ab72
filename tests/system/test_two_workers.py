"""T-101: two worker processes over one file do each job once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.smtp_servers import ScriptedServer
from tests.system.helpers import ended
from tests.system.story import Story, write

JOBS = 300


@pytest.fixture
def many(tmp_path: Path, server: ScriptedServer, no_sync: None) -> Story:
    """As many approved mails."""
    write(tmp_path / "desk.db", JOBS)
    return Story(tmp_path / "desk.db", server)


def test_t_101_three_hundred_mails_leave_once_each(many: Story) -> None:
    found = [ended(worker) for worker in [many.process("work") for _ in range(2)]]
    assert [(code, err) for code, _, err in found] == [(0, ""), (0, "")]
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

"""A worker process that is killed in the middle of a workflow; another one goes on over the same file."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from rusvel_tui.engine.agent.workflows.runs import WorkflowState
from tests.engine.agent.workflows.test_workflows import (
    ADD,
    LOOK,
    SAY,
    begin,
    people,
    show,
    workflow,
)
from tests.factories import Desk
from tests.system.helpers import ended, python


def worker(desk: Desk, script: Path, minutes: int, **settings: str) -> int:
    """The exit code of `rusvel worker`, at a time."""
    process = python(
        "-m", "rusvel_tui", "worker", "--until-idle",
        RUSVEL_DB=str(desk.engine.path), RUSVEL_NOW=f"2026-11-24T09:{minutes:02}:00Z",
        RUSVEL_MODEL_SCRIPT=str(script), HOME=str(script.parent), **settings,
    )  # fmt: skip
    return ended(process)[0]


@pytest.mark.parametrize("point", ["workflow.in_answer"])
def test_q_142_a_process_that_is_killed_leaves_a_run_that_goes_on(
    desk: Desk, tmp_path: Path, point: str
) -> None:
    script = tmp_path / "script.json"
    script.write_text(json.dumps(["A mill."]))
    workflow(desk, LOOK, SAY, ADD)
    run_id = begin(desk)
    assert worker(desk, script, 0, RUSVEL_CRASHPOINT=point) == -signal.SIGKILL
    assert show(desk, run_id).state is WorkflowState.RUNNING
    assert worker(desk, script, 10) == 0
    paused = show(desk, run_id)
    assert [step.state for step in paused.steps] == ["done", "done", "waiting"]
    desk.later(minutes=15)
    desk.call("agent.proposals.approve", proposal_id=paused.waits_id)
    assert worker(desk, script, 20) == 0
    assert (show(desk, run_id).state, people(desk)) == (WorkflowState.COMPLETED, ["Löms"])

"""A stage can plan a task for every deal that comes to it: always the same, once, taken back with the move."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import START, Desk

TASK = {"task": "Ask about the proposal", "task_days": 3}


@pytest.fixture
def deal(desk: Desk) -> str:
    """A deal in Lead, in a pipeline whose Proposal plans a task."""
    stages = desk.call("gtm.crm.list_stages").items
    wanted: list[dict[str, Any]] = [
        {"name": stage.name, "kind": stage.kind, "rot_days": stage.rot_days} for stage in stages
    ]
    wanted[2] |= TASK
    desk.call("gtm.crm.update_pipeline", stages=wanted)
    person = desk.contact("Anna Abel")
    made = desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title="Board")
    return str(made.deal_id)


def planned(desk: Desk, deal: str) -> list[Any]:
    return list(desk.call("gtm.crm.list_tasks", deal_id=deal).items)


def test_t_090_a_move_adds_the_stage_s_task_to_the_timeline(desk: Desk, deal: str) -> None:
    desk.call("gtm.crm.advance_deal", deal_id=deal, stage="Qualified")
    assert planned(desk, deal) == []
    desk.call("gtm.crm.advance_deal", deal_id=deal, stage="Proposal")
    [task] = planned(desk, deal)
    assert (task.subject, task.due_at) == ("Ask about the proposal", START + timedelta(days=3))
    seen = desk.call("gtm.crm.timeline", deal_id=deal).items
    assert any(entry.title == "Ask about the proposal" for entry in seen)
    assert desk.call("gtm.crm.get_deal", deal_id=deal).next_action.subject == task.subject


def test_undo_of_the_move_takes_the_task_along_and_redo_plans_it_again(
    desk: Desk, deal: str
) -> None:
    desk.call("gtm.crm.advance_deal", deal_id=deal, stage="Proposal")
    desk.call("undo")
    assert desk.call("gtm.crm.get_deal", deal_id=deal).stage == "Lead"
    assert planned(desk, deal) == []
    desk.call("redo")
    assert [task.subject for task in planned(desk, deal)] == ["Ask about the proposal"]


def test_a_task_that_was_done_stays(desk: Desk, deal: str) -> None:
    moved = desk.call("gtm.crm.advance_deal", deal_id=deal, stage="Proposal")
    [task] = planned(desk, deal)
    desk.call("gtm.crm.complete_task", activity_id=task.activity_id)
    desk.call("undo")  # the task is open again
    desk.call("gtm.crm.snooze_task", activity_id=task.activity_id, until="in 9 days")
    desk.call("gtm.crm.advance_deal", deal_id=deal, stage="Lead")
    assert [one.activity_id for one in planned(desk, deal)] == [task.activity_id]
    assert moved.stage == "Proposal"

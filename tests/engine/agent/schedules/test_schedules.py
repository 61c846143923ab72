"""Schedules: each fire time once, whatever the clock and the workers do; what was slept through follows its policy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.adapters.models.scripted import ScriptedModel
from rusvel_tui.engine.agent.schedules.fires import FireState, FireView
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError, InvalidInput, NotFound
from rusvel_tui.engine.models import AgentEntity, Job, ScheduleFire
from rusvel_tui.engine.worker import Worker
from tests.factories import START, Desk, events

HOURLY = "0 * * * *"


def schedule(desk: Desk, name: str = "s", cron: str = HOURLY, **more: Any) -> str:
    usual = {"type": "operation", "operation": "gtm.crm.add_contact", "input": {"name": "Ada"}}
    body = {"cron": cron} | usual | more
    return str(desk.call("agent.entities.save", kind="schedule", name=name, body=body).entity_id)


def work(desk: Desk) -> None:
    Worker(desk.engine).until_idle()


def log(desk: Desk, **wanted: Any) -> list[FireView]:
    """Oldest first."""
    items = desk.call("agent.schedules.log", **wanted).items
    return sorted(items, key=lambda fire: fire.fire_at)


def people(desk: Desk) -> int:
    return len(desk.call("gtm.crm.list_contacts").items)


def test_q_143_the_first_fire_time_of_a_new_schedule_counts(desk: Desk) -> None:
    schedule(desk)
    work(desk)
    assert log(desk) == []
    desk.later(minutes=59, seconds=59)
    work(desk)
    assert log(desk) == []
    desk.later(seconds=1)
    work(desk)
    [fire] = log(desk)
    assert (fire.fire_at, fire.state) == (START + timedelta(hours=1), FireState.SUCCEEDED)
    assert '"name":"Ada"' in fire.output
    work(desk)
    assert people(desk) == 1


def test_t_030_a_look_at_the_time_queues_a_job_of_its_kind(desk: Desk) -> None:
    schedule(desk)
    desk.later(hours=1)
    assert desk.call("agent.schedules.look").queued == 1
    assert desk.call("agent.schedules.look").queued == 0
    assert [job.kind for job in Job.select().where(Job.state == "queued")] == ["ScheduleRun"]


def test_what_a_schedule_does_stands_in_the_log_by_its_name(desk: Desk) -> None:
    schedule(desk, "Every hour")
    desk.later(hours=1)
    work(desk)
    [added] = events(desk, "gtm.contact.added")
    assert added.actor == "schedule"
    [fired] = events(desk, "agent.schedule.fired")
    assert fired.payload["name"] == "Every hour"


@pytest.mark.parametrize(
    ("misfire", "states"),
    [
        ("skip", ["Missed"]),
        ("once", ["Missed", "Succeeded"]),
        ("all", ["Succeeded"] * 5),
    ],
)
def test_q_143_what_was_slept_through_follows_the_policy(
    desk: Desk, misfire: str, states: list[str]
) -> None:
    schedule(desk, misfire=misfire)
    desk.later(hours=5, minutes=30)
    work(desk)
    assert [fire.state.value for fire in log(desk)] == states
    assert people(desk) == states.count("Succeeded")
    if misfire != "all":
        [missed] = log(desk, state="Missed")
        count = 5 if misfire == "skip" else 4
        assert missed.error == f"{count} fire times passed while nothing ran"
    desk.later(minutes=30)
    work(desk)
    assert [fire.state.value for fire in log(desk)] == [*states, "Succeeded"]


def test_an_hour_is_on_time_when_nobody_looked_for_a_minute(desk: Desk) -> None:
    schedule(desk, misfire="skip")
    desk.later(hours=1, minutes=1)
    work(desk)
    assert [fire.state.value for fire in log(desk)] == ["Succeeded"]


def test_years_of_sleep_are_made_up_for_within_bounds(desk: Desk) -> None:
    schedule(desk, cron="* * * * *", misfire="all", operation="gtm.crm.list_contacts", input={})
    desk.later(days=800)
    assert desk.call("agent.schedules.look").queued == 100
    assert desk.call("agent.schedules.look").queued == 0


def test_q_143_a_clock_that_is_set_back_repeats_nothing(desk: Desk) -> None:
    schedule(desk)
    desk.later(hours=3)
    work(desk)
    done = people(desk)
    desk.engine.clock = FixedClock(desk.engine.clock.now() - timedelta(hours=2))
    for _ in range(4):
        work(desk)
        desk.later(minutes=30)
    work(desk)
    assert people(desk) == done
    desk.later(hours=1)
    work(desk)
    assert people(desk) == done + 1


def test_q_143_a_schedule_from_the_future_fires_each_time_once(desk: Desk) -> None:
    """Made while the clock was a year ahead."""
    schedule(desk)
    desk.engine.clock = FixedClock(START - timedelta(days=365, minutes=30))
    for _ in range(8):
        work(desk)
        desk.later(seconds=45)
        work(desk)
        desk.later(minutes=29, seconds=15)
    stamps = [fire.fire_at for fire in log(desk)]
    assert len(stamps) == len(set(stamps)) == 4


def test_q_143_a_clock_that_was_ahead_for_a_while_silences_nothing(desk: Desk) -> None:
    schedule(desk)
    right = desk.engine.clock
    desk.engine.clock = FixedClock(right.now() + timedelta(days=365, hours=1))
    work(desk)
    assert people(desk) == 1
    desk.engine.clock = right
    desk.later(hours=1)
    work(desk)
    desk.later(hours=1)
    work(desk)
    assert people(desk) == 3


def test_q_143_two_workers_at_once_fire_once(desk: Desk) -> None:
    """Each with a connection of its own, with many fire times to fight for."""
    schedule(desk, misfire="all")
    desk.later(hours=12)
    failed: list[BaseException] = []

    def look() -> None:
        try:
            Worker(desk.engine).until_idle()
        except EngineError as error:
            failed.append(error)

    threads = [Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert people(desk) == 12
    assert ScheduleFire.select().count() == 12


def test_a_changed_schedule_begins_anew(desk: Desk) -> None:
    """Turned on again after days, it makes up for nothing."""
    entity = schedule(desk, misfire="all")
    desk.call("agent.entities.set_enabled", entity_id=entity, enabled=False)
    desk.later(days=3)
    work(desk)
    desk.call("agent.entities.set_enabled", entity_id=entity, enabled=True)
    desk.later(hours=1)
    work(desk)
    assert len(log(desk)) == 1


def test_it_fires_in_the_zone_of_the_session(desk: Desk) -> None:
    """Nine in Auckland is eight in the evening before, in UTC."""
    desk.call("session.create", name="kiwi", timezone="Pacific/Auckland")
    body = {"cron": "0 9 * * *", "type": "operation", "operation": "gtm.crm.list_contacts"}
    desk.call("agent.entities.save", kind="schedule", name="s", body=body, session_id="kiwi")
    [coming] = desk.call("agent.schedules.next", session_id="kiwi").items
    assert coming.times[0] == datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
    assert (coming.zone, len(coming.times)) == ("Pacific/Auckland", 5)
    desk.later(hours=11)
    work(desk)
    [fire] = desk.call("agent.schedules.log", session_id="kiwi").items
    assert (fire.state, fire.fire_at) == (FireState.SUCCEEDED, coming.times[0])


def test_q_143_the_next_fire_times_are_shown(desk: Desk) -> None:
    schedule(desk, "late", "0 22 * * *")
    schedule(desk, "early", "30 9 * * mon-fri")
    items = desk.call("agent.schedules.next").items
    assert [one.name for one in items] == ["early", "late"]
    assert len(items[0].times) == 5
    [one] = desk.call("agent.schedules.next", schedule="Late", count=1).items
    assert one.times == (START.replace(hour=22),)
    [meant] = desk.call("agent.schedules.next", cron="@daily").items
    assert meant.times[0] == START.replace(hour=0) + timedelta(days=1)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"cron": "0 9 * *"}, "cron"),
        ({"operation": ""}, "operation"),
        ({"operation": "gtm.crm.fly"}, "operation"),
        ({"operation": "gtm.approvals.approve", "input": {"mail_id": "x"}}, "operation"),
        ({"operation": "agent.entities.save"}, "operation"),
        ({"operation": "undo"}, "operation"),
        ({"operation": "growth.kpi.record_kpi", "input": {}}, "name"),
        ({"input": {"name": "Ada", "session_id": "other"}}, "input"),
        ({"type": "prompt"}, "prompt"),
        ({"misfire": "never"}, "misfire"),
    ],
)
def test_what_can_never_run_is_refused(desk: Desk, body: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        schedule(desk, **body)
    assert refused.value.field == field


def test_a_workflow_must_be_there(desk: Desk) -> None:
    with pytest.raises(NotFound):
        schedule(desk, type="workflow", workflow="nope")


def test_what_cannot_be_done_says_why(desk: Desk) -> None:
    schedule(desk, input={"name": "Ada", "emails": ["ada@acme.example"]})
    desk.call("gtm.crm.add_contact", name="Ada", emails=["ada@acme.example"])
    desk.later(hours=1)
    work(desk)
    [fire] = log(desk)
    [failed] = events(desk, "agent.schedule.failed")
    assert fire.state is FireState.FAILED
    assert fire.error
    assert failed.payload["reason"] == fire.error


def test_a_prompt_is_asked_and_its_change_waits_for_a_yes(desk: Desk) -> None:
    call = {"tool": "gtm.crm.add_contact", "input": {"name": "Bob"}}
    desk.engine.chat_model = ScriptedModel([[call]])
    schedule(desk, type="prompt", prompt="Add whom I forgot")
    desk.later(hours=1)
    work(desk)
    [fire] = log(desk)
    assert fire.state is FireState.SUCCEEDED
    assert "waits for your yes" in fire.output
    assert people(desk) == 0
    assert desk.call("agent.proposals.list").waiting == 1


def test_a_prompt_without_a_model_says_so(desk: Desk) -> None:
    desk.engine.chat_model = None
    schedule(desk, type="prompt", prompt="Hello")
    desk.later(hours=1)
    work(desk)
    assert "No model answers" in log(desk)[0].error


def test_a_workflow_is_begun(desk: Desk) -> None:
    steps = [{"type": "operation", "operation": "gtm.crm.list_contacts"}]
    desk.call("agent.entities.save", kind="workflow", name="Look", body={"steps": steps})
    schedule(desk, type="workflow", workflow="look", operation="", input={})
    desk.later(hours=1)
    work(desk)
    [run] = desk.call("agent.workflows.log").items
    assert run.state.value == "Completed"
    assert log(desk)[0].output == f"workflow run {run.run_id}"


class Killed(BaseException):
    """The process is gone."""


def test_q_143_a_crash_repeats_no_change(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed right after the change was committed: the job is done, too."""
    schedule(desk)
    desk.later(hours=1)
    real = Engine.run

    def die_after(self: Engine, operation: Any, command: Any) -> Any:
        made = real(self, operation, command)
        if operation.name == "agent.schedules.begin":
            raise Killed
        return made

    monkeypatch.setattr(Engine, "run", die_after)
    with pytest.raises(Killed):
        work(desk)
    monkeypatch.setattr(Engine, "run", real)
    desk.later(minutes=10)
    work(desk)
    assert people(desk) == 1


def test_q_143_a_question_whose_worker_vanished_is_not_asked_twice(desk: Desk) -> None:
    class Dying(ScriptedModel):
        def stream(self, question: Any, stop: Any) -> Any:
            raise Killed

    desk.engine.chat_model = Dying([])
    schedule(desk, type="prompt", prompt="Hello")
    desk.later(hours=1)
    with pytest.raises(Killed):
        work(desk)
    again = desk.engine.chat_model = ScriptedModel(["Hello."])
    desk.later(minutes=10)
    work(desk)
    [fire] = log(desk)
    assert again.asked == []
    assert fire.error.startswith("interrupted")


def test_a_schedule_is_no_person(desk: Desk) -> None:
    """What only a person may do is refused also when it was let in before it was so."""
    schedule(desk)
    row = desk.call("agent.entities.list", kind="schedule").items[0]
    body = dict(row.body, operation="gtm.crm.delete_contact", input={"contact_id": "x"})
    AgentEntity.update(body=body).where(AgentEntity.id == row.entity_id).execute()
    desk.later(hours=1)
    work(desk)
    assert "no operation" in log(desk)[0].error

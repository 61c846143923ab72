"""Hooks: which events they run for, once each, tried again, and never for what they did themselves."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event as Stop
from threading import Thread
from typing import Any

import pytest

from rusvel_tui.adapters.models.scripted import ScriptedModel
from rusvel_tui.engine.agent import subscribers
from rusvel_tui.engine.agent.chat.loop import Chat
from rusvel_tui.engine.agent.hooks.runs import HookRunView, HookState
from rusvel_tui.engine.agent.ports import HookCall, HookFailed
from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.errors import InvalidInput, NotPermitted
from rusvel_tui.engine.models import HookRun, Subscriber
from rusvel_tui.engine.worker import Worker
from tests.factories import Desk, events


class Runner:
    """Runs nothing: keeps what it was asked, and answers what a test wants."""

    def __init__(self) -> None:
        self.calls: list[HookCall] = []
        self.answer: Callable[[HookCall], str] = lambda call: "done"

    def run(self, call: HookCall, stop: Stop) -> str:
        self.calls.append(call)
        return self.answer(call)


@pytest.fixture
def runner(desk: Desk) -> Runner:
    made = Runner()
    desk.engine.hook_runners = {"command": made, "http": made}
    return made


def hook(desk: Desk, name: str, event: str, engine: str = "", **more: Any) -> str:
    body = {"event": event, "type": "command", "action": "true"} | more
    saved = desk.call("agent.entities.save", kind="hook", name=name, engine=engine, body=body)
    return str(saved.entity_id)


def work(desk: Desk) -> None:
    Worker(desk.engine).until_idle()


def log(desk: Desk, **wanted: Any) -> tuple[HookRunView, ...]:
    items: tuple[HookRunView, ...] = desk.call("agent.hooks.log", **wanted).items
    return items


def test_q_140_a_hook_runs_for_its_event_with_what_happened(desk: Desk, runner: Runner) -> None:
    hook(desk, "Tell me", "gtm.contact.added")
    person = desk.contact("Ada Löw")
    work(desk)
    [call] = runner.calls
    assert (call.hook, call.kind, call.action) == ("Tell me", "gtm.contact.added", "true")
    assert f'"subject_id":"{person.contact_id}"' in call.payload
    [run] = log(desk)
    assert (run.state, run.output, run.attempts) == (HookState.SUCCEEDED, "done", 1)
    assert (run.event_id, run.run_id) == (call.event_id, call.run_id)


@pytest.mark.parametrize(
    ("event", "home", "fits"),
    [
        ("gtm.contact.added", "", True),
        ("gtm.contact.*", "gtm", True),
        ("gtm.*", "", True),
        ("*", "", True),
        ("*.added", "", True),
        ("gtm.deal.*", "", False),
        ("*.chat.completed", "", False),
        ("gtm.contact.adde?", "gtm", True),
        ("gtm.contact.updated", "", False),
    ],
)
def test_t_039_patterns_are_exact_or_globs(
    desk: Desk, runner: Runner, event: str, home: str, *, fits: bool
) -> None:
    hook(desk, "h", event, home)
    desk.contact("Ada")
    work(desk)
    assert bool([call for call in runner.calls if call.kind == "gtm.contact.added"]) == fits


def test_g_133_a_hook_of_a_department_runs_for_its_events_only(desk: Desk, runner: Runner) -> None:
    hook(desk, "growth", "*", "growth")
    hook(desk, "market", "*", "gtm")
    hook(desk, "all", "*.added")
    desk.contact("Ada")
    work(desk)
    assert {call.hook for call in runner.calls} == {"market", "all"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"event": "gtm.contact.aded"}, "event"),
        ({"event": "no.such.*"}, "event"),
        ({"event": "GTM *"}, "event"),
        ({"type": "http", "action": "example.org"}, "action"),
        ({"type": "prompt", "action": "Say {{event}}"}, "action"),
        ({"type": "prompt", "action": "Say {{payload"}, "text"),
        ({"timeout_seconds": 0}, "timeout_seconds"),
        ({"shell": "sh"}, "shell"),
    ],
)
def test_what_can_never_work_is_refused(desk: Desk, body: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        hook(desk, "h", **({"event": "gtm.*"} | body))
    assert refused.value.field == field


def test_q_140_what_a_hook_does_calls_no_hook(desk: Desk, runner: Runner) -> None:
    def note(call: HookCall) -> str:
        with desk.acting_as(Actor("hook", human=False)):
            desk.contact("made by a hook")
        return ""

    runner.answer = note
    hook(desk, "h", "*")
    desk.contact("Ada")
    work(desk)
    work(desk)
    assert [call.kind for call in runner.calls] == ["gtm.contact.added"]


def test_a_hook_is_tried_again_with_pauses_and_the_same_id(desk: Desk, runner: Runner) -> None:
    answers = iter(("busy", "busy", ""))

    def answer(call: HookCall) -> str:
        if why := next(answers):
            raise HookFailed(why, output="half")
        return "at last"

    runner.answer = answer
    hook(desk, "h", "gtm.contact.added", retries=2)
    desk.contact("Ada")
    work(desk)
    [run] = log(desk)
    assert (run.state, run.attempts, run.error, run.output) == (HookState.QUEUED, 1, "busy", "half")
    work(desk)
    assert len(runner.calls) == 1
    desk.later(seconds=10)
    work(desk)
    desk.later(seconds=60)
    work(desk)
    [run] = log(desk)
    assert (run.state, run.attempts, run.output) == (HookState.SUCCEEDED, 3, "at last")
    assert len({call.run_id for call in runner.calls}) == 1


@pytest.mark.parametrize(
    ("retries", "passing", "tries"), [(1, True, 2), (0, True, 1), (5, False, 1)]
)
def test_tries_are_bounded(
    desk: Desk, runner: Runner, retries: int, *, passing: bool, tries: int
) -> None:
    def fail(call: HookCall) -> str:
        raise HookFailed("no", passing=passing)

    runner.answer = fail
    hook(desk, "h", "gtm.contact.added", retries=retries)
    desk.contact("Ada")
    for _ in range(10):
        work(desk)
        desk.later(hours=2)
    assert len(runner.calls) == tries
    [run] = log(desk, state="Failed")
    assert run.error == "no"
    assert [e.payload["reason"] for e in events(desk, "agent.hook.failed")] == ["no"]


def test_q_140_secrets_are_not_kept_in_the_log(desk: Desk, runner: Runner) -> None:
    def leak(call: HookCall) -> str:
        raise HookFailed(
            "Bearer abcdefghijk refused", output="password=hunter22 sk-ant-api03-abcdefghijklmnop"
        )

    runner.answer = leak
    hook(desk, "h", "gtm.contact.added", retries=0)
    desk.contact("Ada")
    work(desk)
    [run] = log(desk)
    kept = run.output + run.error
    assert not [word for word in ("hunter22", "abcdefgh") if word in kept]
    assert "password=***" in kept


def test_a_hook_that_is_off_or_gone_does_not_run(desk: Desk, runner: Runner) -> None:
    off, gone = hook(desk, "off", "gtm.*"), hook(desk, "gone", "gtm.*")
    desk.call("agent.entities.set_enabled", entity_id=off, enabled=False)
    desk.contact("Ada")
    desk.call("agent.hooks.dispatch")
    desk.call("agent.entities.delete", entity_id=gone)
    work(desk)
    assert runner.calls == []
    [run] = log(desk)
    assert "turned off or deleted" in run.error


def test_a_hook_does_not_run_for_what_was_before_it(desk: Desk, runner: Runner) -> None:
    desk.contact("before")
    desk.later(minutes=1)
    hook(desk, "h", "*")
    work(desk)
    assert runner.calls == []


def test_q_144_a_reader_that_was_away_gets_every_event_once(
    desk: Desk, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More events than fit one batch, in two sittings; each time another process begins anew."""
    monkeypatch.setattr(subscribers, "BATCH", 7)
    hook(desk, "h", "gtm.contact.added")
    people = [desk.contact().contact_id for _ in range(20)]
    desk.call("agent.hooks.dispatch")
    assert HookRun.select().count() <= 7
    people += [desk.contact().contact_id for _ in range(5)]
    work(desk)
    work(desk)
    told = [call.payload.partition('"subject_id":"')[2][:36] for call in runner.calls]
    assert sorted(told) == sorted(people)


def test_an_event_that_is_read_twice_runs_its_hook_once(desk: Desk, runner: Runner) -> None:
    hook(desk, "h", "gtm.contact.added")
    desk.contact("Ada")
    work(desk)
    Subscriber.update(event_id=0).execute()
    work(desk)
    assert len(runner.calls) == 1


def test_a_hook_of_another_session_is_not_called(desk: Desk, runner: Runner) -> None:
    hook(desk, "h", "*")
    desk.call("session.create", name="other")
    desk.call("gtm.crm.add_contact", name="Bob", session_id="other")
    work(desk)
    assert {call.kind for call in runner.calls} <= {"session.created"}


def test_a_worker_that_vanished_leaves_the_run_to_the_next(desk: Desk, runner: Runner) -> None:
    class Killed(BaseException):
        """The process is gone."""

    def die(call: HookCall) -> str:
        raise Killed

    runner.answer = die
    hook(desk, "h", "gtm.contact.added")
    desk.contact("Ada")
    with pytest.raises(Killed):
        work(desk)
    runner.answer = lambda call: "done"
    desk.later(minutes=5)
    work(desk)
    [run] = log(desk)
    assert (run.state, len(runner.calls)) == (HookState.SUCCEEDED, 2)


def test_g_152_hooks_run_in_the_background_after_an_answer(desk: Desk, runner: Runner) -> None:
    desk.engine.chat_model = ScriptedModel(["Hello."])
    hook(desk, "after", "*.chat.completed", "gtm")
    ended = Chat(desk.engine, hear=lambda one: None).ask("gtm", "Hi")
    assert runner.calls == []
    work(desk)
    [call] = runner.calls
    assert call.kind == "gtm.chat.completed"
    assert ended.conversation_id in call.payload


def test_a_prompt_is_answered_without_tools_and_its_cost_is_kept(desk: Desk) -> None:
    model = desk.engine.chat_model = ScriptedModel(["Ada is new."])
    hook(desk, "h", "gtm.contact.added", type="prompt", action="In five words: {{payload}}")
    desk.contact("Ada")
    work(desk)
    [question] = model.asked
    assert question.tools == ()
    assert '"gtm.contact.added"' in question.turns[0].blocks[0].text  # type: ignore[union-attr]
    [run] = log(desk)
    assert (run.output, run.error) == ("Ada is new.", "")


def test_a_prompt_says_that_no_model_answers(desk: Desk) -> None:
    hook(desk, "h", "gtm.contact.added", type="prompt", action="{{payload}}")
    desk.contact("Ada")
    work(desk)
    assert log(desk)[0].error.startswith("No model answers here.")


def test_q_140_a_hook_can_be_tried_with_the_newest_event(desk: Desk, runner: Runner) -> None:
    ada = desk.contact("Ada")
    hook(desk, "Try me", "gtm.contact.*")
    run = desk.call("agent.hooks.test", hook="try-me")
    assert (run.state, run.output, run.event_id) == (HookState.SUCCEEDED, "done", 0)
    assert ada.contact_id in runner.calls[0].payload
    assert [one.run_id for one in log(desk, hook="Try me")] == [run.run_id]


def test_a_hook_can_be_tried_with_a_made_up_event(desk: Desk, runner: Runner) -> None:
    hook(desk, "h", "gtm.deal.updated")
    desk.call("agent.hooks.test", hook="h")
    assert '"name":"a test"' in runner.calls[0].payload


def test_only_a_person_tries_a_hook(desk: Desk, runner: Runner) -> None:
    hook(desk, "h", "gtm.*")
    with desk.acting_as(Actor("assistant", human=False)), pytest.raises(NotPermitted):
        desk.call("agent.hooks.test", hook="h")
    assert runner.calls == []


def test_a_slow_hook_holds_no_other_work_up(desk: Desk, runner: Runner) -> None:
    """While the hook runs the worker does what comes: here another mail is drafted meanwhile."""
    begun, over, stop = Stop(), Stop(), Stop()

    def wait(call: HookCall) -> str:
        begun.set()
        assert over.wait(20)
        return "late"

    runner.answer = wait
    hook(desk, "h", "gtm.outreach.drafted")
    sequence = desk.sequence()
    worker = Worker(desk.engine)
    thread = Thread(target=worker.run, args=(stop,), kwargs={"idle": 0.01})
    thread.start()
    try:
        desk.enrol(sequence, desk.contact())
        assert begun.wait(20)
        desk.enrol(sequence, desk.contact())
        drafted = Stop()
        for _ in desk.engine.follow(drafted, 0, every=0.01):
            if len(events(desk, "gtm.outreach.drafted")) == 2:
                drafted.set()
        assert log(desk)[-1].state is HookState.RUNNING
    finally:
        over.set()
        stop.set()
        thread.join()
    assert log(desk)[-1].output == "late"


def test_q_132_a_prompt_is_not_asked_when_the_money_of_the_month_is_used_up(desk: Desk) -> None:
    model = desk.engine.chat_model = ScriptedModel(["Ada is new.", "Bob, too."])
    desk.call("agent.config.set", layer="session", settings={"monthly_budget_usd": "0"})
    hook(desk, "h", "gtm.contact.added", type="prompt", action="{{payload}}")
    desk.contact("Ada")
    work(desk)
    assert (model.asked, log(desk)[0].state) == ([], HookState.FAILED)
    assert "monthly_budget_usd" in log(desk)[0].error


def test_a_hook_that_is_turned_on_does_not_run_for_what_was_before(
    desk: Desk, runner: Runner
) -> None:
    """Neither after it was made off, nor after it was off for a while; also when nobody read the log meanwhile."""
    entity = hook(desk, "h", "gtm.contact.added")
    desk.call("agent.entities.set_enabled", entity_id=entity, enabled=False)
    desk.contact("while it was off")
    desk.call("agent.entities.set_enabled", entity_id=entity, enabled=True)
    desk.contact("Ada")
    desk.call("agent.entities.save", kind="hook", entity_id=entity, name="other name")
    work(desk)
    assert [call.hook for call in runner.calls] == ["other name"]
    assert '"Ada"' in runner.calls[0].payload


def test_a_hook_that_came_back_does_not_run_for_what_was_before(desk: Desk, runner: Runner) -> None:
    entity = hook(desk, "h", "gtm.contact.added")
    desk.call("agent.entities.delete", entity_id=entity)
    desk.contact("while it was gone")
    desk.call("undo")  # of the contact, then of the hook
    desk.call("undo")
    work(desk)
    assert runner.calls == []
    desk.call("agent.entities.delete", entity_id=entity)
    desk.call("undo")
    desk.contact("Ada")
    work(desk)
    assert len(runner.calls) == 1

"""Conformance with the first design: people, deals and sequences. The numbers are those of its checklist."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rusvel_tui.engine import departments
from rusvel_tui.engine import operation as operation_module
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput, InvalidState, NotFound
from rusvel_tui.engine.gtm.crm.deals.deal_views import DealView
from rusvel_tui.engine.gtm.crm.people.contact_inputs import ContactId
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactView
from rusvel_tui.engine.gtm.crm.people.people import find_contact
from rusvel_tui.engine.gtm.crm.pipelines.stages import Stage
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceStatus, SequenceView
from rusvel_tui.engine.operation import OPERATIONS, View, operation
from tests.factories import START, Desk, enrollment, events, kinds


class Greeting(View):
    """What the operation that is added by a test answers."""

    text: str


STAGES = ("Lead", "Qualified", "Proposal", "Negotiation", "Won", "Lost")


def ids(desk: Desk, stage: str | None = None) -> list[str]:
    return [deal.deal_id for deal in desk.call("gtm.crm.list_deals", stage=stage).items]


def test_t_001_g_020_g_021_g_022_a_contact_is_added_found_and_listed(desk: Desk) -> None:
    made = desk.call("gtm.crm.add_contact", name="Alice Example", email="alice@example.com")
    assert desk.call("gtm.crm.get_contact", contact_id=made.contact_id) == made
    listed = desk.call("gtm.crm.list_contacts")
    assert ([c.name for c in listed.items], listed.total) == (["Alice Example"], 1)


def test_g_021_an_unknown_contact_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.call("gtm.crm.get_contact", contact_id="nobody")


def test_g_026_a_contact_is_updated(desk: Desk) -> None:
    made = desk.contact("Alice Example")
    desk.call("gtm.crm.update_contact", contact_id=made.contact_id, company="Looms & Co")
    assert desk.call("gtm.crm.get_contact", contact_id=made.contact_id).company == "Looms & Co"


def test_t_002_g_023_g_024_g_025_an_advanced_deal_is_in_its_new_stage_only(desk: Desk) -> None:
    contact = desk.contact()
    deal = desk.call("gtm.crm.add_deal", contact_id=contact.contact_id, title="Rollout", value=5000)
    assert (ids(desk, "Lead"), ids(desk, "Qualified")) == ([deal.deal_id], [])
    desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage="qualified")
    assert (ids(desk, "Lead"), ids(desk, "Qualified")) == ([], [deal.deal_id])
    assert ids(desk) == [deal.deal_id]


def test_g_004_g_050_a_deal_passes_the_six_stages(desk: Desk) -> None:
    """Unlike the first design, a closed deal does not move by accident and its way is kept."""
    assert tuple(stage.value for stage in Stage) == STAGES
    deal = desk.call("gtm.crm.add_deal", contact_id=desk.contact().contact_id, title="Rollout")
    for stage in STAGES[1:5]:
        moved = desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage=stage)
    assert [move.to_stage for move in moved.moves] == list(STAGES[1:5])
    with pytest.raises(InvalidState):
        desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage="Lost")


def test_g_023_a_deal_belongs_to_somebody_who_exists(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.call("gtm.crm.add_deal", contact_id="nobody", title="Rollout")


def test_t_004_g_030_g_031_a_new_sequence_is_a_draft(desk: Desk) -> None:
    made = desk.sequence(name="Welcome", active=False)
    listed = desk.call("gtm.outreach.list_sequences").items
    assert [(s.sequence_id, s.name, s.status.value) for s in listed] == [
        (made.sequence_id, "Welcome", "Draft")
    ]


def test_g_030_a_sequence_without_steps_is_refused(desk: Desk) -> None:
    """The first design stored it and could never run it."""
    with pytest.raises(InvalidInput, match="at least one step"):
        desk.call("gtm.outreach.create_sequence", name="Empty", steps=[])


def test_t_005_g_032_g_033_g_052_only_an_activated_sequence_is_executed(desk: Desk) -> None:
    sequence, contact = desk.sequence(active=False), desk.contact()
    chosen = {"sequence_id": sequence.sequence_id, "contact_id": contact.contact_id}
    with pytest.raises(InvalidState, match="Activate it first"):
        desk.call("gtm.outreach.execute_sequence", **chosen)
    desk.call("gtm.outreach.activate_sequence", sequence_id=sequence.sequence_id)
    job_id = desk.call("gtm.outreach.execute_sequence", **chosen).job_id
    job = desk.call("job.list").items[0]
    assert (job.job_id, job.kind, job.payload["step_index"]) == (job_id, "OutreachSend", 0)


def test_g_035_a_sequence_is_shown_and_its_text_seen_before_it_is_sent(desk: Desk) -> None:
    sequence, contact = desk.sequence(active=False), desk.contact("Grace Hopper")
    chosen = {"sequence_id": sequence.sequence_id}
    assert desk.call("gtm.outreach.get_sequence", **chosen) == sequence
    seen = desk.call("gtm.outreach.preview_sequence", contact_id=contact.contact_id, **chosen)
    assert seen.steps[0].body == "Hi Grace, a word about looms."


def test_g_036_g_067_a_follow_up_is_planned_and_comes_up(desk: Desk) -> None:
    """The first design stored follow-ups and never showed one."""
    contact = desk.contact("Grace Hopper")
    task = desk.call(
        "gtm.crm.add_task", subject="Ask again", contact_id=contact.contact_id, body="About looms",
        due_at=START + timedelta(days=2),
    )  # fmt: skip
    assert [item.due_at for item in desk.call("gtm.crm.list_tasks").items] == [
        START + timedelta(days=2)
    ]
    assert "Ask again" not in str(desk.call("gtm.today"))
    desk.later(days=2, hours=1)
    assert "Ask again" in str(desk.call("gtm.today"))
    done = desk.call("gtm.crm.complete_task", activity_id=task.activity_id)
    assert (done.contact_id, done.body, done.status) == (contact.contact_id, "About looms", "done")


@pytest.mark.parametrize(
    ("view", "fields"),
    [
        pytest.param(DealView, "deal_id contact_id title value currency stage notes created_at metadata", id="g_060"),
        pytest.param(SequenceView, "sequence_id name steps status metadata created_at", id="g_061"),
        pytest.param(ContactView, "contact_id name emails links company title tags last_contacted_at metadata", id="g_066"),
    ],
)  # fmt: skip
def test_the_structures_have_their_fields(view: type[DealView], fields: str) -> None:
    """`value` has a currency now, and `role` is called `title`."""
    assert set(fields.split()) <= set(view.model_fields)


def test_g_062_the_states_of_a_sequence_are_all_reachable_and_pausing_is_one(desk: Desk) -> None:
    assert {"Draft", "Active", "Paused", "Completed"} <= {s.value for s in SequenceStatus}
    sequence = desk.sequence()
    paused = desk.call("gtm.outreach.pause_sequence", sequence_id=sequence.sequence_id)
    assert paused.status is SequenceStatus.PAUSED


def test_g_051_g_063_a_step_has_delay_channel_and_template(desk: Desk) -> None:
    made = desk.sequence({"delay_days": 2, "channel": "email", "template": "Hello"}, active=False)
    step = made.steps[0]
    assert (step.delay_days, step.channel, step.body) == (2, "email", "Hello")


def test_g_068_the_run_of_a_sequence_is_kept(desk: Desk) -> None:
    """And it ends: by its last step, or with a reason."""
    contact = desk.contact()
    mail = desk.drafted({"delay_days": 0, "channel": "email", "template": "Hi"}, contact=contact)
    run = enrollment(desk, contact.contact_id)
    assert (run.status.value, run.job_id, run.step, run.ended_at) == ("Active", mail.id, 1, None)
    desk.approve(mail)
    desk.work()
    run = enrollment(desk, contact.contact_id)
    assert (run.status.value, run.reason, run.ended_at) == ("Completed", "finished", START)


@pytest.mark.parametrize("area", ["crm", "outreach", "approvals"])
def test_g_008_g_011_g_012_each_area_has_its_operations(area: str) -> None:
    departments.load()
    assert len([name for name in OPERATIONS if name.startswith(f"gtm.{area}.")]) > 5


def test_t_008_g_016_the_department_says_what_it_is_and_the_engine_is_sound(desk: Desk) -> None:
    gtm = departments.DEPARTMENTS[0]
    assert (gtm.id, gtm.name) == ("gtm", "GoToMarket Department")
    assert all(word in gtm.summary.lower() for word in ("crm", "outreach", "invoicing"))
    desk.engine.check()


def test_t_009_the_same_by_name_through_the_one_door(desk: Desk) -> None:
    """Contact, deal and sequence from one engine, as the integration test of the first design."""
    contact = desk.call("gtm.crm.add_contact", name="Bob", email="bob@example.com")
    chosen = {"contact_id": contact.contact_id}
    deal = desk.call("gtm.crm.add_deal", title="Pilot", value="1200.50", stage="Lead", **chosen)
    won = desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage="Won")
    assert (won.status, won.value, won.probability) == ("Won", "1200.50", 100)
    sequence = desk.sequence()
    assert desk.enrol(sequence, contact).contact_id == contact.contact_id
    assert desk.call("gtm.status").contacts == 1


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        pytest.param("deal", "gtm.deal.updated", id="g_102"),
        pytest.param("contact", "gtm.contact.added", id="g_103"),
        pytest.param("sequence", "gtm.sequence.created", id="g_106"),
    ],
)
def test_a_change_is_an_event_whoever_makes_it(desk: Desk, kind: str, event: str) -> None:
    """Exactly one, in the session of the change, with the thing that it is about."""
    contact = desk.contact()
    deal = desk.call("gtm.crm.add_deal", contact_id=contact.contact_id, title="Rollout")
    desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage="Proposal")
    sequence = desk.sequence(active=False)
    about = {"deal": deal.deal_id, "contact": contact.contact_id, "sequence": sequence.sequence_id}
    found = events(desk, event)
    assert [(e.subject_id, bool(e.session_id)) for e in found] == [(about[kind], True)]


def test_g_014_g_171_events_go_to_one_log_of_the_session(desk: Desk) -> None:
    desk.contact()
    assert kinds(desk) == ["gtm.contact.added"]
    desk.call("session.create", name="other")
    assert kinds(desk) == []


def test_g_160_a_new_operation_needs_no_change_of_the_core(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written beside the engine, it runs, is checked and is found by its name like all others."""
    monkeypatch.setattr("rusvel_tui.engine.operation.OPERATIONS", dict(OPERATIONS))
    monkeypatch.setattr("rusvel_tui.engine.core.OPERATIONS", operation_module.OPERATIONS)

    @operation("gtm.crm.greet", permission="crm.contacts.read")
    def greet(ctx: Context, cmd: ContactId) -> Greeting:
        """Greet somebody."""
        return Greeting(text=f"Hello {find_contact(ctx, cmd.contact_id).name}")

    contact = desk.contact("Grace")
    assert greet.summary == "Greet somebody."
    assert desk.call("gtm.crm.greet", contact_id=contact.contact_id).text == "Hello Grace"
    with pytest.raises(InvalidInput, match="contact_id: is missing"):
        desk.call("gtm.crm.greet")

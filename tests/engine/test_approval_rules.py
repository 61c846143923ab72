"""Rules that say yes: none at first, each with a cap, every yes of theirs marked, and never for what has an error."""

from __future__ import annotations

import pytest

from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.errors import NotPermitted
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.engine.ports import Draft
from rusvel_tui.engine.worker import WORKER
from tests.factories import AGAIN, HELLO, Desk, box, events, query

GOOD = "Hi Grace, I saw that you weave by hand. Shall we talk about looms on Tuesday?"


def rule(desk: Desk, **more: object) -> str:
    wanted = {
        "name": "Follow-ups",
        "daily_cap": 10,
        "first_mails": True,
        "warnings": True,
        "by_model": True,
    }
    return str(desk.call("gtm.approvals.add_rule", **(wanted | more)).rule_id)


def enrolled(desk: Desk, people: int = 1) -> None:
    sequence = desk.sequence(HELLO, AGAIN)
    for _ in range(people):
        desk.enrol(sequence, desk.contact())
    desk.work()


def test_q_036_every_mail_waits_by_default(desk: Desk) -> None:
    """Q-036: the policy is read, and without a rule it is `always`."""
    assert desk.call("gtm.approvals.policy").policy == "always"
    enrolled(desk)
    assert desk.mailer.sent == []
    assert len(box(desk, Box.WAITING)) == 1


def test_q_036_a_rule_says_yes_and_every_yes_of_it_is_marked(desk: Desk) -> None:
    made = rule(desk)
    enrolled(desk)
    [mail] = box(desk, Box.SENT)
    assert mail.approved_by == "rule Follow-ups"
    assert query(desk, "SELECT approved_rule FROM mail WHERE state = 'sent'") == [(made,)]
    [event] = events(desk, "gtm.outreach.approved")
    assert (event.payload["automatic"], event.payload["rule"]) == (True, "Follow-ups")
    policy = desk.call("gtm.approvals.policy")
    assert (policy.policy, policy.rules[0].used_today) == ("rules", 1)


def test_q_036_a_rule_stops_at_its_cap(desk: Desk) -> None:
    rule(desk, daily_cap=2)
    enrolled(desk, 5)
    assert len(desk.mailer.sent) == 2
    assert len(box(desk, Box.WAITING)) == 3


@pytest.mark.parametrize(
    ("less", "draft"),
    [
        ({"first_mails": False}, Draft("Hello Grace", GOOD, "template")),
        ({"by_model": False}, Draft("Hello Grace", GOOD, "a model")),
        ({"warnings": False}, Draft("Hello", "Hi Grace, ping?", "template")),
        ({}, Draft("Hello", "Hi {{first_name}}, ping you soon again?", "template")),
        ({}, Draft("Hello", GOOD, "template", problems=("company has no value",))),
    ],
)
def test_what_a_rule_is_not_about_waits(desk: Desk, less: dict[str, bool], draft: Draft) -> None:
    rule(desk, **less)
    desk.drafter.script.append(draft)
    enrolled(desk)
    assert desk.mailer.sent == []


def test_a_rule_of_one_sequence_is_about_no_other(desk: Desk) -> None:
    mine = desk.sequence(HELLO, name="Mine")
    rule(desk, sequence_id=mine.sequence_id)
    enrolled(desk)
    assert desk.mailer.sent == []
    desk.enrol(mine, desk.contact())
    desk.work()
    assert len(desk.mailer.sent) == 1


def test_what_a_person_sent_back_is_shown_to_them(desk: Desk) -> None:
    enrolled(desk)
    [mail] = box(desk, Box.WAITING)
    rule(desk)
    desk.drafter.script.append(Draft("Hello again", GOOD, "canned"))
    desk.call("gtm.outreach.redraft", id=mail.id)
    desk.work()
    assert desk.mail(mail.id).box is Box.WAITING


def test_only_a_person_makes_rules(desk: Desk) -> None:
    with desk.acting_as(Actor("assistant", human=False)), pytest.raises(NotPermitted):
        rule(desk)
    with desk.acting_as(WORKER), pytest.raises(NotPermitted):
        rule(desk)


def test_a_rule_is_deleted_and_brought_back(desk: Desk) -> None:
    made = rule(desk)
    desk.call("gtm.approvals.delete_rule", rule_id=made)
    assert desk.call("gtm.approvals.policy").policy == "always"
    desk.call("undo")
    assert desk.call("gtm.approvals.policy").policy == "rules"
    desk.call("undo")
    assert desk.call("gtm.approvals.policy").policy in ("always", "rules")


def test_the_gates_run_again_whoever_said_yes(desk: Desk) -> None:
    """A rule's yes opens no gate: who opted out meanwhile gets nothing."""
    desk.set_policy(undo_seconds=60)
    rule(desk)
    sequence = desk.sequence(HELLO)
    executed = desk.enrol(sequence, desk.contact(email="grace@example.com"))
    desk.mailer.before_gate = lambda envelope: None
    from rusvel_tui.engine.worker import Worker

    Worker(desk.engine).tick()
    assert desk.mail(executed.job_id).box is Box.QUEUED
    desk.call("gtm.crm.suppress", address="grace@example.com", reason="asked")
    desk.later(seconds=61)
    desk.work()
    assert desk.mailer.sent == []

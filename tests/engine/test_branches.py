"""The way through the steps: conditions, branches, and what is refused because it leads nowhere or for ever round."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.outreach.sequences.branches import (
    END,
    PathStep,
    check_paths,
    next_step,
    path_step,
    unmet,
)
from rusvel_tui.engine.gtm.outreach.sequences.conditions import StepFacts
from tests.factories import AGAIN, HELLO, START, Desk, box, enrollment, events

CALL = {"type": "CALL", "instructions": "Ring {{first_name}}."}
LAST = {
    "channel": "email",
    "subject": "Last",
    "body": "Hi {{first_name}}, the last word about looms.",
}


def path(
    *branches: tuple[str, str], key: str = "a", manual: bool = False, when: str = ""
) -> PathStep:
    pairs = [{"when": condition, "goto": goto} for condition, goto in branches]
    return path_step(key, manual, [when] if when else [], pairs)


def test_the_first_branch_that_holds_is_taken() -> None:
    steps = [
        path(("outcome is reached", "c"), ("outcome is reached or busy", END)),
        path(key="b"),
        path(key="c"),
    ]
    assert next_step(steps, 0, StepFacts(outcome="reached")) == 2
    assert next_step(steps, 0, StepFacts(outcome="busy")) is None
    assert next_step(steps, 0, StepFacts(outcome="voicemail")) == 1
    assert next_step(steps, 2, StepFacts()) is None


def test_every_condition_of_a_step_must_hold() -> None:
    step = path_step("a", False, ["tag is vip", "title is not empty"], [])
    assert unmet(step, StepFacts()) == "tag is vip"
    assert unmet(step, StepFacts(tags=frozenset({"VIP"}))) == "title is not empty"
    assert unmet(step, StepFacts(tags=frozenset({"VIP"}), fields={"title": "CEO"})) == ""


@pytest.mark.parametrize(
    "steps",
    [
        [path(("tag is x", "a"))],
        [path(key="b"), path(("tag is x", "b"), key="c")],
        [path(key="b"), path(key="m", manual=True, when="tag is y"), path(("tag is x", "b"), key="c")],
        [path(("outcome is not reached", "a"), manual=True, when="tag is y")],
        [path(("outcome is skipped", "a"), manual=True, when="tag is y")],
    ],
)  # fmt: skip
def test_a_way_round_without_a_person_is_refused(steps: list[PathStep]) -> None:
    """Mails alone would go round for ever; so would a call that a condition may pass over."""
    with pytest.raises(InvalidInput, match="it would go round for ever") as caught:
        check_paths(steps)
    assert caught.value.field == f"steps.{len(steps) - 1}.branches.0.goto"


@pytest.mark.parametrize(
    "steps",
    [
        [path(("outcome is no answer", "a"), manual=True)],
        [path(("outcome is no answer", "a"), manual=True, when="tag is y")],
        [path(key="b"), path(key="m", manual=True), path(("tag is x", "b"), key="c")],
        [path(("tag is x", "c")), path(key="b"), path(key="c")],
    ],
)
def test_a_way_round_on_which_a_person_is_asked_is_fine(steps: list[PathStep]) -> None:
    check_paths(steps)


FLAGS = st.lists(st.booleans(), min_size=1, max_size=8)


@settings(deadline=None)
@given(st.data(), FLAGS)
def test_no_path_that_was_accepted_goes_round_by_itself(
    data: st.DataObject, manual: list[bool]
) -> None:
    """Whatever the facts: between two visits of a step, a person did something. By trying it."""
    count = len(manual)
    where = st.sampled_from([*(f"s{n}" for n in range(count)), END])
    conditions = st.sampled_from(
        ["tag is x", "tag is not x", "outcome is done", "outcome is not done", "reply is none"]
    )
    steps = [
        path_step(
            f"s{n}",
            by_hand,
            data.draw(st.lists(st.just("title is ceo"), max_size=1)),
            data.draw(
                st.lists(
                    st.builds(lambda w, g: {"when": w, "goto": g}, conditions, where), max_size=2
                )
            ),
        )
        for n, by_hand in enumerate(manual)
    ]
    try:
        check_paths(steps)
    except InvalidInput:
        return
    position: int | None = 0
    untouched: set[int] = set()
    for _ in range(60):
        if position is None:
            return
        assert position not in untouched
        untouched.add(position)
        skipped = bool(steps[position].when) and data.draw(st.booleans())
        if steps[position].manual and not skipped:
            untouched.clear()
        outcome = "skipped" if skipped else "done" if steps[position].manual else "sent"
        tags = frozenset(data.draw(st.lists(st.just("x"), max_size=1)))
        position = next_step(steps, position, StepFacts(outcome=outcome, tags=tags))


@pytest.mark.parametrize(
    ("steps", "field", "message"),
    [
        ([{**HELLO, "branches": [{"when": "tag is x", "goto": "s9"}]}], "steps.0.branches.0.goto", "there is no step 's9'. There are s1, end"),
        ([HELLO, {**HELLO, "branches": [{"when": "tag is x", "goto": "1"}]}], "steps.1.branches.0.goto", "'s1' leads back here"),
        ([{**HELLO, "branches": [{"when": "tag", "goto": END}]}], "steps.0.branches.0.when", "'tag' is not a condition"),
        ([{**HELLO, "branches": [{"when": "outcome is reached", "goto": END}]}], "steps.0.branches.0.when", "EMAIL_AUTO ends with one of: sent"),
        ([{**CALL, "branches": [{"when": "outcome is sent", "goto": END}]}], "steps.0.branches.0.when", "CALL ends with one of: reached"),
        ([{**HELLO, "when": ["titel is CEO"]}], "steps.0.when.0", "Did you mean 'title'"),
        ([{**HELLO, "when": ["tag is x", "reply is maybe"]}], "steps.0.when.1", "reply is never 'maybe'"),
        ([{**HELLO, "key": "Ab"}], "steps.0.key", "a key is a small letter"),
        ([{**HELLO, "key": "end"}], "steps.0.key", "`end` is taken"),
        ([{**HELLO, "key": "a"}, {**AGAIN, "key": "a"}], "steps.1.key", "step 1 is called 'a' already"),
        ([{**HELLO, "number": 1}, {**AGAIN, "number": 3}], "steps.1.number", "without a gap"),
        ([{**HELLO, "number": 2}], "steps.0.number", "Step 2 stands in place 1"),
        ([{**CALL, "variants": [{"body": "a"}, {"body": "b"}]}], "steps.0.variants", "only a mail has variants"),
        ([{**HELLO, "variants": [{"body": "a"}]}], "steps.0.variants", "two to 5 variants"),
        ([{**HELLO, "variants": [{"name": "a"}, {"name": "A"}]}], "steps.0.variants.1.name", "is no name of its own"),
        ([{**HELLO, "variants": [{"body": "ok"}, {"body": "{{x}}"}]}], "steps.0.variants.1.body", "there is no field 'x'"),
    ],
)  # fmt: skip
def test_q_065_paths_that_cannot_work_are_refused_with_their_place(
    desk: Desk, steps: list[Any], field: str, message: str
) -> None:
    """Nothing is stored."""
    with pytest.raises(InvalidInput, match=message.replace("(", r"\(")) as caught:
        desk.call("gtm.outreach.create_sequence", name="Intro", steps=steps)
    assert caught.value.field == field
    assert desk.call("gtm.outreach.list_sequences").items == ()


def go(desk: Desk) -> None:
    """A mail is written, approved and sent."""
    desk.work()
    for mail in box(desk):
        desk.approve(mail)
    desk.work()


def test_c_144_the_outcome_of_a_call_branches(desk: Desk) -> None:
    """C-102, C-145: no answer calls again in a day, reached ends it, anything else goes on."""
    call = {
        **CALL,
        "delay_days": 1,
        "branches": [
            {"when": "outcome is no answer", "goto": "s1"},
            {"when": "outcome is reached", "goto": "end"},
        ],
    }
    sequence = desk.sequence(call, LAST)
    people = [desk.contact(name) for name in ("Anna", "Bea", "Cid")]
    jobs = [desk.enrol(sequence, person).job_id for person in people]
    desk.later(days=1)
    desk.work()
    for job, outcome in zip(jobs, ("No_Answer", "reached", "voicemail"), strict=True):
        desk.call("gtm.outreach.complete_step", job_id=job, outcome=outcome)
    again, over, on = (enrollment(desk, person.contact_id) for person in people)
    assert (again.step, again.next_at) == (1, START + timedelta(days=2))
    assert (over.status, over.reason) == ("Completed", "finished")
    assert (on.step, on.outcome) == (2, "voicemail")
    desk.later(days=1)
    desk.work()
    [task] = desk.call("gtm.crm.list_tasks").items
    assert task.subject == "Call: Anna"


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        ("tag is vip", {"tags": "vip"}),
        ("title is empty", {"title": ""}),
        ("company is not empty", {"company": "Navy"}),
        ("country is DE or AT", {"country": "AT"}),
        ("custom.size is big", {"fields": {"Size": "big"}}),
    ],
)
def test_a_step_whose_condition_does_not_hold_is_skipped(
    desk: Desk, when: str, fits: dict[str, Any]
) -> None:
    """The reason stands in the history, and the next delay counts from the skip."""
    desk.contact("Other", fields={"Size": "small"})
    sequence = desk.sequence({**HELLO, "when": [when]}, LAST)
    hit = desk.contact("Hit", **{"title": "CEO", **fits})
    miss = desk.contact("Miss", **({"title": "CEO"} if "title" in fits else {}))
    for person in (hit, miss):
        desk.enrol(sequence, person)
    desk.work()
    assert {mail.contact: mail.subject for mail in box(desk)} == {"Hit": "Hello", "Miss": "Last"}
    assert enrollment(desk, miss.contact_id).step == 2
    [skip] = events(desk, "gtm.outreach.skipped")
    assert (skip.payload["name"], skip.payload["step_key"]) == ("Miss", "s1")
    assert skip.payload["reason"].startswith("only when ")
    steps = desk.call(
        "gtm.outreach.enrollment_steps",
        enrollment_id=enrollment(desk, miss.contact_id).enrollment_id,
    ).steps
    assert [(one.key, one.state) for one in steps] == [("s1", "skipped"), ("s2", "waiting")]


def test_a_condition_is_looked_at_again_before_a_mail_leaves(desk: Desk) -> None:
    sequence = desk.sequence({**HELLO, "when": ["tag is not customer"]}, LAST)
    person = desk.contact("Grace")
    made = desk.enrol(sequence, person)
    desk.work()
    desk.approve(desk.mail(made.job_id))
    desk.call("gtm.crm.update_contact", contact_id=person.contact_id, tags=["customer"])
    desk.work()
    assert desk.mail(made.job_id).state == "Cancelled"
    assert [mail.subject for mail in box(desk)] == ["Last"]
    assert desk.mailer.sent == []


def test_the_stage_of_the_deal_decides(desk: Desk) -> None:
    """That of the enrollment, or of any deal of the person when it has none."""
    step = {**HELLO, "branches": [{"when": "deal is proposal", "goto": "s3"}]}
    sequence = desk.sequence(step, {**AGAIN, "delay_days": 0}, LAST)
    with_deal, without = desk.contact("With"), desk.contact("Without")
    deal = desk.call("gtm.crm.add_deal", contact_id=with_deal.contact_id, title="Looms")
    desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage="Proposal")
    for person in (with_deal, without):
        desk.enrol(sequence, person)
    go(desk)
    desk.work()
    assert {mail.contact: mail.subject for mail in box(desk)} == {
        "With": "Last",
        "Without": "Re: Hello",
    }


def test_conditions_are_not_looked_at_while_it_is_paused(desk: Desk) -> None:
    sequence = desk.sequence({**HELLO, "when": ["tag is vip"]}, LAST)
    made = desk.enrol(sequence, desk.contact())
    desk.call("gtm.outreach.pause_enrollment", enrollment_id=made.enrollment_id)
    desk.work()
    assert enrollment(desk, made.contact_id).step == 1
    desk.call("gtm.outreach.resume_enrollment", enrollment_id=made.enrollment_id)
    desk.work()
    assert enrollment(desk, made.contact_id).step == 2


def test_a_sequence_is_drawn_as_a_tree(desk: Desk) -> None:
    call = {**CALL, "delay_days": 2, "delay_unit": "working_days", "when": ["tag is not vip"],
            "branches": [{"when": "outcome is no answer", "goto": "2"}, {"when": "outcome is reached", "goto": "end"}]}  # fmt: skip
    pair = [{"subject": "One", "weight": 3}, {"subject": "Two"}]
    sequence = desk.sequence({**HELLO, "variants": pair}, call, {**LAST, "delay_days": 1})
    drawn = desk.call("gtm.outreach.draw_sequence", sequence_id=sequence.sequence_id)
    assert drawn.text.split("\n") == [
        "1  mail · at once · Hello",
        "   a 75%: One",
        "   b 25%: Two",
        "2  call · phone · 2 working days later · Ring {{first_name}}.",
        "   only when tag is not vip",
        "   ├ outcome is no answer → step 2 again",
        "   ├ outcome is reached → end",
        "   └ otherwise → step 3",
        "3  mail · 1 day later · Last",
        "■  end",
    ]
    assert [(line.kind, line.step, line.goto) for line in drawn.lines if line.goto] == [
        ("branch", 2, 2),
        ("next", 2, 3),
    ]
    unsaved = desk.call("gtm.outreach.draw_sequence", steps=[HELLO])
    assert [line.kind for line in unsaved.lines] == ["step", "end"]
    with pytest.raises(InvalidInput, match="Name a sequence"):
        desk.call("gtm.outreach.draw_sequence")

"""What a sequence would do: every text for one person with its day, and one step checked by itself."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.errors import InvalidInput, NotFound
from rusvel_tui.engine.gtm.outreach.mails.preview import (
    CheckStep,
    PreviewSequence,
    SequencePreview,
    StepText,
    check_one_step,
    list_fields,
    preview_sequence,
)
from rusvel_tui.engine.gtm.outreach.sequences.steps import StepInput, StepType
from rusvel_tui.engine.operation import Input
from tests.factories import AGAIN, HELLO, Desk, box, kinds

CALL = {"type": "CALL", "delay_days": 4, "instructions": "Ask {{first_name}} about looms."}


def preview(desk: Desk, contact_id: str, **what: Any) -> SequencePreview:
    wanted = PreviewSequence.model_validate({"contact_id": contact_id, **what})
    return desk.engine.run(preview_sequence, wanted)


def test_every_step_is_shown_with_its_text_and_its_day(desk: Desk) -> None:
    """The days add up; a follow-up without a subject answers the first mail."""
    anna = desk.contact("Anna Smith", "anna@x.example")
    sequence = desk.sequence(HELLO, AGAIN, CALL)
    seen = preview(desk, anna.contact_id, sequence_id=sequence.sequence_id)
    assert seen.contact == "Anna Smith"
    assert [(step.number, step.subject, step.to) for step in seen.steps] == [
        (1, "Hello", "anna@x.example"),
        (2, "Re: Hello", "anna@x.example"),
        (3, "Call: Anna Smith", ""),
    ]
    assert [(step.at - seen.steps[0].at).days for step in seen.steps] == [0, 3, 7]
    assert seen.steps[0].body == "Hi Anna, a word about looms."
    assert seen.steps[2].body == "Ask Anna about looms."
    assert not any(step.problems or step.notes for step in seen.steps)


def test_a_preview_is_what_the_draft_becomes(desk: Desk) -> None:
    """Pass one writes the same subjects and bodies."""
    anna = desk.contact("Anna Smith")
    sequence = desk.sequence(HELLO, AGAIN)
    seen = preview(desk, anna.contact_id, sequence_id=sequence.sequence_id)
    desk.enrol(sequence, anna)
    desk.work()
    for step in seen.steps:
        [mail] = box(desk)
        assert (mail.subject, mail.body) == (step.subject, step.body)
        desk.approve(mail)
        desk.work()
        desk.later(days=3)
        desk.work()


def test_a_preview_changes_nothing(desk: Desk) -> None:
    anna = desk.contact()
    sequence = desk.sequence()
    before = kinds(desk)
    preview(desk, anna.contact_id, sequence_id=sequence.sequence_id)
    assert kinds(desk) == before
    assert desk.work() == 0


def test_a_hole_is_a_problem_and_a_fallback_a_note(desk: Desk) -> None:
    """So is a person without an address."""
    nobody = desk.contact("Sam", "", phones=("+49 30 1234",))
    steps = [
        {"subject": "At {{company}}", "body": "Hi {{title|there}}, a word about {{company}}."},
        {"subject": "Again", "body": "Hi [First Name], a word about the looms that you asked for."},
    ]
    first, second = preview(desk, nobody.contact_id, name="Intro", steps=steps).steps
    assert first.problems == (
        "the contact has no address that may be written to",
        "{{company}} has no value for this person.",
    )
    assert first.notes == ("{{title}} is empty: its fallback stands there.",)
    assert first.body == "Hi there, a word about {{company}}."
    assert second.problems[1:] == ("[First Name] is a placeholder that nobody filled in.",)


def test_steps_that_are_not_stored_stand_in_for_the_stored_ones(desk: Desk) -> None:
    """The name of the sequence is the subject when no step names one."""
    anna = desk.contact()
    sequence = desk.sequence(HELLO)
    [step] = preview(
        desk, anna.contact_id, sequence_id=sequence.sequence_id, steps=[{"body": "Hi from afar."}]
    ).steps
    assert (step.subject, step.body) == ("Intro", "Hi from afar.")
    [named] = preview(desk, anna.contact_id, name="Other", steps=[{"body": "Hi from afar."}]).steps
    assert named.subject == "Other"


def test_unknown_people_and_sequences_are_refused(desk: Desk) -> None:
    with pytest.raises(NotFound, match="no contact"):
        preview(desk, "nobody", name="Intro")
    with pytest.raises(NotFound, match="no sequence"):
        preview(desk, desk.contact().contact_id, sequence_id="none")


def test_a_step_is_settled_as_it_would_be_stored(desk: Desk) -> None:
    """The type follows from the channel and the other way round."""
    task = StepInput(channel="LinkedIn", instructions="Connect with {{name}}.  ")
    seen = desk.engine.run(check_one_step, CheckStep(step=task))
    assert (seen.type, seen.channel, seen.instructions) == (
        StepType.TASK, "linkedin", "Connect with {{name}}.",
    )  # fmt: skip
    call = desk.engine.run(check_one_step, CheckStep(step=StepInput(type=StepType.CALL)))
    assert call.channel == "phone"


@pytest.mark.parametrize(
    ("step", "field", "message"),
    [
        ({"body": ""}, "steps.1.body", "a mail needs a text"),
        ({"body": "Hi\n{{frist_name}}"}, "steps.1.body", "Line 2, column 1.*'first_name'"),
        ({"body": "Hi", "subject": "{{x"}, "steps.1.subject", "Line 1, column 1"),
        ({"body": "Hi", "channel": "pigeon"}, "steps.1.channel", "unknown channel 'pigeon'"),
        ({"type": "CALL", "channel": "email"}, "steps.1.channel", "CALL does not go with"),
        ({"type": "TASK", "instructions": "{{"}, "steps.1.instructions", "Line 1, column 1"),
    ],
)
def test_a_wrong_step_names_the_place(
    desk: Desk, step: dict[str, Any], field: str, message: str
) -> None:
    """Also the instructions of a task: they are filled in when it becomes due."""
    with pytest.raises(InvalidInput, match=f"Step 2, .*{message}") as caught:
        desk.engine.run(check_one_step, CheckStep.model_validate({"step": step, "number": 2}))
    assert caught.value.field == field


def test_the_instructions_of_a_mail_are_free_text(desk: Desk) -> None:
    """They are for whoever drafts it."""
    step = StepInput(body="Hi.", instructions="Mention {{ nothing")
    assert desk.engine.run(check_one_step, CheckStep(step=step)).instructions


def test_a_stored_step_can_be_given_again(desk: Desk) -> None:
    """What was settled stays as it is."""
    sequence = desk.sequence(HELLO, CALL)
    texts = [StepText.of(step) for step in sequence.steps]
    again = [desk.engine.run(check_one_step, CheckStep(step=text.as_input)) for text in texts]
    assert again == texts


def test_the_merge_fields_are_listed_with_those_of_the_contacts(desk: Desk) -> None:
    desk.contact(fields={"Favourite loom": "Jacquard"})
    fields = desk.engine.run(list_fields, Input()).fields
    assert fields["first_name"] == "the given name"
    assert list(fields)[-1] == "custom.favourite_loom"

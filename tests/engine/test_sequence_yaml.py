"""Sequences as files: out and in again without a change, and every mistake with its line."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.errors import Conflict, InvalidInput
from rusvel_tui.engine.gtm.outreach.enrolling.enrol_rules import CompanyReply, EnrolRules
from rusvel_tui.engine.gtm.outreach.sequences.sequence_text import read_sequence, write_sequence
from rusvel_tui.engine.gtm.outreach.sequences.step_input import StepInput
from rusvel_tui.engine.gtm.outreach.sequences.step_keys import name_steps
from rusvel_tui.engine.gtm.outreach.sequences.steps import check_steps, settle_paths
from rusvel_tui.engine.gtm.outreach.timing.schedules import Rules
from tests.factories import AGAIN, HELLO, Desk, kinds

FULL = """\
name: New Lead Follow-up
rules:
  again: after
  again_after_days: 30
  company_reply: stop
schedule:
  windows: mon-fri 09:00-17:00
  blackout:
    - '2026-12-24'
steps:
  - key: hello
    type: EMAIL_AUTO
    subject: A word about {{company|looms}}
    body: |
      Hi {{first_name|there}},

        - one: two # three
      "quoted" and 'quoted'

      Best
    variants:
      - name: a
        subject: One
      - name: b
        weight: 3
        subject: Two
  - key: ring
    type: CALL
    delay_days: 2
    delay_unit: working_days
    instructions: Ring {{first_name}}.
    when:
      - tag is not customer
    branches:
      - when: outcome is no answer
        goto: ring
      - when: outcome is reached
        goto: end
  - key: connect
    type: TASK
    channel: linkedin
    body: Hello {{first_name}}
"""


def put(desk: Desk, text: str, **how: Any) -> Any:
    return desk.call("gtm.outreach.import_sequence", text=text, **how)


def take(desk: Desk, sequence_id: str) -> str:
    return str(desk.call("gtm.outreach.export_sequence", sequence_id=sequence_id).text)


def test_a_file_becomes_a_sequence_and_the_same_file_again(desk: Desk) -> None:
    made = put(desk, FULL)
    assert (made.created, made.changed, made.version_number) == (True, True, 1)
    assert made.lines[0] == "+ sequence New Lead Follow-up"
    assert take(desk, made.sequence_id) == FULL
    seen = desk.call("gtm.outreach.get_sequence", sequence_id=made.sequence_id)
    assert [step.key for step in seen.steps] == ["hello", "ring", "connect"]
    assert (seen.status, seen.rules.again_after_days) == ("Draft", 30)
    again = put(desk, FULL)
    assert (again.created, again.changed, again.lines, again.version_number) == (
        False,
        False,
        (),
        1,
    )


def test_the_export_names_its_file(desk: Desk) -> None:
    made = desk.sequence(HELLO, name="Ärger & Co. 2")
    file = desk.call("gtm.outreach.export_sequence", sequence_id=made.sequence_id)
    assert file.file_name == "rger-co-2.yaml"


def test_an_import_is_shown_first_and_taken_back_as_one(desk: Desk) -> None:
    """Steps, rules, schedule and the name are one change."""
    made = put(desk, FULL)
    text = FULL.replace("again: after\n  again_after_days: 30\n  ", "").replace("17:00", "12:00")
    text = text.replace("    delay_days: 2\n", "    delay_days: 4\n").replace(
        "New Lead", "Old Lead"
    )
    before = kinds(desk)
    shown = put(desk, text, sequence_id=made.sequence_id, dry_run=True)
    assert kinds(desk) == before
    assert take(desk, made.sequence_id) == FULL
    assert shown.lines == (
        "~ name: New Lead Follow-up -> Old Lead Follow-up",
        "~ rules: again: after; again_after_days: 30; company_reply: stop -> company_reply: stop",
        "~ schedule: windows: mon-fri 09:00-17:00; blackout: 2026-12-24 -> "
        "windows: mon-fri 09:00-12:00; blackout: 2026-12-24",
        "  step 1 (hello)",
        "~ step 2 (ring): delay_days",
        "  step 3 (connect)",
    )
    done = put(desk, text, sequence_id=made.sequence_id)
    assert (done.lines, done.version_number) == (shown.lines, 2)
    assert take(desk, made.sequence_id) == text
    desk.call("undo")
    assert take(desk, made.sequence_id) == FULL
    desk.call("redo")
    assert take(desk, made.sequence_id) == text
    desk.call("undo")
    desk.call("undo")
    assert desk.call("gtm.outreach.list_sequences").items == ()


def test_what_is_left_out_is_as_usual(desk: Desk) -> None:
    """Comments are read over; a schedule that is gone from the file is gone."""
    made = put(desk, FULL)
    short = "# mine\nname: new lead follow-up # the same\nsteps:\n  # one mail\n  - template: Hello there.\n"
    done = put(desk, short)
    assert (done.sequence_id, done.version_number) == (made.sequence_id, 2)
    assert take(desk, made.sequence_id) == (
        "name: new lead follow-up\nsteps:\n  - key: s1\n    type: EMAIL_AUTO\n    body: Hello there.\n"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Line 1, column 1: begin with `name:`"),
        ("- a", "Line 1, column 1: begin with `name:`"),
        ("name: a\nsteps: [", "Line 2, column"),
        ("name: a\n\tsteps: b", "Line 2, column 1"),
        ("name: a\nsteps:\n  - body: x\nsteps: []\n", "Line 4, column 1: 'steps' stands here twice"),
        ("name: a\nsteps: &x []\n", "Line 2, column 8: anchors"),
        ("name: !!python/name:os.system\nsteps: []\n", "Line 1, column 7: tags such as"),
        ("name: a\n? [b]\n: c\n", "is not a name"),
        ("steps:\n  - body: x\n", "Line 1, column 1: name: is missing"),
        ("name: a\nsteps: []\n", "Line 2, column 8: A sequence needs at least one step"),
        ("name: a\nsteps:\n  - body: x\n    wait: 3\n", "Line 4, column 11: steps.0.wait: there is no such field"),
        ("name: a\nsteps:\n  - body: x\n    delay_days: -1\n", "Line 4, column 17: steps.0.delay_days"),
        ("name: a\nsteps:\n  - body: x\n  - channel: pigeon\n    body: x\n", "Line 4, column 14: Step 2, channel: unknown channel"),
        ("name: a\nsteps:\n  - body: |\n      Hi {{frist_name}}\n", "Line 3, column 11: Step 1, body: Line 1, column 4"),
        ("name: a\nsteps:\n  - subject: x\n    template: '{{x'\n", "Line 4, column 15: Step 1, body"),
        ("name: a\nsteps:\n  - body: x\n    branches:\n      - when: tag is x\n        goto: s7\n", "Line 6, column 15: Step 1, branch 1: there is no step"),
        ("name: a\nsteps:\n  - body: x\n    when:\n      - tag\n", "Line 5, column 9: Step 1, when 0: 'tag' is not a condition"),
        ("name: a\nschedule:\n  windows: mon-fri pig\nsteps:\n  - body: x\n", "Line 3, column 12: "),
        ("name: a\nschedule:\n  jitter_minutes: 9999\nsteps:\n  - body: x\n", "Line 3, column 19: schedule.jitter_minutes"),
        ("name: a\nrules:\n  again: often\nsteps:\n  - body: x\n", "Line 3, column 10: rules.again"),
        ("name: ''\nsteps:\n  - body: x\n", "Line 1, column 7: A sequence needs a name"),
        ("name: a\nsteps:\n  - " + "[" * 5000, "is nested too deeply|Line"),
        ("name: a\nsteps:\n  - body: " + "x" * 600_000, "longer than 512 KB"),
        ("a: \x07", "This is not YAML|Line"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_with_its_line(desk: Desk, text: str, message: str) -> None:
    """Nothing is stored."""
    before = kinds(desk)
    with pytest.raises(InvalidInput, match=message.replace("(", r"\(")) as caught:
        put(desk, text)
    assert caught.value.field == "text"
    assert "\n" not in str(caught.value)
    assert kinds(desk) == before
    assert desk.call("gtm.outreach.list_sequences").items == ()


def test_a_name_that_is_taken_is_a_conflict(desk: Desk) -> None:
    desk.sequence(HELLO, name="Taken")
    other = desk.sequence(AGAIN, name="Other")
    with pytest.raises(Conflict, match="already"):
        put(desk, "name: taken\nsteps:\n  - body: x\n", sequence_id=other.sequence_id)


PRINTABLE = st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Cn"])
WORDS = st.text(PRINTABLE, max_size=30)
LINES = st.lists(WORDS | st.sampled_from(["", "  - a: b", "# no", "---", "{}", "'", "yes", "012", "a: "]), max_size=5)  # fmt: skip
BODIES = LINES.map("\n".join).map(lambda text: text.replace("{{", "").replace("}}", "") + "\n.")
STEPS: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    subject=WORDS.map(lambda text: text.replace("{{", "").replace("}}", "")),
    body=BODIES,
    delay_days=st.integers(0, 30),
    delay_unit=st.sampled_from(["days", "working_days"]),
    channel=st.sampled_from(["email", "linkedin", "phone"]),
    when=st.lists(
        st.sampled_from(["tag is x or y", 'title is "a or b"', "reply is none"]), max_size=2
    ),
)
RULES = st.builds(
    EnrolRules,
    again=st.sampled_from(["always", "after", "never"]),
    one_at_a_time=st.booleans(),
    company_reply=st.sampled_from(CompanyReply),
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.text(PRINTABLE, min_size=1, max_size=30),
    st.text(PRINTABLE, max_size=30),
    RULES,
    st.lists(STEPS, min_size=1, max_size=4),
)
def test_every_sequence_survives_being_written_and_read(
    name: str, about: str, rules: EnrolRules, steps: list[dict[str, Any]]
) -> None:
    """The same sequence comes back, and the same text from it."""
    known = frozenset({"title"})
    given_ = check_steps([StepInput.model_validate(step) for step in steps], known)
    stored = settle_paths(name_steps(given_, [], ()))
    schedule = Rules(windows="mon 09:00-10:00", daily_cap=3)
    text = write_sequence(name, about, rules, schedule, stored)
    file, _ = read_sequence(text)
    back = settle_paths(check_steps(file.steps, known))
    assert (file.name, file.description) == (name, about)
    assert (file.rules, file.schedule) == (rules, schedule)
    assert back == stored
    assert write_sequence(file.name, file.description, file.rules, file.schedule, back) == text


@pytest.mark.parametrize("seed", range(40))
def test_a_broken_file_is_refused_or_read(desk: Desk, seed: int) -> None:
    """Letters lost, doubled or swapped: one sentence, never a crash, never half a change."""
    chance = random.Random(seed)  # noqa: S311 - what to break, not a secret
    text = FULL
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice(["", "\n", ":", "-", "{", "  ", "é", "'"]) + text[at + chance.randint(0, 2) :]  # fmt: skip
    try:
        made = put(desk, text)
    except InvalidInput as error:
        refused = str(error)
    else:
        assert not put(desk, take(desk, made.sequence_id)).changed
        return
    assert "Line " in refused
    assert desk.call("gtm.outreach.list_sequences").items == ()


def test_c_050_a_description_goes_all_the_way(desk: Desk) -> None:
    """Created, listed, changed, exported, imported, and taken back; a long one is refused."""
    made = desk.call(
        "gtm.outreach.create_sequence", name="Intro", description=" For \n weavers ", steps=[HELLO]
    )
    which = {"sequence_id": made.sequence_id}
    [listed] = desk.call("gtm.outreach.list_sequences").items
    assert (listed.description, len(listed.steps)) == ("For weavers", 1)
    desk.call("gtm.outreach.update_sequence", **which, description="For spinners")
    text = desk.call("gtm.outreach.export_sequence", **which).text
    assert "description: For spinners" in text
    other = text.replace("For spinners", "For dyers")
    done = desk.call("gtm.outreach.import_sequence", **which, text=other)
    assert done.lines == ("~ description: For spinners -> For dyers",)
    desk.call("undo")
    assert desk.call("gtm.outreach.get_sequence", **which).description == "For spinners"
    desk.call("undo")
    assert desk.call("gtm.outreach.get_sequence", **which).description == "For weavers"
    with pytest.raises(InvalidInput, match="300 characters"):
        desk.call("gtm.outreach.update_sequence", **which, description="x" * 301)


def test_an_import_over_a_newer_sequence_is_a_conflict(desk: Desk) -> None:
    """Whoever edited the file while somebody else changed the sequence is told, also in a dry run."""
    sequence = desk.sequence(HELLO)
    which = {"sequence_id": sequence.sequence_id}
    file = desk.call("gtm.outreach.export_sequence", **which)
    desk.call("gtm.outreach.update_sequence", **which, description="changed meanwhile")
    seen = {**which, "text": file.text, "version": file.version}
    for dry in (True, False):
        with pytest.raises(Conflict, match="changed"):
            desk.call("gtm.outreach.import_sequence", **seen, dry_run=dry)
    now = desk.call("gtm.outreach.export_sequence", **which)
    later = now.text.replace("Hello", "Hello again")
    assert desk.call(
        "gtm.outreach.import_sequence", **which, text=later, version=now.version
    ).changed
    desk.call("gtm.outreach.update_sequence", **which, description="changed after")
    desk.call("undo")
    desk.call("undo")
    assert desk.call("gtm.outreach.export_sequence", **which).text == now.text

"""Sequences and schedules that cannot work: refused when they are saved, with the place, and nothing is stored."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rusvel_tui.engine.errors import InvalidInput
from tests.cli.conftest import Cli
from tests.factories import Desk

MAIL = {"channel": "email", "subject": "Looms", "body": "Hi {{first_name}}, a word."}


def steps(*changed: dict[str, Any]) -> dict[str, Any]:
    return {"name": "Intro", "steps": list(changed)}


STEPS: dict[str, tuple[dict[str, Any], str, str]] = {
    "unknown channel": (steps(MAIL, MAIL | {"channel": "pigeon"}), "steps", "Step 2"),
    "a channel that does not go with the kind": (steps(MAIL | {"type": "CALL"}), "steps", "does not go with"),
    "empty steps": (steps(), "steps", "at least one step"),
    "no steps at all": ({"name": "Intro"}, "steps", "is missing"),
    "a gap in the order": (steps(MAIL | {"number": 1}, MAIL | {"number": 3}), "steps.1.number", "Step 3 stands in place 2"),
    "a branch to a step that is not there": (
        steps(MAIL, {"type": "CALL", "branches": [{"when": "outcome is no answer", "goto": "nowhere"}]}),
        "steps", "nowhere",
    ),
    "a way round without a person": (
        steps(MAIL | {"key": "a", "branches": [{"when": "reply is none", "goto": "a"}]}), "steps", "Step 1",
    ),
    "negative delay": (steps(MAIL | {"delay_days": -1}), "steps.0.delay_days", "delay_days"),
    "a delay of half a day": (steps(MAIL | {"delay_days": 0.5}), "steps.0.delay_days", "delay_days"),
    "a delay without end": (steps(MAIL | {"delay_days": 10**6}), "steps.0.delay_days", "delay_days"),
    "an unknown unit": (steps(MAIL | {"delay_unit": "moons"}), "steps.0.delay_unit", "working_days"),
    "unknown field of a step": (steps(MAIL | {"wait": 3}), "steps.0.wait", "unknown field"),
    "unknown field of the sequence": (steps(MAIL) | {"colour": "red"}, "colour", "unknown field"),
    "unknown merge field": (steps(MAIL | {"body": "Hi {{frist_name}}"}), "steps", "first_name"),
    "a brace too many": (steps(MAIL | {"body": "Hi {{{first_name}}"}), "steps", "body"),
    "a mail without a text": (steps({"channel": "email", "subject": "x"}), "steps", "needs a text"),
    "unknown kind": (steps(MAIL | {"type": "FAX"}), "steps.0.type", "type"),
    "a condition nobody understands": (steps(MAIL | {"when": ["moon is full"]}), "steps", "moon"),
    "a name that is none": ({"name": " \u200b ", "steps": [MAIL]}, "name", "name"),
    "two steps of one key": (steps(MAIL | {"key": "a"}, MAIL | {"key": "a"}), "steps", "a"),
}  # fmt: skip
WINDOWS: dict[str, tuple[dict[str, Any], str]] = {
    "a window that excludes every hour": ({"windows": "mon 9-9"}, "excludes every hour"),
    "a window that ends before it begins": ({"windows": "mon 17:00-09:00"}, "17:00-09:00"),
    "a day that there is not": ({"windows": "mon-xyz 9-17"}, "xyz"),
    "an hour that there is not": ({"windows": "mon 25:00-26:00"}, "25:00"),
    "windows on days off only": ({"windows": "mon 9-17", "blackout": ["2026-11-01..2037-12-31"]}, "exclude every hour"),
    "no working day": ({"working_days": ""}, "working day"),
    "a zone that there is not": ({"zone": "Europe/Atlantis"}, "Atlantis"),
    "holidays of nowhere": ({"holidays": "XX"}, "XX"),
    "a blackout that ends before it begins": ({"blackout": ["2026-12-24..2026-12-01"]}, "ends before it begins"),
    "a negative jitter": ({"jitter_minutes": -1}, "jitter_minutes"),
    "a cap of nothing": ({"daily_cap": 0}, "daily_cap"),
    "an unknown field": ({"every": "day"}, "unknown field"),
}  # fmt: skip


def refused(cli: Cli, operation: str, data: dict[str, Any]) -> str:
    """What is said, in one line, with the code of a wrong input; the file stays as it was."""
    before = cli.dump()
    answer = cli("call", operation, "--input", json.dumps(data), code=4)
    assert cli.dump() == before
    assert len(answer.err.splitlines()) == 1
    assert answer.out == ""
    return answer.err


@pytest.mark.parametrize("case", STEPS)
def test_q_065_q_066_a_sequence_that_cannot_work_is_not_stored(cli: Cli, case: str) -> None:
    data, _, words = STEPS[case]
    assert words in refused(cli, "gtm.outreach.create_sequence", data)


@pytest.mark.parametrize(
    "case", [case for case in STEPS if case not in ("no steps at all", "a name that is none")]
)
def test_q_065_nor_is_it_when_one_is_changed(cli: Cli, case: str) -> None:
    """Somebody is in it; they and the steps stay as they are."""
    made = cli.call("gtm.outreach.create_sequence", name="Good", steps=[MAIL])
    data, _, words = STEPS[case]
    changed = {key: value for key, value in data.items() if key != "name"}
    said = refused(
        cli, "gtm.outreach.update_sequence", changed | {"sequence_id": made["sequence_id"]}
    )
    assert words in said


@pytest.mark.parametrize("case", STEPS)
def test_the_place_is_named_for_programs(desk: Desk, case: str) -> None:
    data, place, _ = STEPS[case]
    with pytest.raises(InvalidInput) as caught:
        desk.call("gtm.outreach.create_sequence", **data)
    assert caught.value.field.startswith(place)


@pytest.mark.parametrize("case", WINDOWS)
def test_a_schedule_that_never_lets_anything_out_is_not_stored(cli: Cli, case: str) -> None:
    made = cli.call("gtm.outreach.create_sequence", name="Good", steps=[MAIL])
    data, words = WINDOWS[case]
    said = refused(cli, "gtm.outreach.set_schedule", data | {"sequence_id": made["sequence_id"]})
    assert words in said

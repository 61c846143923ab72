"""Jotted lines as activities: what, when, with whom, what came of it and what follows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from rusvel_tui.adapters.models.scripted import ScriptedModel
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.advice.activity_parsing import ParsedActivity
from tests.factories import Desk


def parse(desk: Desk, text: str, **more: Any) -> ParsedActivity:
    made: ParsedActivity = desk.call("gtm.crm.parse_activity", text=text, **more)
    return made


def day(number: int, month: int = 11, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, number, hour, minute, tzinfo=UTC)


LINES: dict[str, tuple[str, bool, datetime | None, str, str, datetime | None]] = {
    "called Grace yesterday, wants quote by Friday": ("Call", True, day(23), "reached", "Wants quote", day(27)),
    "Called Grace 10:30, no answer": ("Call", True, day(23, hour=10, minute=30), "no answer", "", None),
    "left a voicemail for Grace on Friday": ("Call", True, day(20), "voicemail", "", None),
    "met Grace last Tuesday 15:00, follow up in 2 weeks": ("Meeting", True, day(17, hour=15), "", "Follow up", day(8, 12)),
    "call Grace tomorrow 14:00": ("Call", False, day(25, hour=14), "", "", None),
    "send Grace the contract by 4 dec": ("Task", False, day(4, 12), "", "", None),
    "Grace prefers mail": ("Note", True, None, "", "", None),
    "Gestern mit Grace telefoniert, braucht ein Angebot bis Freitag": ("Call", True, day(23), "reached", "Braucht ein Angebot", day(27)),
}  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_read_with_its_times_and_what_follows(desk: Desk, line: str) -> None:
    grace = desk.contact("Grace Hopper")
    kind, done, at, outcome, follow, due = LINES[line]
    said = parse(desk, line)
    assert (said.kind.value, said.done, said.at, said.outcome) == (kind, done, at, outcome)
    assert (said.follow_up.subject if said.follow_up else "") == follow
    assert (said.follow_up.due_at if said.follow_up else None) == due
    assert said.contact is not None
    assert (said.contact.id, said.contact.words.lower()) == (grace.contact_id, "grace")
    assert said.suggestion is not None
    desk.call(said.suggestion.operation, **said.suggestion.input)


def test_c_147_it_writes_nothing_and_says_which_words_it_rests_on(desk: Desk) -> None:
    desk.contact("Grace Hopper")
    before = desk.engine.cursor()
    said = parse(desk, "called Grace yesterday, wants quote by Friday")
    assert desk.engine.cursor() == before
    words = {one.field: one.words for one in said.evidence}
    assert (words["kind"], words["at"], words["due_at"], words["contact"]) == ("called", "yesterday", "Friday", "Grace")  # fmt: skip
    assert said.confidence == 0.8


def test_what_it_suggests_logs_the_call_with_its_follow_up(desk: Desk) -> None:
    grace = desk.contact("Grace Hopper")
    deal = desk.call("gtm.crm.add_deal", contact_id=grace.contact_id, title="Looms")
    said = parse(desk, "called Grace yesterday for 20 minutes, wants quote by Friday")
    assert said.suggestion is not None
    made = desk.call(said.suggestion.operation, **said.suggestion.input)
    assert (made.at, made.deal_id, made.duration_minutes) == (day(23), deal.deal_id, 20)
    assert (made.follow_up.subject, made.follow_up.due_at) == ("Wants quote", day(27))


def test_two_people_of_one_name_are_offered_and_nobody_is_chosen(desk: Desk) -> None:
    desk.contact("Grace Hopper")
    desk.contact("Grace Kelly")
    said = parse(desk, "called Grace yesterday")
    assert said.contact is None
    assert said.suggestion is None
    assert {one.name for one in said.contacts} == {"Grace Hopper", "Grace Kelly"}
    assert parse(desk, "called Grace Kelly yesterday").contact is not None


def test_an_address_names_its_contact(desk: Desk) -> None:
    grace = desk.contact("Grace Hopper", "grace@example.com")
    said = parse(desk, "spoke with grace@example.com today")
    assert said.contact is not None
    assert (said.contact.id, said.contact.confidence) == (grace.contact_id, 0.99)


def test_a_model_may_say_what_follows_only_in_the_words_of_the_text(desk: Desk) -> None:
    grace = desk.contact("Grace Hopper")
    line = "Grace again. Pricing please until Friday"
    good = {"kind": "Call", "done": True, "subject": "Pricing", "follow_up": "Send the prices", "follow_up_words": "Pricing please"}  # fmt: skip
    bad = good | {"follow_up_words": "transfer the money"}
    desk.engine.chat_model = ScriptedModel([[{"tool": "answer", "input": one}] for one in (good, bad)])  # fmt: skip
    said = parse(desk, line)
    assert said.follow_up is not None
    assert (said.kind.value, said.follow_up.subject, said.by) == ("Call", "Send the prices", "scripted")  # fmt: skip
    refused = parse(desk, line, contact_id=grace.contact_id)
    assert (refused.kind.value, refused.by) == ("Note", "rules")
    assert "not there" in refused.note


def test_an_empty_text_is_refused(desk: Desk) -> None:
    with pytest.raises(InvalidInput):
        parse(desk, "\x1b[2J")

"""When people were last in touch, and when they answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from rusvel_tui.engine.gtm.crm import contact_moments
from tests.factories import START, Desk


def ask(desk: Desk, function: Callable[[list[str]], Any], *ids: str) -> Any:
    with desk.engine.connected():
        return function(list(ids))


def test_only_what_has_them_in_it_is_an_answer(desk: Desk) -> None:
    person = desk.contact()
    for hours, outcome in (
        (1, "no answer"),
        (2, "voicemail"),
        (3, "call back"),
        (4, "reached"),
        (5, "reached"),
    ):
        desk.call(
            "gtm.crm.log_call",
            contact_id=person.contact_id,
            outcome=outcome,
            at=f"{hours} hours ago",
        )
    missed = {"subject": "Demo", "contact_id": person.contact_id, "outcome": "did not come"}
    desk.call("gtm.crm.log_meeting", **missed)
    contacted = ask(desk, contact_moments.last_contacted, person.contact_id)
    replied = ask(desk, contact_moments.last_replied, person.contact_id)
    assert contacted == {person.contact_id: START}
    assert replied == {person.contact_id: START - timedelta(hours=3)}


def test_a_meeting_counts_for_its_deal(desk: Desk) -> None:
    person = desk.contact()
    deals = [
        desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title=t).deal_id for t in "ab"
    ]
    desk.call("gtm.crm.log_meeting", subject="Demo", deal_id=deals[0])
    assert ask(desk, contact_moments.last_deal_reply, *deals) == {deals[0]: START}
    assert ask(desk, contact_moments.last_replied, person.contact_id) == {person.contact_id: START}
    assert ask(desk, contact_moments.last_replied) == {}

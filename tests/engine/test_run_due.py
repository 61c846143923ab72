"""A tick by hand: what is due is done, in its order, and what fails stands in nobody's way."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.errors import InvalidInput, NotConfigured, NotPermitted
from rusvel_tui.engine.ports import DrafterFailed
from tests.factories import HELLO, Desk, enrollment, query

CALL = {"type": "CALL", "instructions": "Ring {{first_name}}."}


def run_due(desk: Desk, **more: Any) -> Any:
    return desk.call("gtm.outreach.run_due", **more)


def states(desk: Desk) -> dict[str, int]:
    return dict(query(desk, "SELECT state, count(*) FROM job GROUP BY state"))


def test_nothing_due_is_zero(desk: Desk) -> None:
    assert run_due(desk).model_dump() == {"processed": 0}


def test_c_066_drafts_and_calls_are_counted(desk: Desk) -> None:
    mails, calls = desk.sequence(HELLO), desk.sequence(CALL, name="Calls")
    later = desk.sequence(HELLO | {"delay_days": 1}, name="Later")
    for sequence in (mails, calls, later):
        desk.enrol(sequence, desk.contact())
    assert run_due(desk).model_dump() == {"processed": 2}
    assert states(desk) == {"awaiting_approval": 2, "queued": 1}
    assert run_due(desk).processed == 0


def test_c_065_the_limit_is_kept_and_fifty_when_it_is_left_out(desk: Desk) -> None:
    sequence = desk.sequence(CALL)
    for _ in range(53):
        desk.enrol(sequence, desk.contact())
    assert run_due(desk, limit=2).processed == 2
    assert run_due(desk).processed == 50
    assert run_due(desk).processed == 1
    for wrong in (0, -1, 1001):
        with pytest.raises(InvalidInput, match="limit"):
            run_due(desk, limit=wrong)


def test_c_125_what_was_approved_leaves_and_the_person_goes_on(desk: Desk) -> None:
    executed = desk.enrol(desk.sequence(), desk.contact())
    run_due(desk)
    desk.approve(desk.mail(executed.job_id))
    assert run_due(desk).processed == 1
    assert desk.mail(executed.job_id).state == "Sent"
    assert enrollment(desk, executed.contact_id).step == 2


def test_t_110_a_poison_item_does_not_starve_the_others(desk: Desk) -> None:
    """It is tried, put off with a growing delay, and in the end seen as failed; the others are done at once."""
    sequence = desk.sequence(HELLO)
    ids = [desk.enrol(sequence, desk.contact(f"Person {n}")).job_id for n in range(6)]

    desk.drafter.script.append(DrafterFailed("poison"))
    assert run_due(desk, limit=5).processed == 5
    assert states(desk) == {"queued": 1, "awaiting_approval": 5}
    assert desk.mail(ids[0]).error == "EngineError: the draft failed: poison"
    assert run_due(desk).processed == 0
    for _ in range(5):
        desk.drafter.script.append(RuntimeError("worse poison"))
        desk.until(ids[0])
        desk.enrol(sequence, desk.contact())
        assert run_due(desk).processed == 1
    assert desk.mail(ids[0]).state == "Dead"


def test_what_waits_is_not_counted_and_does_not_fill_the_limit(desk: Desk) -> None:
    paused, other = desk.sequence(HELLO), desk.sequence(CALL, name="Calls")
    for _ in range(3):
        desk.enrol(paused, desk.contact())
    desk.enrol(other, desk.contact())
    desk.call("gtm.outreach.pause_sequence", sequence_id=paused.sequence_id)
    assert run_due(desk, limit=1).processed == 1
    assert states(desk) == {"queued": 3, "awaiting_approval": 1}


def test_other_sessions_are_left_alone(desk: Desk) -> None:
    desk.enrol(desk.sequence(HELLO), desk.contact())
    desk.call("session.create", name="other")
    assert run_due(desk).processed == 0
    assert run_due(desk, session_id="acme").processed == 1


def test_who_cannot_draft_says_so_and_breaks_nothing(desk: Desk) -> None:
    desk.enrol(desk.sequence(HELLO), desk.contact())
    desk.engine.drafter = None
    with pytest.raises(NotConfigured, match="rusvel worker"):
        run_due(desk)
    assert query(desk, "SELECT state, attempts FROM job") == [("queued", 0)]


def test_it_needs_the_permission_to_work(desk: Desk) -> None:
    desk.engine.grants = frozenset({"crm.sequences.manage"})
    with pytest.raises(NotPermitted, match=r"jobs\.work"):
        run_due(desk)


def test_what_it_did_was_done_by_the_worker(desk: Desk) -> None:
    desk.enrol(desk.sequence(HELLO), desk.contact())
    run_due(desk)
    assert query(desk, "SELECT actor FROM event WHERE kind = 'gtm.outreach.drafted'") == [
        ("worker",)
    ]

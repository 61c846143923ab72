"""Too many mails that come back pause their sequence: once, with a reason, and with a way back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.gtm.outreach.results.guard import LAST, LEAST, LIMIT, MANY, too_many
from rusvel_tui.engine.ports import NotSent
from tests.factories import HELLO, Desk, box, events, kinds, query

DEAD = NotSent("no such user", scope="recipient", permanent=True, code=550, hard_bounce=True)


def sent(desk: Desk, sequence: Any, many: int) -> list[str]:
    """So many mails of the sequence leave; their ids."""
    ids = [desk.contact().contact_id for _ in range(many)]
    desk.call("gtm.outreach.enrol", sequence_id=sequence.sequence_id, contact_ids=ids)
    desk.work()
    mails = [mail for mail in box(desk) if mail.contact_id in set(ids)]
    for mail in mails:
        desk.approve(mail)
    desk.work()
    return [mail.id for mail in mails]


def status(desk: Desk, sequence: Any) -> str:
    return str(desk.call("gtm.outreach.get_sequence", sequence_id=sequence.sequence_id).status)


@pytest.mark.parametrize(
    ("bounced", "tried", "stop"),
    [(1, 3, False), (2, 2, False), (3, 3, True), (3, 10, True), (3, 11, False), (2, 49, False),
     (14, 49, False), (15, 49, True), (3, 50, True), (2, 50, False), (4, 100, False), (5, 100, True)],
)  # fmt: skip
def test_one_of_three_is_an_accident_and_five_of_a_hundred_are_too_many(
    bounced: int, tried: int, stop: bool
) -> None:
    assert too_many(bounced, tried) is stop


@given(st.integers(0, LAST), st.integers(0, LAST))
def test_more_bounces_never_make_it_go_on(bounced: int, tried: int) -> None:
    if too_many(bounced, tried):
        assert bounced >= LEAST
        assert too_many(bounced + 1, tried)
        assert tried < MANY or bounced / tried >= LIMIT


def test_bounces_pause_the_sequence_with_a_reason_and_z_resumes_it(desk: Desk) -> None:
    sequence = desk.sequence(HELLO)
    mails = sent(desk, sequence, 8)
    for mail_id in mails[:2]:
        desk.call("gtm.outreach.record_bounce", mail_id=mail_id)
    assert status(desk, sequence) == "Active"
    desk.call("gtm.outreach.record_bounce", mail_id=mails[2])
    [event] = events(desk, "gtm.sequence.paused")
    assert event.payload["reason"] == "3 of the last 8 mails came back (38%)"
    seen = desk.call("gtm.outreach.get_sequence", sequence_id=sequence.sequence_id)
    assert (str(seen.status), seen.pause_reason) == ("Paused", event.payload["reason"])
    [warning] = desk.call(
        "gtm.outreach.sequence_results", sequence_id=sequence.sequence_id
    ).warnings
    assert event.payload["reason"] in warning.text
    desk.call("undo")
    seen = desk.call("gtm.outreach.get_sequence", sequence_id=sequence.sequence_id)
    assert (str(seen.status), seen.pause_reason) == ("Active", "")


def test_it_pauses_once_and_counts_anew_after_it_was_resumed(desk: Desk) -> None:
    sequence = desk.sequence(HELLO)
    mails = sent(desk, sequence, 8)
    for mail_id in mails[:3]:
        desk.call("gtm.outreach.record_bounce", mail_id=mail_id)
    desk.later(hours=1)
    desk.call("gtm.outreach.activate_sequence", sequence_id=sequence.sequence_id)
    for mail_id in mails[3:]:
        desk.call("gtm.outreach.record_bounce", mail_id=mail_id)
    assert (status(desk, sequence), kinds(desk, "gtm.sequence.paused")) == (
        "Active",
        ["gtm.sequence.paused"],
    )
    desk.later(hours=1)
    for mail_id in sent(desk, sequence, 4)[:3]:
        desk.call("gtm.outreach.record_bounce", mail_id=mail_id)
    assert status(desk, sequence) == "Paused"
    assert events(desk, "gtm.sequence.paused")[0].payload["reason"].startswith("3 of the last 4")


def test_dead_addresses_that_the_server_refuses_count_as_bounces(desk: Desk) -> None:
    sequence = desk.sequence(HELLO)
    sent(desk, sequence, 2)
    desk.mailer.script.extend([DEAD] * 3)
    refused = sent(desk, sequence, 3)
    rows = query(desk, "SELECT state, bounced_at IS NOT NULL FROM mail WHERE id = ?", refused[0])
    assert rows == [("rejected", 1)]
    assert status(desk, sequence) == "Paused"
    assert (
        events(desk, "gtm.sequence.paused")[0].payload["reason"]
        == "3 of the last 5 mails came back (60%)"
    )


def test_a_refusal_for_another_reason_is_no_bounce(desk: Desk) -> None:
    sequence = desk.sequence(HELLO)
    desk.mailer.script.extend([NotSent("policy", scope="recipient", permanent=True, code=554)] * 3)
    sent(desk, sequence, 3)
    assert status(desk, sequence) == "Active"
    assert query(desk, "SELECT count(*) FROM mail WHERE bounced_at IS NOT NULL") == [(0,)]


def test_only_the_last_hundred_mails_are_looked_at(desk: Desk) -> None:
    sequence = desk.sequence(HELLO)
    old = sent(desk, sequence, 60)
    for mail_id in old[:2]:
        desk.call("gtm.outreach.record_bounce", mail_id=mail_id)
    desk.later(hours=1)
    fresh = sent(desk, sequence, 100)
    for mail_id in fresh[:4]:
        desk.call("gtm.outreach.record_bounce", mail_id=mail_id)
    assert status(desk, sequence) == "Active"
    desk.call("gtm.outreach.record_bounce", mail_id=fresh[4])
    assert (
        events(desk, "gtm.sequence.paused")[0].payload["reason"]
        == "5 of the last 100 mails came back (5%)"
    )


def test_a_sequence_that_paused_itself_is_on_the_list_of_today(desk: Desk) -> None:
    sequence = desk.sequence(HELLO)
    for mail_id in sent(desk, sequence, 4)[:3]:
        desk.call("gtm.outreach.record_bounce", mail_id=mail_id)
    [item] = [one for one in desk.call("gtm.today").items if one.need == "paused itself"]
    assert (item.what, item.page, item.item_id) == ("Intro", "sequences", sequence.sequence_id)
    assert item.why == "3 of the last 4 mails came back (75%)"
    desk.call("gtm.outreach.activate_sequence", sequence_id=sequence.sequence_id)
    assert all(one.need != "paused itself" for one in desk.call("gtm.today").items)


def test_a_dead_address_on_the_list_does_not_undo_the_branch_for_bounces(desk: Desk) -> None:
    """Whoever is led on to a call by a bounce stays there; the person has not objected."""
    call = {"type": "CALL", "delay_days": 1, "instructions": "Ring."}
    sequence = desk.sequence({**HELLO, "branches": [{"when": "bounce is yes", "goto": "2"}]}, call)
    [mail_id] = sent(desk, sequence, 1)
    address = desk.mail(mail_id).to
    desk.call("gtm.outreach.record_bounce", mail_id=mail_id)
    desk.call("gtm.crm.suppress", address=address, reason="bounced: 5.1.1", source="bounce")
    seen = desk.call("gtm.outreach.sequence_results", sequence_id=sequence.sequence_id)
    assert (seen.active, seen.bounced, seen.unsubscribed) == (1, 1, 0)


@pytest.mark.parametrize("branches", [[{"when": "bounce is yes", "goto": "2"}], []])
def test_an_address_that_the_server_knows_to_be_dead_follows_the_branch(
    desk: Desk, branches: list[dict[str, str]]
) -> None:
    """As when the mail came back later: it leads on to the call, or ends the way."""
    call = {"type": "CALL", "delay_days": 1, "instructions": "Ring."}
    sequence = desk.sequence({**HELLO, "branches": branches}, call)
    desk.mailer.script.append(DEAD)
    sent(desk, sequence, 1)
    [person] = desk.call("gtm.outreach.list_enrollments").items
    led = (person.status.value, person.step, person.reason)
    assert led == (("Active", 2, "") if branches else ("Cancelled", 1, "bounced"))
    desk.later(days=2)
    desk.work()
    tasks = desk.call("gtm.crm.list_tasks").items
    assert len(tasks) == len(branches)

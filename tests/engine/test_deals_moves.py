"""Moves of a card: what they cost, what they keep, and that all of it can be taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.errors import InvalidInput, InvalidState
from rusvel_tui.engine.gtm.crm.pipelines.stages import Stage
from tests.factories import START, Desk, enrollment, kinds, query, statements


def add(desk: Desk, title: str = "Looms", **more: Any) -> Any:
    if "contact_id" not in more:
        more["contact_id"] = desk.contact().contact_id
    return desk.call("gtm.crm.add_deal", title=title, **more)


def advance(desk: Desk, deal: Any, stage: str, **more: Any) -> Any:
    return desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage=stage, **more)


def column(desk: Desk, stage: str = "Lead") -> list[str]:
    board = desk.call("gtm.crm.board")
    return next([card.title for card in c.cards] for c in board.columns if c.stage == stage)


def history(desk: Desk, deal: Any) -> Any:
    return desk.call("gtm.crm.deal_history", deal_id=deal.deal_id)


def test_t_084_a_lost_deal_says_why(desk: Desk) -> None:
    """The reason of a win is asked for, and not required."""
    made = add(desk)
    for reason in ("", "  \n "):
        with pytest.raises(InvalidInput, match="Say why it was lost") as caught:
            advance(desk, made, "Lost", reason=reason)
        assert caught.value.field == "reason"
    with pytest.raises(InvalidInput, match="Say why it was lost"):
        add(desk, stage="Lost")
    lost = advance(desk, made, "Lost", reason=" too\ndear ")
    assert (lost.status, lost.closed_reason, lost.closed_at) == ("Lost", "too dear", START)
    assert advance(desk, add(desk), "Won").closed_reason == ""
    asked = {s.name: s.reason for s in desk.call("gtm.crm.list_stages").items if s.reason}
    assert asked == {"Won": "asked", "Lost": "required"}


def test_a_reason_can_be_corrected_and_not_emptied(desk: Desk) -> None:
    made = add(desk)
    with pytest.raises(InvalidInput, match="neither won nor lost"):
        desk.call("gtm.crm.update_deal", deal_id=made.deal_id, reason="x")
    advance(desk, made, "Lost", reason="price")
    with pytest.raises(InvalidInput, match="Say why"):
        desk.call("gtm.crm.update_deal", deal_id=made.deal_id, reason="")
    seen = desk.call("gtm.crm.update_deal", deal_id=made.deal_id, reason="no budget")
    assert seen.closed_reason == "no budget"
    desk.call("undo")
    assert desk.call("gtm.crm.get_deal", deal_id=made.deal_id).closed_reason == "price"


@pytest.mark.parametrize("end", ["Won", "Lost"])
def test_t_083_q_081_a_closed_deal_is_reopened_first(desk: Desk, end: str) -> None:
    """Also to go from won to lost."""
    made = advance(desk, add(desk), end, reason="price")
    for stage in set(Stage) - {Stage(end)}:
        with pytest.raises(InvalidState, match="reopen=true"):
            advance(desk, made, stage.value, reason="x")
    again = advance(desk, made, "Proposal", reopen=True)
    assert (again.status, again.closed_at, again.closed_reason) == ("Open", None, "")
    desk.call("undo")
    back = desk.call("gtm.crm.get_deal", deal_id=made.deal_id)
    assert (back.status, back.closed_at, back.closed_reason) == (end, START, "price")


def test_q_081_the_probability_follows_the_stage_until_it_is_typed(desk: Desk) -> None:
    made = add(desk)
    seen = [
        made,
        *(advance(desk, made, stage) for stage in ("Qualified", "Proposal", "Negotiation")),
    ]
    assert [(d.probability, d.probability_from) for d in seen] == [
        (10, "stage"), (25, "stage"), (50, "stage"), (75, "stage"),
    ]  # fmt: skip
    desk.call("gtm.crm.update_deal", deal_id=made.deal_id, probability=60)
    typed = advance(desk, made, "Proposal")
    assert (typed.probability, typed.probability_from) == (60, "typed")
    free = desk.call("gtm.crm.update_deal", deal_id=made.deal_id, probability=None)
    assert (free.probability, free.probability_from) == (50, "stage")


def test_q_081_the_way_of_a_deal_is_kept_with_its_times(desk: Desk) -> None:
    made = add(desk)
    for stage, days in (("Qualified", 2), ("Lead", 3), ("Proposal", 5)):
        desk.later(days=days)
        advance(desk, made, stage)
    desk.later(days=7)
    seen = history(desk, made)
    day = 24 * 3600
    assert [(stay.stage, stay.seconds // day, stay.actor) for stay in seen.stays] == [
        ("Lead", 2, ""), ("Qualified", 3, "user"), ("Lead", 5, "user"), ("Proposal", 7, "user"),
    ]  # fmt: skip
    assert [(t.stage, t.seconds // day, t.visits) for t in seen.totals] == [
        ("Lead", 7, 2), ("Qualified", 3, 1), ("Proposal", 7, 1),
    ]  # fmt: skip
    assert seen.age_seconds == 17 * day
    record = desk.call("gtm.crm.get_deal", deal_id=made.deal_id)
    assert (record.stays, record.stage_days) == (seen.stays, 7)
    advance(desk, made, "Won")
    desk.later(days=30)
    closed = history(desk, made)
    assert (closed.stays[-1].seconds, closed.age_seconds) == (0, 17 * day)


def test_an_undone_move_leaves_no_trace_in_the_history(desk: Desk) -> None:
    made = add(desk)
    desk.later(days=2)
    before = history(desk, made)
    advance(desk, made, "Won")
    desk.later(hours=0)
    desk.call("undo")
    assert history(desk, made) == before
    desk.call("redo")
    assert [stay.stage for stay in history(desk, made).stays] == ["Lead", "Won"]
    desk.call("undo")
    assert history(desk, made) == before


def test_the_value_and_the_currency_come_back_together(desk: Desk) -> None:
    made = add(desk, value="10.50")
    desk.call("gtm.crm.update_deal", deal_id=made.deal_id, value="7", currency="JPY")
    desk.call("undo")
    seen = desk.call("gtm.crm.get_deal", deal_id=made.deal_id)
    assert (seen.value, seen.currency) == ("10.50", "EUR")


@pytest.mark.parametrize("end", ["Won", "Lost", "delete"])
def test_undo_brings_back_the_enrollments_that_the_end_of_a_deal_ended(
    desk: Desk, end: str
) -> None:
    """Active and paused as they were; the draft asks for its yes again, and nobody gets a step twice."""
    person, other = desk.contact(), desk.contact()
    made = add(desk, contact_id=person.contact_id)
    first, second = desk.sequence(), desk.sequence(name="Second")
    old = desk.enrol(first, person, made.deal_id)
    desk.enrol(second, other, made.deal_id)
    paused = enrollment(desk, other.contact_id)
    desk.call("gtm.outreach.pause_enrollment", enrollment_id=paused.enrollment_id)
    desk.work()
    desk.approve(desk.mail(old.job_id))
    if end == "delete":
        desk.call("gtm.crm.delete_deal", deal_id=made.deal_id)
    else:
        advance(desk, made, end, reason="price")
    for step, status in (("undo", "Active"), ("redo", "Cancelled"), ("undo", "Active")):
        desk.call(step)
        assert enrollment(desk, person.contact_id).status == status
    assert enrollment(desk, other.contact_id).status == "Paused"
    assert desk.mail(old.job_id).state == "Held"
    desk.work()
    assert desk.mailer.offered == []  # the yes of before does not count
    assert enrollment(desk, person.contact_id).job_id == old.job_id
    desk.approve(desk.mail(old.job_id))
    desk.work()
    assert [envelope.rcpt_to for envelope in desk.mailer.offered] == [person.emails[0].address]


def test_a_step_that_was_sent_is_not_repeated_when_its_enrollment_comes_back(desk: Desk) -> None:
    """The next one keeps its day."""
    person = desk.contact()
    made = add(desk, contact_id=person.contact_id)
    executed = desk.enrol(desk.sequence(), person, made.deal_id)
    desk.work()
    desk.approve(desk.mail(executed.job_id))
    desk.work()
    due = enrollment(desk, person.contact_id).next_at
    advance(desk, made, "Won")
    desk.later(days=1)
    desk.call("undo")
    seen = enrollment(desk, person.contact_id)
    assert (seen.status, seen.step, seen.next_at) == ("Active", 2, due)
    desk.work()
    assert len(desk.mailer.offered) == 1


def test_a_mail_that_left_in_spite_of_the_end_is_followed_by_the_next_step(desk: Desk) -> None:
    """Its dot was on the wire when the deal was won: the person stands behind it when that is taken back."""
    person = desk.contact()
    made = add(desk, contact_id=person.contact_id)
    executed = desk.enrol(desk.sequence(), person, made.deal_id)
    desk.work()
    advance(desk, made, "Won")
    with desk.engine.connected() as connection:
        values = ("2026-11-24T09:00:05.000Z", executed.job_id)
        connection.execute("UPDATE mail SET state = 'sent', sent_at = ? WHERE id = ?", values)
    desk.call("undo")
    seen = enrollment(desk, person.contact_id)
    assert (seen.status, seen.step) == ("Active", 2)
    assert seen.next_at is not None
    assert seen.next_at.date() == (START + timedelta(days=3)).date()


def test_who_is_enrolled_again_meanwhile_is_not_brought_back(desk: Desk) -> None:
    person = desk.contact()
    made = add(desk, contact_id=person.contact_id)
    sequence = desk.sequence()
    old = desk.enrol(sequence, person, made.deal_id)
    advance(desk, made, "Won")
    new = desk.enrol(sequence, person)
    with desk.engine.connected() as connection:  # an enrollment is undone by itself, and first
        connection.execute(
            "UPDATE event SET undo = NULL WHERE subject_id = ?", (new.enrollment_id,)
        )
    desk.call("undo")
    running = desk.call("gtm.outreach.list_enrollments", status="active").items
    assert [item.enrollment_id for item in running] == [new.enrollment_id]
    assert old.enrollment_id != new.enrollment_id


def test_only_the_enrollments_of_that_move_come_back(desk: Desk) -> None:
    person = desk.contact()
    made = add(desk, contact_id=person.contact_id)
    ended = desk.enrol(desk.sequence(), person, made.deal_id)
    desk.call("gtm.outreach.cancel_enrollment", enrollment_id=ended.enrollment_id)
    advance(desk, made, "Won")
    with desk.engine.connected() as connection:
        connection.execute("UPDATE event SET undo = NULL WHERE kind = 'gtm.outreach.ended'")
    desk.call("undo")
    assert enrollment(desk, person.contact_id).status == "Cancelled"


def test_a_card_can_be_put_under_another(desk: Desk) -> None:
    deals = {name: add(desk, name) for name in "edcba"}
    assert column(desk) == list("abcde")
    desk.call("gtm.crm.reorder_deal", deal_id=deals["a"].deal_id, below=deals["c"].deal_id)
    assert column(desk) == list("bcade")
    desk.call("gtm.crm.reorder_deal", deal_id=deals["e"].deal_id, below="")
    assert column(desk) == list("ebcad")
    won = add(desk, "w", stage="Won")
    advance(desk, won, "Lead", reopen=True, below=deals["b"].deal_id)
    assert column(desk) == list("ebwcad")
    for order in ("ebcad", "ebcad", "ebcad", "bcade", "abcde"):
        desk.call("undo")
        assert column(desk) == list(order)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=st.lists(st.tuples(st.integers(0, 4), st.integers(-5, 5)), min_size=1, max_size=30))
def test_any_order_of_moves_is_what_a_list_would_do(
    desk: Desk, moves: list[tuple[int, int]]
) -> None:
    """Also when there is no room left between two cards; and undo brings back the order of the start."""
    with desk.engine.connected() as connection:
        connection.execute("DELETE FROM deal")
        connection.execute("DELETE FROM event")
    deals = [add(desk, name) for name in "abcde"]
    with desk.engine.connected() as connection:
        connection.execute("UPDATE event SET undo = NULL")
        connection.execute("UPDATE deal SET rank = rank / 1048576")  # crowded
    wanted = column(desk)
    start = list(wanted)
    for which, by in moves:
        name = deals[which].title
        place = wanted.index(name)
        wanted.insert(max(0, min(4, place + by)), wanted.pop(place))
        desk.call("gtm.crm.reorder_deal", deal_id=deals[which].deal_id, by=by)
        assert column(desk) == wanted
    while any(kind == "gtm.deal.updated" for kind in kinds(desk)) and column(desk) != start:
        desk.call("undo")
    assert column(desk) == start


def filled(desk: Desk, count: int) -> list[Any]:
    """A column of so many cards."""
    person = desk.contact()
    return [add(desk, f"Deal {n}", contact_id=person.contact_id) for n in range(count)]


MOVES: dict[str, dict[str, Any]] = {
    "gtm.crm.advance_deal": {"stage": "Proposal"},
    "gtm.crm.reorder_deal": {"by": -1},
    "gtm.crm.snooze_deal": {"until": "2027-01-01"},
}


@pytest.mark.parametrize("name", MOVES)
def test_a_move_costs_the_same_in_a_long_column(desk: Desk, name: str) -> None:
    """The same statements at 8 cards and at 120, and no other row is written."""
    ran: list[list[str]] = []
    for count in (8, 120):
        deals = filled(desk, count)
        before = query(desk, "SELECT id, rank, version FROM deal ORDER BY id")
        with statements(desk) as seen:
            desk.call(name, deal_id=deals[count // 2].deal_id, **MOVES[name])
        ran.append([text.partition(" ")[0] for text in seen])
        after = query(desk, "SELECT id, rank, version FROM deal ORDER BY id")
        assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
    assert ran[0] == ran[1]


def test_the_place_of_a_card_is_looked_up_in_an_index(desk: Desk) -> None:
    """No statement of a move reads the whole column or sorts it."""
    deals = filled(desk, 5)
    with statements(desk) as seen:
        advance(desk, deals[2], "Proposal", below="")
        desk.call("gtm.crm.reorder_deal", deal_id=deals[1].deal_id, below=deals[3].deal_id)
    reads = [text for text in seen if '"deal"' in text and text.startswith("SELECT")]
    assert reads
    for text in reads:
        plan = " / ".join(row[3] for row in query(desk, f"EXPLAIN QUERY PLAN {text}"))
        assert "SCAN" not in plan, (text, plan)
        assert "TEMP B-TREE" not in plan, (text, plan)


def test_t_081_q_087_a_deal_is_made_of_a_contact_in_one_go(desk: Desk) -> None:
    """Existing person and employer are linked, a refusal leaves nothing, and undo leaves nothing."""
    person = desk.contact("Grace", company="Navy")
    with pytest.raises(InvalidInput):
        add(desk, " ", contact_id=person.contact_id)
    assert query(desk, "SELECT count(*) FROM deal") == [(0,)]
    made = add(desk, contact_id=person.contact_id)
    assert (made.contact_name, made.company) == ("Grace", "Navy")
    assert made.company_id is not None
    desk.call("undo")
    assert desk.call("gtm.crm.list_deals").items == ()
    desk.call("redo")
    assert [deal.deal_id for deal in desk.call("gtm.crm.list_deals").items] == [made.deal_id]
    assert query(desk, "SELECT count(*) FROM contact") == [(1,)]


def test_tags_and_custom_fields_are_kept_and_checked(desk: Desk) -> None:
    desk.call("gtm.crm.define_field", entity="deal", label="Seats", type="number")
    made = add(desk, tags="vip, vip,hot", fields={"seats": "12"})
    assert (made.tags, made.fields) == (("vip", "hot"), {"seats": "12"})
    with pytest.raises(InvalidInput):
        desk.call("gtm.crm.update_deal", deal_id=made.deal_id, fields={"seats": "many"})


def test_a_snoozed_day_is_over_in_the_zone_of_the_session(desk: Desk) -> None:
    made = add(desk)
    desk.later(days=20)
    desk.call("session.update", timezone="Pacific/Auckland")
    desk.call("gtm.crm.snooze_deal", deal_id=made.deal_id, until="2026-12-15")
    desk.later(hours=5)
    assert desk.engine.clock.now() == START + timedelta(days=20, hours=5)  # 15 December in Auckland
    assert desk.call("gtm.crm.get_deal", deal_id=made.deal_id).rot.rotting

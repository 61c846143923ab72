"""Deals: their money, their stages, and the board that shows them."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.errors import Clash, Conflict, InvalidInput, InvalidState, NotFound
from rusvel_tui.engine.gtm.crm.pipelines.stages import Stage
from tests.factories import Desk, enrollment, events, kinds, query


def add(desk: Desk, title: str = "Looms", **more: Any) -> Any:
    if "contact_id" not in more:
        more["contact_id"] = desk.contact().contact_id
    return desk.call("gtm.crm.add_deal", title=title, **more)


def advance(desk: Desk, deal: Any, stage: str, **more: Any) -> Any:
    return desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage=stage, **more)


def column(desk: Desk, stage: Stage = Stage.LEAD) -> list[str]:
    board = desk.call("gtm.crm.board")
    return next([card.title for card in c.cards] for c in board.columns if c.stage == stage)


def test_a_deal_has_everything_that_was_said(desk: Desk) -> None:
    person = desk.contact("Grace", company="Navy")
    made = add(
        desk, contact_id=person.contact_id, value="1250.5", currency="usd", stage="proposal",
        probability=60, expected_close="2026-12-31", notes="n", metadata={"a": 1},
    )  # fmt: skip
    assert dict(made).items() <= dict(desk.call("gtm.crm.get_deal", deal_id=made.deal_id)).items()
    assert (made.value, made.currency, made.stage, made.status) == (
        "1250.50",
        "USD",
        Stage.PROPOSAL,
        "Open",
    )
    assert (made.contact_name, made.company) == ("Grace", "Navy")
    assert (made.probability, made.typed_probability) == (60, 60)
    assert (made.expected_close, made.notes, made.metadata) == ("2026-12-31", "n", {"a": 1})
    assert (made.moves, made.closed_at, made.closed_reason) == ((), None, "")
    [event] = events(desk, "gtm.deal")
    assert (event.kind, event.payload) == (
        "gtm.deal.added",
        {"title": "Looms", "stage": "Proposal", "fields": [], "version": 1},
    )


def test_what_is_left_out_follows_from_the_session(desk: Desk) -> None:
    made = add(desk)
    assert (made.value, made.currency, made.stage) == ("0.00", "EUR", Stage.LEAD)
    assert (made.probability, made.typed_probability) == (10, None)


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        ("10", "EUR", "10.00"),
        (10, "EUR", "10.00"),
        (0.1, "EUR", "0.10"),
        (1250.35, "EUR", "1250.35"),
        ("7", "JPY", "7"),
        ("0.125", "KWD", "0.125"),
    ],
)
def test_values_are_exact_decimals(desk: Desk, value: Any, currency: str, shown: str) -> None:
    assert add(desk, value=value, currency=currency).value == shown


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"title": " "}, "title", "1 to 200 characters"),
        ({"title": "x" * 201}, "title", "1 to 200 characters"),
        ({"value": "1.005"}, "value", "EUR has 2 decimals"),
        ({"value": "-1"}, "value", "less than nothing"),
        ({"value": "NaN"}, "value", "finite"),
        ({"value": float("inf")}, "value", "finite"),
        ({"value": "many"}, "value", "decimal"),
        ({"value": 10**20}, "value", "too large"),
        ({"currency": "EURO"}, "currency", "ISO 4217"),
        ({"stage": "Maybe"}, "stage", "Lead, Qualified, Proposal"),
        ({"probability": 101}, "probability", "100"),
        ({"expected_close": "soon"}, "expected_close", "date"),
    ],
)
def test_a_deal_with_a_wrong_value_is_not_made(
    desk: Desk, values: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        add(desk, **values)
    assert caught.value.field == field
    assert desk.call("gtm.crm.list_deals").items == ()


def test_a_deal_needs_a_living_contact(desk: Desk) -> None:
    with pytest.raises(NotFound, match="no contact 'nope'"):
        add(desk, contact_id="nope")
    person = desk.contact()
    desk.call("gtm.crm.delete_contact", contact_id=person.contact_id)
    with pytest.raises(NotFound):
        add(desk, contact_id=person.contact_id)


def test_a_change_leaves_the_rest(desk: Desk) -> None:
    made = add(desk, value="10", probability=60, expected_close="2026-12-31", notes="n")
    seen = desk.call("gtm.crm.update_deal", deal_id=made.deal_id, title="Two looms")
    assert seen.title == "Two looms"
    assert seen.model_dump(exclude={"title", "version"}) == made.model_dump(
        exclude={"title", "version"}
    )


def test_a_change_to_what_is_there_is_none(desk: Desk) -> None:
    made = add(desk, value="10", notes="n")
    same = {"title": "Looms", "value": "10.0", "currency": "EUR", "notes": "n", "probability": None}
    assert desk.call("gtm.crm.update_deal", deal_id=made.deal_id, **same) == made
    assert desk.call("gtm.crm.update_deal", deal_id=made.deal_id) == made
    assert kinds(desk, "gtm.deal") == ["gtm.deal.added"]


def test_everything_but_the_stage_can_be_changed(desk: Desk) -> None:
    made = add(desk, value="10", probability=60, expected_close="2026-12-31")
    other = desk.contact("Ada")
    seen = desk.call(
        "gtm.crm.update_deal", deal_id=made.deal_id, contact_id=other.contact_id, value="20.5",
        probability=None, expected_close=None, notes="new", metadata={"b": 2},
    )  # fmt: skip
    assert (seen.contact_name, seen.value, seen.typed_probability) == ("Ada", "20.50", None)
    assert (seen.expected_close, seen.notes, seen.metadata) == ("", "new", {"b": 2})
    assert desk.call("gtm.crm.update_deal", deal_id=made.deal_id, currency="USD").value == "20.50"
    with pytest.raises(InvalidInput, match="JPY has 0 decimals"):
        desk.call("gtm.crm.update_deal", deal_id=made.deal_id, currency="JPY")


def test_q_084_what_two_people_changed_is_shown_with_both_values(desk: Desk) -> None:
    """Different fields are merged; the second writer of one field is told, and nothing is lost."""
    made = add(desk, value="10")
    change = {"deal_id": made.deal_id, "version": made.version}
    desk.call("gtm.crm.update_deal", title="Two looms", **change)
    merged = desk.call("gtm.crm.update_deal", value="20", **change)
    assert (merged.title, merged.value) == ("Two looms", "20.00")
    with pytest.raises(Conflict, match=r"was changed by somebody else.*Two looms.*Three") as caught:
        desk.call("gtm.crm.update_deal", title="Three looms", **change)
    assert caught.value.fields == (Clash("title", "Two looms", "Three looms"),)
    assert desk.call("gtm.crm.get_deal", deal_id=made.deal_id).title == "Two looms"


def test_q_084_of_two_people_who_move_one_card_one_is_told(desk: Desk) -> None:
    """A change of the title is no reason to refuse the move."""
    made = add(desk)
    desk.call("gtm.crm.update_deal", deal_id=made.deal_id, title="Two looms")
    moved = advance(desk, made, "Qualified", version=made.version)
    assert moved.stage == "Qualified"
    with pytest.raises(Conflict, match="stage is now “Qualified”, yours is “Proposal”"):
        advance(desk, made, "Proposal", version=made.version)
    assert advance(desk, made, "Qualified", version=made.version) == moved
    assert query(desk, "SELECT stage FROM deal") == [("qualified",)]


def test_a_move_is_kept_and_the_status_follows(desk: Desk) -> None:
    made = add(desk)
    advance(desk, made, "Qualified")
    desk.later(days=1)
    seen = advance(desk, made, "WON", reason="price")
    assert [(move.from_stage, move.to_stage, move.actor) for move in seen.moves] == [
        (Stage.LEAD, Stage.QUALIFIED, "user"),
        (Stage.QUALIFIED, Stage.WON, "user"),
    ]
    assert (seen.status, seen.probability, seen.closed_reason) == ("Won", 100, "price")
    assert seen.closed_at == desk.engine.clock.now()
    assert events(desk, "gtm.deal.updated")[0].payload == {
        "title": "Looms",
        "fields": ["stage"],
        "version": 3,
        "from": "Qualified",
        "stage": "Won",
        "reason": "price",
    }


def test_a_move_to_the_same_stage_is_none(desk: Desk) -> None:
    made = add(desk)
    assert advance(desk, made, "lead") == made
    assert kinds(desk, "gtm.deal") == ["gtm.deal.added"]


@pytest.mark.parametrize("stage", ["Won", "Lost"])
def test_a_closed_deal_moves_only_when_it_is_reopened(desk: Desk, stage: str) -> None:
    made = advance(desk, add(desk), stage, reason="price")
    with pytest.raises(InvalidState, match=f"is {stage} and cannot become Lead") as caught:
        advance(desk, made, "Lead")
    assert "reopen=true" in str(caught.value)
    seen = advance(desk, made, "Lead", reopen=True)
    assert (seen.status, seen.closed_at, seen.closed_reason) == ("Open", None, "")


@pytest.mark.parametrize("stage", ["Won", "Lost"])
def test_closing_a_deal_ends_its_enrollments_only(desk: Desk, stage: str) -> None:
    """T-062, T-063."""
    person, other = desk.contact(), desk.contact()
    made = add(desk, contact_id=person.contact_id)
    first, second = desk.sequence(), desk.sequence(name="Second")
    ended = desk.enrol(first, person, made.deal_id)
    desk.enrol(second, person)
    desk.enrol(first, other)
    advance(desk, made, stage, reason="price")
    running = desk.call("gtm.outreach.list_enrollments", status="active").items
    assert {item.enrollment_id for item in running}.isdisjoint({ended.enrollment_id})
    assert len(running) == 2
    [closed] = desk.call("gtm.outreach.list_enrollments", status="cancelled").items
    assert closed.reason == stage.lower()


def test_stages_find_their_deals(desk: Desk) -> None:
    person = desk.contact()
    deals = [add(desk, f"Deal {n}", contact_id=person.contact_id) for n in range(3)]
    add(desk, "Other")
    advance(desk, deals[1], "Won")
    titles = [item.title for item in desk.call("gtm.crm.list_deals", stage="lead").items]
    assert titles == ["Other", "Deal 2", "Deal 0"]
    assert len(desk.call("gtm.crm.list_deals", contact_id=person.contact_id).items) == 3
    first = desk.call("gtm.crm.list_deals", limit=3)
    rest = desk.call("gtm.crm.list_deals", limit=3, cursor=first.next)
    assert [item.title for item in rest.items] == ["Deal 0"]
    assert rest.next is None


def test_q_082_a_deleted_deal_is_gone_and_comes_back(desk: Desk) -> None:
    made = add(desk)
    gone = desk.call("gtm.crm.delete_deal", deal_id=made.deal_id)
    assert (gone.deal_id, gone.title) == (made.deal_id, "Looms")
    assert column(desk) == []
    with pytest.raises(NotFound, match="no deal"):
        advance(desk, made, "Won")
    seen = desk.call("gtm.crm.restore_deal", deal_id=made.deal_id)
    assert seen.model_dump(exclude={"version"}) == made.model_dump(exclude={"version"})


def test_new_cards_are_on_top(desk: Desk) -> None:
    deals = [add(desk, name) for name in "abc"]
    assert column(desk) == ["c", "b", "a"]
    for deal in deals:
        advance(desk, deal, "Proposal")
    assert column(desk, Stage.PROPOSAL) == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("title", "by", "order"),
    [
        ("a", -1, "dcab"),
        ("a", -9, "adcb"),
        ("d", 1, "cdba"),
        ("d", 9, "cbad"),
        ("b", 0, "dcba"),
        ("a", 1, "dcba"),
        ("c", 2, "dbac"),
    ],
)
def test_a_card_moves_in_its_column(desk: Desk, title: str, by: int, order: str) -> None:
    deals = {name: add(desk, name) for name in "abcd"}
    other = advance(desk, add(desk, "other"), "Won")
    before = kinds(desk)
    desk.call("gtm.crm.reorder_deal", deal_id=deals[title].deal_id, by=by)
    assert column(desk) == list(order)
    assert column(desk, Stage.WON) == [other.title]
    assert kinds(desk)[len(before) :] == (["gtm.deal.updated"] if order != "dcba" else [])
    if order != "dcba":
        desk.call("undo")
    assert column(desk) == list("dcba")


def test_cards_of_one_rank_can_be_moved_too(desk: Desk) -> None:
    deals = {name: add(desk, name) for name in "abc"}
    with desk.engine.connected() as connection:
        connection.execute("UPDATE deal SET rank = 0")
    assert column(desk) == ["a", "b", "c"]
    desk.call("gtm.crm.reorder_deal", deal_id=deals["c"].deal_id, by=-2)
    assert column(desk) == ["c", "a", "b"]


def test_the_board_has_counts_and_sums_per_currency(desk: Desk) -> None:
    for value, currency, probability in (("10", "EUR", None), ("0.5", "EUR", 50), ("7", "USD", 0)):
        add(desk, value=value, currency=currency, probability=probability)
    advance(desk, add(desk, value="99"), "Won")
    columns = {c.stage: c for c in desk.call("gtm.crm.board").columns}
    assert list(columns) == list(Stage)
    assert columns[Stage.LEAD].sums == ("10.50 EUR", "7.00 USD")
    assert columns[Stage.LEAD].weighted == ("1.25 EUR", "0.00 USD")
    assert columns[Stage.WON].sums == ("99.00 EUR",)
    assert columns[Stage.LOST].cards == ()
    card = columns[Stage.WON].cards[0]
    assert (card.title, card.amount, card.probability) == ("Looms", "99.00 EUR", 100)


def test_a_deal_goes_with_its_contact_and_comes_back_with_it(desk: Desk) -> None:
    person = desk.contact("Grace")
    made = add(desk, contact_id=person.contact_id, value="10")
    desk.call("gtm.crm.delete_contact", contact_id=person.contact_id)
    assert column(desk) == []
    assert desk.call("gtm.crm.list_deals").items == ()
    assert desk.call("gtm.crm.forecast").totals == ()
    assert desk.call("gtm.crm.get_pipeline").deals == 0
    with pytest.raises(NotFound, match="no deal"):
        desk.call("gtm.crm.get_deal", deal_id=made.deal_id)
    desk.call("undo")
    assert column(desk) == ["Looms"]
    assert desk.call("gtm.crm.get_deal", deal_id=made.deal_id).contact_name == "Grace"


def test_a_person_whose_deal_is_won_is_not_written_to(desk: Desk) -> None:
    person = desk.contact()
    made = add(desk, contact_id=person.contact_id)
    executed = desk.enrol(desk.sequence(), person, made.deal_id)
    desk.work()
    desk.approve(desk.mail(executed.job_id))
    advance(desk, made, "Won")
    desk.work()
    assert desk.mailer.offered == []
    assert enrollment(desk, person.contact_id).reason == "won"


def test_a_deal_that_was_deleted_before_its_contact_stays_deleted(desk: Desk) -> None:
    """Bringing the person back brings back what went with them, and no more."""
    person = desk.contact()
    add(desk, "Kept", contact_id=person.contact_id)
    gone = add(desk, "Gone", contact_id=person.contact_id)
    desk.call("gtm.crm.delete_deal", deal_id=gone.deal_id)
    desk.call("gtm.crm.delete_contact", contact_id=person.contact_id)
    for step, cards in (
        ("undo", ["Kept"]),
        ("redo", []),
        ("undo", ["Kept"]),
        ("undo", ["Gone", "Kept"]),
    ):
        desk.call(step)
        assert column(desk) == cards

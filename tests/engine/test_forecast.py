"""The forecast and the heads of the columns: three numbers, never one, and never across currencies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.errors import InvalidInput, NotFound
from rusvel_tui.engine.gtm.crm.deals.worth import Worth, amounts, total, weighted
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageKind
from tests.factories import Desk, statements

STAGES = ("Lead", "Qualified", "Proposal", "Negotiation", "Won", "Lost")


def add(desk: Desk, **more: Any) -> Any:
    if "contact_id" not in more:
        more["contact_id"] = desk.contact().contact_id
    return desk.call("gtm.crm.add_deal", **{"title": "Looms", "reason": "x"} | more)


def forecast(desk: Desk, **more: Any) -> Any:
    return desk.call("gtm.crm.forecast", **more)


def row(rows: Iterable[Any], month: str = "", currency: str = "EUR") -> Any:
    return next(row for row in rows if (row.month, row.currency) == (month, currency))


def test_q_081_the_forecast_has_committed_weighted_and_best_case_with_counts(desk: Desk) -> None:
    """Today is 24 November 2026."""
    add(desk, value="1000", stage="Proposal", expected_close="2026-12-10")
    add(desk, value="400", stage="Negotiation", probability=90, expected_close="2026-12-31")
    add(desk, value="200", stage="Negotiation", probability=89, expected_close="2026-12-31")
    add(desk, value="70", stage="Won")
    add(desk, value="5000", stage="Lost", expected_close="2026-12-31")
    seen = forecast(desk)
    assert [found.month for found in seen.months] == ["2026-11", "2026-12"]
    won, december = seen.months
    assert (won.deals, won.won_deals, won.won, won.committed, won.weighted, won.best_case) == (
        1, 1, "70.00", "70.00", "70.00", "70.00",
    )  # fmt: skip
    assert (december.deals, december.committed_deals, december.committed) == (3, 1, "400.00")
    assert (december.weighted, december.best_case, december.overdue) == ("1038.00", "1600.00", 0)
    [all_] = seen.totals
    assert (all_.deals, all_.committed, all_.weighted, all_.best_case) == (
        4,
        "470.00",
        "1108.00",
        "1670.00",
    )


def test_deals_without_a_date_stand_apart_and_late_ones_are_marked(desk: Desk) -> None:
    """A day that has come is not late until it is over, in the zone of the session."""
    desk.call("session.update", timezone="Pacific/Auckland")
    add(desk, value="1", expected_close="2026-11-23")
    add(desk, value="2", expected_close="2026-11-24")
    add(desk, value="4", expected_close="2026-09-30")
    add(desk, value="8")
    seen = forecast(desk)
    assert [(found.month, found.overdue, found.best_case) for found in seen.months] == [
        ("2026-09", 1, "4.00"), ("2026-11", 1, "3.00"),
    ]  # fmt: skip
    assert [(found.deals, found.overdue, found.best_case) for found in seen.undated] == [
        (1, 0, "8.00")
    ]
    assert (row(seen.totals).best_case, row(seen.totals).overdue) == ("15.00", 2)
    late = [deal.overdue for deal in desk.call("gtm.crm.list_deals").items]
    assert late == [False, True, False, True]
    desk.later(hours=3)  # 25 November in Auckland
    assert row(forecast(desk).totals).overdue == 3


def test_won_deals_count_in_the_month_in_which_they_were_won_from_a_month_on(desk: Desk) -> None:
    """An open deal never falls out, however late it is."""
    add(desk, value="1", stage="Won", expected_close="2027-05-01")
    add(desk, value="2", expected_close="2026-10-31")
    desk.later(days=10)
    add(desk, value="4", stage="Won")
    assert [(r.month, r.won, r.best_case) for r in forecast(desk).months] == [
        ("2026-10", "0.00", "2.00"), ("2026-12", "4.00", "4.00"),
    ]  # fmt: skip
    assert [r.month for r in forecast(desk, since="2026-11").months] == [
        "2026-10",
        "2026-11",
        "2026-12",
    ]
    with pytest.raises(InvalidInput):
        forecast(desk, since="2026-13")


def test_a_forecast_can_be_that_of_one_pipeline(desk: Desk) -> None:
    desk.call("gtm.crm.add_pipeline", name="Partners")
    add(desk, value="1")
    add(desk, value="2", pipeline="Partners")
    assert row(forecast(desk).totals).best_case == "3.00"
    assert row(forecast(desk, pipeline="partners").totals).best_case == "2.00"
    with pytest.raises(NotFound):
        forecast(desk, pipeline="Other")


def test_the_heads_of_the_columns_have_count_sum_weighted_and_committed(desk: Desk) -> None:
    add(desk, value="100", stage="Negotiation")
    add(desk, value="7", stage="Negotiation", probability=95, currency="USD")
    add(desk, value="3", stage="Lost")
    add(desk, value="9", stage="Won")
    board = desk.call("gtm.crm.board")
    columns = {column.stage: column for column in board.columns}
    head = columns["Negotiation"]
    assert (head.count, head.sums, head.weighted, head.committed) == (
        2, ("100.00 EUR", "7.00 USD"), ("75.00 EUR", "6.65 USD"), ("0.00 EUR", "7.00 USD"),
    )  # fmt: skip
    assert (columns["Won"].committed, columns["Lost"].sums, columns["Lost"].weighted) == (
        ("9.00 EUR",), ("3.00 EUR",), ("0.00 EUR",),
    )  # fmt: skip
    assert (board.open_deals, board.sums, board.committed) == (2, head.sums, head.committed)


@pytest.mark.parametrize("count", [2, 80])
def test_a_forecast_is_two_or_three_statements(desk: Desk, count: int) -> None:
    person = desk.contact()
    for number in range(count):
        add(
            desk,
            contact_id=person.contact_id,
            expected_close=f"2027-{number % 12 + 1:02}-01",
            value="5",
        )
    with statements(desk) as ran:
        forecast(desk)
    assert sum(text.lstrip().startswith("SELECT") for text in ran) <= 4


@pytest.mark.parametrize(
    ("minor", "percent", "expected"),
    [
        (0, 50, 0),
        (1, 50, 0),
        (3, 50, 2),
        (5, 50, 2),
        (7, 50, 4),
        (100, 33, 33),
        (1, 51, 1),
        (10**15, 99, 99 * 10**13),
    ],
)
def test_halves_go_to_the_even_unit(minor: int, percent: int, expected: int) -> None:
    assert weighted(minor, percent) == expected


deals = st.lists(
    st.tuples(
        st.integers(0, 10**15), st.sampled_from(["EUR", "USD", "JPY", "KWD"]), st.integers(0, 100),
        st.sampled_from(StageKind), st.integers(0, 3),
    ),
    max_size=30,
)  # fmt: skip


@given(deals=deals)
def test_sums_equal_their_parts_and_never_cross_currencies(
    deals: list[tuple[int, str, int, StageKind, int]],
) -> None:
    """However the deals are grouped; and committed <= best, weighted <= best, won <= committed."""
    groups: list[dict[str, Worth]] = [{} for _ in range(4)]
    for minor, currency, percent, kind, group in deals:
        groups[group].setdefault(currency, Worth()).add(minor, percent, kind)
    whole = total(groups)
    assert set(whole) == {currency for _, currency, *_ in deals}
    for currency, worth in whole.items():
        own = [deal for deal in deals if deal[1] == currency]
        assert worth.deals == len(own)
        assert worth.value == sum(minor for minor, *_ in own)
        alive = [deal for deal in own if deal[3] is not StageKind.LOST]
        assert worth.best == sum(minor for minor, *_ in alive)
        assert worth.weighted == sum(
            m if k is StageKind.WON else weighted(m, p) for m, _, p, k, _ in alive
        )
        assert worth.won <= worth.committed <= worth.best
        assert 0 <= worth.weighted <= worth.best
    assert [text.rpartition(" ")[2] for text in amounts(whole, "best")] == sorted(whole)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    made=st.lists(
        st.tuples(
            st.integers(0, 10**7), st.sampled_from(["EUR", "JPY", "KWD"]), st.sampled_from(STAGES),
            st.none() | st.integers(0, 100), st.sampled_from(["", "2026-10-01", "2026-11-30", "2027-02-02"]),
        ),
        max_size=8,
    )
)  # fmt: skip
def test_q_080_the_rows_of_the_forecast_add_up_to_the_totals_and_the_board(
    desk: Desk, made: list[tuple[int, str, str, int | None, str]]
) -> None:
    """Each deal is in one row; the open ones are worth the same on the board."""
    with desk.engine.connected() as connection:
        connection.execute("DELETE FROM deal")
    person = desk.contact()
    for whole, currency, stage, probability, close in made:
        add(
            desk, contact_id=person.contact_id, value=str(whole), currency=currency, stage=stage,
            probability=probability, expected_close=close or None,
        )  # fmt: skip
    seen = forecast(desk)
    parts = [*seen.months, *seen.undated]
    for name in ("committed", "weighted", "best_case", "won"):
        sums: Counter[str] = Counter()
        for part in parts:
            sums[part.currency] += Decimal(getattr(part, name))  # type: ignore[assignment]
        assert {r.currency: Decimal(getattr(r, name)) for r in seen.totals} == dict(sums)
    for name in ("deals", "overdue", "won_deals", "committed_deals"):
        assert sum(getattr(r, name) for r in seen.totals) == sum(getattr(p, name) for p in parts)
    board = desk.call("gtm.crm.board")
    best = {r.currency: Decimal(r.best_case) - Decimal(r.won) for r in seen.totals}
    shown = {
        text.rpartition(" ")[2]: Decimal(text.rpartition(" ")[0].replace(",", ""))
        for text in board.sums
    }
    assert {code: value for code, value in best.items() if code in shown} == shown

"""What the models cost, and the budget of a month."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.adapters.models.offline import OfflineModel
from rusvel_tui.engine.agent.chat import news
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.chat_ports import Finished, Usage, Words
from rusvel_tui.engine.errors import NotFound
from tests.engine.agent.chat.talking import Playing, Talk, costing
from tests.factories import Desk


def spent(desk: Desk, **wanted: Any) -> Any:
    """The summary."""
    return desk.call("agent.spending.summary", **wanted)


def answer(desk: Desk, nano: int | None, department: str = "gtm", model: str = "played") -> Talk:
    """One answer that costs so much."""
    usage = Usage(100, 10, cache_read=40, cache_write=5)
    talk = Talk(desk.engine, Playing([Words("Well."), Finished("end", usage, model, nano)]))
    talk.ask("Hello", department)
    return talk


def test_t_032_t_038_nothing_was_spent_where_nothing_was_asked(desk: Desk) -> None:
    view = spent(desk)
    assert (view.total.calls, view.total.cost_usd, view.by_day) == (0, "0.0000", ())
    assert view.budget.state == "none"


def test_t_032_t_038_q_133_costs_are_counted_by_day_department_and_model(desk: Desk) -> None:
    answer(desk, 500_000_000)
    answer(desk, 250_000_000, "growth", "other")
    desk.later(days=1)
    answer(desk, None)
    view = spent(desk)
    assert view.total.calls == 3
    assert (view.total.cost_usd, view.total.unpriced) == ("0.7500", 1)
    assert view.total.input_tokens == 3 * 145
    assert [(one.name, one.calls) for one in view.by_day] == [("2026-11-25", 1), ("2026-11-24", 2)]
    assert [(one.name, one.cost_usd) for one in view.by_department] == [
        ("growth", "0.2500"),
        ("gtm", "0.5000"),
    ]
    assert [one.name for one in view.by_model] == ["playing other", "playing played"]
    assert [one.name for one in view.by_purpose] == ["chat"]
    assert spent(desk, department="growth").total.calls == 1
    assert spent(desk, days=1).total.calls == 1
    with pytest.raises(NotFound):
        spent(desk, department="sales")


def test_a_day_is_one_of_the_sessions_calendar(desk: Desk) -> None:
    session = desk.call("session.show")
    desk.call("session.update", timezone="Pacific/Auckland", version=session.version)
    desk.later(hours=3)
    answer(desk, 1)
    assert spent(desk).by_day[0].name == "2026-11-25"


def test_q_133_the_budget_of_a_month_warns_and_stops_and_a_new_month_begins(desk: Desk) -> None:
    desk.call(
        "agent.config.set", layer="session", settings={"monthly_budget_usd": "1", "budget_usd": "9"}
    )
    assert answer(desk, 790_000_000).of(news.Warned) == []
    assert spent(desk).budget.state == "fine"
    assert answer(desk, 10_000_000).of(news.Warned)[0].text == "$0.8 of $1 for this month are used."
    assert spent(desk).budget.state == "warning"
    answer(desk, 200_000_000)
    talk = Talk(desk.engine, Playing(costing(1)))
    run = talk.ask("Hello")
    assert run.state is RunState.FAILED
    assert "for this month is used up" in run.error
    assert spent(desk).budget.state == "used up"
    assert Talk(desk.engine, OfflineModel()).ask("Hello").state is RunState.COMPLETED, (
        "costs nothing"
    )
    desk.later(days=7)
    assert talk.ask("Hello").state is RunState.COMPLETED
    assert spent(desk).budget.month == "2026-12"

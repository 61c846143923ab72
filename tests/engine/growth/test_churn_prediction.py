"""Who may leave: the signs of the rules, weighed by their number or by a model, never more than them."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.adapters.models.scripted import ScriptedModel
from rusvel_tui.engine.growth.churn.predicting import Predictions
from tests.factories import Desk, query


@pytest.fixture
def risky(desk: Desk) -> Desk:
    """Two customers who pay less; one of them with a late invoice, too."""
    navy = desk.contact("Navy", "navy@example.com")
    for customer in ("Navy", "Army"):
        for month, mrr in (("2026-10", "500"), ("2026-11", "300")):
            desk.call("growth.saas.record_subscription", customer=customer, month=month, mrr=mrr)
    items = [{"description": "Looms", "quantity": 1, "unit_price": 100, "tax_rate": 0}]
    made = desk.call("gtm.invoices.create_invoice", contact_id=navy.contact_id, line_items=items, due_date="2026-11-25")  # fmt: skip
    desk.call("gtm.invoices.finalise_invoice", invoice_id=made.invoice_id)
    return desk


def predict(desk: Desk, **more: Any) -> Predictions:
    made: Predictions = desk.call("growth.churn.predict", **more)
    return made


def test_r_125_more_signs_make_it_likelier_and_a_word_can_be_planned(risky: Desk) -> None:
    risky.later(days=35)
    found = predict(risky)
    first = found.items[0]
    assert first.customer == "Navy"
    assert first.reasons
    assert first.because == "; ".join(first.reasons)
    risky.call(first.operation, **first.input)
    [task] = risky.call("gtm.crm.list_tasks", contact_id=first.contact_id).items
    assert task.subject.startswith("Ask Navy how it goes")


def test_r_125_a_model_weighs_the_same_signs_and_its_cost_is_kept(risky: Desk) -> None:
    told = [
        {"customer": number, "likelihood": "high", "because": "They pay less."} for number in (0, 1)
    ]
    risky.engine.chat_model = ScriptedModel([[{"tool": "answer", "input": {"customers": told}}]])
    found = predict(risky)
    assert (found.by, {one.likelihood.value for one in found.items}) == ("scripted", {"high"})
    assert query(risky, "SELECT department, purpose FROM model_call") == [("growth", "predict_churn")]  # fmt: skip


def test_a_model_may_not_speak_of_others(risky: Desk) -> None:
    told = [{"customer": 7, "likelihood": "high", "because": "I feel it."}]
    risky.engine.chat_model = ScriptedModel([[{"tool": "answer", "input": {"customers": told}}]])
    found = predict(risky)
    assert found.by == "rules"
    assert "other customers" in found.note


def test_nobody_at_risk_asks_nobody(desk: Desk) -> None:
    desk.engine.chat_model = model = ScriptedModel([])
    assert predict(desk).items == ()
    assert model.asked == []

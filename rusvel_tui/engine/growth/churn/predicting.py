"""Who is likely to leave, in order: the signs that the rules found, weighed; a model may weigh them anew and never add one."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from rusvel_tui.engine.agent.asking_model import RULES, Answer, Asked, Line, Task, ask_model
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.growth.churn.risks import RiskAsked, RiskList, RiskView, list_risks
from rusvel_tui.engine.operation import View, operation
from rusvel_tui.engine.spelled import Spelled

_MOST = 20
"""Customers that a model is told of."""


class Likelihood(Spelled):
    """How likely somebody leaves."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class PredictChurn(RiskAsked):
    """How many, in which money."""

    limit: int = Field(default=_MOST, ge=1, le=_MOST)
    think: bool | None = None
    """Whether to ask the model, for a person: left out, it is asked where one is set up. Programs read what the rules say."""


class Prediction(View):
    """One customer who may leave."""

    customer: str
    contact_id: str | None
    mrr: str | None
    likelihood: Likelihood
    because: str
    reasons: tuple[str, ...]
    """The signs that the rules found."""
    operation: str
    """What plans a word with them; empty for somebody who is no contact."""
    input: dict[str, Any]


class Predictions(View):
    """Who may leave, the likeliest first."""

    currency: str
    items: tuple[Prediction, ...]
    at_risk: str
    """Their MRR together."""
    by: str
    """`rules`, or the model whose answer passed the checks."""
    note: str


class Weighed(Answer):
    """What a model says of one customer."""

    customer: int = Field(ge=0)
    """The number in the list."""
    likelihood: Likelihood
    because: Line = Field(min_length=1)


class AllWeighed(Answer):
    """What a model says of all of them."""

    customers: tuple[Weighed, ...] = Field(max_length=_MOST)


_TASK = """\
These customers show signs that they may leave. Weigh the signs of each: how likely it is, and in one sentence why. Use the \
signs given and nothing else."""


@operation("growth.churn.predict", permission="growth.read", staged=True)
def predict_churn(ctx: Context, cmd: PredictChurn) -> Predictions:
    """Predict who may leave, the likeliest first, with the signs for it and what plans a word with them."""
    asked_for = RiskAsked(limit=cmd.limit, currency=cmd.currency)
    found = ctx.read(lambda: ctx.call(list_risks, asked_for))
    asked: Asked[AllWeighed] = Asked()
    if found.items:
        task = Task("predict_churn", _TASK, AllWeighed, lambda one: _wrong(one, found), "growth")
        asked = ask_model(ctx, task, {"customers": _told(found)}, cmd.think)
    said = {one.customer: one for one in asked.answer.customers} if asked.answer else {}
    items = [_predicted(risk, said.get(number)) for number, risk in enumerate(found.items)]
    order = list(Likelihood)
    return Predictions(
        currency=found.currency,
        items=tuple(sorted(items, key=lambda one: -order.index(one.likelihood))),
        at_risk=found.at_risk,
        by=asked.by if asked.answer else RULES,
        note=asked.note,
    )


def likelihood(risk: RiskView) -> Likelihood:
    """By the number of different signs: one may be chance, three are not."""
    return (Likelihood.LOW, Likelihood.MEDIUM, Likelihood.HIGH)[min(len(set(risk.rules)), 3) - 1]


def _wrong(answer: AllWeighed, found: RiskList) -> str:
    numbers = [one.customer for one in answer.customers]
    return "" if sorted(numbers) == list(range(len(found.items))) else "it is about other customers"


def _told(found: RiskList) -> list[dict[str, Any]]:
    return [
        {"number": number, "customer": risk.customer, "mrr": risk.mrr, "signs": risk.reasons}
        for number, risk in enumerate(found.items)
    ]


def _predicted(risk: RiskView, said: Weighed | None) -> Prediction:
    """What the rules say, or a model about the same signs."""
    plan: dict[str, Any] = {}
    if risk.contact_id:
        subject = f"Ask {risk.customer} how it goes: {risk.reasons[0]}"
        plan = {"subject": subject, "kind": "Call", "due_at": "tomorrow", "contact_id": risk.contact_id}  # fmt: skip
    return Prediction(
        customer=risk.customer,
        contact_id=risk.contact_id,
        mrr=risk.mrr,
        likelihood=said.likelihood if said else likelihood(risk),
        because=said.because if said else "; ".join(risk.reasons),
        reasons=risk.reasons,
        operation="gtm.crm.add_task" if plan else "",
        input=plan,
    )

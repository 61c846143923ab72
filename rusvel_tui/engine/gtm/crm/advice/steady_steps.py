"""What moves a deal that is well: the next stage, what is missing, what to keep, and what comes after the end. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from rusvel_tui.engine.gtm.crm.advice.facts import DealFacts, was_heard, working_day
from rusvel_tui.engine.gtm.crm.advice.phrases import Said, quotes
from rusvel_tui.engine.gtm.crm.advice.stepping import Step, plan, signal
from rusvel_tui.engine.gtm.crm.advice.suggestions import Signal, Suggestion
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageKind
from rusvel_tui.engine.text import cut

_REVISIT_DAYS = 90
_LATER_DAYS = 14


def ripe(facts: DealFacts) -> Iterator[Step]:
    """They said yes, or were met, since it came into its stage: it may go on to the next one."""
    stage, heard = facts.next_stage(), facts.heard
    if stage is None or heard is None or heard.at < facts.deal.stage_since or facts.deal.missing:
        return
    yes = next(quotes(f"{heard.title}\n{heard.detail}", Said.CONSENT), None)
    if yes is None:
        return
    values = {"deal_id": facts.deal.deal_id, "stage": stage.name}
    move = Suggestion(
        text=f"Move it to {stage.name}", operation="gtm.crm.advance_deal", input=values
    )
    why = f"They agreed since it came into {facts.deal.stage}: “{yes.text}”"
    sign = signal(facts, "consent", heard)
    yield Step("ripe", f"Move it on to {stage.name}.", why, (sign,), move, 0.7)


def close_date(facts: DealFacts) -> Iterator[Step]:
    """A close date that has passed makes every forecast wrong."""
    if not facts.deal.overdue:
        return
    likely = facts.health.close.p50 if facts.health.close else None
    day = likely or working_day(facts.today + timedelta(days=_LATER_DAYS))
    values = {"deal_id": facts.deal.deal_id, "expected_close": day.isoformat()}
    change = Suggestion(
        text=f"Expect it on {day:%a} {day.day} {day:%b}",
        operation="gtm.crm.update_deal",
        input=values,
    )
    sign = Signal(
        kind="close date",
        text=f"Expected to close on {facts.deal.expected_close}",
        target_kind="deal",
        target_id=facts.deal.deal_id,
    )
    why = f"The day on which it should have closed, {facts.deal.expected_close}, has passed."
    yield Step("close date", "Give it a new close date.", why, (sign,), change, 0.7)


_ASK = {
    "value": "Find out what it is worth",
    "expected_close": "Ask when they want to decide",
    "company": "Find out for which company it is",
    "next_action": "Agree on the next step",
    "notes": "Write down what they need",
}


def missing(facts: DealFacts) -> Iterator[Step]:
    """What its stage asks for and it does not have."""
    for name in facts.deal.missing[:1]:
        subject = f"{_ASK.get(name, f'Add {name}')}: {facts.deal.title}"
        sign = Signal(
            kind="missing",
            text=f"{facts.deal.stage} asks for {name.replace('_', ' ')}",
            target_kind="deal",
            target_id=facts.deal.deal_id,
        )
        why = f"{facts.deal.stage} asks for it, and it is not there."
        yield Step(
            "missing",
            f"{_ASK.get(name, 'Fill the gap')}.",
            why,
            (sign,),
            plan(facts, subject, 1),
            0.6,
        )


def keep_going(facts: DealFacts) -> Iterator[Step]:
    """All is well: prepare what is planned, or plan something."""
    if facts.open:
        entry = facts.open[0]
        due = (entry.due_at or entry.at).astimezone(facts.zone).date()
        look = Suggestion(
            text="Look at what is planned",
            operation="gtm.crm.get_activity",
            input={"activity_id": entry.id},
        )
        text = f"Keep to the plan: {cut(entry.title, 80)}, {due:%a} {due.day} {due:%b}."
        sign = signal(facts, "planned", entry, f"Planned for {due:%a} {due.day} {due:%b}")
        yield Step(
            "planned",
            text,
            "The next action is booked, and nothing else presses.",
            (sign,),
            look,
            0.6,
        )
        return
    touch = facts.heard or facts.touch
    days = max(1, (facts.deal.rot.limit_days or 10) // 2)
    subject = f"Keep in touch with {facts.deal.contact_name}"
    signs = (
        (signal(facts, "heard" if touch and was_heard(touch) else "touch", touch),) if touch else ()
    )
    why = "The contact is fresh, and nothing is planned: a deal without a next step goes quiet."
    yield Step("keep up", "Plan the next contact.", why, signs, plan(facts, subject, days), 0.6)


def after_close(facts: DealFacts) -> Iterator[Step]:
    """Won: write the invoice, then ask for a word. Lost: come back later."""
    deal = facts.deal
    sign = Signal(
        kind=deal.status.key,
        text=f"{deal.stage}{f': {deal.closed_reason}' if deal.closed_reason else ''}",
        target_kind="deal",
        target_id=deal.deal_id,
        at=deal.closed_at,
    )
    if deal.status is StageKind.LOST:
        subject = f"Ask {deal.contact_name} whether things have changed"
        why = f"It is lost; in {_REVISIT_DAYS} days the reason may be gone."
        yield Step(
            "revisit",
            "Leave it, and ask again in a quarter.",
            why,
            (sign,),
            plan(facts, subject, _REVISIT_DAYS),
            0.6,
        )
        return
    billed = any(paper.kind == "invoice" for paper in facts.papers)
    if not billed and Decimal(deal.value):
        draft = Suggestion(
            text="Draft the invoice",
            operation="gtm.invoices.from_deal",
            input={"deal_id": deal.deal_id},
        )
        yield Step(
            "bill",
            "Draft the invoice of the won deal.",
            "It is won, and there is no invoice of it.",
            (sign,),
            draft,
            0.85,
        )
    subject = f"Ask {deal.contact_name} for a reference"
    why = "It is won: those who are content tell others."
    yield Step("reference", "Ask for a reference.", why, (sign,), plan(facts, subject, 30), 0.5)

"""The rules of the next step, in the order of urgency: what somebody waits for comes before what is overdue, that before
what is quiet. A new rule is a function and a line here."""

from __future__ import annotations

from rusvel_tui.engine.gtm.crm.advice import quiet_steps as quiet
from rusvel_tui.engine.gtm.crm.advice import steady_steps as steady
from rusvel_tui.engine.gtm.crm.advice import urgent_steps as urgent
from rusvel_tui.engine.gtm.crm.advice.facts import DealFacts
from rusvel_tui.engine.gtm.crm.advice.stepping import Rule, Step

OPEN_RULES: tuple[Rule, ...] = (
    urgent.reply,
    urgent.draft,
    urgent.promise,
    urgent.overdue,
    urgent.bounced,
    urgent.tried,
    urgent.met,
    urgent.money,
    quiet.quiet,
    quiet.first_contact,
    steady.ripe,
    steady.close_date,
    steady.missing,
    steady.keep_going,
)
"""For an open deal."""
CLOSED_RULES: tuple[Rule, ...] = (urgent.reply, urgent.money, steady.after_close)
"""For one that is won or lost."""


def steps(facts: DealFacts) -> list[Step]:
    """Everything that could be done next, the most urgent first."""
    rules = CLOSED_RULES if facts.deal.status.closed else OPEN_RULES
    return [step for rule in rules for step in rule(facts)]

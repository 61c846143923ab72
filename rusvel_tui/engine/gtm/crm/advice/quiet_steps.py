"""What a silence asks for: a first word, a follow-up, a new beginning, or the end. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from rusvel_tui.engine.gtm.crm.advice.facts import DealFacts
from rusvel_tui.engine.gtm.crm.advice.letters import again, hello
from rusvel_tui.engine.gtm.crm.advice.stepping import Step, lose, plan, signal, write
from rusvel_tui.engine.gtm.crm.advice.suggestions import Signal, Suggestion
from rusvel_tui.engine.gtm.crm.deals.health import Health

FOLLOW_UP_DAYS = 7
AT_RISK_DAYS = 14
GIVE_UP_TRIES = 3
"""Unanswered tries after which a stalled deal is better given up than written to again."""


def quiet(facts: DealFacts) -> Iterator[Step]:
    """Quiet for too long: follow up, call, or let go."""
    rot, touch = facts.deal.rot, facts.touch
    if touch is None or facts.open or rot.snoozed_until:
        return
    days = facts.days_since(touch)
    sign = signal(
        facts,
        "quiet",
        touch,
        f"{days} days without contact; {rot.reasons[0] if rot.reasons else ''}".rstrip("; "),
    )
    if facts.health.health is Health.STALLED and facts.unanswered >= GIVE_UP_TRIES:
        tries = f"{facts.unanswered} tries without an answer, {days} days of silence."
        yield lose(facts, "stalled", tries, (sign,), 0.6)
    if days > AT_RISK_DAYS:
        yield _reengage(facts, days, (sign,))
    elif days > FOLLOW_UP_DAYS:
        letter = write(facts, "Draft the follow-up", again(facts))
        why = f"The last contact was {days} days ago, and nothing is planned."
        yield Step("follow up", "Follow up: it went quiet.", why, (sign,), letter, 0.75)


def _reengage(facts: DealFacts, days: int, signs: tuple[Signal, ...]) -> Step:
    """Begin again after a long silence, with a sequence where one is active."""
    why = f"{days} days of silence put it at risk. Begin again, or mark it as lost."
    text = "Re-engage: it is going cold."
    if facts.sequences and not facts.enrolled and facts.address:
        sequence_id, name = facts.sequences[0]
        values = {
            "sequence_id": sequence_id,
            "contact_id": facts.deal.contact_id,
            "deal_id": facts.deal.deal_id,
        }
        enrol = Suggestion(
            text=f"Enrol {facts.deal.contact_name} in {name}",
            operation="gtm.outreach.execute_sequence",
            input=values,
        )
        return Step("re-engage", text, why, signs, enrol, 0.65)
    if facts.phone and facts.unanswered > 1:
        call = plan(facts, f"Call {facts.deal.contact_name}: is it still on?", 1, "Call")
        return Step("re-engage", text, why, signs, call, 0.7)
    return Step(
        "re-engage", text, why, signs, write(facts, "Draft a mail that asks", again(facts)), 0.7
    )


def first_contact(facts: DealFacts) -> Iterator[Step]:
    """Nobody has talked yet."""
    if facts.touch is not None or facts.open:
        return
    who = facts.deal.contact_name
    why = "Nothing happened with them yet: no call, no meeting, no mail."
    if facts.phone or not facts.address:
        yield Step(
            "first contact",
            f"Have a first call with {who}.",
            why,
            (),
            plan(facts, f"First call with {who}", 1, "Call"),
            0.75,
        )
    else:
        yield Step(
            "first contact",
            f"Write to {who} and ask for a first call.",
            why,
            (),
            write(facts, "Draft the first mail", hello(facts)),
            0.75,
        )

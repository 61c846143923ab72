"""Why a deal is likely or not, well or not: the factors behind the figures."""

from __future__ import annotations

from collections.abc import Iterator

from rusvel_tui.engine.gtm.crm.deals.deal_record import DealRecord, HealthView
from rusvel_tui.engine.gtm.crm.deals.health import Health
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose

_WORDS = {
    Health.GOOD: ("✓ good", "good"),
    Health.AT_RISK: ("! at risk", "warn"),
    Health.STALLED: ("✗ stalled", "bad"),
}
_BASES = {
    "typed": "what you typed",
    "history": "what your closed deals say of its stage",
    "stage": "what is usual in its stage",
}


def health_facts(health: HealthView) -> Iterator[Block]:
    """How the deal is, in two or three lines."""
    if health.health is not None:
        words, tone = _WORDS[health.health]
        yield Fact("Health", words, tone)
    chance = f"{health.win_probability:.0%}".replace("%", " %")
    yield Fact("Win", f"{chance} likely · {health.confidence.value} confidence · w shows why")
    if health.close is not None:
        span = f"{health.close.p50:%d %b %Y} to {health.close.p80:%d %b %Y}"
        yield Fact("Likely won", f"{span}, as {health.close.wins} won deals tell")


def why_blocks(deal: DealRecord) -> tuple[Block, ...]:
    """Every factor with what it does, and why the deal does or does not count as left alone."""
    return (*health_facts(deal.health), *_factors(deal.health), *_rot(deal))


def _factors(health: HealthView) -> Iterator[Block]:
    yield Heading("Why")
    yield Fact(f"{health.base_probability} %", f"to begin with: {_BASES[health.base_from]}")
    for factor in health.factors:
        sign = f"{factor.effect:+d} points" if factor.effect else "no effect"
        tone = "good" if factor.effect > 0 else "bad" if factor.effect < 0 else "muted"
        yield Fact(sign, f"{factor.label}: {factor.evidence}", tone)
    if (learned := health.learned) is not None:
        yield Prose(
            f"{learned.won} of {learned.closed} closed deals that were in this stage were won.",
            "muted",
        )
    if health.close is None and health.health is not None:
        yield Prose("Too few won deals to tell when it closes.", "muted")


def _rot(deal: DealRecord) -> Iterator[Block]:
    if deal.status.closed:
        return
    yield Heading("Left alone for too long?" if not deal.rot.rotting else "Left alone for too long")
    for reason in deal.rot.reasons:
        yield Prose(reason)
    if deal.rot.rotting:
        yield Prose("t plans the next step, s lets it rest until a day.", "muted")

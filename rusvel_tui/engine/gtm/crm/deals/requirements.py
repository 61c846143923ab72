"""What a stage can ask of its deals. It only asks: a deal that lacks something may still go there."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rusvel_tui.engine.gtm.crm.deals.next_action import NextAction
from rusvel_tui.engine.models import Deal

REQUIREMENTS: dict[str, Callable[[Deal, NextAction | None], bool]] = {
    "value": lambda deal, next_: deal.value_minor > 0,
    "expected_close": lambda deal, next_: bool(deal.expected_close),
    "company": lambda deal, next_: deal.company_id is not None,
    "next_action": lambda deal, next_: next_ is not None,
    "notes": lambda deal, next_: bool(deal.notes),
}
"""Whether a deal has it, by the name that a stage keeps in `requires`."""


def missing(requires: Iterable[str], deal: Deal, next_: NextAction | None) -> tuple[str, ...]:
    """What is asked for and not there."""
    return tuple(name for name in requires if not REQUIREMENTS[name](deal, next_))

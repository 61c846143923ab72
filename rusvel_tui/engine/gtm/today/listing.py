"""Today: one ranked list of everything that needs the person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.today import bills, letters, work
from rusvel_tui.engine.gtm.today.folding import fold
from rusvel_tui.engine.gtm.today.needs import PACES, Found, Need, TodayItem, days, deal_of
from rusvel_tui.engine.gtm.today.ranking import money_factor, score, urgency_factor, usual_amounts
from rusvel_tui.engine.gtm.today.worth import with_amounts
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import PageInput, View, operation

_DAY = 86_400


class TodayView(View):
    """The list, most urgent first."""

    items: tuple[TodayItem, ...]
    next: str | None
    total: int = 0
    """How many things need you, those counted that share a line."""


_PARTS: tuple[tuple[str, Callable[[Context], Iterator[Found]]], ...] = (
    ("crm.sequences.read", letters.paused),
    ("crm.sequences.read", letters.stopped),
    ("crm.approvals.read", letters.mails),
    ("agent.read", letters.proposed),
    ("crm.mail.read", letters.incoming),
    ("growth.read", work.alerts),
    ("crm.activities.read", work.tasks),
    ("crm.deals.read", work.deals),
    ("crm.invoices.read", bills.late),
    ("crm.invoices.read", bills.to_invoice),
)
"""Where needs come from, each with what a guest must be allowed to read."""
_COUNTS: dict[Need, Callable[[Context, Need], int]] = {
    Need.IN_DOUBT: letters.count_mails,
    Need.FAILED: letters.count_mails,
    Need.CHANGED: letters.count_mails,
    Need.TO_APPROVE: letters.count_mails,
    Need.NEEDS_DATA: letters.count_mails,
    Need.BLOCKED: letters.count_mails,
    Need.PROPOSED: letters.count_proposed,
    Need.REPLIED: letters.count_incoming,
    Need.AWAY: letters.count_incoming,
    Need.NO_STEP: work.count_deals,
    Need.ROTTING: work.count_deals,
    Need.LATE: bills.count_late,
    Need.TO_INVOICE: bills.count_to_invoice,
}
"""How many there are of a kind of which only the foremost are read."""
_TWINS = {
    Need.NO_STEP: Need.ROTTING,
    Need.ROTTING: Need.NO_STEP,
    Need.REPLIED: Need.AWAY,
    Need.AWAY: Need.REPLIED,
}
"""What is counted together: which of the two a thing is shows only when it is read."""


@operation("gtm.today", permission="crm.contacts.read")
def today(ctx: Context, cmd: PageInput) -> TodayView:
    """List everything that needs you by money × urgency, with the reasons."""
    found = [one for needed, part in _PARTS if ctx.may(needed) for one in part(ctx)]
    ranked = rank(ctx, with_amounts(ctx, found))
    read = Counter(item.need for item in ranked)
    lines = fold(ranked, lambda need: _total(ctx, need, read))
    total = sum(line.count for line in lines)
    return TodayView(items=tuple(lines[: cmd.limit]), next=None, total=total)


def _total(ctx: Context, need: Need, read: Mapping[Need, int]) -> int:
    """How many there are; of twins, those that were not read count as the first one that was."""
    if need not in _COUNTS:
        return read[need]
    twin = _TWINS.get(need)
    if twin is not None and read[twin] and need in (Need.ROTTING, Need.AWAY):
        return read[need]
    return _COUNTS[need](ctx, need) - (read[twin] if twin is not None else 0)


def rank(ctx: Context, found: list[Found]) -> list[TodayItem]:
    """All of it as lines, by score; of equal ones the older first."""
    usual = usual_amounts(amount for one in found for amount in one.amounts)
    items = [_item(ctx, one, usual) for one in found]
    return sorted(items, key=lambda item: (-item.score, item.at, item.id))


def _item(ctx: Context, one: Found, usual: dict[str, int]) -> TodayItem:
    late = max((ctx.now - one.at).total_seconds() / _DAY, 0.0)
    pace, amount = PACES[one.need], _decisive(one, usual)
    return TodayItem(
        **{name: getattr(one, name) for name in _AS_FOUND},
        why=_why(one, amount, int(late)),
        amount="" if amount is None else f"{amount.amount} {amount.currency}",
        late_days=round(late, 2),
        money=round(money_factor(one.amounts, usual), 2),
        urgency=round(urgency_factor(pace, late), 2),
        score=score(pace, late, one.amounts, usual),
    )


_AS_FOUND = ("id", "need", "who", "what", "at", "page", "item_id", "contact_id", "job_id")


def _decisive(one: Found, usual: dict[str, int]) -> Money | None:
    """The amount that counts most, if there is one."""
    worth = [amount for amount in one.amounts if amount.minor > 0]
    return max(worth, key=lambda amount: money_factor((amount,), usual), default=None)


def _why(one: Found, amount: Money | None, late_days: int) -> str:
    """`4,200 EUR overdue 12 days`; `deal of 9,000 USD, no next step for 8 days`; `Intro, waits 3 days`."""
    waits = f"waits {days(late_days)}" if late_days and not one.lateness else ""
    worth = deal_of(amount) if amount and not one.told else ""
    return ", ".join(filter(None, (one.lateness, one.why, waits, worth)))

"""Many things of a kind as one line with a count: two hundred drafts are one thing to sit down for. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from rusvel_tui.engine.gtm.today.needs import Need, TodayItem

_IN_A_ROW = {
    Need.FAILED: "mails that were refused",
    Need.CHANGED: "mails that changed after your yes",
    Need.TO_APPROVE: "drafts to approve",
    Need.PROPOSED: "changes to decide",
    Need.NEEDS_DATA: "drafts that need data",
    Need.AWAY: "people who are away",
    Need.BLOCKED: "approved mails that cannot leave yet",
}
"""What a person goes through one after the other on its page: more than a few are one line."""
_ONE_BY_ONE = {
    Need.STOPPED: "sequences that paused themselves",
    Need.IN_DOUBT: "mails in doubt",
    Need.REPLIED: "answers to read",
    Need.ALERT: "alerts",
    Need.LATE: "invoices past their day",
    Need.TO_INVOICE: "won deals to invoice",
    Need.ROTTING: "deals that are rotting",
    Need.NO_STEP: "deals without a next step",
}
"""What is dealt with one by one: the first ones have a line each, the rest is one line."""
FEW, MANY = 3, 10
Totals = Callable[[Need], int]


def fold(ranked: Sequence[TodayItem], total: Totals) -> list[TodayItem]:
    """The ranked lines, with long rows of a kind folded; a folded line stands where its first thing stood.

    `total` says how many there are of a kind, where that can be more than the lines; it is asked only then.
    """
    counts = Counter(item.need for item in ranked)
    shown: dict[Need, int] = defaultdict(int)
    lines: list[TodayItem] = []
    for item in ranked:
        keep = _kept(item.need, counts[item.need])
        if shown[item.need] < keep:
            lines.append(item)
        elif shown[item.need] == keep:
            lines.append(_rest(item, keep, max(total(item.need), counts[item.need])))
        shown[item.need] += 1
    return lines


def _kept(need: Need, count: int) -> int:
    """How many of a kind have a line of their own."""
    if need in _IN_A_ROW:
        return count if count <= FEW else 0
    return count if need not in _ONE_BY_ONE or count <= MANY + 1 else MANY


def _rest(first: TodayItem, kept: int, count: int) -> TodayItem:
    words, left = (_IN_A_ROW | _ONE_BY_ONE)[first.need], count - kept
    more = " more" if kept else ""
    who = f"{first.who} and {left - 1:,} others" if first.who else ""
    what, why = f"{left:,}{more} {words}", f"first: {first.what}; {first.why}" if first.what else ""
    return first.model_copy(
        update={"id": f"{first.need.key}+", "who": who, "what": what, "why": why, "count": left}
    )

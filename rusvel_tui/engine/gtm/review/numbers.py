"""The numbers of a week against the week before, each with its words. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rusvel_tui.engine.gtm.review.counting import Counted
from rusvel_tui.engine.gtm.today.needs import spoken_money
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import View

HABIT_WEEKS = 53
"""How far back habits are followed."""


class WeekNumber(View):
    """One number of the week and of the week before."""

    key: str
    name: str
    value: str
    """As people read it: `12`, `2,900.00 EUR`; `–` where there is nothing to count from."""
    before: str
    change: str
    """In words: `+3`, `-200 EUR`, `same`."""
    better: bool | None
    """None where it is the same."""
    page: str
    """Where the things behind it are."""


class Habit(View):
    """Something that should happen every week, and for how many weeks in a row it did."""

    key: str
    name: str
    weeks: int
    best: int
    """The longest row in the last year."""
    times: int
    """How often in this week."""
    page: str


@dataclass(frozen=True, slots=True)
class _Kind:
    key: str
    name: str
    page: str
    up: bool = True


COUNTS = (
    _Kind("sent", "Mails sent", "inbox"),
    _Kind("email_in", "Replies", "mail"),
    _Kind("call", "Calls", "contacts"),
    _Kind("meeting", "Meetings", "contacts"),
    _Kind("new_contacts", "New contacts", "contacts"),
    _Kind("new_deals", "New deals", "deals"),
    _Kind("won", "Deals won", "deals"),
    _Kind("lost", "Deals lost", "deals", up=False),
)
SUMS = (
    _Kind("won", "Won", "deals"),
    _Kind("issued", "Invoiced", "invoices"),
    _Kind("paid", "Paid", "invoices"),
)
HABITS: tuple[tuple[str, str, str, Callable[[Counted], int]], ...] = (
    ("wrote", "Wrote to people", "inbox", lambda week: week.counts["sent"]),
    ("talked", "Called or met somebody", "contacts", lambda w: w.counts["call"] + w.counts["meeting"]),
    ("did", "Did planned tasks", "today", lambda week: week.counts["task"]),
    ("met", "Found new people", "contacts", lambda week: week.counts["new_contacts"]),
    ("invoiced", "Wrote an invoice", "invoices", lambda w: sum(m > 0 for m in w.sums["issued"].values())),
)  # fmt: skip


def compare(now: Counted, before: Counted) -> Iterator[WeekNumber]:
    """The counts, then the money of each currency that either week knows."""
    for kind in COUNTS:
        value, was = now.counts[kind.key], before.counts[kind.key]
        yield WeekNumber(
            key=kind.key,
            name=kind.name,
            value=f"{value:,}",
            before=f"{was:,}",
            change=f"{value - was:+,}" if value != was else "same",
            better=None if value == was else (value > was) is kind.up,
            page=kind.page,
        )
    for kind in SUMS:
        for currency in sorted({*now.sums[kind.key], *before.sums[kind.key]}):
            minors = now.sums[kind.key][currency], before.sums[kind.key][currency]
            yield of_money(kind.key, kind.name, kind.page, currency, *minors)


def of_money(
    key: str, name: str, page: str, currency: str, now: int | None, before: int | None
) -> WeekNumber:
    """An amount in minor units against that of the week before; None: there is nothing to count from."""
    moved = (now or 0) - (before or 0)
    sign = "+" if moved > 0 else ""
    return WeekNumber(
        key=f"{key}_{currency}",
        name=f"{name}, {currency}",
        value="–" if now is None else str(Money(now, currency)),
        before="–" if before is None else str(Money(before, currency)),
        change=f"{sign}{spoken_money(Money(moved, currency))}" if moved else "same",
        better=None if not moved else moved > 0,
        page=page,
    )


def habits(weeks: list[Counted]) -> tuple[Habit, ...]:
    """How long each habit has lasted up to the last of these weeks."""
    found = []
    for key, name, page, times in HABITS:
        kept = [times(week) > 0 for week in weeks]
        found.append(
            Habit(
                key=key,
                name=name,
                weeks=_run(kept[::-1]),
                best=max(_run(kept[start:]) for start in range(len(kept))),
                times=times(weeks[-1]),
                page=page,
            )
        )
    return tuple(found)


def _run(kept: list[bool]) -> int:
    """How many from the beginning on were kept without a gap."""
    return kept.index(False) if False in kept else len(kept)

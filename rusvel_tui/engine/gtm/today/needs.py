"""What can need the person: the kinds with their weight, and one line of the list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rusvel_tui.engine.gtm.today.ranking import Pace
from rusvel_tui.engine.money import Money, exponent
from rusvel_tui.engine.operation import View
from rusvel_tui.engine.spelled import Spelled


class Need(Spelled):
    """Why something is on the list, the heaviest first."""

    PAUSED = "sending is paused"
    STOPPED = "paused itself"
    IN_DOUBT = "in doubt"
    REPLIED = "replied"
    FAILED = "failed"
    OVERDUE = "overdue"
    CHANGED = "changed"
    TO_APPROVE = "to approve"
    PROPOSED = "proposed"
    ALERT = "alert"
    DUE = "due"
    LATE = "unpaid"
    NEEDS_DATA = "needs data"
    TO_INVOICE = "to invoice"
    ROTTING = "rotting"
    AWAY = "is away"
    NO_STEP = "no next step"
    BLOCKED = "held"


PACES = {
    Need.PAUSED: Pace(1000, 1),  # it holds back everything: no single amount comes before it
    Need.STOPPED: Pace(30, 3),
    Need.IN_DOUBT: Pace(25, 1),
    Need.REPLIED: Pace(16, 1),
    Need.FAILED: Pace(15, 3),
    Need.OVERDUE: Pace(9, 2),
    Need.CHANGED: Pace(8.5, 2),
    Need.TO_APPROVE: Pace(8, 2),
    Need.PROPOSED: Pace(7, 2),
    Need.ALERT: Pace(6.5, 3),
    Need.DUE: Pace(6, 1),
    Need.LATE: Pace(5.5, 7),
    Need.NEEDS_DATA: Pace(5, 3),
    Need.TO_INVOICE: Pace(4, 7),
    Need.ROTTING: Pace(3, 7),
    Need.AWAY: Pace(2.5, 3),
    Need.NO_STEP: Pace(2, 7),
    Need.BLOCKED: Pace(1.5, 3),
}
"""How each kind weighs, and in how many days of lateness its urgency doubles."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something that needs the person, before it is ranked."""

    id: str
    need: Need
    what: str
    at: datetime
    """When it began to be needed: the due time of a task, the arrival of a message."""
    page: str
    who: str = ""
    why: str = ""
    """What there is to say besides the money and the lateness."""
    lateness: str = ""
    """The lateness in words: `4,200 EUR overdue 12 days`; how long it waits when left out."""
    item_id: str = ""
    contact_id: str | None = None
    deal_id: str | None = None
    job_id: str | None = None
    amounts: tuple[Money, ...] = ()
    told: bool = False
    """The lateness names the amount already."""


class TodayItem(View):
    """One line: what it is, whom it is about, why it stands where it stands, and where it is dealt with."""

    id: str
    need: Need
    who: str
    what: str
    why: str
    """The money and the lateness in words, then what else there is to say."""
    at: datetime
    page: str
    """The page that deals with it."""
    item_id: str = ""
    """What that page shows then."""
    contact_id: str | None = None
    job_id: str | None = None
    amount: str = ""
    """What is at stake, as decimal text with its currency; of several currencies what counts most."""
    late_days: float = 0
    """Days since it began to be needed; 0 while it is still to come."""
    money: float = 1
    urgency: float = 0
    score: float = 0
    """Money × urgency: the order of the list."""
    count: int = 1
    """How many things the line stands for."""


def deal_of(amount: Money) -> str:
    """`deal of 9,000 USD`; of one that nobody valued `deal without a value`."""
    return f"deal of {spoken_money(amount)}" if amount.minor > 0 else "deal without a value"


def days(count: int) -> str:
    """`1 day`, `12 days`."""
    return f"{count:,} day{'' if count == 1 else 's'}"


def spoken_money(money: Money) -> str:
    """An amount in a sentence: `4,200 EUR`; cents only where there are some."""
    text = str(money)
    return text.replace(f".{'0' * exponent(money.currency)} ", " ", 1)

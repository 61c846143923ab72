"""The needs in words and signs, and one need in full."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from rusvel_tui.engine.gtm.today.needs import Need, TodayItem
from rusvel_tui.engine.money import Money
from rusvel_tui.screens.shared.moments import when
from rusvel_tui.widgets.text_view import Block, Fact, Prose

HERE = "today"
"""The page of what is dealt with on this page: tasks."""
NEEDS = {
    Need.PAUSED: ("‖ paused", "warn", "Approved mails wait until P in the inbox resumes."),
    Need.STOPPED: ("▮ paused itself", "warn", "Too much came back: R on it shows the results, A resumes."),
    Need.IN_DOUBT: ("? in doubt", "bad", "It may have arrived: look there, then decide."),
    Need.REPLIED: ("↩ replied", "good", "A message that somebody should read, and maybe answer."),
    Need.FAILED: ("✗ failed", "bad", "It was refused: try again, or let it be."),
    Need.OVERDUE: ("! overdue", "warn", "It was due on an earlier day."),
    Need.CHANGED: ("~ changed", "warn", "It changed after your yes and needs a new one."),
    Need.TO_APPROVE: ("○ to approve", "accent", "A draft waits for your yes."),
    Need.PROPOSED: ("✎ proposed", "accent", "A program wants to change something: you decide."),
    Need.ALERT: ("▲ alert", "bad", "A KPI is where it should not be: d says you know."),
    Need.DUE: ("· due today", "", "To be done today."),
    Need.LATE: ("¤ unpaid", "warn", "Its due date has passed: the reminders ask for it."),
    Need.NEEDS_DATA: ("… needs data", "warn", "The draft lacks something and cannot leave."),
    Need.TO_INVOICE: ("$ to invoice", "good", "It is won and has no invoice: I on the board drafts it."),
    Need.ROTTING: ("% rotting", "warn", "Nobody talked for longer than its stage allows: t on the board plans what is next."),
    Need.AWAY: ("z is away", "muted", "They say when they are back: the next step can wait."),
    Need.NO_STEP: ("◇ no next step", "muted", "Nothing is planned for it: t on the board plans what is next."),
    Need.BLOCKED: ("▪ held", "muted", "It is approved and cannot leave yet."),
}  # fmt: skip
"""Each need with its sign, its tone and what it means."""
NOTHING = """Nothing needs you.

Drafts to approve, mails in trouble, calls and tasks that are due, deals without a next step and unpaid invoices show up here by themselves.

c c adds a contact, c t plans a task, g s goes to the sequences. R shows the week, :welcome the guided start."""


def need_blocks(row: TodayItem, zone: ZoneInfo) -> tuple[Block, ...]:
    """One need in full."""
    words, tone, meaning = NEEDS[row.need]
    who = (Fact("Who", row.who, "strong"),) if row.who else ()
    why = (Fact("Why", row.why),) if row.why else ()
    next_ = "Enter opens its card" if row.page == HERE else f"Enter goes to the {row.page}"
    return (
        Fact("Need", words, tone),
        *who,
        Fact("What", row.what),
        *why,
        *((Fact("At stake", _amount(row)),) if row.amount else ()),
        Fact("Due" if row.page == HERE else "Since", when(row.at, zone)),
        Fact("Rank", rank_words(row), "muted"),
        Prose(""),
        Prose(f"{meaning} {next_}.", "muted"),
    )


def _amount(row: TodayItem) -> str:
    number, _, currency = row.amount.partition(" ")
    return str(Money.parse(number, currency))


def rank_words(row: TodayItem) -> str:
    """`23.4 = money 2 × urgency 11.7`."""
    return f"{row.score:,.1f} = money {row.money:,.1f} × urgency {row.urgency:,.1f}"

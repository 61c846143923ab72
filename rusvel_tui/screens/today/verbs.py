"""What can be done and put off on the list of today itself, for each kind of need."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.today.needs import Need, TodayItem
from rusvel_tui.engine.sessions import ListSessions, show_session
from rusvel_tui.engine.when_text import HELP, parse_day, parse_when
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.today.task_facts import SNOOZES
from rusvel_tui.widgets.line_input import Question

Order = tuple[str, Mapping[str, Any]]
_DRAFTS = (Need.TO_APPROVE, Need.CHANGED, Need.NEEDS_DATA)
_TASKS = (Need.OVERDUE, Need.DUE)
_DEALS = (Need.ROTTING, Need.NO_STEP)


@dataclass(frozen=True, slots=True)
class Verb:
    """An operation with its input, and what is said once it is done."""

    make: Callable[[TodayItem, str], Order]
    said: str
    asks: str = ""
    """What has to be typed; nothing when empty."""


def _task_done(row: TodayItem, outcome: str) -> Order:
    return "gtm.crm.complete_task", {"activity_id": row.item_id, "outcome": outcome or "done"}


def _read(row: TodayItem, _: str) -> Order:
    return "gtm.mail.mark_done", {"incoming_id": row.item_id}


def _known(row: TodayItem, _: str) -> Order:
    return "growth.kpi.acknowledge_alert", {"alert_id": row.item_id}


_OUTCOME = "what came of it? Enter without a word means: done"
DONE: dict[Need, Verb] = {
    **dict.fromkeys(_TASKS, Verb(_task_done, "Done", _OUTCOME)),
    **dict.fromkeys((Need.REPLIED, Need.AWAY), Verb(_read, "Dealt with")),
    Need.ALERT: Verb(_known, "You know of it"),
}
"""What `d` does."""


def _task_later(row: TodayItem, until: str) -> Order:
    return "gtm.crm.snooze_task", {"activity_id": row.item_id, "until": until}


def _draft_later(row: TodayItem, until: str) -> Order:
    return "gtm.approvals.snooze", {"id": row.item_id, "until": until}


def _alert_later(row: TodayItem, until: str) -> Order:
    return "growth.kpi.snooze_alert", {"alert_id": row.item_id, "until": until}


def _deal_later(row: TodayItem, until: str) -> Order:
    return "gtm.crm.snooze_deal", {"deal_id": row.item_id, "until": until}


LATER: dict[Need, Verb] = {
    **dict.fromkeys(_TASKS, Verb(_task_later, "Put off")),
    **dict.fromkeys(_DRAFTS, Verb(_draft_later, "Out of sight")),
    **dict.fromkeys(_DEALS, Verb(_deal_later, "It rests")),
    Need.ALERT: Verb(_alert_later, "It is quiet"),
}
"""What `s` does."""


async def do(page: Page[Any], row: TodayItem) -> None:
    """Say that it is done, where that is known here; awaited in a worker."""
    verb = DONE.get(row.need)
    if verb is None or row.count > 1:
        page.say("This is not done with one key here. Enter goes to where it is dealt with.")
        return
    word: str | None = ""
    if verb.asks:
        word = await page.ask_line(Question("outcome", f"{row.what}: ", hint=verb.asks))
    if word is not None:
        page.run(*verb.make(row, word), lambda _: page.say(f"{verb.said}: {row.what}. z to undo."))


async def put_off(page: Page[Any], row: TodayItem, until: str = "") -> None:
    """Ask until when, and put it off; awaited in a worker."""
    verb = LATER.get(row.need)
    if verb is None or row.count > 1:
        page.say("This cannot be put off here. Enter goes to where it is dealt with.")
        return
    until = until or await _until(page) or ""
    if not until:
        return
    if row.need in _DEALS:
        try:
            until = (await asyncio.to_thread(_day, page, until)).isoformat()
        except EngineError as error:
            page.complain(str(error))
            return
    page.run(*verb.make(row, until), lambda _: page.say(f"{verb.said}: {row.what}. z to undo."))


async def _until(page: Page[Any]) -> str | None:
    """A digit, or words."""
    digits = {str(number): label for number, (label, _) in enumerate(SNOOZES, 1)}
    key = await page.ask_key("until", digits)
    if key is None:
        return None
    words = SNOOZES[int(key) - 1][1]
    return words or await page.ask_line(Question("until", "Until: ", "in 3 days", hint=HELP))


def _day(page: Page[Any], until: str) -> date:
    """The day that the words mean; for what rests by days, later today is tomorrow. Runs in a thread."""
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(page.engine.run(show_session, ListSessions()).timezone)
    now = page.engine.clock.now().astimezone(zone)
    try:
        day = parse_when(until, now, zone, field="until").astimezone(zone).date()
    except EngineError:
        day = parse_day(until, now.date(), field="until")
    return max(day, date.fromordinal(now.date().toordinal() + 1))

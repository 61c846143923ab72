"""`c j`: what happened, or what is to be done, in one line; what was read in it stands under it while it is typed."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from rusvel_tui.engine.core import find_operation, parse_input
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.advice.activity_parsing import (
    ParseActivity,
    ParsedActivity,
    parse_activity,
)
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.attempts import session_of
from rusvel_tui.screens.shared.moments import when
from rusvel_tui.screens.shared.subjects import Subject, subject_of
from rusvel_tui.widgets.form import Field

_LINE = Field(
    "text",
    "In one line",
    required=True,
    help="Such as: called Grace yesterday for 20 minutes, wants a quote by Friday",
)


async def create_from_line(page: Page[Any]) -> None:
    """Write down a call, a meeting, a note or a task from the words that a person says it in."""
    subject, session = subject_of(page), await session_of(page)
    if session is None:
        return
    zone = ZoneInfo(session.timezone)

    def watch(values: dict[str, str]) -> str:
        text = values["text"].strip()
        return told(_read(page, text, subject), zone) if text else ""

    def save(values: dict[str, str]) -> ParsedActivity:
        parsed = _read(page, values["text"], subject)
        if parsed.suggestion is None:
            raise InvalidInput(_whom(parsed), field="text")
        operation = find_operation(parsed.suggestion.operation)
        page.engine.run(operation, parse_input(operation, parsed.suggestion.input))
        return parsed

    done = await page.form("Jot down", (_LINE,), save, watch=watch, mark="→")
    if done is not None:
        page.say(f"Written down: {told(done, zone)}. z to undo.")


def _read(page: Page[Any], text: str, subject: Subject | None) -> ParsedActivity:
    """What the words say by the rules; whom the page is about counts where they name nobody."""
    parsed = page.engine.run(parse_activity, ParseActivity(text=text, think=False))
    if parsed.contacts or subject is None:
        return parsed
    about = {"contact_id": subject.contact_id, "deal_id": subject.deal_id}
    return page.engine.run(parse_activity, ParseActivity(text=text, think=False, **about))


def told(parsed: ParsedActivity, zone: ZoneInfo) -> str:
    """What was read, in short: kind, person, deal, outcome, time, and what follows."""
    if parsed.suggestion is None:
        return _whom(parsed)
    words = [parsed.kind.value.lower()]
    words += [f"with {parsed.contact.name}"] if parsed.contact else []
    words += [f"about {parsed.deal.name}"] if parsed.deal else []
    parts = [" ".join(words), parsed.outcome, when(parsed.at, zone) if parsed.at else ""]
    parts += [f"{parsed.duration_minutes} minutes"] if parsed.duration_minutes else []
    if parsed.follow_up:
        due = parsed.follow_up.due_at
        parts.append(f"next: {parsed.follow_up.subject}{f', {when(due, zone)}' if due else ''}")
    return " · ".join(filter(None, parts))


def _whom(parsed: ParsedActivity) -> str:
    """Why it cannot be written down yet."""
    names = " or ".join(one.name for one in parsed.contacts[:3])
    return (
        f"Whom do you mean: {names}? Write the whole name."
        if names
        else "Name the person it was with."
    )

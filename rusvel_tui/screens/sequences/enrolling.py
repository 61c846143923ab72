"""Enrolling whoever a filter finds: the filter, then who would come and who not and why, then a yes."""

from __future__ import annotations

from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from rusvel_tui.engine.gtm.outreach.enrolling.enrolling import EnrolPeople
from rusvel_tui.engine.gtm.outreach.enrolling.enrolling import enrol as enrol_people
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceView
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.sequences.enrol import enrol_now, judged_blocks
from rusvel_tui.screens.sequences.words import people
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.screens.shared.review import Review
from rusvel_tui.widgets.line_input import Question

_HINT = "such as tag:fair -tag:vip; then you see who would come"


async def enrol_found(page: Page[Any], seen: SequenceView, zone: ZoneInfo, wanted: str) -> None:
    """`F`: enrol all contacts that fit a filter, after showing who would be left out."""
    question = Question("filter contacts", "Enrol all with: ", wanted, hint=_HINT)
    text = wanted or await page.ask_line(question)
    if not text or not text.strip():
        return
    order = EnrolPeople(sequence_id=seen.sequence_id, filter=text.strip(), dry_run=True)
    would = await attempt(page, partial(page.engine.run, enrol_people, order))
    if would is None:
        return
    if not would.enrolled and not would.left_out:
        page.complain(f"Nobody fits {text.strip()}.")
        return
    answers = {"y": f"enrols {people(would.enrolled)}"} if would.enrolled else {}
    title = f"Enrol in {seen.name}: {text.strip()}"
    if await page.app.push_screen_wait(Review(title, tuple(judged_blocks(would)), answers)) != "y":
        return
    going = tuple(one.contact_id for one in would.people if not one.why_not)
    # Those who were shown, not those who fit by now.
    await enrol_now(page, EnrolPeople(sequence_id=seen.sequence_id, contact_ids=going), zone)

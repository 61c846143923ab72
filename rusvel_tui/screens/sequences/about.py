"""Forms about a sequence as a whole: its name and what it is for, and who may be enrolled."""

from __future__ import annotations

from functools import partial
from typing import Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.outreach.enrolling.enrol_rules import CompanyReply, EnrolRules
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceView
from rusvel_tui.engine.gtm.outreach.sequences.sequences import UpdateSequence, update_sequence
from rusvel_tui.screens.page import Page

_AGAIN = (
    ("whenever they are not in it", "always"),
    ("so many days after they ended", "after"),
    ("never", "never"),
)
_TOGETHER = (("may be in it too", ""), ("are left out", "yes"))
_REPLIES = (
    ("pause them and give me a task", CompanyReply.ASK.value),
    ("pause them", CompanyReply.PAUSE.value),
    ("end it for them", CompanyReply.STOP.value),
    ("nothing", CompanyReply.IGNORE.value),
)


async def edit_about(page: Page[Any], seen: SequenceView) -> None:
    """`r`: the name, and in a line what it is for."""
    from rusvel_tui.widgets.form import Field  # the text editor is imported when one is needed

    def save(values: dict[str, str]) -> SequenceView:
        return _store(page.engine, seen, **values)

    fields = (
        Field("name", "Name", seen.name, required=True),
        Field("description", "Description", seen.description, help="What it is for, in a line. Only you see it."),
    )  # fmt: skip
    if await page.form(f"About {seen.name}", fields, save) is not None:
        page.say("Stored. z to undo.")


async def edit_rules(page: Page[Any], seen: SequenceView) -> None:
    """`U`: who may be enrolled, and what a colleague's reply means."""
    from rusvel_tui.widgets.form import Field

    rules = seen.rules
    fields = (
        Field("again", "Begin again", rules.again, kind="select", choices=_AGAIN,
              help="Whether somebody who was in it may be enrolled once more."),
        Field("again_after_days", "Days after", str(rules.again_after_days), check=_days,
              help="Counts only with “so many days after they ended”."),
        Field("one_at_a_time", "In another one", "yes" if rules.one_at_a_time else "", kind="select",
              choices=_TOGETHER, help="People who are under way in another sequence."),
        Field("company_reply", "Colleagues", rules.company_reply.value, kind="select", choices=_REPLIES,
              help="What happens to the others of a company when one of them answers."),
    )  # fmt: skip
    save = partial(_save_rules, page.engine, seen)
    if await page.form(f"Who may be enrolled in {seen.name}", fields, save) is not None:
        page.say("Stored; it holds from now on. z to undo.")


def _save_rules(engine: Engine, seen: SequenceView, values: dict[str, str]) -> SequenceView:
    told = {**values, "one_at_a_time": bool(values["one_at_a_time"])}
    told["again_after_days"] = values["again_after_days"] or seen.rules.again_after_days
    return _store(engine, seen, rules=EnrolRules.model_validate(told))


def _store(engine: Engine, seen: SequenceView, **changes: Any) -> SequenceView:
    order = UpdateSequence(sequence_id=seen.sequence_id, version=seen.version, **changes)
    return engine.run(update_sequence, order)


def _days(text: str) -> str:
    whole = text.strip().isdecimal() and 1 <= int(text) <= 3650
    return "" if whole else "Write a whole number of days from 1 to 3650."

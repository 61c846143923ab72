"""The form of one step: its fields, and errors beside the field that is wrong."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.outreach.preview import (
    CheckStep,
    StepText,
    check_one_step,
    list_fields,
)
from rusvel_tui.engine.gtm.outreach.steps import (
    CHANNELS,
    STEP_KINDS,
    StepInput,
    StepType,
    usual_channel,
)
from rusvel_tui.engine.operation import Input
from rusvel_tui.screens.asking import Asking

if TYPE_CHECKING:
    from rusvel_tui.widgets.form import Field

GREETING = "Hi {{first_name|there}},\n\n\n\nBest,\n{{sender_name}}"
"""The text that a new mail begins with."""
_NOT_SHOWN = {"key", "delay_unit", "when", "branches", "variants"}
_PLACE = re.compile(r"^Step \d+(?:, \w+)?: ")


def new_step(number: int) -> StepText:
    """What the form of a new step begins with."""
    return StepText(
        type=StepType.EMAIL_AUTO,
        delay_days=0 if number == 1 else 3,
        channel="",
        subject="",
        body=GREETING,
        instructions="",
    )


async def ask_step(page: Asking[Any], title: str, number: int, step: StepText) -> StepText | None:
    """Let the person write a step until the engine accepts it; None when they gave up."""
    names = (await asyncio.to_thread(page.engine.run, list_fields, Input())).fields
    return await page.form(
        title, step_fields(step, names), lambda values: checked(page.engine, number, values, step)
    )


def checked(
    engine: Engine, number: int, values: dict[str, str], was: StepText | None = None
) -> StepText:
    """The step behind the values of the form, with what the form does not show; an error names the field."""
    kept = was.model_dump(include=_NOT_SHOWN) if was else {}
    if not STEP_KINDS[StepType(values["type"])].mail:
        kept.pop("variants", None)
    step = StepInput.model_validate({**kept, **values, "delay_days": values["delay_days"] or 0})
    try:
        return engine.run(check_one_step, CheckStep(step=step, number=number))
    except InvalidInput as error:
        raise beside(error) from None


def beside(error: InvalidInput) -> InvalidInput:
    """An error about a step of a sequence, as an error about a field of its form."""
    return InvalidInput(_PLACE.sub("", str(error)), field=error.field.rpartition(".")[2])


def step_fields(step: StepText, merge_fields: Iterable[str]) -> tuple[Field, ...]:
    """The fields of the form, filled with that step."""
    from rusvel_tui.widgets.form import Field  # the text editor is imported when one is needed

    tags = " ".join(f"{{{{{name}}}}}" for name in merge_fields)
    language = f"{tags} · {{{{title|there}}}} for when it is empty · {{{{#title}}}}…{{{{/title}}}} vanishes with it"
    types = [(f"{kind.label}: {kind.summary}", kind.type.value) for kind in STEP_KINDS.values()]
    channels = [("the usual one", ""), *((name, name) for name in CHANNELS)]
    channel = "" if step.channel == usual_channel(step.type) else step.channel
    return (
        Field("type", "What", step.type.value, kind="select", choices=types),
        Field("delay_days", "Days to wait", str(step.delay_days), check=_days,
              help="Calendar days after the step before is done; 0 is at once."),
        Field("channel", "Channel", channel, kind="select", choices=channels,
              help="Where it takes place. The usual one: email for mails, phone for calls."),
        Field("subject", "Subject", step.subject,
              help=f"Empty: the sequence's name, and Re: the first subject in a follow-up. {tags}"),
        Field("body", "Text", step.body, kind="multiline", lines=9, help=language),
        Field("instructions", "Instructions", step.instructions, kind="multiline", lines=3,
              help="For a call or a task: what to do. For a mail: what the AI should heed."),
    )  # fmt: skip


def _days(text: str) -> str:
    whole = text.strip().isdecimal()
    return "" if whole else "Write a whole number of days, such as 3; 0 is at once."

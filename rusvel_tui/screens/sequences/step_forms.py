"""The form of one step: its fields, and errors beside the field that is wrong."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.outreach.mails.preview import (
    CheckStep,
    StepText,
    check_one_step,
    list_fields,
)
from rusvel_tui.engine.gtm.outreach.sequences.steps import (
    CHANNELS,
    STEP_KINDS,
    StepInput,
    StepType,
    usual_channel,
)
from rusvel_tui.engine.gtm.outreach.sequences.tree import DrawSequence, draw_sequence
from rusvel_tui.engine.operation import Input
from rusvel_tui.screens.sequences.step_lines import (
    branch_lines,
    lines_of,
    read_branches,
    read_variants,
    variant_lines,
)
from rusvel_tui.screens.shared.asking import Asking

if TYPE_CHECKING:
    from rusvel_tui.widgets.form import Field

GREETING = "Hi {{first_name|there}},\n\n\n\nBest,\n{{sender_name}}"
"""The text that a new mail begins with."""
_PLACE = re.compile(r"^Step \d+(?:, \w+(?: \w+)*)?: ")


@dataclass(frozen=True, slots=True)
class Around:
    """The steps among which one is written."""

    sequence_id: str = ""
    before: tuple[StepText, ...] = ()
    after: tuple[StepText, ...] = ()

    @property
    def number(self) -> int:
        """The place of the step that is written."""
        return len(self.before) + 1

    def keys(self, step: StepText) -> tuple[str, ...]:
        """The key of every step in its place; empty for one that is not stored yet."""
        return tuple(one.key for one in self.whole(step))

    def whole(self, step: StepText) -> tuple[StepText, ...]:
        """All steps, with that one in its place."""
        return (*self.before, step, *self.after)


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


async def ask_step(
    page: Asking[Any], title: str, around: Around, step: StepText
) -> StepText | None:
    """Let the person write a step until the engine accepts it; None when they gave up."""
    from rusvel_tui.screens.sequences.step_dialog import StepDialog  # the text editor is heavy

    names = (await asyncio.to_thread(page.engine.run, list_fields, Input())).fields
    fields = step_fields(step, names, around.keys(step))
    return await page.form(
        title,
        fields,
        lambda told: checked(page.engine, around, told, step),
        dialog=partial(StepDialog, page),
    )


def checked(engine: Engine, around: Around, values: dict[str, str], was: StepText) -> StepText:
    """The step behind the values of the form; an error names the field."""
    step = StepInput.model_validate({"key": was.key, **_told(values, around.keys(was))})
    try:
        made = engine.run(check_one_step, CheckStep(step=step, number=around.number))
        _check_ways(engine, around, made)
    except InvalidInput as error:
        raise beside(error) from None
    return made


def _told(values: dict[str, str], keys: Sequence[str]) -> dict[str, Any]:
    """The values of the form as the engine takes them."""
    return {
        **values,
        "delay_days": values["delay_days"] or 0,
        "when": lines_of(values["when"]),
        "branches": read_branches(values["branches"], keys),
        "variants": read_variants(values["variants"]),
    }


def _check_ways(engine: Engine, around: Around, step: StepText) -> None:
    """Refuse branches of this step that lead nowhere; what is wrong elsewhere is said when it is stored."""
    steps = tuple(one.as_input for one in around.whole(step))
    try:
        engine.run(draw_sequence, DrawSequence(sequence_id=around.sequence_id, steps=steps))
    except InvalidInput as error:
        if error.field.startswith(f"steps.{around.number - 1}.branches"):
            raise


def beside(error: InvalidInput) -> InvalidInput:
    """An error about a step of a sequence, as an error about a field of its form."""
    parts = error.field.split(".")
    return InvalidInput(_PLACE.sub("", str(error)), field=parts[2] if len(parts) > 2 else parts[-1])


def step_fields(
    step: StepText, merge_fields: Iterable[str], keys: Sequence[str] = ()
) -> tuple[Field, ...]:
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
              help="Days after the step before is done; 0 is at once."),
        Field("delay_unit", "Counted in", step.delay_unit, kind="select", choices=_UNITS,
              help="Working days leave out weekends and holidays; W on the sequence says which."),
        Field("channel", "Channel", channel, kind="select", choices=channels,
              help="Where it takes place. The usual one: email for mails, phone for calls."),
        Field("subject", "Subject", step.subject,
              help=f"Empty: the sequence's name, and Re: the first subject in a follow-up. {tags}"),
        Field("body", "Text", step.body, kind="multiline", lines=9,
              help=f"F2 inserts a text of the library. {language}"),
        Field("instructions", "Instructions", step.instructions, kind="multiline", lines=3,
              help="For a call or a task: what to do. For a mail: what the AI should heed."),
        Field("when", "Only when", "\n".join(step.when), kind="multiline", lines=2,
              help="One condition in each line, else it is skipped: reply is none, tag is not customer."),
        Field("branches", "Then go to", branch_lines(step.branches, keys), kind="multiline", lines=3,
              help="One in each line, the first that holds counts: outcome is no answer → 2, reply is positive → end."),
        Field("variants", "Variants", variant_lines(step.variants), kind="multiline", lines=4,
              help="Two to five texts to compare: a: Subject, or b ×2: Subject, and its text indented below."),
    )  # fmt: skip


_UNITS = (("days", "days"), ("working days", "working_days"))


def _days(text: str) -> str:
    whole = text.strip().isdecimal()
    return "" if whole else "Write a whole number of days, such as 3; 0 is at once."

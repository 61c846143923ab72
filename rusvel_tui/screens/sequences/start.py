"""How a sequence begins: an example to read, or a name and a first step."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.outreach.mails.preview import list_fields
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceView
from rusvel_tui.engine.gtm.outreach.sequences.sequences import CreateSequence, create_sequence
from rusvel_tui.engine.gtm.outreach.sequences.steps import StepInput
from rusvel_tui.engine.operation import Input
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.sequences.step_forms import Around, checked, new_step, step_fields

EXAMPLE = CreateSequence(
    name="New Lead Follow-up",
    description="Three mails over ten days to somebody who asked",
    steps=(
        StepInput(
            subject="A question about {{company|your work}}",
            body="Hi {{first_name|there}},\n\n"
            "thank you for your interest. What would you like to get done first{{#company}} at {{company}}{{/company}}?\n\n"
            "If you tell me, I can show you exactly that.\n\nBest,\n{{sender_name}}",
        ),
        StepInput(
            delay_days=3,
            body="Hi {{first_name|there}},\n\n"
            "would ten minutes on the phone be easier than mail? Name a day that suits you and I will call.\n\n"
            "Best,\n{{sender_name}}",
        ),
        StepInput(
            delay_days=7,
            body="Hi {{first_name|there}},\n\n"
            "I do not want to fill your inbox, so this is my last mail for now. A reply of one word is enough "
            "if you want to go on later.\n\nBest,\n{{sender_name}}",
        ),
    ),
)
"""Three mails over ten days."""


async def new_sequence(page: Page[Any]) -> None:
    """Ask for a name and the first step, then open the editor; awaited in a worker."""
    from rusvel_tui.screens.sequences.step_dialog import StepDialog  # the text editor is heavy
    from rusvel_tui.widgets.form import Field

    try:
        names = (await asyncio.to_thread(page.engine.run, list_fields, Input())).fields
    except EngineError as error:
        page.complain(str(error))
        return

    def save(values: dict[str, str]) -> SequenceView:
        about = {"name": values.pop("name"), "description": values.pop("description")}
        step = checked(page.engine, Around(), values, new_step(1))
        order = CreateSequence(**about, steps=(step.as_input,))
        return page.engine.run(create_sequence, order)

    fields = (
        Field("name", "Name", required=True),
        Field("description", "Description", help="What it is for, in a line. Only you see it."),
        *step_fields(new_step(1), names),
    )
    title, dialog = "New sequence, with its first step", partial(StepDialog, page)
    made = await page.form(title, fields, save, button="Create", dialog=dialog)
    if made is not None:
        page.visit("sequences", made.sequence_id, f"edit('{made.sequence_id}')")

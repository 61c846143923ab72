"""A sequence as YAML in the person's own editor: what would change is shown, and stored after a yes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceView
from rusvel_tui.engine.gtm.outreach.sequences.sequence_yaml import (
    ImportSequence,
    SequenceImported,
    export_sequence,
    import_sequence,
)
from rusvel_tui.engine.gtm.outreach.sequences.sequences import SequenceId
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.sequences.changes import change_blocks
from rusvel_tui.screens.sequences.words import people, under_way
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.screens.shared.review import Review
from rusvel_tui.screens.shared.text_edit import edit_as_text
from rusvel_tui.widgets.text_view import Block, Prose

OVERTAKEN = (
    Prose("! It was changed while you edited. This is the difference to how it is now;", "warn"),
    Prose("  y stores your text over it.", "warn"),
    Prose(""),
)
_ANSWERS = {"y": "stores it", "e": "edits on"}


async def edit_sequence_as_text(page: Page[Any], seen: SequenceView) -> None:
    """`E`: edit, look at the difference, store it or edit on."""
    wanted = SequenceId(sequence_id=seen.sequence_id)
    file = await attempt(page, partial(page.engine.run, export_sequence, wanted))
    order = file and ImportSequence(
        sequence_id=seen.sequence_id, text=file.text, version=file.version
    )
    while order:
        order = await edit_as_text(page, order.text, partial(_checked, page.engine, order))
        if order is None:
            return
        would = await attempt(page, partial(page.engine.run, import_sequence, _dry(order)))
        if would is None or not would.changed:
            page.say("Nothing was changed.")
            return
        late = would.version != order.version
        order = order.model_copy(update={"version": would.version})
        blocks = (*(OVERTAKEN if late else ()), *file_blocks(would, seen))
        answer = await page.app.push_screen_wait(
            Review(f"What changes in {seen.name}", blocks, _ANSWERS)
        )
        if answer == "y":
            await _store(page, order)
        if answer != "e":
            return


def file_blocks(would: SequenceImported, seen: SequenceView) -> Iterator[Block]:
    """Name, rules and schedule, then the steps, then what it means for those who are under way."""
    steps = {change.line for change in would.changes}
    for line in would.lines:
        if line not in steps:
            yield Prose(line, "warn")
    yield from change_blocks(would.changes)
    if (busy := under_way(seen)) and any(line in steps for line in would.lines):
        yield Prose("")
        number = seen.version_number
        stays = "stays" if busy == 1 else "stay"
        yield Prose(f"{people(busy).capitalize()} {stays} on version {number}: V moves them.")


def _checked(engine: Engine, order: ImportSequence, text: str) -> ImportSequence:
    """The order to store that text; raises what is wrong with it."""
    new = order.model_copy(update={"text": text})
    engine.run(import_sequence, _dry(new))
    return new


def _dry(order: ImportSequence) -> ImportSequence:
    """Only look, at the sequence as it is now."""
    return order.model_copy(update={"dry_run": True, "version": None})


async def _store(page: Page[Any], order: ImportSequence) -> None:
    done = await attempt(page, partial(page.engine.run, import_sequence, order))
    if done is not None:
        page.say(f"{done.name} is stored, version {done.version_number}. z to undo.")
        page.load()

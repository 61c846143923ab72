"""Moving people from one version of a sequence to another: where to, then what differs and who goes, then a yes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.outreach.sequences.moving import Moved, MovePeople, Mover, move_people
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceView
from rusvel_tui.engine.gtm.outreach.sequences.versions import VersionView
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.sequences.changes import change_blocks
from rusvel_tui.screens.sequences.words import people
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.screens.shared.review import Review
from rusvel_tui.widgets.text_view import Block, Heading, Prose

MOST_NAMED = 200
"""People that are named one by one."""


async def move(
    page: Page[Any], seen: SequenceView, version: VersionView, versions: Sequence[VersionView]
) -> None:
    """Ask where the people of that version go, show what that means, and move them after a yes."""
    from rusvel_tui.widgets.form import Field  # the text editor is imported when one is needed

    if not version.active + version.paused:
        page.say(f"Nobody is under way in version {version.number}.")
        return
    others = [(_name(one), str(one.number)) for one in versions]
    steps = [(f"step {number}", str(number)) for number in range(1, version.steps + 1)]
    target = next(one for one in versions if one.current)
    fields = (
        Field("from_step", "Who", "", kind="select", choices=[("everybody in it", ""), *steps],
              help="Those who stand at one step, or everybody."),
        Field("to_version", "To version", str(target.number), kind="select", choices=others),
        Field("to_step", "To step", "", check=_step,
              help="Empty: the same step, wherever it is now. Else its number in that version."),
    )  # fmt: skip
    order = MovePeople(
        sequence_id=seen.sequence_id, from_version=version.number, enrollment_ids=(), dry_run=True
    )
    save = partial(_would, page.engine, order)
    title = f"Move people of version {version.number}"
    found = await page.form(title, fields, save, button="Show who goes")
    if found is not None:
        await _review(page, *found)


async def _review(page: Page[Any], order: MovePeople, would: Moved) -> None:
    """Show who would go; then let them."""
    title = f"From version {would.from_version} to version {would.to_version}"
    answer = await page.app.push_screen_wait(
        Review(title, tuple(move_blocks(would)), {"y": f"moves {people(would.moved)}"})
    )
    if answer != "y":
        return
    going = tuple(one.enrollment_id for one in would.people if not one.why_not)
    really = order.model_copy(update={"dry_run": False, "enrollment_ids": going})
    done = await attempt(page, partial(page.engine.run, move_people, really))
    if done is not None:
        page.say(f"Moved {people(done.moved)} to version {done.to_version}. z to undo.")
        page.load()


def move_blocks(would: Moved) -> Iterator[Block]:
    """What differs, who goes, and who stays and why."""
    yield Heading("What differs")
    yield from tuple(change_blocks(would.changes)) or (Prose("Nothing.", "muted"),)
    going = [one for one in would.people if not one.why_not]
    staying = [one for one in would.people if one.why_not]
    yield Heading(f"{people(len(going)).capitalize()} would move")
    yield from map(Prose, map(_goes, going[:MOST_NAMED]))
    if staying:
        yield Heading(f"{people(len(staying)).capitalize()} would stay")
        for one in staying[:MOST_NAMED]:
            yield Prose(f"{one.contact}: {one.why_not}", "warn")
    if (rest := max(len(going), len(staying)) - MOST_NAMED) > 0:
        yield Prose(f"… and {rest} more.", "muted")


def _goes(one: Mover) -> str:
    keeps = "drafted anew" if one.anew else "what is drafted or planned stays as it is"
    return f"{one.contact}: step {one.from_step} → step {one.to_step}, {keeps}"


def _would(engine: Engine, order: MovePeople, values: dict[str, str]) -> tuple[MovePeople, Moved]:
    """The order behind the form, and what it would do; refused when nobody would move."""
    made = order.model_copy(
        update={
            "from_step": values["from_step"],
            "to_version": int(values["to_version"]),
            "to_step": values["to_step"].strip(),
        }
    )
    would = engine.run(move_people, made)
    if not would.moved:
        why = next((f": {one.contact}, {one.why_not}" for one in would.people), "")
        raise InvalidInput(f"Nobody would move{why}.", field="to_step" if why else "from_step")
    return made, would


def _name(version: VersionView) -> str:
    return f"version {version.number}{' (now)' if version.current else ''}"


def _step(text: str) -> str:
    return "" if text.strip().isdecimal() else "Write the number of a step, such as 2."

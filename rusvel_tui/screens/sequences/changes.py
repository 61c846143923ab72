"""What differs between two versions of a sequence, in lines: the steps, then each text before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import unified_diff

from rusvel_tui.engine.gtm.outreach.sequences.step_diff import Change, FieldChange, StepChange
from rusvel_tui.widgets.text_view import Block, Prose

_FIELDS = {
    "delay_days": "days to wait",
    "delay_unit": "unit",
    "body": "text",
    "when": "only when",
    "type": "what",
}
_TONES = {Change.ADDED: "good", Change.REMOVED: "bad", Change.SAME: "muted"}


def change_blocks(changes: Iterable[StepChange]) -> Iterator[Block]:
    """Every step that is not as it was, and what is new about it."""
    for change in changes:
        if change.change is Change.SAME:
            continue
        yield Prose(_said(change), _TONES.get(change.change, "warn"))
        for field in change.fields:
            yield from _field(field)


def summary(changes: Iterable[StepChange]) -> str:
    """All changes in one line: `step 2 changed, step 3 added`."""
    words = [
        f"step {change.after or change.before} {change.change.value}"
        for change in changes
        if change.change is not Change.SAME
    ]
    return ", ".join(words) or "nothing"


def _said(change: StepChange) -> str:
    if change.change is Change.ADDED:
        return f"+ step {change.after} is new"
    if change.change is Change.REMOVED:
        return f"- step {change.before} goes away"
    moved = change.before != change.after
    where = f"step {change.before} becomes step {change.after}" if moved else f"step {change.after}"
    return f"~ {where}"


def _field(field: FieldChange) -> Iterator[Block]:
    """`text: before → after`, or its lines that differ."""
    name = _FIELDS.get(field.field, field.field)
    before, after = field.before.splitlines(), field.after.splitlines()
    if len(before) <= 1 and len(after) <= 1:
        old, new = (field.before.strip() or "none", field.after.strip() or "none")
        yield Prose(f"{name}: {old} → {new}", "", 2)
        return
    yield Prose(f"{name}:", "", 2)
    for line in list(unified_diff(before, after, lineterm="", n=0))[2:]:
        if not line.startswith("@@"):
            tone = "good" if line.startswith("+") else "bad"
            yield Prose(f"{line[0]} {line[1:]}", tone, 4)

"""What a proposed change is and would do, found out by trying: its title, its difference, what it is about."""

from __future__ import annotations

from typing import Any, NamedTuple

from rusvel_tui.engine.agent.proposals.difference import Difference
from rusvel_tui.engine.agent.proposals.differing import difference, told_input
from rusvel_tui.engine.agent.proposals.naming import Names
from rusvel_tui.engine.agent.proposals.titles import TITLES, facts_of, phrase, title
from rusvel_tui.engine.agent.proposals.trying import Row, Tried, try_out
from rusvel_tui.engine.agent.tools.catalogue import FILE_FIELDS
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.models.base import dump_json, load_json
from rusvel_tui.engine.operation import Operation
from rusvel_tui.engine.text import one_line

_SUBJECTS = ("contact", "deal", "company", "sequence", "invoice", "mail", "kpi", "funnel", "cohort")
"""What a change can be about, the most telling first; each has a page."""
_CALLED = ("name", "title", "subject")


class Examined(NamedTuple):
    """What a person is shown before they decide."""

    title: str
    diff: tuple[Difference, ...]
    subject: tuple[str, str] = ("", "")
    undoable: bool = False
    tried: bool = False
    """Whether the difference was found out by trying; else it is the input in words."""


def examine(
    ctx: Context, target: Operation[Any, Any], wanted: Any, data: dict[str, Any]
) -> Examined:
    """What the operation would do now; raises what it would raise.

    One in stages is only told in words, and so is one that names a file: none is opened for a program before a yes.
    """
    data = load_json(dump_json(data), {})  # in the order in which it is kept
    if target.staged or any(data.get(name) for name in FILE_FIELDS):
        about = _subject(Names(ctx), data, frozenset())
        called = one_line(str(data.get("name") or Names(ctx).of(*about)))
        said = f"{phrase(target.name)} {called}".strip()
        if target.name in TITLES:
            said = title(target.name, data, called, ())
        return Examined(said, told_input(ctx, data), about)
    return try_out(ctx, target, wanted, lambda tried: _examined(ctx, target, data, tried))


def _examined(
    ctx: Context, target: Operation[Any, Any], data: dict[str, Any], tried: Tried
) -> Examined:
    if not tried.rows and "dry_run" not in target.input.model_fields:
        raise InvalidInput(f"{phrase(target.name)} would change nothing as things are.")
    events = [one.row for one in tried.rows if one.table == "event"]
    subject_id = str(events[0]["subject_id"]) if events else ""
    diff = difference(ctx, tried, subject_id)
    names = Names(ctx)
    new = frozenset(str(one.row.get("id")) for one in tried.rows if one.before is None)
    facts = facts_of(names, data, tried.result.model_dump(mode="json"))
    called = _called(events) or names.of(_kind(events), subject_id)
    return Examined(
        title(target.name, facts, called, diff),
        diff or told_input(ctx, data),
        _subject(names, {f"{_kind(events)}_id": subject_id, "mail_id": data.get("id")} | data, new),
        any(event["undo"] for event in events),
        tried=True,
    )


def _called(events: list[Row]) -> str:
    """What the change is about, as its event says it."""
    payload = load_json(events[0]["payload"], {}) if events else {}
    return next((str(payload[name]) for name in _CALLED if payload.get(name)), "")


def _kind(events: list[Row]) -> str:
    """The second word of an event's kind: `gtm.deal.updated` is about a deal."""
    parts = str(events[0]["kind"]).split(".") if events else []
    return parts[1] if len(parts) > 1 else ""


def _subject(names: Names, data: dict[str, Any], new: frozenset[str]) -> tuple[str, str]:
    """What is there already and has a page."""
    for kind in _SUBJECTS:
        wanted = data.get(f"{kind}_id")
        if isinstance(wanted, str) and wanted and wanted not in new and names.of(kind, wanted):
            return kind, wanted
    return "", ""

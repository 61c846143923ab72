"""What would become different, in people's words: fields with before and after, out of the rows that a trial touched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rusvel_tui.engine.agent.proposals.difference import Difference
from rusvel_tui.engine.agent.proposals.naming import (
    column_word,
    field_of,
    plural,
    table_word,
)
from rusvel_tui.engine.agent.proposals.trying import Touched, Tried
from rusvel_tui.engine.agent.proposals.values import Values, loaded, short
from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models.base import JsonField

MOST = 24
"""Lines of a difference; of a longer one the rest is counted."""
_ONE_BY_ONE = 5
"""Rows of a table that are told one by one."""
_HIDDEN_TABLES = frozenset(
    (
        "event", "job", "employment", "search_doc", "name_piece", "stage_move", "draft_version", "kpi_correction",
        "growth_run", "growth_event", "growth_batch", "growth_name", "growth_actor", "invoice_month", "invoice_open_day", "invoice_tax",
        "invoice_series", "alert_notice", "sequence_version", "import_change", "import_chunk", "import_plan",
        "proposal", "subscriber",
    )
)  # fmt: skip
"""Bookkeeping: what follows from the rest, or keeps its history."""
_HIDDEN = frozenset(
    (
        "id", "session_id", "version", "created_at", "updated_at", "key", "sort_name", "search", "rank", "digits",
        "e164", "job_id", "version_id", "source_id", "source_at", "once", "series", "seq", "run_no", "since", "metadata",
        "stage_since", "lines_minor", "payable_minor", "open_minor", "from_stage", "actor", "created_by", "position",
        "base_quantity", "closed_at", "started", "batch_id",
    )
)  # fmt: skip
_BY_HAND = "manual"
"""The source of what somebody typed."""
_MATTERS: dict[str, frozenset[str]] = {
    "mail": frozenset(
        ("to_name", "to_address", "subject", "body", "state", "not_before", "snoozed_until")
    ),
    "suppression": frozenset(("key", "reason")),
    "enrollment": frozenset(("contact_id", "sequence_id", "deal_id", "status", "reason")),
    "workflow_run": frozenset(("name", "state")),
}
"""Tables of which only some columns mean something to a person."""
_CLOCK = re.compile(r"\b\d\d:\d\d\b")


def difference(ctx: Context, tried: Tried, subject_id: str) -> tuple[Difference, ...]:
    """What would become different; the thing that the change is about comes first."""
    return _Telling(ctx, tried.rows).all(subject_id, tried.more)


def told_input(ctx: Context, data: dict[str, Any]) -> tuple[Difference, ...]:
    """An input in plain words, for what cannot be tried."""
    values = Values(ctx)
    lines = ((column_word(name), values.plain(name, value)) for name, value in data.items())
    return tuple(Difference(field=name, before="", after=text) for name, text in lines if text)


def same_ground(one: Iterable[Difference], other: Iterable[Difference]) -> bool:
    """Whether a person who saw one of them has seen the other: the time of day alone makes no difference."""
    return _bare(one) == _bare(other)


def _bare(lines: Iterable[Difference]) -> list[tuple[str, str, str]]:
    return [(x.field, _CLOCK.sub("", x.before), _CLOCK.sub("", x.after)) for x in lines]


class _Telling:
    """Puts rows into words."""

    def __init__(self, ctx: Context, rows: Sequence[Touched]) -> None:
        self._now = stamp(ctx.now)
        self._rows = [one for one in rows if one.table not in _HIDDEN_TABLES]
        money = (one.row["currency"] for one in rows if one.row.get("currency"))
        self._values = Values(ctx, next(money, ""))
        self._names = self._values.names

    def all(self, subject_id: str, more: int) -> tuple[Difference, ...]:
        main = [one for one in self._rows if one.row.get("id") == subject_id]
        tables = dict.fromkeys(one.table for one in self._rows)
        lines = [line for one in main for line in self._fields(one, "")]
        for table in tables:
            rest = [one for one in self._rows if one.table == table and one not in main]
            lines += self._rest(table, rest, subject_id)
        if more or len(lines) > MOST:
            said = f"{more + max(0, len(lines) - MOST):,} more"
            lines = [*lines[:MOST], Difference(field="and", before="", after=said)]
        return tuple(lines)

    def _rest(self, table: str, rows: Sequence[Touched], subject_id: str) -> Iterator[Difference]:
        """Rows of another table: changed ones field by field, new and lost ones in one line."""
        changed = [one for one in rows if one.before and one.after and not _went(one)]
        if len(changed) > _ONE_BY_ONE:
            yield self._many(table, changed)
        else:
            for one in changed:
                name = self._names.called(table, one.row)
                yield from self._fields(one, f"{table_word(table)} {name}: ".replace(" :", ":"))
        gone = [one for one in rows if not one.after or _went(one)]
        new = [one for one in rows if not one.before]
        if gone or new:
            before, after = (self._listed(part, subject_id) for part in (gone, new))
            if before != after:
                yield Difference(field=table_word(table), before=before, after=after)

    def _many(self, table: str, rows: Sequence[Touched]) -> Difference:
        """What becomes of all of them, where that is the same, and the first few by name."""
        columns = list(dict.fromkeys(name for one in rows for name in self._changed(one)))
        words = ", ".join(map(column_word, columns)) or "nothing that shows"
        alike = {self._step(one, columns[0]) for one in rows} if len(columns) == 1 else set()
        names = [self._names.called(table, one.row) for one in rows[:3]]
        said = f"{', '.join(filter(None, names))} and {len(rows) - 3:,} more"
        step = f"{alike.pop()}: " if len(alike) == 1 else ""
        return Difference(
            field=f"{len(rows):,} {plural(table_word(table))}: {words}",
            before="",
            after=short(f"{step}{said}"),
        )

    def _step(self, one: Touched, name: str) -> str:
        """What a change adds and takes away; of what is no list, what it becomes."""
        old, new = (loaded((row or {}).get(name)) for row in (one.before, one.after))
        if not (isinstance(old, list) and isinstance(new, list)):
            return f"→ {self._values.plain(name, new, one.table, one.row) or 'nothing'}"
        steps = [f"+{part}" for part in new if part not in old]
        return " ".join((*steps, *(f"-{part}" for part in old if part not in new)))

    def _fields(self, one: Touched, prefix: str) -> Iterator[Difference]:
        for name in self._changed(one):
            before = self._values.plain(
                name, (one.before or {}).get(name), one.table, one.before or {}
            )
            after = self._values.plain(
                name, (one.after or {}).get(name), one.table, one.after or {}
            )
            if before != after:
                yield Difference(field=f"{prefix}{column_word(name)}", before=before, after=after)

    def _changed(self, one: Touched) -> list[str]:
        """The columns to tell of."""
        if one.before is None or one.after is None:
            return self._worth(one)
        changed = [name for name in one.after if one.before.get(name) != one.after[name]]
        return _fewer(one.table, changed)

    def _worth(self, one: Touched) -> list[str]:
        """The columns of a whole row that say something: not empty, not now, not what every new row has."""
        told = [
            name
            for name, value in one.row.items()
            if value and value != self._now and not _usual(one.table, name, value)
        ]
        return _fewer(one.table, told)

    def _listed(self, rows: Sequence[Touched], subject_id: str) -> str:
        shown = [self._summed(one, subject_id) for one in rows[:_ONE_BY_ONE]]
        if len(rows) > _ONE_BY_ONE:
            shown.append(f"and {len(rows) - _ONE_BY_ONE:,} more")
        return short("; ".join(filter(None, shown)))

    def _summed(self, one: Touched, subject_id: str) -> str:
        """A row in one line."""
        parts = [self._part(one, name) for name in self._worth(one) if one.row[name] != subject_id]
        return ", ".join(list(dict.fromkeys(filter(None, parts)))[:5])

    def _part(self, one: Touched, name: str) -> str:
        value = one.row[name]
        text = self._values.plain(name, value, one.table, one.row)
        return text if isinstance(value, str) or not text else f"{column_word(name)} {text}"


def _usual(table: str, name: str, value: Any) -> bool:
    """Whether the value is the one that a row has by itself."""
    field = field_of(table, name)
    if field is None:
        return False
    usual = field.default() if callable(field.default) else field.default
    return bool(
        value in (usual, _BY_HAND) or (isinstance(field, JsonField) and loaded(value) == usual)
    )


def _fewer(table: str, names: Sequence[str]) -> list[str]:
    """Without bookkeeping, and without what another column says better."""
    if (only := _MATTERS.get(table)) is not None:
        return [name for name in names if name in only]
    said = set(names)
    drop = set(_HIDDEN)
    drop |= {"first_name", "last_name"} if "name" in said else set()
    drop |= {"currency"} if any(name.endswith("_minor") for name in said) else set()
    drop |= {"company_id"} if "company" in said else set()
    drop |= {"contact_id"} if "client_name" in said else set()
    return [name for name in names if name not in drop]


def _went(one: Touched) -> bool:
    """Whether the row is marked as deleted now."""
    before, after = one.before or {}, one.after or {}
    marks = ("deleted_at", "removed_at")
    return any(after.get(mark) and not before.get(mark) for mark in marks)

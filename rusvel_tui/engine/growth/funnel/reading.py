"""From stored events to the best attempt of each person.

What SQLite can decide by itself it does: the next step of an attempt is one look into the index. Strict and any order
and exclusions need the whole way of a person; that is read once, in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from math import inf
from operator import itemgetter
from typing import Any

from rusvel_tui.engine.growth.funnel.attempts import (
    Attempt,
    Moment,
    Rules,
    StepOrder,
    best_attempt,
    farthest,
)
from rusvel_tui.engine.models.base import database, dump_json


def best_attempts(session_id: str, rules: Rules) -> Iterator[Sequence[int | None]]:
    """The best attempt of everybody who began one; None, or nothing, for a step that was not reached."""
    if rules.order is StepOrder.ORDERED and not rules.exclusions:
        return farthest(database.execute_sql(*_chain(rules)))
    return attempts_of(_moments(session_id, rules), rules)


def attempts_of(rows: Iterable[tuple[Any, int, int]], rules: Rules) -> Iterator[Attempt]:
    """The same from rows of (person, moment, name) in that order."""
    for _, own in groupby(rows, key=itemgetter(0)):
        moments: list[Moment] = [(at, name) for _, at, name in own]
        if attempt := best_attempt(moments, rules):
            yield attempt


def _chain(rules: Rules) -> tuple[str, list[float]]:
    span = "AND at >= ? AND at < ?" if rules.since > -inf or rules.until < inf else ""
    parts = [
        f"WITH s1 AS MATERIALIZED (SELECT actor_id, at AS t1 FROM growth_event WHERE name_id = ? {span})"
    ]
    values: list[float] = [rules.steps[0]]
    if span:
        values += [_whole(rules.since), _whole(rules.until)]
    for place, name in enumerate(rules.steps[1:], 2):
        same = [at for at, other in enumerate(rules.steps[: place - 1], 1) if other == name]
        apart = f"AND e.at > s.t{same[-1]} " if same else ""
        parts.append(
            f"s{place} AS MATERIALIZED (SELECT s.*, (SELECT min(e.at) FROM growth_event e WHERE e.name_id = ?"
            f" AND e.actor_id = s.actor_id AND e.at >= s.t{place - 1} {apart}AND e.at <= s.t1 + ?) AS t{place}"
            f" FROM s{place - 1} s)"
        )
        values += [name, rules.window]
    return f"{', '.join(parts)} SELECT * FROM s{len(rules.steps)}", values


def _whole(bound: float) -> int:
    """A bound that SQLite compares as an integer."""
    return (1 << 62) * (1 if bound > 0 else -1) if abs(bound) == inf else int(bound)


_ALL = """
SELECT e.actor_id, e.at, e.name_id FROM growth_event e
WHERE e.name_id IN (SELECT id FROM growth_name WHERE session_id = ?) ORDER BY e.actor_id, e.at, e.name_id
"""
_SOME = """
SELECT e.actor_id, e.at, e.name_id FROM growth_event e
WHERE e.name_id IN (SELECT value FROM json_each(?)) ORDER BY e.actor_id, e.at, e.name_id
"""


def _moments(session_id: str, rules: Rules) -> Any:
    """What people did, in order: everything for strict order, else what the rules name."""
    if rules.order is StepOrder.STRICT:
        return database.execute_sql(_ALL, (session_id,))
    names = {*rules.steps, *(rule.event for rule in rules.exclusions)}
    return database.execute_sql(_SOME, (dump_json(sorted(names)),))

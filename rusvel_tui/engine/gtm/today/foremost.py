"""The few of many things that can stand at the top: the largest of each currency, and the oldest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import Select, fn

from rusvel_tui.engine.models.base import tuples

_MOST = 30


@dataclass(frozen=True, slots=True)
class Foremost:
    """The ids of the foremost rows of a query, and how many rows it has."""

    ids: tuple[str, ...]
    total: int


def foremost(query: Any, amount: Any, since: Any, most: int = _MOST) -> Foremost:
    """Rows with the largest amounts of each currency, and those since longest; one query.

    What is large among its own currency and what waits long is in it, so nothing that ranks among the first
    `most` by money or by lateness is missed.
    """
    model = query.model
    placed = query.select(
        model.id.alias("id"),
        fn.ROW_NUMBER().over(partition_by=[model.currency], order_by=[amount.desc(), model.id]).alias("large"),
        fn.ROW_NUMBER().over(order_by=[since, model.id]).alias("old"),
        fn.COUNT(model.id).over().alias("total"),
    ).alias("placed")  # fmt: skip
    chosen = Select([placed], [placed.c.id, placed.c.total])
    chosen = chosen.where((placed.c.large <= most) | (placed.c.old <= most))
    rows = tuples(chosen.bind(model._meta.database))
    return Foremost(tuple(row[0] for row in rows), rows[0][1] if rows else 0)

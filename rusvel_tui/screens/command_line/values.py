"""Values that the desk knows for a field of an operation: what the cursor is on, and what bears the typed words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.operation import Operation
from rusvel_tui.screens.command_line.completing import Value

_SEARCHED = {"contact_id": "Contact", "company_id": "Company", "deal_id": "Deal"}
_LISTED = {
    "sequence_id": ("gtm.outreach.list_sequences", "sequence_id", "name"),
    "sequence": ("gtm.outreach.list_sequences", "name", "status"),
    "invoice_id": ("gtm.invoices.list_invoices", "invoice_id", "number"),
    "session_id": ("session.list", "name", "currency"),
    "pipeline": ("gtm.crm.list_pipelines", "name", "name"),
    "stage": ("gtm.crm.list_stages", "name", "name"),
    "kpi": ("growth.kpi.list_kpis", "name", "unit"),
    "funnel": ("growth.funnel.list", "name", "name"),
    "cohort": ("growth.cohort.list_cohorts", "name", "name"),
}
"""For a field: the listing that has its values, the attribute that is the value, and the one that says what it is."""
_MOST = 50


def known_values(
    engine: Engine, here: Callable[[], Iterable[tuple[str, Value]]]
) -> Callable[[Operation[Any, Any], str, str], Iterable[Value]]:
    """Looks values up; `here` are those of the row under the cursor, by field."""

    def values(operation: Operation[Any, Any], field: str, typed: str) -> Iterator[Value]:
        words = typed.casefold()
        for name, (value, about) in here():
            if name == field and (not words or words in f"{value} {about}".casefold()):
                yield value, about
        try:
            yield from _found(engine, field, typed)
        except EngineError:
            return  # nothing can be offered; running the line says why

    return values


def _found(engine: Engine, field: str, typed: str) -> Iterator[Value]:
    if field in _SEARCHED and typed:
        wanted = {"query": typed, "kinds": [_SEARCHED[field]], "limit": _MOST}
        found: Any = engine.call("gtm.crm.search", wanted)
        yield from ((hit.id, f"{hit.title}  {hit.about}".strip()) for hit in found.items)
    elif field in _LISTED:
        operation, value, about = _LISTED[field]
        listed: Any = engine.call(operation, {})
        for item in listed.items:
            name, told = str(getattr(item, value)), str(getattr(item, about, ""))
            if typed.casefold() in f"{name} {told}".casefold():
                yield name, "" if told == name else told

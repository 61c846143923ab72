"""Short words for what people do, and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.factories import Desk

DAY_ONE = datetime(2026, 6, 1, tzinfo=UTC)
NAMES = {"S": "signed up", "P": "paid", "M": "movie", "V": "view", "I": "insight", "X": "other"}


def happen(desk: Desk, *what: tuple[str, str, float]) -> Any:
    """Record events: who, what by its letter, hours after day one."""
    events = [
        {
            "timestamp": (DAY_ONE + timedelta(hours=hours)).isoformat(),
            "actor": who,
            "event": NAMES.get(event, event),
        }
        for who, event, hours in what
    ]
    return desk.call("growth.events.record", events=events)


def people(desk: Desk, ways: Iterable[str]) -> None:
    """One person for each way, an event every hour: `SXV`."""
    happen(
        desk,
        *((f"p{n}", event, hour) for n, way in enumerate(ways) for hour, event in enumerate(way)),
    )


def funnel(desk: Desk, steps: str, window: str = "14d", order: str = "ordered", **more: Any) -> Any:
    """Analyze a funnel of these letters."""
    names = [NAMES[step] for step in steps]
    return desk.call("growth.funnel.analyze", steps=names, window=window, order=order, **more)


def counts(view: Any) -> list[int]:
    return [step.count for step in view.steps]


def readings(desk: Desk, name: str, values: Sequence[float], unit: str = "", **more: Any) -> None:
    """One reading a day, the last one yesterday."""
    today = desk.engine.clock.now()
    for place, value in enumerate(values):
        at = (today - timedelta(days=len(values) - place)).date().isoformat()
        desk.call("growth.kpi.record_kpi", name=name, value=value, unit=unit, at=at, **more)


def states(desk: Desk, rule: Mapping[str, Any], points: Sequence[float | None]) -> list[str]:
    """The states of an alert over points, – for inactive."""
    view = desk.call("growth.kpi.evaluate_alert", rule=dict(rule), points=list(points))
    return ["–" if state == "inactive" else str(state) for state in view.states]

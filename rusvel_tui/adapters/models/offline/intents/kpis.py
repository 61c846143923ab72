"""KPIs: recording a reading, and how one goes."""

from __future__ import annotations

import re
from collections.abc import Generator
from decimal import Decimal
from typing import Any

from rusvel_tui.adapters.models.offline.intent import Call, Intent, Plan, Result, Said, ask
from rusvel_tui.adapters.models.offline.reading import AMOUNT, Amount, amount, plain
from rusvel_tui.adapters.models.offline.wording import count, day, share, table, valued

_RECORD = re.compile(
    rf"(?i:\b(?:record|log|track|note|set|save)\s+(?:(?:the|our|my|a|an|new|reading|kpi|of)\s+)*)"
    rf"(?P<name>.+?)\s*(?i:\b(?:of|at|as|to|is|was)\b|=|:)?\s*(?<![\w.,])(?P<value>{AMOUNT})"
    r"(?:\s+(?i:on|for|at|as of)\s+(?P<at>.+?))?\s*[.!]?$"
)
_NAME = re.compile(
    r"(?i)\b(?:how (?:is|are|did|does)|trend (?:of|for)|show|history of)\s+(?:the |our |my )?(?P<name>[\w% -]+?)"
    r"(?:\s+(?:doing|going|develop\w*|trend|go|do))?\s*[?.!]*$"
)


def _record(said: Said) -> Plan:
    found = _RECORD.search(" ".join(said.text.split()))
    reading = amount(found["value"]) if found else None
    if found is None or reading is None:
        return ask("Which KPI, and which value? For example: `Record MRR of $12,000`.")
    data: dict[str, Any] = {"name": found["name"].strip(" :="), "value": _number(reading.value)}
    data |= {"unit": reading.unit} if reading.unit else {}
    data |= {"at": found["at"]} if found["at"] else {}
    made = yield Call("growth.kpi.record_kpi", data)
    if made.failed:
        return made.sorry()
    trend = yield Call("growth.kpi.get_trend", {"kpi_name": data["name"]})
    return _recorded(data["name"], reading, trend)


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _recorded(name: str, reading: Amount, trend: Result) -> str:
    """The reading, and how far it is from the one before."""
    known = trend.data if not trend.failed else {}
    unit = known.get("unit") or reading.unit
    first = f"{known.get('name') or name} recorded at {valued(plain(reading.value), unit)}."
    delta = known.get("delta")
    if delta is None or known.get("latest") != float(reading.value):
        return first
    if not delta:
        return f"{first} The same as the last reading."
    way = "Up" if delta > 0 else "Down"
    return f"{first} {way} {valued(abs(delta), unit)} from last reading."


def _trend(said: Said) -> Plan:
    found = _NAME.search(" ".join(said.newest.split()))
    name = found["name"].removesuffix(" trend").strip() if found else ""
    name = name or said.newest.strip(" ?.!`")
    trend = yield Call("growth.kpi.get_trend", {"kpi_name": name})
    if trend.failed:
        return trend.sorry()
    data = trend.data
    unit = data["unit"]
    change = data.get("delta")
    moved = "" if not change else f" {'Up' if change > 0 else 'Down'} {valued(abs(change), unit)}"
    moved += f" ({share(data['change'])}) from the reading before." if moved else ""
    newest = f"{data['name']} is at {valued(data['latest'], unit)}.{moved}"
    return f"{newest} {count(data['count'], 'reading')}: {data['message'] or data['word']}."


def _dashboard(said: Said) -> Generator[Call, Result, str]:
    page = yield Call("growth.kpi.list_kpis", {"limit": 50, "points": 0})
    if page.failed:
        return page.sorry()
    if not page.items:
        return "No KPI is measured yet. Record one: `Record MRR of $12,000`."
    rows = [
        (
            one["name"],
            valued(one["latest"], one["unit"]),
            day(one["latest_at"]),
            one["status"],
            _target(one),
        )
        for one in page.items
    ]
    known = {one["name"].casefold() for one in page.items}
    usual = ("MRR", "DAU", "Churn rate", "Growth rate")
    gone = [name for name in usual if not any(name.casefold().split()[0] in one for one in known)]
    missing = f"\n\nNot measured yet: {', '.join(gone)}." if gone else ""
    shown = table(("KPI", "Newest", "On", "How", "Target"), rows)
    return f"{count(len(rows), 'KPI')}:\n\n{shown}{missing}"


def _target(one: dict[str, Any]) -> str:
    return "" if one["target"] is None else valued(one["target"], one["unit"])


INTENTS = (
    Intent(
        "record KPI",
        r"^(please )?(can you )?(record|log|track|save|set|note)\b(?!.*\b(payment|call|meeting|mail|reply|task|conversion)\b)(.*\d|.*\bkpi|.*\breading)",
        "Record MRR of $12,000",
        _record,
    ),
    Intent("KPI dashboard", r"\bkpis?\b|\bmetrics\b", "Show the KPI dashboard", _dashboard),
    Intent(
        "KPI trend",
        r"\btrend\b|^how (is|are|did|does) (the |our |my )?(?!.*\b(pipeline|deals?|funnels?|cohorts?|invoices?|sequences?)\b).+ (doing|going|develop\w*|go|do)\b",
        "How is MRR doing?",
        _trend,
    ),
)

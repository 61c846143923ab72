"""Growth: funnels and cohorts."""

from __future__ import annotations

from typing import Any

from rusvel_tui.adapters.models.offline.intent import Call, Intent, Plan, Said
from rusvel_tui.adapters.models.offline.wording import count, share, table

_FUNNELS = 3
_PERIODS = 6


def _funnels(said: Said) -> Plan:
    page = yield Call("growth.funnel.list")
    if page.failed:
        return page.sorry()
    if not page.items:
        return "There is no funnel yet. Add its stages on the growth page with `n`."
    named = [one for one in page.items if one["name"].casefold() in said.text.casefold()]
    parts = []
    for funnel in (named or page.items)[:_FUNNELS]:
        found = yield Call("growth.funnel.analyze", {"funnel": funnel["name"]})
        parts.append(f"{funnel['name']}: {found.sorry()}" if found.failed else _funnel(found.data))
    return "\n\n".join(parts)


def _funnel(data: dict[str, Any]) -> str:
    rows = [
        (step["name"], f"{step['count']:,}", share(step["from_previous"]), f"{step['dropped']:,}")
        for step in data["steps"]
    ]
    shown = table(("Stage", "Count", "From before", "Lost"), rows)
    period = f", {data['period']}" if data["period"] else ""
    head = f"**{data['name']}**{period}: {share(data['overall'])} come through."
    leak = data.get("leak")
    if not leak:
        return f"{head}\n\n{shown}"
    worst = (
        f"Most are lost between {leak['from_step']} and {leak['to_step']}: {leak['dropped']:,} ({share(leak['share'])}). "
        "Begin there: ask five of those who left what stopped them, change one thing, and compare the next period."
    )
    return f"{head}\n\n{shown}\n\n{worst}"


def _cohorts(said: Said) -> Plan:
    period = next((one for one in ("day", "week", "month") if one in said.text.casefold()), "")
    wanted = {"period": period} if period and "or" not in said.text.casefold().split() else {}
    found = yield Call("growth.cohort.matrix", wanted)
    if found.failed:
        return found.sorry()
    data = found.data
    if not data["rows"]:
        return "There is no cohort yet. Add one on the growth page with `n`."
    width = min(_PERIODS, max(len(row["shares"]) for row in data["rows"]))
    rows = [
        (row["name"], f"{row['size']:,}", *(_at(row["shares"], place) for place in range(width)))
        for row in data["rows"]
    ]
    rows.append(("mean", "", *(_at(data["mean"], place) for place in range(width))))
    shown = table(("Cohort", "Size", *map(str, range(width))), rows)
    return f"{count(len(data['rows']), 'cohort')} by {data['period']}: who is left after so many.\n\n{shown}\n\n{_newer(data)}"


def _newer(data: dict[str, Any]) -> str:
    """How the newer half compares with the older one after one period."""
    after_one = [row["shares"][1] for row in data["rows"] if len(row["shares"]) > 1 and row["shares"][1] is not None]  # fmt: skip
    if len(after_one) < 4:
        return "There are too few cohorts to say whether newer ones stay longer."
    half = len(after_one) // 2
    old, new = (sum(part) / len(part) for part in (after_one[:half], after_one[-half:]))
    word = "as many" if abs(new - old) < 0.02 else "more" if new > old else "fewer"
    return f"After one {data['period']}, {word} stay of the newer ones ({share(new)}) than of the older ones ({share(old)})."


def _at(shares: list[Any], place: int) -> str:
    return share(shares[place]) if place < len(shares) and shares[place] is not None else ""


INTENTS = (
    Intent(
        "funnel analysis",
        r"\bfunnels?\b|\bconversions?\b|\bdrop-?offs?\b",
        "Analyse the funnels",
        _funnels,
    ),
    Intent("cohort report", r"\bcohorts?\b|\bretention\b", "Report on the cohorts", _cohorts),
)

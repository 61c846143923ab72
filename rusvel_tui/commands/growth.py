"""`rusvel growth`: the dashboard as text, the lists, the events, and the import of CSV files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rusvel_tui.commands import department, plain
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser
from rusvel_tui.engine.growth.funnel.analysis import FunnelAnalysis
from rusvel_tui.engine.growth.kpi.kpi_views import KpiView

_SHAPES = ("kpi", "funnel", "events", "cohorts", "subscriptions")
_SHOWN = 20


def define(parser: Parser) -> None:
    """`status | list [--kind K] [-n N] | events [-n N] | import FILE`."""
    choice = department.define_usual(parser)
    choice.choices["status"].set_defaults(run=run_status)
    reads = choice.add_parser("import", help="read a CSV file; one bad row, and nothing is written")
    add = reads.add_argument
    add("file", metavar="FILE", help="the file to read")
    add("--shape", metavar="S", default="", help=f"{', '.join(_SHAPES)} (default: found)")
    add("--dry-run", action="store_true", help="only say what would happen")
    add("--replace", action="store_true", help="correct readings of KPIs that are there")
    add("--allow-new", action="store_true", help="let events of new names in")
    add("--activity", action="store_true", help="people of new cohorts may come back")
    reads.set_defaults(run=run_import)


def run_status(desk: Desk) -> None:
    """What is measured, and how it stands."""
    desk.out.view(desk.engine().call("growth.status", {}), _status)


def run_import(desk: Desk) -> None:
    """Import a file, and say what it did or would do."""
    args = desk.args
    asked = {
        "path": str(Path(args.file).expanduser()),
        "shape": args.shape,
        "dry_run": args.dry_run,
        "replace": args.replace,
        "allow_new": args.allow_new,
        "kind": "activity" if args.activity else "survival",
    }
    desk.out.view(desk.engine().call("growth.import_csv", asked), _imported)


def _imported(done: Any) -> Iterator[str]:
    yield "Nothing was written: this is what would happen." if done.dry_run else "Imported."
    counts = ("shape", "rows", "new", "changed", "same", "rejected")
    yield from plain.fields((name, getattr(done, name)) for name in counts)
    yield from (str(problem) for problem in done.problems[:_SHOWN])
    if len(done.problems) > _SHOWN:
        yield f"… and {len(done.problems) - _SHOWN} more: --json shows all."


def _status(status: Any) -> Iterator[str]:
    view = status.dashboard
    yield f"{status.session.name}: {status.session.currency}, {status.session.timezone}"
    counts = ("kpis", "funnels", "cohorts", "alerts")
    yield from plain.fields((name, getattr(status, name)) for name in counts)
    if view.kpis:
        yield from plain.table(("KPI", "now", "change", "trend"), [_kpi(kpi) for kpi in view.kpis])
    computed = [
        (m.name, _number(m.value, m.unit), m.about) for m in view.measures if m.value is not None
    ]
    if computed:
        yield from plain.table(("from the app", "now", "what"), computed)
    for funnel in view.funnels:
        yield from _funnel(funnel)
    if view.cohorts.mean:
        shares = ["–" if share is None else f"{share:.0%}" for share in view.cohorts.mean]
        yield f"Retention by {view.cohorts.period}: {' '.join(shares)}"
    yield from (
        f"Alert {alert.state}: {alert.words}" for alert in view.alerts if alert.state != "inactive"
    )
    yield from (case.text for case in view.churn)
    for late in view.overdue:
        invoices = plain.many(late.invoices, "invoice")
        yield f"Overdue: {late.amount} {late.currency} in {invoices}, the oldest for {late.oldest_days} days"
    yield from view.problems


def _kpi(kpi: KpiView) -> tuple[str, str, str, str]:
    change = "" if kpi.delta is None else f"{kpi.delta:+,}"
    return kpi.name, _number(kpi.latest, kpi.unit), change, kpi.status


def _number(value: float | None, unit: str) -> str:
    return "no data" if value is None else f"{value:,} {unit}".rstrip()


def _funnel(funnel: FunnelAnalysis) -> Iterator[str]:
    period = f" ({funnel.period})" if funnel.period else ""
    leak = f", biggest leak before {funnel.biggest_leak}" if funnel.biggest_leak else ""
    yield f"{funnel.name}{period}{leak}"
    rows = [
        (
            step.name,
            "–" if step.count is None else step.count,
            _percent(step.from_previous),
            _percent(step.overall),
        )
        for step in funnel.steps
    ]
    yield from plain.table(("step", "count", "of before", "of first"), rows)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"

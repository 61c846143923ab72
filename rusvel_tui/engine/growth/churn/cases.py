"""Churn cases: found once, told once, ended when the cohort recovers."""

from __future__ import annotations

from datetime import datetime

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.growth.churn.detection import Finding, findings
from rusvel_tui.engine.growth.cohort.cohort_rows import retention_rows
from rusvel_tui.engine.growth.cohort.matrix import RetentionRow
from rusvel_tui.engine.growth.saas.metrics import cohorts_of
from rusvel_tui.engine.growth.saas.subscriptions import paid_by
from rusvel_tui.engine.models import ChurnCase, Cohort
from rusvel_tui.engine.operation import Input, PageInput, View, operation

_MONTHS = 36


class ChurnCaseView(View):
    """A cohort that loses more than those before it. Shares are between 0 and 1."""

    case_id: str
    name: str
    cohort_id: str | None
    age: int
    """Periods after the first."""
    size: int
    active: int
    share: float
    upper: float
    """The upper bound of 95 %."""
    pool: float
    """What the older cohorts kept at that age."""
    pool_size: int
    text: str
    detected_at: datetime
    ended_at: datetime | None


class ChurnScan(View):
    """What a look at the cohorts found."""

    detected: tuple[ChurnCaseView, ...]
    """New cases."""
    open: tuple[ChurnCaseView, ...]
    ended: int
    cohorts: int
    """That could be compared with older ones."""
    message: str
    """What an empty result means."""


class ChurnCases(View):
    """Cases, newest first."""

    items: tuple[ChurnCaseView, ...]
    next: str | None


@operation("growth.churn.detect", writes=True, permission="growth.manage")
def detect_churn(ctx: Context, cmd: Input) -> ChurnScan:
    """Look for cohorts that lose more than older ones did at the same age; each case is told once."""
    known = {row.key: row for row in _open(ctx)}
    found = [finding for rows in _all_rows(ctx) for finding in findings(rows)]
    bad = {_key(finding): finding for finding in found if finding.bad}
    new = [_begin(ctx, key, finding) for key, finding in bad.items() if key not in known]
    for key, row in known.items():
        if key in bad:
            ChurnCase.update(facts=_facts(bad[key])).where(ChurnCase.id == row.id).execute()
    gone = [row for key, row in known.items() if key not in bad]
    for row in gone:
        _end(ctx, row)
    compared = sum(finding.pool is not None for finding in found)
    return ChurnScan(
        detected=tuple(map(_view, new)),
        open=tuple(map(_view, _open(ctx))),
        ended=len(gone),
        cohorts=compared,
        message=_message(len(found), compared, len(bad)),
    )


@operation("growth.churn.list_cases", permission="growth.read")
def list_cases(ctx: Context, cmd: PageInput) -> ChurnCases:
    """List churn cases, newest first; those that ended are among them."""
    query = ChurnCase.select().where(ChurnCase.session_id == ctx.session_id)
    if cmd.cursor:
        query = query.where(ChurnCase.id < cmd.cursor)
    rows = list(query.order_by(ChurnCase.id.desc()).limit(cmd.limit + 1))
    more = rows[cmd.limit - 1].id if len(rows) > cmd.limit else None
    return ChurnCases(items=tuple(map(_view, rows[: cmd.limit])), next=more)


def open_cases(ctx: Context) -> tuple[ChurnCaseView, ...]:
    """The cases that are open, for the dashboard."""
    return tuple(map(_view, _open(ctx)))


def _open(ctx: Context) -> list[ChurnCase]:
    own = (ChurnCase.session_id == ctx.session_id) & ChurnCase.ended_at.is_null()
    return list(ChurnCase.select().where(own).order_by(ChurnCase.id.desc()))


def _all_rows(ctx: Context) -> list[list[RetentionRow]]:
    """The cohorts by kind of period, and those of paying customers."""
    rows = list(
        Cohort.select().where((Cohort.session_id == ctx.session_id) & Cohort.deleted_at.is_null())
    )
    kinds = sorted({row.period for row in rows})
    own = [retention_rows(ctx, [row for row in rows if row.period == kind]) for kind in kinds]
    return [*own, list(cohorts_of(ctx, paid_by(ctx), _MONTHS).rows)]


def _key(finding: Finding) -> str:
    """Names a case: of a cohort there is one at a time."""
    return finding.row.cohort_id or f"customers {finding.row.period}"


def _begin(ctx: Context, key: str, finding: Finding) -> ChurnCase:
    name = finding.row.name if finding.row.cohort_id else f"customers of {finding.row.period}"
    row: ChurnCase = ChurnCase.create(
        id=ctx.new_id(), session_id=ctx.session_id, key=key, name=name, facts=_facts(finding),
        detected_at=ctx.now,
    )  # fmt: skip
    said = {"name": name, "subject": _text(name, row.facts), **row.facts}
    ctx.record("growth.churn.detected", row.id, said)
    return row


def _end(ctx: Context, row: ChurnCase) -> None:
    """Close a case; its key is free for the next one."""
    ChurnCase.update(ended_at=ctx.now, key=f"{row.key} {row.id}").where(
        ChurnCase.id == row.id
    ).execute()
    ctx.record("growth.churn.ended", row.id, {"name": row.name})


def _facts(finding: Finding) -> dict[str, object]:
    return {
        "cohort_id": finding.row.cohort_id,
        "age": finding.age,
        "size": finding.row.size,
        "active": finding.active,
        "share": finding.active / finding.row.size,
        "upper": finding.upper,
        "pool": finding.pool,
        "pool_size": finding.pool_size,
    }


def _view(row: ChurnCase) -> ChurnCaseView:
    return ChurnCaseView(
        case_id=row.id,
        name=row.name,
        detected_at=row.detected_at,
        ended_at=row.ended_at,
        text=_text(row.name, row.facts),
        **row.facts,
    )


def _text(name: str, facts: dict[str, object]) -> str:
    return (
        f"{name}: {facts['active']} of {facts['size']} are left after {facts['age']}; "
        f"older cohorts kept {facts['pool']:.0%} by then."
    )


def _message(found: int, compared: int, bad: int) -> str:
    if bad:
        return ""
    if not found:
        return "There is no cohort with a period that is over yet."
    if not compared:
        return "There are too few customers in older cohorts to compare with yet."
    return "No cohort loses more than chance explains."

"""Companies as others see them: the record with its people and deals, and lines for lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from rusvel_tui.engine.clock import moment
from rusvel_tui.engine.gtm.crm.pipelines.stages import load_stages
from rusvel_tui.engine.models import Company
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import View

SHOWN = 100
"""How many people, former people and deals a record shows at most; listings have them all."""


class CompanyView(View):
    """An organisation."""

    company_id: str
    name: str
    domain: str
    website: str
    country: str
    timezone: str
    tags: tuple[str, ...]
    links: tuple[str, ...]
    fields: dict[str, str]
    notes: str
    source: str
    people_count: int
    """Who works there now."""
    metadata: dict[str, Any]
    version: int
    created_at: datetime
    updated_at: datetime


class EmployeeView(View):
    """Somebody who works or worked at the company."""

    contact_id: str
    name: str
    title: str
    started_at: datetime
    ended_at: datetime | None


class CompanyDealView(View):
    """A deal with somebody of the company."""

    deal_id: str
    title: str
    contact_id: str
    contact_name: str
    value: str
    currency: str
    stage: str


class CompanyDetail(CompanyView):
    """An organisation with its people and deals."""

    people: tuple[EmployeeView, ...]
    former: tuple[EmployeeView, ...]
    """Who worked there before, the last to leave first."""
    deals: tuple[CompanyDealView, ...]
    """Newest first."""


class CompanyPage(View):
    """A part of a list of companies."""

    items: tuple[CompanyView, ...]
    next: str | None
    total: int


class CompanyRow(NamedTuple):
    """One line of the list on the screen."""

    id: str
    name: str
    domain: str
    people: int
    open_deals: int
    tags: str


class CompanyRows(View):
    """A window of lines, addressed by position; `total` is the length of the whole list."""

    first: int
    rows: tuple[CompanyRow, ...]
    total: int
    at: int | None = None
    """The position of the company that was asked for; None when it is not there."""


def company_views(companies: Sequence[Company]) -> tuple[CompanyView, ...]:
    """The views of these companies in their order: one query, however many there are."""
    counts = _counts([company.id for company in companies])
    return tuple(CompanyView(**_values(c, counts.get(c.id, 0))) for c in companies)


def company_detail(company: Company) -> CompanyDetail:
    """The whole record."""
    counts = _counts([company.id])
    return CompanyDetail(
        **_values(company, counts.get(company.id, 0)),
        people=_people(_NOW, company.id),
        former=_people(_BEFORE, company.id),
        deals=_deals(company),
    )


def _values(company: Company, people: int) -> dict[str, Any]:
    same = (
        "name", "domain", "website", "country", "timezone", "fields", "notes", "source", "metadata", "version",
        "created_at", "updated_at",
    )  # fmt: skip
    return {name: getattr(company, name) for name in same} | {
        "company_id": company.id,
        "tags": tuple(company.tags),
        "links": tuple(company.links),
        "people_count": people,
    }


def _counts(ids: list[str]) -> dict[str, int]:
    if not ids:
        return {}
    marks = ",".join("?" * len(ids))
    return dict(database.execute_sql(_COUNTS.format(marks=marks), tuple(ids)).fetchall())


def _people(sql: str, company_id: str) -> tuple[EmployeeView, ...]:
    rows = database.execute_sql(sql, (company_id, SHOWN)).fetchall()
    return tuple(
        EmployeeView(
            contact_id=contact_id,
            name=name,
            title=title,
            started_at=moment(start),
            ended_at=moment(end) if end else None,
        )
        for contact_id, name, title, start, end in rows
    )


def _deals(company: Company) -> tuple[CompanyDealView, ...]:
    rows = database.execute_sql(_DEALS, (company.id, SHOWN)).fetchall()
    book = load_stages(company.session_id)
    return tuple(
        CompanyDealView(
            deal_id=deal_id,
            title=title,
            contact_id=contact_id,
            contact_name=name,
            value=Money(minor, currency).amount,
            currency=currency,
            stage=book.of(stage).name,
        )
        for deal_id, title, contact_id, name, minor, currency, stage in rows
    )


_COUNTS = """
SELECT company_id, count(*) FROM contact
WHERE company_id IN ({marks}) AND deleted_at IS NULL GROUP BY company_id"""
_NOW = """
SELECT c.id, c.name, c.title, coalesce(e.started_at, c.created_at), NULL FROM contact c
LEFT JOIN employment e ON e.contact_id = c.id AND e.ended_at IS NULL
WHERE c.company_id = ? AND c.deleted_at IS NULL ORDER BY c.sort_name, c.id LIMIT ?"""
_BEFORE = """
SELECT c.id, c.name, e.title, e.started_at, e.ended_at FROM employment e
JOIN contact c ON c.id = e.contact_id
WHERE e.company_id = ? AND e.ended_at IS NOT NULL AND c.deleted_at IS NULL
ORDER BY e.ended_at DESC, e.id LIMIT ?"""
_DEALS = """
SELECT d.id, d.title, c.id, coalesce(nullif(c.name, ''), c.company), d.value_minor, d.currency, d.stage FROM contact c
JOIN deal d ON d.contact_id = c.id
WHERE c.company_id = ? AND c.deleted_at IS NULL AND d.deleted_at IS NULL ORDER BY d.id DESC LIMIT ?"""

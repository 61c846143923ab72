"""Everything about one company, told as text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from rusvel_tui.engine.gtm.crm.companies.company_views import CompanyDetail, EmployeeView
from rusvel_tui.engine.money import Money
from rusvel_tui.screens.deals.cards import short_amount
from rusvel_tui.screens.shared.moments import when
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose


def company_blocks(company: CompanyDetail, zone: ZoneInfo) -> tuple[Block, ...]:
    """The record from top to bottom: what it is, who works there, what is sold to them."""
    return (
        Prose(company.name, "strong"),
        Prose(""),
        *_facts(company),
        *_people("People", company.people),
        *_people("Worked there before", company.former),
        *_deals(company),
        *((Heading("Notes"), Prose(company.notes)) if company.notes else ()),
        Prose(""),
        Prose(f"Added {when(company.created_at, zone)}", "muted"),
    )


def _facts(company: CompanyDetail) -> Iterator[Block]:
    named = {
        "Domain": company.domain,
        "Website": company.website,
        "Country": company.country,
        "Time zone": company.timezone,
        "Tags": " ".join(f"#{tag}" for tag in company.tags),
        **company.fields,
    }
    yield from (Fact(name, text) for name, text in named.items() if text)
    yield from (Fact("Link", link) for link in company.links)


def _people(title: str, people: tuple[EmployeeView, ...]) -> Iterator[Block]:
    if people:
        yield Heading(title)
    for person in people:
        until = f", until {_month(person.ended_at)}" if person.ended_at else ""
        yield Prose(f"{person.name}{f', {person.title}' if person.title else ''}{until}")


def _month(at: datetime) -> str:
    return f"{at:%b %Y}"


def _deals(company: CompanyDetail) -> Iterator[Block]:
    if company.deals:
        yield Heading("Deals")
    for deal in company.deals:
        worth = short_amount(str(Money.parse(deal.value, deal.currency)))
        yield Fact(deal.stage, f"{deal.title} · {worth} · {deal.contact_name}")

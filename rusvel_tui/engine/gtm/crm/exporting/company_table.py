"""Companies as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rusvel_tui.engine.gtm.crm.companies.company_views import CompanyView
from rusvel_tui.engine.gtm.crm.importing.exact import SEPARATOR

HEADER = (
    "Rusvel company ID", "Company name", "Domain", "Website", "Country", "Time Zone", "People", "Tags", "Links",
    "Notes", "Source",
)  # fmt: skip


def row(company: CompanyView, custom: Sequence[str]) -> Iterator[str]:
    """The cells of one company."""
    yield from (company.company_id, company.name, company.domain, company.website)
    yield from (company.country, company.timezone, str(company.people_count))
    yield from (SEPARATOR.join(company.tags), SEPARATOR.join(company.links))
    yield from (company.notes, company.source)
    yield from (company.fields.get(key, "") for key in custom)

"""Who works where: the company text of a contact, the company record of that name, and the history of both."""

from __future__ import annotations

from collections.abc import Iterable

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.crm.companies.free_mail import is_free_mail
from rusvel_tui.engine.gtm.crm.people.people import reindex
from rusvel_tui.engine.models import Company, Contact, Employment
from rusvel_tui.engine.models.base import among
from rusvel_tui.engine.row_changes import Change
from rusvel_tui.engine.text import fold, one_line

_AT_ONCE = 500


def company_key(name: str) -> str:
    """What makes two names the same company: letters without case and accents."""
    return fold(name) or one_line(name)


def ensure_companies(ctx: Context, names: Iterable[str], source: str = "") -> dict[str, Company]:
    """The living companies of these names by key; those that lack are made. No query per name."""
    wanted: dict[str, str] = {}
    for name in names:
        if bare := one_line(name):
            wanted.setdefault(company_key(bare), bare)
    found = living_companies(ctx, wanted)
    made = {
        key: Company(
            id=ctx.new_id(),
            session_id=ctx.session_id,
            name=name,
            key=key,
            source=source,
            created_at=ctx.now,
            updated_at=ctx.now,
        )
        for key, name in wanted.items()
        if key not in found
    }
    Company.bulk_create(made.values(), batch_size=_AT_ONCE)
    return found | made


def living_companies(ctx: Context, keys: Iterable[str]) -> dict[str, Company]:
    """The companies of the session that have these keys."""
    query = Company.select().where(
        (Company.session_id == ctx.session_id)
        & among(Company.key, keys)
        & Company.deleted_at.is_null()
    )
    return {row.key: row for row in query}


def link_company(ctx: Context, contact: Contact, domains: Iterable[str] = ()) -> None:
    """Point the contact at the company that its text names; a company made for it may learn its mail domain.

    The contact is not saved; `employ` writes the history once it is.
    """
    if not contact.company:
        contact.company_id = None
        return
    key = company_key(contact.company)
    company = living_companies(ctx, [key]).get(key)
    if company is None:
        company = ensure_companies(ctx, [contact.company], contact.source)[key]
        _learn_domain(ctx, company, domains)
    contact.company_id, contact.company = company.id, company.name


def employ(ctx: Context, contact: Contact) -> None:
    """Bring the history of employers up to date: another company ends one employment and begins the next."""
    now = Employment.get_or_none(
        (Employment.contact_id == contact.id) & Employment.ended_at.is_null()
    )
    # Without a link, the text stands for the record of the present employer, which was deleted.
    stays = contact.company_id is None and contact.company
    if now is not None and (stays or now.company_id == contact.company_id):
        if now.title != contact.title:
            Employment.update(title=contact.title).where(Employment.id == now.id).execute()
        return
    if now is not None:
        Employment.update(ended_at=ctx.now).where(Employment.id == now.id).execute()
    if contact.company_id:
        Employment.create(
            id=ctx.new_id(),
            session_id=ctx.session_id,
            contact_id=contact.id,
            company_id=contact.company_id,
            title=contact.title,
            started_at=ctx.now,
        )


def relabel(ctx: Context, company: Company) -> int:
    """Write the company's name into the contacts that work there; how many."""
    people = list(
        Contact.select().where(
            (Contact.company_id == company.id) & (Contact.session_id == ctx.session_id)
        )
    )
    for contact in people:
        contact.company = company.name
    reindex(people)
    return len(people)


def refuse_deleted_employer(changes: Iterable[Change]) -> None:
    """Raise `Conflict` when taking these changes back would lead to the record of a company that was deleted since."""
    back = [c.before.get("company_id") for c in changes if c.table == "contact" and c.before]
    gone = Company.get_or_none(Company.id.in_(back) & Company.deleted_at.is_null(False))
    if gone is not None:
        raise Conflict(f"The company {gone.name!r} was deleted since. Bring it back first.")


def suggested_company(ctx: Context, domain: str) -> Company | None:
    """The company whose mail domain this is; none for a domain where anybody gets an address."""
    if not domain or is_free_mail(domain):
        return None
    query = Company.select().where(
        (Company.session_id == ctx.session_id)
        & (Company.domain == domain)
        & (Company.domain != "")
        & Company.deleted_at.is_null()
    )
    found: Company | None = query.order_by(Company.id).first()
    return found


def _learn_domain(ctx: Context, company: Company, domains: Iterable[str]) -> None:
    for domain in domains:
        if not is_free_mail(domain) and suggested_company(ctx, domain) is None:
            company.domain = domain
            company.save()
            return


def adopt(ctx: Context, company: Company, contact_ids: Iterable[str]) -> None:
    """Link contacts that name the company to its record."""
    for contact in Contact.select().where(among(Contact.id, contact_ids)):
        contact.company_id, contact.company = company.id, company.name
        contact.save(only=[Contact.company_id, Contact.company])
        employ(ctx, contact)

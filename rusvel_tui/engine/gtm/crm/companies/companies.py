"""Companies: add, look at, change, list and delete organisations."""

from __future__ import annotations

import json

from rusvel_tui.engine.addresses import parse_address
from rusvel_tui.engine.conflicts import refuse_clash
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, NotFound
from rusvel_tui.engine.gtm.crm.companies.company_inputs import (
    PLAIN,
    AddCompany,
    CompanyId,
    ListCompanies,
    SuggestCompany,
    UpdateCompany,
    clean_company,
)
from rusvel_tui.engine.gtm.crm.companies.company_views import (
    CompanyDetail,
    CompanyPage,
    company_detail,
    company_views,
)
from rusvel_tui.engine.gtm.crm.companies.employers import (
    adopt,
    company_key,
    relabel,
    suggested_company,
)
from rusvel_tui.engine.gtm.crm.fields.field_store import normalise_fields
from rusvel_tui.engine.gtm.crm.finding.filtering import matching
from rusvel_tui.engine.gtm.crm.people.people import read_cursor
from rusvel_tui.engine.gtm.crm.people.put_back import fields_of, inverse
from rusvel_tui.engine.models import Company, Contact
from rusvel_tui.engine.models.base import database, tuples
from rusvel_tui.engine.operation import View, operation
from rusvel_tui.engine.row_changes import Part, Watch
from rusvel_tui.engine.text import fold


class SuggestedCompany(View):
    """The company that has addresses like that; empty when none is known, or anybody can have one."""

    company_id: str
    name: str


class CompanyDeleted(View):
    """What was deleted."""

    company_id: str
    name: str


@operation("gtm.crm.add_company", writes=True, permission="crm.contacts.manage")
def add_company(ctx: Context, cmd: AddCompany) -> CompanyDetail:
    """Add a company; contacts that name it already are linked to it."""
    values = clean_company(cmd.model_dump(include=PLAIN))
    values["fields"] = normalise_fields(ctx, "company", cmd.fields)
    key = company_key(values["name"])
    _refuse_same(ctx, key, "")
    company = Company(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        key=key,
        created_at=ctx.now,
        updated_at=ctx.now,
        **values,
    )
    homeless = _homeless(ctx, key)
    watch = _watch(ctx, company.id, homeless)
    company.save(force_insert=True)
    adopt(ctx, company, homeless)
    undo = inverse(
        company.id, company.name, "gtm.company.deleted", "gtm.company.restored", watch.changes()
    )
    ctx.record("gtm.company.added", company.id, {"name": company.name, "version": 1}, undo=undo)
    return company_detail(company)


@operation("gtm.crm.get_company", permission="crm.contacts.read")
def get_company(ctx: Context, cmd: CompanyId) -> CompanyDetail:
    """Show one company with its people, now and before, and its deals."""
    return company_detail(find_company(ctx, cmd.company_id))


@operation("gtm.crm.update_company", writes=True, permission="crm.contacts.manage")
def update_company(ctx: Context, cmd: UpdateCompany) -> CompanyDetail:
    """Change a company; a new name is written into its contacts."""
    company = find_company(ctx, cmd.company_id)
    values = clean_company(cmd.model_dump(include=PLAIN, exclude_none=True))
    if cmd.fields is not None:
        values["fields"] = normalise_fields(ctx, "company", cmd.fields, company.fields)
    theirs = {name: getattr(company, name) for name in values}
    versions = (cmd.version, company.version)
    refuse_clash(ctx, company.id, company.name, versions, theirs, values)
    watch = _watch(ctx, company.id)
    for name, value in values.items():
        setattr(company, name, value)
    company.key = company_key(company.name)
    _refuse_same(ctx, company.key, company.id)
    company.save()
    if changes := watch.changes():
        _touch(ctx, company)
        if "name" in fields_of(changes):
            relabel(ctx, company)
        said = {"name": company.name, "fields": fields_of(changes), "version": company.version}
        undo = inverse(
            company.id, company.name, "gtm.company.updated", "gtm.company.updated", changes
        )
        ctx.record("gtm.company.updated", company.id, said, undo=undo)
    return company_detail(company)


@operation("gtm.crm.delete_company", writes=True, permission="crm.contacts.manage", human_only=True)
def delete_company(ctx: Context, cmd: CompanyId) -> CompanyDeleted:
    """Delete a company's record; its people stay, with the name as they had it."""
    company = find_company(ctx, cmd.company_id)
    people = [
        row[0] for row in tuples(Contact.select(Contact.id).where(Contact.company_id == company.id))
    ]
    watch = _watch(ctx, company.id, people)
    company.deleted_at = ctx.now
    _touch(ctx, company)
    Contact.update(company_id=None).where(Contact.company_id == company.id).execute()
    undo = inverse(
        company.id, company.name, "gtm.company.restored", "gtm.company.deleted", watch.changes()
    )
    ctx.record("gtm.company.deleted", company.id, {"name": company.name}, undo=undo)
    return CompanyDeleted(company_id=company.id, name=company.name)


@operation("gtm.crm.list_companies", permission="crm.contacts.read")
def list_companies(ctx: Context, cmd: ListCompanies) -> CompanyPage:
    """List companies by name."""
    query = Company.select().where(
        (Company.session_id == ctx.session_id) & Company.deleted_at.is_null()
    )
    for word in fold(cmd.query).split():
        query = query.where(Company.key.contains(word) | Company.domain.contains(word))
    if cmd.filter:
        query = query.where(matching(ctx, "company", cmd.filter))
    total = query.count()
    if cmd.cursor:
        key, company_id = read_cursor(cmd.cursor)
        later = (Company.key == key) & (Company.id > company_id)
        query = query.where((Company.key > key) | later)
    rows = list(query.order_by(Company.key, Company.id).limit(cmd.limit + 1))
    more = len(rows) > cmd.limit
    rows = rows[: cmd.limit]
    cursor = json.dumps([rows[-1].key, rows[-1].id]) if more else None
    return CompanyPage(items=company_views(rows), next=cursor, total=total)


@operation("gtm.crm.suggest_company", permission="crm.contacts.read")
def suggest_company(ctx: Context, cmd: SuggestCompany) -> SuggestedCompany:
    """Suggest the employer of somebody by the domain of their mail address."""
    found = suggested_company(ctx, parse_address(cmd.email).domain)
    return SuggestedCompany(company_id=found.id if found else "", name=found.name if found else "")


def find_company(ctx: Context, company_id: str) -> Company:
    """The row of a living company of this session; raises `NotFound`."""
    found: Company | None = Company.get_or_none(
        (Company.id == company_id)
        & (Company.session_id == ctx.session_id)
        & Company.deleted_at.is_null()
    )
    if found is None:
        raise NotFound.here("company", company_id, "gtm list --kind companies")
    return found


def _refuse_same(ctx: Context, key: str, company_id: str) -> None:
    other = Company.get_or_none(
        (Company.session_id == ctx.session_id)
        & (Company.key == key)
        & Company.deleted_at.is_null()
        & (Company.id != company_id)
    )
    if other is not None:
        raise Conflict(f"There is a company {other.name!r} already ({other.id}).")


def _homeless(ctx: Context, key: str) -> list[str]:
    """Contacts that name the company and have no record of it: the one they had was deleted."""
    rows = database.execute_sql(_HOMELESS, (ctx.session_id,)).fetchall()
    return [contact_id for contact_id, text in rows if company_key(text) == key]


_HOMELESS = (
    "SELECT id, company FROM contact WHERE session_id = ? AND company_id IS NULL AND company <> ''"
)


def _watch(ctx: Context, company_id: str, people: list[str] | None = None) -> Watch:
    who = tuple(people or ())
    return Watch(
        ctx,
        Part("company", "id", (company_id,)),
        Part("contact", "id", who),
        Part("employment", "contact_id", who),
    )


def _touch(ctx: Context, company: Company) -> None:
    company.version += 1
    company.updated_at = ctx.now
    company.save()

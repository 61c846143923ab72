"""Which contact a document is for: found by id, address or name, never guessed."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.addresses import parse_address
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from rusvel_tui.engine.gtm.crm.companies.employers import company_key
from rusvel_tui.engine.gtm.crm.people.contact_inputs import AddContact
from rusvel_tui.engine.gtm.crm.people.contacts import add_contact
from rusvel_tui.engine.gtm.crm.people.people import find_contact, label, sort_text, split_name
from rusvel_tui.engine.models import Company, Contact, ContactEmail
from rusvel_tui.engine.text import fold, one_line


def client_for(ctx: Context, contact_id: str, client_name: str, *, create: bool) -> Contact:
    """The one contact that is meant; raises `NotFound`, or `Conflict` when there are several."""
    if contact_id:
        return find_contact(ctx, contact_id)
    name = one_line(client_name)
    if not name:
        raise InvalidInput("Say who the client is: client_name or contact_id.", field="client_name")
    found = _by_address(ctx, name) if "@" in name else _by_name(ctx, name) or _by_company(ctx, name)
    if len(found) > 1:
        listed = ", ".join(f"{label(one)} ({one.id})" for one in found[:5])
        raise Conflict(f"{len(found)} contacts are called {name}: {listed}. Give the contact_id.")
    if found:
        return found[0]
    if not create:
        raise NotFound(
            f"There is no contact called {name!r}. Pass create_client=true to add one, or give the contact_id."
        )
    return _created(ctx, name)


def _created(ctx: Context, name: str) -> Contact:
    values = {"email": name} if "@" in name else {"name": name}
    made = ctx.call(add_contact, AddContact(source="invoice", **values))
    return find_contact(ctx, made.contact_id)


def _by_address(ctx: Context, address: str) -> list[Contact]:
    wanted = ContactEmail.select(ContactEmail.contact_id).where(
        (ContactEmail.session_id == ctx.session_id)
        & (ContactEmail.key == parse_address(address).key)
        & ContactEmail.deleted_at.is_null()
    )
    return list(Contact.select().where(Contact.id.in_(wanted)))


def _by_name(ctx: Context, name: str) -> list[Contact]:
    """Contacts of that name; the index knows them by the forms in which they are ordered."""
    first, last = split_name(name)
    *given, family = name.split()
    forms = {
        sort_text(first, last, name, ""),
        sort_text(" ".join(given), family, name, ""),
        fold(name),
    }
    rows = _living(ctx).where(Contact.sort_name.in_(sorted(forms))).limit(50)
    return [row for row in rows if fold(row.name or row.company) == fold(name)]


def _by_company(ctx: Context, name: str) -> list[Contact]:
    """The people of the company of that name."""
    company = Company.get_or_none(
        (Company.session_id == ctx.session_id)
        & (Company.key == company_key(name))
        & Company.deleted_at.is_null()
    )
    if company is None:
        return []
    return list(_living(ctx).where(Contact.company_id == company.id).limit(50))


def _living(ctx: Context) -> Any:
    return Contact.select().where(
        (Contact.session_id == ctx.session_id) & Contact.deleted_at.is_null()
    )

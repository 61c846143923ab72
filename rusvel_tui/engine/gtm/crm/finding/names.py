"""Every name that the desk knows, so that a screen that is shared can hide them."""

from __future__ import annotations

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models import (
    BankLine,
    Company,
    Contact,
    IncomingMail,
    Invoice,
    Mail,
    Sender,
    Session,
    SubscriptionMonth,
)
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.operation import Input, View, operation

PEOPLE = (
    (Contact, "name"),
    (Contact, "first_name"),
    (Contact, "last_name"),
    (Mail, "to_name"),
    (Mail, "from_name"),
    (Sender, "name"),
    (IncomingMail, "from_name"),
    (Invoice, "json_extract(client, '$.attention')"),
)
"""Where names of people stand."""
FIRMS = (
    (Contact, "company"),
    (Company, "name"),
    (Session, "name"),
    (Invoice, "client_name"),
    (Invoice, "json_extract(client, '$.street')"),
    (Invoice, "json_extract(client, '$.city')"),
    (Invoice, "json_extract(issuer, '$.name')"),
    (Invoice, "json_extract(issuer, '$.street')"),
    (Invoice, "json_extract(issuer, '$.city')"),
    (Sender, "postal_address"),
    (BankLine, "payer"),
    (SubscriptionMonth, "customer"),
)
"""Where names of companies stand, and postal addresses."""


class Names(View):
    """Each name once."""

    people: tuple[str, ...]
    firms: tuple[str, ...]
    """Companies, other customers, streets and towns."""


@operation("gtm.crm.list_names", permission="crm.contacts.read", internal=True)
def list_names(ctx: Context, data: Input) -> Names:
    """All names of people and companies, of every session, deleted ones too: what is written about them stays."""
    return Names(people=_read(PEOPLE), firms=_read(FIRMS))


def _read(places: tuple[tuple[type, str], ...]) -> tuple[str, ...]:
    selects = " UNION ".join(
        f'SELECT {column} FROM "{model._meta.table_name}"'  # type: ignore[attr-defined]
        for model, column in places
    )
    return tuple(name for (name,) in database.execute_sql(selects) if name)

"""The merge fields of a mail: which there are, and their values for one person."""

from __future__ import annotations

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.fields.field_values import field_key as bare_key
from rusvel_tui.engine.gtm.outreach.mails.facts import sender_of
from rusvel_tui.engine.models import Contact, FieldDefinition
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.templates import MERGE_FIELDS
from rusvel_tui.engine.text import one_line


def field_key(name: str) -> str:
    """The merge field name of a custom field: `Favourite colour` is `custom.favourite_colour`."""
    return f"custom.{bare_key(name)}"


def known_fields(ctx: Context) -> frozenset[str]:
    """Every merge field that a template of this session may name."""
    return frozenset(name for name, _ in MERGE_FIELDS) | custom_fields(ctx)


def custom_fields(ctx: Context) -> frozenset[str]:
    """The custom fields of contacts: those that are defined, and those that any contact has."""
    names = Contact._meta.database.execute_sql(
        "SELECT DISTINCT key FROM contact, json_each(contact.fields) WHERE session_id = ? AND contact.fields <> '{}'",
        (ctx.session_id,),
    ).fetchall()
    defined = FieldDefinition.select(FieldDefinition.key).where(
        (FieldDefinition.session_id == ctx.session_id) & (FieldDefinition.entity == "contact")
    )
    return frozenset(field_key(name) for (name,) in (*names, *tuples(defined)))


def field_values(
    ctx: Context,
    contact: Contact,
    address: str,
    sequence: str,
    wanted: frozenset[str],
    sender: tuple[str, str] | None = None,
) -> dict[str, str]:
    """The value of every standard field and of the wanted ones; empty where the contact has none.

    The sender is a name and an address; without one it is the session's.
    """
    sender_name, sender_email = sender or sender_of(ctx)
    values = dict.fromkeys(wanted, "")
    values |= {
        "name": contact.name,
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "company": contact.company,
        "title": contact.title,
        "email": address,
        "sender_name": sender_name,
        "sender_email": sender_email,
        "sequence": sequence,
    }
    values |= {field_key(name): value for name, value in contact.fields.items()}
    return {name: one_line(str(value)) for name, value in values.items()}

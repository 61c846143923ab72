"""To which address a mail of a person goes: the first one that may be written to, for many people at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.people.suppression_keys import keys_of
from rusvel_tui.engine.models import ContactEmail, Suppression
from rusvel_tui.engine.models.kept import any_of, kept

PART = 500
"""How many values one query names."""
One = TypeVar("One")


class Recipient(NamedTuple):
    """An address that may be written to."""

    key: str
    address: str


def recipients(ctx: Context, contact_ids: Iterable[str]) -> dict[str, Recipient]:
    """The first usable address of each of these people; who has none is left out."""
    ids = list(dict.fromkeys(contact_ids))
    rows = _usable(ids)
    barred = _suppressed(ctx, {key for _, key, _ in rows})
    found: dict[str, Recipient] = {}
    for contact_id, key, address in rows:
        if key not in barred and f"@{key.rpartition('@')[2]}" not in barred:
            found.setdefault(contact_id, Recipient(key, address))
    return found


def parts(values: Sequence[One]) -> Iterator[Sequence[One]]:
    """The values in runs that fit into one query."""
    return (values[at : at + PART] for at in range(0, len(values), PART))


@kept
def _usable(contact_ids: Any) -> Any:
    return (
        ContactEmail.select(ContactEmail.contact_id, ContactEmail.key, ContactEmail.address)
        .where(
            any_of(ContactEmail.contact_id, contact_ids)
            & ContactEmail.deleted_at.is_null()
            & ContactEmail.opted_out_at.is_null()
            & ContactEmail.invalid_at.is_null()
        )
        .order_by(ContactEmail.contact_id, ContactEmail.position)
    )


def _suppressed(ctx: Context, keys: set[str]) -> set[str]:
    """Those of these addresses that are listed, with the domains that are; a hash counts for its address."""
    wanted = {one: key for key in keys for one in keys_of(key)}
    listed = [one for (one,) in _barred(ctx.session_id, sorted(wanted))]
    return {one if one.startswith("@") else wanted[one] for one in listed}


@kept
def _barred(session_id: Any, keys: Any) -> Any:
    of_session = Suppression.session_id == session_id
    return Suppression.select(Suppression.key).where(of_session & any_of(Suppression.key, keys))

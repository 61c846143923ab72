"""Custom fields of a file under the keys and in the types that people have defined."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.fields.field_store import definitions
from rusvel_tui.engine.gtm.crm.fields.field_values import FieldType, canonical, field_key

Fields = dict[str, str]
Typed = Callable[[Fields], Fields]


def as_they_are(fields: Fields) -> Fields:
    """Where nothing is defined, every column is text under its own heading."""
    return fields


def typed_fields(ctx: Context) -> Typed:
    """How the custom fields of a row are stored; a value that does not fit its type stays as text."""
    known = {
        key: (FieldType(row.type), tuple(row.choices))
        for key, row in definitions(ctx, "contact").items()
    }
    if not known:
        return as_they_are
    key_of = lru_cache(maxsize=4096)(field_key)

    def typed(fields: Fields) -> Fields:
        found: Fields = {}
        for heading, text in fields.items():
            key = key_of(heading)
            if key in known:
                found.setdefault(key, _canonical(*known[key], text))
            else:
                found.setdefault(heading, text)
        return found

    return typed


def _canonical(kind: FieldType, choices: tuple[str, ...], text: str) -> str:
    try:
        return canonical(kind, text, choices) or text
    except ValueError:
        return text

"""Who may do what: an area has one permission to read it and one to change it, checked here for every front end."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from rusvel_tui.engine import departments
from rusvel_tui.engine.errors import InvalidInput, NotPermitted
from rusvel_tui.engine.operation import OPERATIONS, Operation

Grants = frozenset[str] | None
"""The permissions of somebody; None means all of them."""


def granted(grants: Grants, permission: str) -> bool:
    """Whether that permission is among those of somebody."""
    return grants is None or permission in grants


def require(grants: Grants, operation: Operation[Any, Any]) -> None:
    """Raise `NotPermitted` with the permission that an operation needs and somebody lacks."""
    if not granted(grants, operation.permission):
        raise NotPermitted(f"{operation.name} needs the permission {operation.permission}.")


def known_permissions() -> tuple[str, ...]:
    """Every permission that some operation needs."""
    departments.load()
    return tuple(sorted({operation.permission for operation in OPERATIONS.values()}))


def parse_grants(text: str) -> Grants:
    """`*.read, crm.sequences.manage` as permissions; a star stands for any part, nothing for all of them.

    Raises `InvalidInput` for what names no permission.
    """
    patterns = text.replace(",", " ").split()
    if not patterns:
        return None
    known, found = known_permissions(), set()
    for pattern in patterns:
        fits = {name for name in known if fnmatchcase(name, pattern)}
        if not fits:
            raise InvalidInput(
                f"There is no permission {pattern!r}. There are {', '.join(known)}; `*` stands for any part.",
                field="permissions",
            )
        found |= fits
    return frozenset(found)

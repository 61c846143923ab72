"""Short words for tests of exports."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from tests.factories import Desk


def export(desk: Desk, path: Path, what: str = "contacts", **more: Any) -> Any:
    return desk.call(f"gtm.crm.export_{what}", path=str(path), **more)


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file as the reader of the library sees them."""
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def people(desk: Desk) -> list[Any]:
    """Everybody with all that an export takes along, in the order of the list."""
    hidden = {
        "contact_id", "company_id", "employers", "source", "metadata", "version", "created_at", "updated_at",
        "last_contacted_at", "zone", "zone_origin",
    }  # fmt: skip
    found = desk.call("gtm.crm.list_contacts", limit=1000).items
    return sorted((one.model_dump(mode="json", exclude=hidden) for one in found), key=repr)

"""`rusvel config`: every setting, its value, and where that comes from. Secrets stay hidden."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rusvel_tui.commands import plain
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser


def define(parser: Parser) -> None:
    """No arguments of its own."""
    parser.set_defaults(run=run)


def run(desk: Desk) -> None:
    """Show the settings, also when some of them are wrong."""
    rows = list(_rows(desk))
    if desk.out.json:
        desk.out.document({"items": rows})
        return
    table = [(row["variable"], row["value"], row["from"]) for row in rows]
    desk.out.lines(plain.table(("variable", "value", "from"), table))
    desk.out.lines(desk.loaded.problems.values())
    desk.out.lines(f"{name} is no setting." for name in desk.loaded.unknown)


def _rows(desk: Desk) -> Iterator[dict[str, Any]]:
    from rusvel_tui.settings import SECRETS, Settings, variable

    for name, field in Settings.model_fields.items():
        value = getattr(desk.loaded.settings, name)
        yield {
            "name": name,
            "variable": variable(name),
            "value": _set(bool(value)) if name in SECRETS else _shown(value),
            "from": desk.loaded.origins.get(name, "default"),
            "summary": field.description or "",
        }


def _set(there: bool) -> str:
    return "set" if there else "not set"


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)

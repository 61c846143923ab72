"""The choices about a whole import: who is changed, by what people are met, and how the file is read."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.gtm.crm.importing.import_views import ImportContacts, ImportFile
from rusvel_tui.engine.gtm.crm.importing.options import MATCH, POLICIES
from rusvel_tui.engine.gtm.crm.importing.presets import PRESETS, VCARD
from rusvel_tui.engine.gtm.crm.importing.preview import read_import
from rusvel_tui.screens.page import Page
from rusvel_tui.widgets.form import Field

FOUND = ("as found", "")
_SEPARATORS = (FOUND, ("comma", ","), ("semicolon", ";"), ("tab", "tab"), ("bar", "|"))


async def ask_options(page: Page[Any], order: ImportContacts) -> ImportContacts | None:
    """The same import with other choices; None when given up."""

    def save(values: dict[str, str]) -> ImportContacts:
        file = {name: values[name] for name in ("preset", "encoding", "delimiter")}
        same = all(getattr(order, name) == value for name, value in file.items())
        mapping = (
            order.mapping if same else {}
        )  # other columns: what was decided is about none of them
        made = ImportContacts(path=order.path, mapping=mapping, **values)
        page.engine.run(read_import, ImportFile(path=order.path, mapping=mapping, **file))
        return made

    return await page.form("Options of this import", _fields(order), save, button="Use")


def _fields(order: ImportContacts) -> tuple[Field, ...]:
    policies = [(text.capitalize(), name) for name, text in POLICIES.items()]
    presets = [FOUND, *((name, name) for name in (*PRESETS, VCARD))]
    ways = f"By what rows meet contacts, of {', '.join(MATCH)}; the first that a row has counts."
    return (
        Field("policy", "Policy", order.policy, kind="select", choices=policies),
        Field("match", "Met by", ", ".join(order.match), help=ways, required=True),
        Field("preset", "Format", order.preset, kind="select", choices=presets),
        Field("encoding", "Encoding", order.encoding, help="utf-8, cp1252, utf-16 …; empty as found."),
        Field("delimiter", "Separator", order.delimiter, kind="select", choices=_SEPARATORS),
    )  # fmt: skip

"""Writing contacts, companies or deals to a file: what is marked, else what the filter shows."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rusvel_tui.engine.filters.syntax import quoted
from rusvel_tui.engine.gtm.crm.exporting.export_views import ExportContacts, ExportDone, ExportFile
from rusvel_tui.engine.gtm.crm.exporting.store import (
    export_companies,
    export_contacts,
    export_deals,
)
from rusvel_tui.engine.gtm.view_proposals import ViewKind
from rusvel_tui.engine.operation import Operation
from rusvel_tui.screens.importing.words import number
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.widgets.desk_app import shut_to_guest
from rusvel_tui.widgets.line_input import Question


@dataclass(frozen=True, slots=True)
class Exporter:
    """How one kind of thing is written."""

    operation: Operation[Any, ExportDone]
    one: str
    many: str
    endings: tuple[str, ...] = (".csv",)


EXPORTERS: Mapping[ViewKind, Exporter] = {
    ViewKind.CONTACTS: Exporter(export_contacts, "contact", "contacts", (".csv", ".vcf")),
    ViewKind.COMPANIES: Exporter(export_companies, "company", "companies"),
    ViewKind.DEALS: Exporter(export_deals, "deal", "deals"),
}


@dataclass(frozen=True, slots=True)
class What:
    """What is written: some by their ids, else all that fit a filter; everything when both are empty."""

    ids: tuple[str, ...] = ()
    filter: str = ""


def fitting(words: str, filter_text: str) -> What:
    """All that bear these words and fit this filter."""
    found = " ".join(quoted(word) for word in words.split())
    rest = f"({filter_text})" if found and filter_text else filter_text
    return What(filter=f"{found} {rest}".strip())


async def export(page: Page[Any], kind: ViewKind, path: str, what: What) -> None:
    """Ask for the file if none is named, and before one is replaced; then write it in a thread."""
    if shut_to_guest(page.app):
        return
    exporter = EXPORTERS[kind]
    target = path or await _ask_target(page, exporter)
    if not target:
        return
    if (wrong := _wrong(target, exporter)) is not None:
        page.complain(wrong)
        return
    there = await asyncio.to_thread(lambda: Path(target).expanduser().is_file())
    if there and not await page.confirm(f"Replace {target}?", detail="That file is there already.", yes="Replace"):  # fmt: skip
        return
    done = await attempt(page, partial(_write, page, exporter, target, what, overwrite=there))
    if done is not None:
        count = f"{number(done.exported)} {exporter.one if done.exported == 1 else exporter.many}"
        page.say(f"Exported {count} to {done.path}.")


async def _ask_target(page: Page[Any], exporter: Exporter) -> str | None:
    names = [f"{exporter.many}{ending}" for ending in exporter.endings]
    hint = f"{' or '.join(names)}; tab completes"
    return await page.ask_line(Question("export", "Write to: ", "", names, hint))


def _wrong(path: str, exporter: Exporter) -> str | None:
    """Why nothing can be written under that name."""
    if Path(path).suffix.lower() in exporter.endings:
        return None
    return f"{exporter.many.capitalize()} go to a file that ends in {' or '.join(exporter.endings)}. Name one."


def _write(
    page: Page[Any], exporter: Exporter, path: str, what: What, *, overwrite: bool
) -> ExportDone:
    if exporter.operation is export_contacts:
        order: ExportFile = ExportContacts(
            path=path, filter=what.filter, contact_ids=what.ids, overwrite=overwrite
        )
    else:
        order = ExportFile(path=path, filter=what.filter, overwrite=overwrite)
    return page.engine.run(exporter.operation, order)

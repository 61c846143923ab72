"""The operations: contacts, companies and deals into a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.companies.company_views import CompanyView, company_views
from rusvel_tui.engine.gtm.crm.deals.deal_views import DealView, deal_views
from rusvel_tui.engine.gtm.crm.exporting import company_table, deal_table
from rusvel_tui.engine.gtm.crm.exporting.cards import card
from rusvel_tui.engine.gtm.crm.exporting.contact_table import shape
from rusvel_tui.engine.gtm.crm.exporting.export_views import ExportContacts, ExportDone, ExportFile
from rusvel_tui.engine.gtm.crm.exporting.people import AT_ONCE, people
from rusvel_tui.engine.gtm.crm.exporting.tables import csv_lines, custom_keys, headings, json_lines
from rusvel_tui.engine.gtm.crm.exporting.target import check_target, write_new
from rusvel_tui.engine.gtm.crm.finding.filtering import ids_where
from rusvel_tui.engine.gtm.crm.people.choosing import ChosenContacts, choose
from rusvel_tui.engine.models import Company, Deal
from rusvel_tui.engine.operation import operation

T = TypeVar("T")
_BY_ENDING = {".vcf": "vcard4", ".json": "json"}
_VERSIONS = {"vcard3": "3.0", "vcard4": "4.0"}


@operation("gtm.crm.export_contacts", permission="crm.contacts.read", staged=True)
def export_contacts(ctx: Context, cmd: ExportContacts) -> ExportDone:
    """Export contacts to CSV, JSON or vCard; importing that file gives the same people.

    No cell of a CSV file is run as a formula: an apostrophe comes before `=`, `+`, `-`, `@`, tab and CR, but for phone
    numbers, which keep their plus. Addresses that must not be written to are named in a column of their own.
    """
    path = _target(ctx, cmd)
    ids = ctx.read(partial(_chosen, ctx, cmd))
    kind = cmd.format or _BY_ENDING.get(path.suffix.lower(), "csv")
    counted = _Counted()
    if kind in ("csv", "json"):
        form = ctx.read(partial(shape, ctx, ids))
        rows = (form.row(person) for person in counted.through(people(ctx, ids)))
        lines = csv_lines(form.header, rows, bom=cmd.bom)
        parts = lines if kind == "csv" else json_lines(form.header, rows)
    else:
        parts = (card(person, _VERSIONS[kind]) for person in counted.through(people(ctx, ids)))
    return _write(path, cmd, kind, parts, counted)


@operation("gtm.crm.export_companies", permission="crm.contacts.read", staged=True)
def export_companies(ctx: Context, cmd: ExportFile) -> ExportDone:
    """Export companies to CSV."""
    return _table(ctx, cmd, "company", company_table.HEADER, _companies, company_table.row)


@operation("gtm.crm.export_deals", permission="crm.deals.read", staged=True)
def export_deals(ctx: Context, cmd: ExportFile) -> ExportDone:
    """Export deals to CSV; amounts are plain decimals beside their currency."""
    return _table(ctx, cmd, "deal", deal_table.HEADER, partial(_deals, ctx), deal_table.row)


def _companies(ids: Sequence[str]) -> tuple[CompanyView, ...]:
    rows = {row.id: row for row in Company.select().where(Company.id.in_(list(ids)))}
    return company_views([rows[one] for one in ids if one in rows])


def _deals(ctx: Context, ids: Sequence[str]) -> tuple[DealView, ...]:
    rows = {row.id: row for row in Deal.select().where(Deal.id.in_(list(ids)))}
    return deal_views(ctx, [rows[one] for one in ids if one in rows])


def _table(
    ctx: Context,
    cmd: ExportFile,
    entity: str,
    first: Sequence[str],
    load: Callable[[Sequence[str]], Sequence[T]],
    row: Callable[[T, Sequence[str]], Iterator[str]],
) -> ExportDone:
    """All that fits the filter, some hundred at a time."""
    path = _target(ctx, cmd)
    ids = ctx.read(partial(ids_where, ctx, entity, cmd.filter))
    keys = ctx.read(partial(custom_keys, entity, ids))
    counted = _Counted()
    rows = (row(one, keys) for one in counted.through(_batches(ctx, ids, load)))
    lines = csv_lines(headings(first, keys), rows, bom=cmd.bom)
    return _write(path, cmd, "csv", lines, counted)


class _Counted:
    """Counts what goes through."""

    def __init__(self) -> None:
        self.count = 0

    def through(self, things: Iterable[T]) -> Iterator[T]:
        for thing in things:
            self.count += 1
            yield thing


def _target(ctx: Context, cmd: ExportFile) -> Path:
    if not cmd.path:
        raise InvalidInput("Name the file to write.", field="path")
    path = Path(cmd.path).expanduser()
    if cmd.overwrite:
        ctx.require_human("replace a file")
    check_target(path, overwrite=cmd.overwrite)
    return path


def _chosen(ctx: Context, cmd: ExportContacts) -> list[str]:
    """The contacts that are meant, in the order of the list; without a word, all of them."""
    if cmd.contact_ids:
        return choose(ctx, ChosenContacts(contact_ids=cmd.contact_ids, filter=cmd.filter))
    return ids_where(ctx, "contact", cmd.filter)


def _batches(
    ctx: Context, ids: Sequence[str], load: Callable[[Sequence[str]], Iterable[T]]
) -> Iterator[T]:
    for start in range(0, len(ids), AT_ONCE):
        yield from ctx.read(partial(load, ids[start : start + AT_ONCE]))


def _write(
    path: Path, cmd: ExportFile, kind: str, parts: Iterable[str], counted: _Counted
) -> ExportDone:
    size = write_new(path, parts, overwrite=cmd.overwrite)
    return ExportDone(path=str(path), format=kind, exported=counted.count, bytes=size)

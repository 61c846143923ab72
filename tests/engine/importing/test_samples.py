"""The shared sample files of every format must give exactly what their expected files say."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.engine.gtm.crm.importing.cells import compare_key
from rusvel_tui.engine.gtm.crm.importing.import_views import ImportView
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactView
from rusvel_tui.engine.gtm.crm.people.identity import phone_digits, profile_slug
from tests.engine.importing.support import counts
from tests.factories import Desk, query

_BESIDE = Path(__file__).parents[3].parent / "shared" / "data"
_FOLDER = Path(os.environ.get("RUSVEL_SHARED_DATA") or _BESIDE) / "contacts"
_FILES = sorted(_FOLDER.glob("*.expected.json"))
_ALL = [pytest.param(path, id=path.name.removesuffix(".expected.json")) for path in _FILES] or [
    pytest.param(None, marks=pytest.mark.skip(reason=f"no sample files in {_FOLDER}"))
]
_KEYS = ("preset", "read", "created", "updated", "skipped", "rejected")


def _import(desk: Desk, expected: Path, **more: Any) -> ImportView:
    path = expected.with_name(expected.name.removesuffix(".expected.json"))
    view: ImportView = desk.call("gtm.crm.import_contacts", path=str(path), **more)
    return view


@pytest.mark.parametrize("expected", _ALL)
def test_a_sample_file_gives_what_is_expected(desk: Desk, expected: Path) -> None:
    wanted = json.loads(expected.read_text())
    dry = _import(desk, expected, dry_run=True)
    view = _import(desk, expected)
    assert {key: getattr(view, key) for key in _KEYS} == {key: wanted[key] for key in _KEYS}
    assert dry == view.model_copy(update={"dry_run": True, "import_id": None, "state": "planned"})
    assert view.format.model_dump() == wanted["format"]
    assert [row.model_dump(exclude={"text"}) for row in view.rejected_rows] == wanted[
        "rejected_rows"
    ]
    assert all(row.text for row in view.rejected_rows)
    assert [value.model_dump() for value in view.dropped] == wanted["dropped"]
    assert {value.row for value in view.dropped} <= {warning.row for warning in view.warnings}
    assert list(view.suppressed) == wanted["suppressed"]
    assert _keys(desk, "suppression") == wanted["suppressed"]
    assert len(_keys(desk, "contact_email")) == wanted["emails_total"]
    people = desk.call("gtm.crm.list_contacts", limit=1000).items
    assert len(people) == wanted["created"]
    for one in wanted["contacts"]:
        _compare(_find(people, one), one)


@pytest.mark.parametrize("expected", _ALL)
def test_a_sample_file_once_more_changes_nothing(desk: Desk, expected: Path) -> None:
    first = _import(desk, expected)
    before = _everything(desk)
    again = _import(desk, expected)
    assert counts(again) == (0, 0, first.read - first.rejected, first.rejected)
    assert again.rejected_rows == first.rejected_rows
    assert again.suppressed == first.suppressed
    assert _everything(desk) == before


@pytest.mark.parametrize("expected", _ALL)
def test_the_rejected_rows_of_a_sample_file_are_rejected_again(
    desk: Desk, expected: Path, tmp_path: Path
) -> None:
    target = tmp_path / "rejected"
    first = _import(desk, expected, rejected_path=str(target))
    again = desk.call("gtm.crm.import_contacts", path=str(target))
    assert again.preset == first.preset
    kept = [row.why for row in first.rejected_rows if row.why in ("bad_email", "nul_byte")]
    assert [row.why for row in again.rejected_rows if row.why in ("bad_email", "nul_byte")] == kept


def _keys(desk: Desk, table: str) -> list[str]:
    return [key for (key,) in query(desk, f"SELECT key FROM {table} ORDER BY key")]


def _everything(desk: Desk) -> list[list[tuple[Any, ...]]]:
    tables = ("contact", "contact_email", "contact_phone", "suppression")
    return [query(desk, f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]


def _find(people: tuple[ContactView, ...], wanted: dict[str, Any]) -> ContactView:
    """By any address, else by profile, else by name and company."""
    keys = {email.lower() for email in wanted.get("emails", [])}
    pair = (compare_key(wanted["name"]), compare_key(wanted.get("company", "")))
    tests = (
        lambda one: bool(keys & {email.address.lower() for email in one.emails}),
        lambda one: bool(one.profile) and one.profile == wanted.get("profile"),
        lambda one: (compare_key(one.name), compare_key(one.company)) == pair,
    )
    return next(one for test in tests for one in people if test(one))


def _compare(found: ContactView, wanted: dict[str, Any]) -> None:
    assert compare_key(found.name) == compare_key(wanted["name"])
    if "company" in wanted:
        assert compare_key(found.company) == compare_key(wanted["company"])
    if "emails" in wanted:
        assert [email.address.lower() for email in found.emails] == [
            email.lower() for email in wanted["emails"]
        ]
    if "phone" in wanted:
        assert phone_digits(wanted["phone"]) in [
            phone_digits(phone.number) for phone in found.phones
        ]
    if "tags" in wanted:
        assert sorted(map(compare_key, found.tags)) == sorted(map(compare_key, wanted["tags"]))
    if "profile" in wanted:
        assert found.profile == wanted["profile"]
        assert profile_slug(f"https://linkedin.com/in/{found.profile}") == found.profile

"""What is marked or shown goes to a file; one that is there is replaced only after a question."""

from __future__ import annotations

import csv
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from rusvel_tui.app import RusvelApp
from rusvel_tui.screens import PAGES
from rusvel_tui.screens.shared.dialogs import Confirm
from tests.factories import Desk
from tests.screens.desks import program, prompt, said
from tests.screens.pilots import is_safe, settle, shows

SIZE = (100, 30)


def names(file: Path, column: str = "Name") -> list[str]:
    with file.open(newline="", encoding="utf-8") as lines:
        return [row[column] for row in csv.DictReader(lines)]


async def answer(pilot: Pilot[Any], text: str) -> None:
    (await prompt(pilot)).value = text
    await pilot.press("enter")


async def test_the_marked_ones_else_what_is_found_goes_to_the_file(
    desk: Desk, tmp_path: Path
) -> None:
    for name, tags in (("Anna Abel", ["vip"]), ("Bo Berg", []), ("Carla Abel", [])):
        desk.contact(name, tags=tags)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "3 contacts"))
        await pilot.press("j", "x", "W")
        await answer(pilot, str(tmp_path / "marked.csv"))
        await settle(pilot, lambda: "Exported 1 contact to" in said(app))
        await pilot.press("escape", "slash")
        await answer(pilot, "abel")
        await settle(pilot, lambda: shows(app, "2 contacts"))
        await pilot.press("W")
        await answer(pilot, str(tmp_path / "found.vcf"))
        await settle(pilot, lambda: "Exported 2 contacts to" in said(app))
        app.page.narrow("tag:vip")  # type: ignore[attr-defined]  # a page with a filter
        await settle(pilot, lambda: shows(app, "1 contact"))
        await pilot.press("colon")
        await answer(pilot, f"export {tmp_path / 'both.csv'}")
        await settle(pilot, lambda: "both.csv" in said(app))
    assert len(names(tmp_path / "marked.csv")) == 1
    assert (tmp_path / "found.vcf").read_text().count("BEGIN:VCARD") == 2
    assert names(tmp_path / "both.csv") == ["Anna Abel"]


def _holds(file: Path, text: str) -> bool:
    return text in file.read_text()


async def test_a_file_that_is_there_is_replaced_after_a_question(
    desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "[@click=app.quit]x[.csv"
    file.write_text("mine")
    desk.contact("Anna Abel")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "1 contact"))
        for key, text in (("n", "mine"), ("y", "Anna Abel")):
            await pilot.press("W")
            await answer(pilot, str(file))
            await settle(pilot, lambda: isinstance(app.screen, Confirm))
            assert is_safe(app)
            await pilot.press(key)
            await settle(pilot, lambda: not app.screen.is_modal)
            await settle(pilot, partial(_holds, file, text))
        await settle(pilot, lambda: "Exported 1 contact" in said(app))


@pytest.mark.parametrize("name", ["people.txt", "people", "no-folder/people.csv"])
async def test_other_names_are_refused(desk: Desk, tmp_path: Path, name: str) -> None:
    desk.contact("Anna Abel")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "1 contact"))
        await pilot.press("W")
        await answer(pilot, str(tmp_path / name))
        await settle(pilot, lambda: "Name one." in said(app) or "does not exist" in said(app))
    assert list(tmp_path.glob("people*")) == []  # noqa: ASYNC240 - the program is closed


async def test_companies_and_deals_go_to_a_table(desk: Desk, tmp_path: Path) -> None:
    anna = desk.contact("Anna Abel", company="Looms")
    desk.contact("Bo Berg", company="Threads")
    for title in ("Big order", "Small order"):
        desk.call("gtm.crm.add_deal", title=title, contact_id=anna.contact_id, value="100")
    pages = [entry for entry in PAGES if entry.id in ("companies", "deals")]
    app = RusvelApp(desk.engine, pages=pages, creators=())
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "2 companies"))
        await pilot.press("slash")
        await answer(pilot, "loo")
        await settle(pilot, lambda: shows(app, "1 company"))
        await pilot.press("W")
        await answer(pilot, str(tmp_path / "companies.csv"))
        await settle(pilot, lambda: "Exported 1 company to" in said(app))
        await pilot.press("g", "d")
        await settle(pilot, lambda: shows(app, "Big order"))
        app.page.narrow("title:small")  # type: ignore[attr-defined]  # a page with a filter
        await pilot.press("W")
        await answer(pilot, str(tmp_path / "deals.csv"))
        await settle(pilot, lambda: "Exported 1 deal to" in said(app))
    assert names(tmp_path / "companies.csv", "Company name") == ["Looms"]
    assert names(tmp_path / "deals.csv", "Deal title") == ["Small order"]

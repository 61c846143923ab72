"""A file is looked at, its columns are decided on, it is imported, and taken back; from the keyboard."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Select

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.gtm.crm.importing.run import ImportJob
from rusvel_tui.screens.importing.contacts import ImportReport
from rusvel_tui.screens.importing.dialog import ImportDialog
from rusvel_tui.screens.importing.files import contact_files, rejected_place
from rusvel_tui.screens.importing.import_list import ImportList
from rusvel_tui.screens.importing.writing import ImportWriting
from rusvel_tui.screens.shared.dialogs import Confirm, Reader
from rusvel_tui.screens.shared.picker import Picker
from tests.factories import Desk
from tests.screens.desks import fill, form, operations, program, prompt, said
from tests.screens.pilots import HOSTILE, is_safe, settle, shows

SIZE = (120, 36)
CSV = (
    "Who,Mail,Firm,Shoe size\n"
    "Anna Abel,anna@x.example,Looms,38\n"
    "Bo Berg,bo@@x.example,,\n"
    "Carla Cruz,carla@x.example,Threads,40\n"
)
PLAIN = "name,email\nAnna Abel,anna@x.example\nCarla Cruz,carla@x.example\n"


def people(desk: Desk) -> dict[str, Any]:
    return {one.name: one for one in desk.call("gtm.crm.list_contacts").items}


async def opened(pilot: Pilot[Any], app: RusvelApp, file: Path) -> ImportDialog:
    """The dialog about a file."""
    await settle(pilot, lambda: app.page.id == "contacts" and not app.screen.is_modal)
    await pilot.press("colon")
    (await prompt(pilot)).value = f"import {file}"
    await pilot.press("enter")
    await settle(pilot, lambda: isinstance(app.screen, ImportDialog) and app.focused)
    assert isinstance(app.screen, ImportDialog)
    return app.screen


async def send_to(pilot: Pilot[Any], dialog: ImportDialog, words: str) -> None:
    """The column under the cursor to the first field that fits the words."""
    await pilot.press("enter")
    await settle(pilot, lambda: isinstance(pilot.app.screen, Picker))
    picker = pilot.app.screen
    assert isinstance(picker, Picker)
    picker.query_one(Input).value = words
    await settle(pilot, lambda: picker.rows.known and words in str(picker.rows.current).casefold())
    await pilot.press("enter")
    await settle(pilot, lambda: pilot.app.screen is dialog and dialog.look.order is dialog.order)


def file_of(folder: Path, text: str = CSV, name: str = "people.csv") -> Path:
    file = folder / name
    file.write_text(text)
    return file


async def test_columns_are_decided_on_before_anything_is_written(
    desk: Desk, tmp_path: Path
) -> None:
    file = file_of(tmp_path)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        dialog = await opened(pilot, app, file)
        await settle(pilot, lambda: shows(app, "+ custom field Who"))
        assert shows(app, "utf-8")
        assert shows(app, "comma separated")
        await send_to(pilot, dialog, "first name")
        await settle(pilot, lambda: shows(app, "→ First name (your choice)"))
        await send_to(pilot, dialog, "name")
        await settle(pilot, lambda: shows(app, "→ Name (your choice)"))
        await pilot.press("j", "j")
        await send_to(pilot, dialog, "company")
        await pilot.press("j", "minus")
        await settle(pilot, lambda: shows(app, "– left out (your choice)"))
        await settle(pilot, lambda: dialog.look.order is dialog.order)
        assert people(desk) == {}
        check = dialog.look.check
        assert check is not None
        assert (check.created, check.rejected) == (2, 1)
        await pilot.press("w")
        await settle(pilot, lambda: isinstance(app.screen, ImportReport))
        assert shows(app, "people-rejected.csv")
        assert "bo@@x.example" in (tmp_path / "people-rejected.csv").read_text()
        assert {name: one.company for name, one in people(desk).items()} == {
            "Anna Abel": "Looms",
            "Carla Cruz": "Threads",
        }
        assert all(not one.fields for one in people(desk).values())
        await pilot.press("z")
        await settle(pilot, lambda: people(desk) == {})


async def test_what_was_found_comes_back_and_rejected_rows_need_no_file(
    desk: Desk, tmp_path: Path
) -> None:
    file = file_of(tmp_path)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        dialog = await opened(pilot, app, file)
        await pilot.press("minus")
        await settle(pilot, lambda: shows(app, "– left out (your choice)"))
        await pilot.press("u", "x")
        await settle(pilot, lambda: shows(app, "+ custom field Who") and shows(app, "nowhere"))
        assert dialog.order.mapping == {}
        await pilot.press("escape")
        await settle(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("n")
        await settle(pilot, lambda: app.screen is dialog)
        await pilot.press("escape", "y")
        await settle(pilot, lambda: not app.screen.is_modal)
    assert people(desk) == {}
    assert list(tmp_path.glob("people*")) == [file]  # noqa: ASYNC240 - the program is closed


async def test_a_decision_reads_the_file_once_more_and_writes_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        dialog = await opened(pilot, app, file_of(tmp_path))
        with operations(desk.engine, monkeypatch) as ran:
            await pilot.press("minus")
            await settle(pilot, lambda: shows(app, "– left out (your choice)"))
            await settle(pilot, lambda: dialog.look.order is dialog.order)
        assert ran == ["gtm.crm.read_import", "gtm.crm.import_contacts"]
    assert desk.call("gtm.crm.list_imports").items == ()


async def test_a_custom_field_is_named_by_typing(desk: Desk, tmp_path: Path) -> None:
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        dialog = await opened(pilot, app, file_of(tmp_path))
        await pilot.press("G")
        await send_to(pilot, dialog, "feet")
        await pilot.press("w")
        await settle(pilot, lambda: isinstance(app.screen, ImportReport))
        await pilot.press("escape")
        await settle(pilot, lambda: "z to undo" in said(app))
    found = desk.call("gtm.crm.list_contacts").items
    assert {one.fields["feet"] for one in found} == {"38", "40"}


async def test_the_policy_leaves_alone_who_is_known(desk: Desk, tmp_path: Path) -> None:
    desk.contact("Anna Old", "anna@x.example")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        dialog = await opened(pilot, app, file_of(tmp_path, PLAIN))
        assert dialog.look.check is not None
        assert dialog.look.check.updated == 1
        await pilot.press("o")
        options = await form(pilot)
        fill(options, policy="skip")
        assert isinstance(options.rows[0].control, Select)
        options.action_save()
        await settle(pilot, lambda: app.screen is dialog and dialog.look.order is dialog.order)
        assert dialog.look.check is not None
        assert dialog.look.check.updated == 0
        await pilot.press("w")
        await settle(pilot, lambda: "1 new, 0 changed, 1 as they were, 0 rejected" in said(app))
    assert set(people(desk)) == {"Anna Old", "Carla Cruz"}


async def test_what_cannot_be_imported_is_not_written(desk: Desk, tmp_path: Path) -> None:
    """Without a column of names or addresses; the reason is on the screen, and `w` does nothing."""
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        dialog = await opened(pilot, app, file_of(tmp_path, "alpha,beta\n1,2\n"))
        await settle(pilot, lambda: shows(app, "Nothing can be imported like this."))
        await pilot.press("w")
        assert app.screen is dialog
        await send_to(pilot, dialog, "mail address")
        await settle(pilot, lambda: dialog.look.check is not None)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Imports wait for it between reading and writing."""
    opened, write = Event(), ImportJob._write

    def patient(job: ImportJob, plan: Any) -> None:
        opened.wait(30)
        write(job, plan)

    monkeypatch.setattr(ImportJob, "_write", patient)
    return opened


async def stop(pilot: Pilot[Any], app: RusvelApp, gate: Event) -> None:
    """Stop the import that waits at the gate."""
    await settle(pilot, lambda: isinstance(app.screen, ImportWriting) and shows(app, "2 rows"))
    await pilot.press("escape")
    await settle(pilot, lambda: isinstance(app.screen, Confirm))
    await pilot.press("y")
    await settle(pilot, lambda: state_of_newest(app) == "cancelled")
    gate.set()


def state_of_newest(app: RusvelApp) -> str:
    view: Any = app.engine.call("gtm.crm.get_import", {})
    return str(view.state)


async def test_a_stopped_import_is_listed_and_goes_on(
    desk: Desk, tmp_path: Path, gate: Event
) -> None:
    file = file_of(tmp_path, PLAIN)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, app, file)
        await pilot.press("w")
        await stop(pilot, app, gate)
        await settle(pilot, lambda: "Stopped people.csv after 0 of 2 rows" in said(app))
        assert people(desk) == {}
        await pilot.press("colon")
        (await prompt(pilot)).value = "imports"
        await pilot.press("enter")
        await settle(pilot, lambda: isinstance(app.screen, ImportList) and shows(app, "cancelled"))
        await pilot.press("r")
        line = await prompt(pilot)
        assert line.value == "people.csv"
        line.value = str(file)
        await pilot.press("enter")
        await settle(pilot, lambda: shows(app, "w goes on with it as it began"))
        await pilot.press("minus")
        await settle(pilot, lambda: "It goes on as it began" in said(app))
        await pilot.press("w")
        await settle(pilot, lambda: "2 new" in said(app))
    assert set(people(desk)) == {"Anna Abel", "Carla Cruz"}
    assert state_of_newest(app) == "done"


async def test_an_import_that_is_done_is_taken_back_from_the_list(
    desk: Desk, tmp_path: Path
) -> None:
    file = file_of(tmp_path, PLAIN)
    desk.call("gtm.crm.import_contacts", path=str(file))
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "2 contacts"))
        app.page.run_worker(app.page.run_action("imports"))
        await settle(pilot, lambda: isinstance(app.screen, ImportList) and shows(app, "people.csv"))
        await pilot.press("enter")
        await settle(pilot, lambda: isinstance(app.screen, Reader) and shows(app, "2 new"))
        await pilot.press("escape", "D")
        await settle(pilot, lambda: isinstance(app.screen, Confirm))
        assert len(people(desk)) == 2
        await pilot.press("y")
        await settle(pilot, lambda: isinstance(app.screen, ImportList) and shows(app, "undone"))
        assert people(desk) == {}
        await pilot.press("D")
        await settle(pilot, lambda: "was taken back already" in said(app))


async def test_cards_need_no_mapping(desk: Desk, tmp_path: Path) -> None:
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna Abel\r\nEND:VCARD\r\n"
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        dialog = await opened(pilot, app, file_of(tmp_path, card, "cards.vcf"))
        await settle(pilot, lambda: shows(app, "vcard · utf-8"))
        assert not dialog.rows.display
        assert shows(app, "o options · w imports")
        await pilot.press("minus", "u", "enter", "w")
        await settle(pilot, lambda: "Imported cards.vcf: 1 new" in said(app))
        await pilot.press("z")
        await settle(pilot, lambda: people(desk) == {})


async def test_hostile_files_are_only_text(desk: Desk, tmp_path: Path) -> None:
    """In headings, in cells and in the name of the file."""
    cells = [text[:180] for text in HOSTILE[:13] if "\ud800" not in text]
    rows = [",".join('"' + text.replace('"', '""') + '"' for text in row) for row in (
        ["email", *cells], ["a@x.example", *cells], ["b@@x", *cells])]  # fmt: skip
    file = file_of(tmp_path, "\n".join(rows), name="[@click=app.quit]x[\u202eab.csv")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        dialog = await opened(pilot, app, file)
        await settle(pilot, lambda: shows(app, "shout"))
        assert is_safe(app)
        await pilot.press("j", "enter")
        await settle(pilot, lambda: isinstance(app.screen, Picker) and app.screen.rows.known)
        assert is_safe(app)
        await pilot.press("escape")
        await settle(pilot, lambda: app.screen is dialog)
        await pilot.press("w")
        await settle(pilot, lambda: isinstance(app.screen, ImportReport))
        assert is_safe(app)
        await pilot.press("escape")
        await settle(pilot, lambda: "Imported [@click=app.quit]x[" in said(app) and is_safe(app))


def test_paths_are_completed_through_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Contact files first, then folders; hidden ones and other files are left out."""
    (tmp_path / "sub").mkdir()
    for name in ("b.VCF", "a.csv", "notes.md", ".hidden.csv", "sub/c.tsv"):
        (tmp_path / name).write_text("")
    monkeypatch.chdir(tmp_path)
    assert contact_files("") == ["a.csv", "b.VCF", "sub/"]
    assert contact_files("sub/x") == ["sub/c.tsv"]
    assert contact_files("none/") == contact_files("~nobody-here/") == []


def test_rejected_rows_never_go_over_another_file(tmp_path: Path) -> None:
    (tmp_path / "people-rejected.csv").write_text("")
    assert rejected_place(str(tmp_path / "people.tsv")) == str(tmp_path / "people-rejected2.csv")
    assert rejected_place(str(tmp_path / "cards.vcf")) == str(tmp_path / "cards-rejected.vcf")

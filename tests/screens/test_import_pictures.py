"""Pictures of the import, the list of imports and the search, with a file as an attacker writes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.factories import Desk
from tests.screens.desks import program
from tests.screens.test_activity_pictures import then

WIDE, NARROW = (120, 36), (80, 24)
Snap = Callable[..., bool]
NAME = "people [@click=app.quit]x[.csv"
FILE = (
    "Full Name;Mail;Firma;Shoe size;[@click=app.quit]x[/];Opted out;Long\n"
    "王小明 👩\u200d🚀;wang@x.example;織機;40;[/;yes;{}\n"
    "\u202egnp.exe\u2066;bo@@x.example;[bold]Looms;38;;no;\n"
    "Anna Abel;anna@x.example;Looms GmbH;38;$x;no;Grüße\n"
).format("Long " * 60)
OPEN = ("I", *(NAME[:8]), "tab", "enter")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file, in the folder that rusvel was started in."""
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / NAME).write_bytes(b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode())
    monkeypatch.chdir(folder)
    return folder / NAME


@pytest.mark.usefixtures("here")
def test_snapshot_import_wide(desk: Desk, snap: Snap) -> None:
    app = program(desk.engine, "contacts")
    look = then(
        "Nobody here yet", OPEN, "First rows", ("j", "j", "minus"), "left out (your choice)"
    )
    assert snap(app, run_before=look, terminal_size=WIDE)


@pytest.mark.usefixtures("here")
def test_snapshot_import_narrow_and_light(desk: Desk, snap: Snap) -> None:
    app = program(desk.engine, "contacts")
    app.theme = "rusvel-light"
    look = then("Nobody here yet", OPEN, "→ Mail address", ("tab", "j", "j"))
    assert snap(app, run_before=look, terminal_size=NARROW)


@pytest.mark.usefixtures("here")
def test_snapshot_field_of_a_column(desk: Desk, snap: Snap) -> None:
    app = program(desk.engine, "contacts")
    look = then("Nobody here yet", OPEN, "→ Mail", ("j", "j", "j", "enter"), "goes to", (*"name",), "Custom field “name”")  # fmt: skip
    assert snap(app, run_before=look, terminal_size=NARROW)


def test_snapshot_imports(desk: Desk, here: Path, snap: Snap) -> None:
    desk.call("gtm.crm.import_contacts", path=str(here))
    desk.call("gtm.crm.undo_import")
    desk.later(days=40)
    desk.call("gtm.crm.import_contacts", content=b"name\nAnna Abel\n", name="Long " * 60)
    app = program(desk.engine, "contacts")
    look = then("1 contact", ("colon", *"imports", "enter"), "undone")
    assert snap(app, run_before=look, terminal_size=NARROW)


def test_snapshot_search_everything(desk: Desk, here: Path, snap: Snap) -> None:
    desk.call("gtm.crm.import_contacts", path=str(here))
    anna = desk.contact("Berta Abel", "berta@loom.example")
    desk.call("gtm.crm.add_deal", title="Two looms [/]", value="10", contact_id=anna.contact_id)
    body = f"{'They said so. ' * 9} A looming question."
    desk.call("gtm.crm.add_note", contact_id=anna.contact_id, body=body)
    app = program(desk.engine, "contacts")
    look = then("3 contacts", ("g", "slash"), "enter picks", (*"loom",), "looming")
    assert snap(app, run_before=look, terminal_size=WIDE)

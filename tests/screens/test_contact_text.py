"""A contact as text: what is written is what changes, mistakes come back with their line, and nothing is lost."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactView, EmailView, PhoneView
from rusvel_tui.screens.contacts.text import contact_text, read_contact
from rusvel_tui.screens.shared.text_edit import without_faults
from tests.factories import START, Desk
from tests.screens.desks import program, said
from tests.screens.pilots import settle, shows


def person(desk: Desk) -> ContactView:
    return desk.contact(
        "Ada Lovelace",
        "ada@looms.example",
        company="Looms",
        phones=[{"number": "+44 20 7946 0000", "label": "work"}],
        tags=["vip"],
        notes="Wrote the first program.\nLikes looms.",
    )


def view(**values: object) -> ContactView:
    plain: dict[str, object] = {
        "contact_id": "1", "name": "", "first_name": "", "last_name": "", "emails": (), "phones": (), "company": "",
        "company_id": None, "title": "", "country": "", "timezone": "", "zone": "UTC", "zone_origin": "session",
        "employers": (), "status": "new", "profile": "", "tags": (), "links": (), "fields": {}, "notes": "", "source": "",
        "source_at": None, "last_contacted_at": None, "metadata": {}, "version": 1, "created_at": START,
        "updated_at": START,
    }  # fmt: skip
    return ContactView.model_validate(plain | values)


words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=30).map(
    str.strip
)


@settings(max_examples=200, deadline=None)
@given(
    name=words,
    notes=st.lists(words, max_size=4).map(lambda lines: "\n".join(lines).strip()),
    tags=st.lists(words.filter(bool), max_size=3),
    fields=st.dictionaries(words.filter(bool), words.filter(bool), max_size=3),
)
def test_a_text_that_was_not_touched_changes_nothing(
    name: str, notes: str, tags: list[str], fields: dict[str, str]
) -> None:
    shown = view(name=name, notes=notes, tags=tuple(tags), fields=fields)
    assert read_contact(contact_text(shown), shown) == {}


def test_only_what_was_changed_is_told() -> None:
    shown = view(
        name="Ada",
        emails=(EmailView(address="a@x.example", opted_out=False, invalid=False),),
        phones=(PhoneView(number="+44 20 7946 0000", label="work"),),
    )
    text = contact_text(shown).replace("name: Ada", "name: Ada L.", 1)
    text = text.replace("- a@x.example", "- a@x.example\n  - b@x.example")
    assert read_contact(text, shown) == {"name": "Ada L.", "emails": ["a@x.example", "b@x.example"]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nmae: Ada\n", "Line 1, column 7: 'nmae' is not a field"),
        ("- a\n", "begin with `name:`"),
        ("name: [\n", "Line"),
    ],
)
def test_a_mistake_is_said_with_its_line(text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        read_contact(text, view())


def test_reasons_above_the_text_are_not_part_of_it() -> None:
    assert without_faults("# ✗ emails: no\n# a comment\nname: Ada\n") == "# a comment\nname: Ada\n"


@contextmanager
def _no_suspend() -> Iterator[None]:
    """A pilot has no terminal to hand over."""
    yield


def editor(folder: Path, body: str) -> str:
    """An editor that is a few lines of Python over the file `path`."""
    script = folder / "editor.py"
    script.write_text(
        f"import pathlib, sys\npath = pathlib.Path(sys.argv[1])\ntext = path.read_text()\n{body}"
    )
    return f"{sys.executable} {script}"


async def test_the_editor_changes_a_contact(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refused text is opened again with the reason on top; the second try is right."""
    ada = person(desk)
    body = (
        "wrong = text.replace('ada@looms.example', 'not an address')\n"
        "right = text.replace('not an address', 'ada@engine.example')\n"
        "path.write_text(right if '# ✗ ' in text else wrong)\n"
    )
    monkeypatch.setenv("VISUAL", editor(tmp_path, body))
    app = program(desk.engine, "contacts")
    monkeypatch.setattr(app, "suspend", _no_suspend)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: shows(app, "Ada Lovelace"))
        await pilot.press("E")
        await settle(pilot, lambda: "Changed Ada Lovelace. z to undo." in said(app))
    now = desk.call("gtm.crm.get_contact", contact_id=ada.contact_id)
    assert now.email == "ada@engine.example"
    assert [(phone.number, phone.label) for phone in now.phones] == [("+44 20 7946 0000", "work")]
    assert now.notes == ada.notes


async def test_an_unchanged_text_changes_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = person(desk)
    monkeypatch.setenv("VISUAL", editor(tmp_path, ""))
    app = program(desk.engine, "contacts")
    monkeypatch.setattr(app, "suspend", _no_suspend)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: shows(app, "Ada Lovelace"))
        await pilot.press("E")
        await settle(pilot, lambda: "Nothing was changed." in said(app))
    assert desk.call("gtm.crm.get_contact", contact_id=ada.contact_id).version == ada.version

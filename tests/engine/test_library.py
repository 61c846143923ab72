"""The library of texts: kept with strict checks, found by name, changed and taken back."""

from __future__ import annotations

import re

import pytest

from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from rusvel_tui.engine.gtm.outreach.sequences.library import TemplateList, TemplateView, TextKind
from tests.factories import Desk

TEXT = {
    "name": "Intro",
    "subject": "Hello {{first_name|there}}",
    "body": "Hi {{first_name|there}},\n\nbye",
}


def save(desk: Desk, **values: object) -> TemplateView:
    made = desk.call("gtm.outreach.save_template", **(TEXT | values))
    assert isinstance(made, TemplateView)
    return made


def texts(desk: Desk, **values: object) -> list[TemplateView]:
    found = desk.call("gtm.outreach.list_templates", **values)
    assert isinstance(found, TemplateList)
    return list(found.items)


def test_c_101_a_text_is_kept_and_listed_by_name(desk: Desk) -> None:
    save(desk)
    save(desk, name="Bye", kind="snippet", subject="", body="Best, {{sender_name}}")
    assert [(t.name, t.kind, t.fields) for t in texts(desk)] == [
        ("Bye", TextKind.SNIPPET, ("sender_name",)),
        ("Intro", TextKind.MAIL, ("first_name",)),
    ]
    assert [t.name for t in texts(desk, kind="mail")] == ["Intro"]


def test_saving_under_a_name_that_is_there_changes_it(desk: Desk) -> None:
    first = save(desk)
    again = save(desk, name="INTRO", body="New")
    assert (again.template_id, again.version, again.body) == (first.template_id, 2, "New")
    assert len(texts(desk)) == 1


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"name": " "}, "name", "name of 1 to 100"),
        ({"body": " \n"}, "body", "empty"),
        ({"body": "Hi {{frist_name}}"}, "body", "Line 1, column 4: there is no field 'frist_name'"),
        ({"subject": "{{#company}}x"}, "subject", "never closed"),
        ({"kind": "snippet"}, "subject", "A snippet has no subject"),
    ],
)
def test_a_text_that_cannot_be_used_is_refused(
    desk: Desk, values: dict[str, str], field: str, words: str
) -> None:
    with pytest.raises(InvalidInput, match=re.escape(words)) as error:
        save(desk, **values)
    assert error.value.field == field
    assert texts(desk) == []


def test_two_people_change_the_same_text(desk: Desk) -> None:
    first = save(desk)
    save(desk, template_id=first.template_id, version=1, body="Hers")
    with pytest.raises(Conflict):
        save(desk, template_id=first.template_id, version=1, body="His")
    assert [t.body for t in texts(desk)] == ["Hers"]


def test_a_name_stands_for_one_text(desk: Desk) -> None:
    save(desk)
    other = save(desk, name="Other")
    with pytest.raises(Conflict, match="Choose another name"):
        save(desk, template_id=other.template_id, name="intro")


def test_every_change_can_be_taken_back(desk: Desk) -> None:
    made = save(desk)
    save(desk, body="Changed")
    desk.call("gtm.outreach.delete_template", template_id=made.template_id)
    assert texts(desk) == []
    desk.call("undo")
    assert [t.body for t in texts(desk)] == ["Changed"]
    desk.call("undo")
    assert [t.body for t in texts(desk)] == [TEXT["body"]]
    desk.call("undo")
    assert texts(desk) == []
    desk.call("redo")
    assert [t.body for t in texts(desk)] == [TEXT["body"]]


def test_a_deleted_text_is_not_found(desk: Desk) -> None:
    made = save(desk)
    desk.call("gtm.outreach.delete_template", template_id=made.template_id)
    with pytest.raises(NotFound):
        desk.call("gtm.outreach.delete_template", template_id=made.template_id)

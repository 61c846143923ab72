"""Custom fields: each type has one stored form, wrong values are said beside the field, nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from rusvel_tui.engine.gtm.crm.fields.field_values import FieldType, canonical, field_key
from tests.factories import Desk, events

CHOICES = ("Small", "Große")


@pytest.mark.parametrize(
    ("kind", "text", "stored"),
    [
        ("text", "two\r\nlines\x1b[31m", "two\nlines"),
        ("number", " 0012.50 ", "12.5"), ("number", "-0", "0"), ("number", "1 000 000", "1000000"),
        ("number", ".5", "0.5"), ("number", "+7", "7"), ("number", "−3", "-3"), ("number", "100", "100"),
        ("date", "2026-11-24", "2026-11-24"), ("date", "20261124", "2026-11-24"),
        ("choice", "small", "Small"), ("choice", "GROSSE", "Große"),
        ("yes_no", "Ja", "yes"), ("yes_no", "0", "no"), ("yes_no", "TRUE", "yes"),
        ("url", "example.org/x", "https://example.org/x"), ("url", "http://a.example", "http://a.example"),
        ("number", "  ", ""), ("choice", "", ""),
    ],
)  # fmt: skip
def test_equal_values_are_equal_texts(kind: str, text: str, stored: str) -> None:
    assert canonical(FieldType(kind), text, CHOICES) == stored


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("number", "1,5"), ("number", "12€"), ("number", "1e5"), ("number", "nan"), ("number", "--1"), ("number", "٣"),
        ("date", "24.11.2026"), ("date", "2026-02-30"), ("choice", "Medium"), ("yes_no", "maybe"),
        ("url", "ftp://a.example"), ("url", "javascript:alert(1)"), ("url", "two words.example"), ("url", "nodot"),
        ("url", "https://[::1"), ("text", "x" * 10_001),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said(kind: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        canonical(FieldType(kind), text, CHOICES)


@given(st.sampled_from(list(FieldType)), st.text(max_size=30))
def test_what_is_stored_once_is_stored_the_same_again(kind: FieldType, text: str) -> None:
    try:
        stored = canonical(kind, text, CHOICES)
    except ValueError:
        return
    assert canonical(kind, stored, CHOICES) == stored


@given(st.text(max_size=30))
def test_the_key_of_a_key_is_itself(name: str) -> None:
    assert field_key(field_key(name)) == field_key(name)


def define(desk: Desk, entity: str = "contact", label: str = "Seats", **more: Any) -> Any:
    return desk.call("gtm.crm.define_field", entity=entity, label=label, **more)


def fields(desk: Desk, contact_id: str) -> dict[str, str]:
    found: dict[str, str] = desk.call("gtm.crm.get_contact", contact_id=contact_id).fields
    return found


def test_t_091_a_custom_field_on_an_account(desk: Desk) -> None:
    made = define(desk, "Company", "Favourite colour", type="choice", choices="Red, Blue")
    assert (made.key, made.label, made.type, made.choices, made.position) == (
        "favourite_colour",
        "Favourite colour",
        "choice",
        ("Red", "Blue"),
        0,
    )
    looms = desk.call("gtm.crm.add_company", name="Looms", fields={"favourite Colour": "red"})
    assert looms.fields == {"favourite_colour": "Red"}
    with pytest.raises(
        InvalidInput, match="'green' does not fit; choose one of Red, Blue"
    ) as caught:
        desk.call(
            "gtm.crm.update_company",
            company_id=looms.company_id,
            fields={"favourite_colour": "green"},
        )
    assert caught.value.field == "fields.favourite_colour"
    assert desk.call("gtm.crm.list_fields", entity="company").items == (made,)
    assert desk.call("gtm.crm.list_fields", entity="contact").items == ()
    assert desk.call("gtm.crm.list_fields").items == (made,)


def test_q_088_an_unknown_kind_of_record_or_of_field_is_an_error(desk: Desk) -> None:
    for name, data in (
        ("list_fields", {"entity": "contacts"}),
        ("define_field", {"entity": "person", "label": "x"}),
    ):
        with pytest.raises(InvalidInput, match="Unknown kind") as caught:
            desk.call(f"gtm.crm.{name}", **data)
        assert caught.value.field == "entity"
    with pytest.raises(InvalidInput) as caught:
        define(desk, type="money")
    assert caught.value.field == "type"


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        ({"label": " ?! "}, InvalidInput, "needs a name"),
        ({"label": "SEATS!"}, Conflict, "There is a field 'Seats' already"),
        ({"label": "Plan", "type": "choice"}, InvalidInput, "something to choose from"),
    ],
)
def test_a_field_that_cannot_be_is_refused(
    desk: Desk, data: dict[str, Any], error: type[Exception], words: str
) -> None:
    define(desk)
    with pytest.raises(error, match=words):
        define(desk, **data)
    assert len(desk.call("gtm.crm.list_fields").items) == 1


def test_values_get_their_type_when_a_record_is_written(desk: Desk) -> None:
    define(desk, type="number")
    made = desk.contact(fields={"SEATS": "012.50", "Undefined": "stays"})
    assert made.fields == {"seats": "12.5", "Undefined": "stays"}
    with pytest.raises(InvalidInput, match="Seats: 'many' does not fit") as caught:
        desk.contact(fields={"Seats": "many"})
    assert caught.value.field == "fields.seats"
    seen = desk.call("gtm.crm.update_contact", contact_id=made.contact_id, fields={"seats": ""})
    assert seen.fields == {}
    desk.call("undo")
    assert fields(desk, made.contact_id) == made.fields


def test_a_definition_types_what_is_there_and_keeps_what_does_not_fit(desk: Desk) -> None:
    good = desk.contact(fields={"Seats": "007", "Other": "x"})
    odd = desk.contact(fields={"seats": "many"})
    none = desk.contact(fields={"Other": "x"})
    made = define(desk, type="number")
    assert made.misfits == 1
    assert fields(desk, good.contact_id) == {"seats": "7", "Other": "x"}
    assert fields(desk, odd.contact_id) == {"seats": "many"}
    assert fields(desk, none.contact_id) == none.fields
    assert events(desk, "gtm.field")[0].payload == {
        "name": "Seats",
        "entity": "contact",
        "misfits": 1,
    }
    kept = {"contact_id": odd.contact_id, "fields": {"seats": "many", "Other": "y"}}
    assert desk.call("gtm.crm.update_contact", **kept).fields == kept["fields"]
    desk.call("undo")
    desk.call("undo")
    for one in (good, odd, none):
        assert fields(desk, one.contact_id) == one.fields
    assert desk.call("gtm.crm.list_fields").items == ()
    desk.call("redo")
    assert fields(desk, good.contact_id) == {"seats": "7", "Other": "x"}
    assert desk.call("gtm.crm.list_fields").items[0].field_id == made.field_id


def test_two_spellings_of_one_field_are_both_kept(desk: Desk) -> None:
    made = desk.contact(fields={"Seats": "1", "seats": "2"})
    define(desk, type="number")
    assert fields(desk, made.contact_id) == {"Seats": "1", "seats": "2"}


def test_another_type_reads_the_values_anew(desk: Desk) -> None:
    made = define(desk, type="text")
    one, other = desk.contact(fields={"seats": "1"}), desk.contact(fields={"seats": "2"})
    changed = desk.call("gtm.crm.update_field", field_id=made.field_id, type="yes_no", label="Big")
    assert (changed.key, changed.label, changed.type, changed.misfits) == (
        "seats",
        "Big",
        "yes_no",
        1,
    )
    assert (fields(desk, one.contact_id), fields(desk, other.contact_id)) == (
        {"seats": "yes"},
        {"seats": "2"},
    )
    desk.call("undo")
    assert fields(desk, one.contact_id) == {"seats": "1"}
    assert desk.call("gtm.crm.list_fields").items[0].label == "Seats"


def test_fields_have_an_order(desk: Desk) -> None:
    made = [define(desk, label=label) for label in ("a", "b", "c")]
    desk.call("gtm.crm.update_field", field_id=made[2].field_id, position=0)
    desk.call("gtm.crm.update_field", field_id=made[0].field_id, position=2)
    assert [one.label for one in desk.call("gtm.crm.list_fields").items] == ["c", "b", "a"]


def test_a_deleted_definition_leaves_the_values_as_text(desk: Desk) -> None:
    made = define(desk, type="number")
    one = desk.contact(fields={"seats": "7"})
    desk.call("gtm.crm.delete_field", field_id=made.field_id)
    assert fields(desk, one.contact_id) == {"seats": "7"}
    assert desk.contact(fields={"seats": "many"}).fields == {"seats": "many"}
    desk.call("undo")
    desk.call("undo")
    assert desk.call("gtm.crm.list_fields").items[0].field_id == made.field_id
    for name in ("update_field", "delete_field"):
        with pytest.raises(NotFound, match="There is no field 'nope'"):
            desk.call(f"gtm.crm.{name}", field_id="nope")


def test_q_093_fields_belong_to_a_session(desk: Desk) -> None:
    made = define(desk, type="number")
    desk.call("session.create", name="other")
    assert desk.call("gtm.crm.list_fields").items == ()
    assert desk.contact(fields={"seats": "many"}).fields == {"seats": "many"}
    with pytest.raises(NotFound):
        desk.call("gtm.crm.delete_field", field_id=made.field_id)
    assert define(desk, type="text").key == "seats"

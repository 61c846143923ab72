"""A value that cannot be read costs that value, not its row and not the list."""

from __future__ import annotations

from tests.factories import Desk, query


def test_q_091_an_unreadable_value_is_named_and_the_rest_is_shown(desk: Desk) -> None:
    ada = desk.contact("Ada", tags=["vip"], company="Looms")
    desk.contact("Bo", tags=["vip"])
    query(desk, "UPDATE contact SET tags = '[\"vi', links = 'x' WHERE id = ?", ada.contact_id)
    found = {person.name: person for person in desk.call("gtm.crm.list_contacts").items}
    assert (found["Ada"].tags, found["Ada"].company) == ((), "Looms")
    assert found["Bo"].tags == ("vip",)
    rows = desk.call("gtm.crm.contact_rows").rows
    assert [row.name for row in rows] == ["Ada", "Bo"]
    damage = desk.call("check.damage").items
    assert [(one.table, one.row, one.column) for one in damage] == [
        ("contact", ada.contact_id, "tags"),
        ("contact", ada.contact_id, "links"),
    ]


def test_a_sound_file_has_no_damage(desk: Desk) -> None:
    desk.drafted()
    assert desk.call("check.damage").items == ()

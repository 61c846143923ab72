"""Two people change one thing: what only one touched is merged, what both changed is shown with both values."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.errors import Clash, Conflict
from tests.factories import Desk


def update(desk: Desk, contact_id: str, **data: Any) -> Any:
    return desk.call("gtm.crm.update_contact", contact_id=contact_id, **data)


def seen(desk: Desk, contact_id: str) -> Any:
    return desk.call("gtm.crm.get_contact", contact_id=contact_id)


def clash(desk: Desk, contact_id: str, **data: Any) -> Conflict:
    """The refusal; nothing may have changed by it."""
    before = seen(desk, contact_id)
    with pytest.raises(Conflict, match="was changed by somebody else") as caught:
        update(desk, contact_id, **data)
    assert seen(desk, contact_id) == before
    assert caught.value.exit_code == 5
    return caught.value


def test_q_084_the_second_of_two_gets_both_values_and_nothing_is_lost(desk: Desk) -> None:
    made = desk.contact("Grace", title="Ensign")
    update(desk, made.contact_id, version=1, title="Admiral")
    refused = clash(desk, made.contact_id, version=1, title="Captain", notes="hers")
    assert refused.fields == (Clash("title", "Admiral", "Captain"),)
    assert str(refused) == (
        "Grace was changed by somebody else (version 2, you saw 1): "
        "title is now “Admiral”, yours is “Captain”. Look at it again."
    )


def test_q_084_fields_that_only_one_of_two_changed_are_merged(desk: Desk) -> None:
    made = desk.contact("Grace", title="Ensign")
    update(desk, made.contact_id, version=1, title="Admiral", tags="vip")
    after = update(desk, made.contact_id, version=1, notes="hers", country="US")
    assert (after.title, after.tags, after.notes, after.country) == (
        "Admiral",
        ("vip",),
        "hers",
        "US",
    )
    assert after.version == 3


def test_the_same_change_by_both_is_told(desk: Desk) -> None:
    made = desk.contact("Grace")
    update(desk, made.contact_id, version=1, title="Admiral")
    refused = clash(desk, made.contact_id, version=1, title="Admiral")
    assert "title is now “Admiral”, as yours" in str(refused)


@pytest.mark.parametrize(
    ("theirs", "yours", "clash_with"),
    [
        ({"emails": "b@example.com"}, {"emails": "c@example.com"}, Clash("emails", ["b@example.com"], ["c@example.com"])),
        ({"phones": "12345"}, {"phones": "67890"}, Clash("phones", ["12345"], ["67890"])),
        ({"tags": "a"}, {"tags": "b"}, Clash("tags", ["a"], ["b"])),
        ({"fields": {"x": "1"}}, {"fields": {"x": "2"}}, Clash("fields", {"x": "1"}, {"x": "2"})),
        ({"company": "Army"}, {"company": "Navy"}, Clash("company", "Army", "Navy")),
        ({"name": "Ada King"}, {"last_name": "Byron"}, Clash("last_name", "King", "Byron")),
    ],
)  # fmt: skip
def test_every_kind_of_field_has_its_conflict(
    desk: Desk, theirs: dict[str, Any], yours: dict[str, Any], clash_with: Clash
) -> None:
    made = desk.contact("Grace")
    update(desk, made.contact_id, **theirs)
    assert clash(desk, made.contact_id, version=1, **yours).fields == (clash_with,)


def test_what_was_changed_and_taken_back_is_no_conflict_of_values(desk: Desk) -> None:
    made = desk.contact("Grace", title="Ensign")
    update(desk, made.contact_id, title="Admiral")
    desk.call("undo")
    refused = clash(desk, made.contact_id, version=1, title="Captain")
    assert refused.fields == (Clash("title", "Ensign", "Captain"),)
    assert update(desk, made.contact_id, version=1, notes="hers").notes == "hers"


def test_a_change_that_nobody_told_of_counts_as_one_of_everything(desk: Desk) -> None:
    made = desk.contact("Grace", title="Ensign")
    desk.call("gtm.crm.tag_contacts", contact_ids=made.contact_id, add="vip")
    refused = clash(desk, made.contact_id, version=1, title="Captain", tags=[])
    assert refused.fields == (Clash("title", "Ensign", "Captain"), Clash("tags", ["vip"], []))


def test_a_version_that_does_not_exist_yet_is_a_conflict(desk: Desk) -> None:
    made = desk.contact("Grace", title="Ensign")
    assert clash(desk, made.contact_id, version=9, title="Captain").fields != ()
    assert clash(desk, made.contact_id, version=9, title="Ensign").fields == ()


def test_two_who_edit_one_company_see_both_values(desk: Desk) -> None:
    made = desk.call("gtm.crm.add_company", name="Looms", notes="a")
    change = {"company_id": made.company_id, "version": 1}
    desk.call("gtm.crm.update_company", **change, notes="b")
    with pytest.raises(Conflict, match="notes is now “b”, yours is “c”") as caught:
        desk.call("gtm.crm.update_company", **change, notes="c", domain="looms.example")
    assert caught.value.fields == (Clash("notes", "b", "c"),)
    merged = desk.call("gtm.crm.update_company", **change, domain="looms.example")
    assert (merged.notes, merged.domain) == ("b", "looms.example")


def test_long_and_unsafe_values_are_short_and_safe_in_the_message(desk: Desk) -> None:
    made = desk.contact("Grace", notes="x")
    update(desk, made.contact_id, notes="one\ntwo " + "y" * 200)
    text = str(clash(desk, made.contact_id, version=1, notes=""))
    assert "notes is now “one two yyy" in text
    assert "…”, yours is empty" in text
    assert len(text) < 250

"""Saved views: filters with names and digits, checked when they are saved, taken back by undo."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound, NotPermitted
from rusvel_tui.engine.filters.faults import FilterError
from rusvel_tui.engine.gtm.view_proposals import PROPOSALS, ViewKind
from tests.factories import Desk, events, kinds


def save(desk: Desk, name: str = "Mine", text: str = "tag:vip", **more: Any) -> Any:
    return desk.call("gtm.views.save", **{"kind": "contacts", "name": name, "filter": text} | more)


def digits(desk: Desk, kind: str = "contacts") -> dict[str, int | None]:
    """The views of a kind in their order."""
    return {view.name: view.digit for view in desk.call("gtm.views.list", kind=kind).items}


def test_a_view_is_saved_and_listed(desk: Desk) -> None:
    made = save(desk, "  Very  important ", " tag:vip   -is:suppressed ", digit=2)
    assert (made.name, made.filter, made.digit, made.problem) == (
        "Very important", "tag:vip -is:suppressed", 2, "",
    )  # fmt: skip
    assert desk.call("gtm.views.list").items == (made,)
    assert desk.call("gtm.views.list", kind="deals").items == ()


def test_those_with_a_digit_come_first(desk: Desk) -> None:
    for name, digit in (("b", None), ("z", 1), ("a", None), ("c", 3)):
        save(desk, name, digit=digit)
    assert digits(desk) == {"z": 1, "c": 3, "a": None, "b": None}


def test_a_digit_goes_to_the_view_that_was_given_it_last(desk: Desk) -> None:
    save(desk, "first", digit=1)
    save(desk, "deals have their own", kind="deals", text="is:open", digit=1)
    save(desk, "second", digit=1)
    assert digits(desk) == {"second": 1, "first": None}
    assert digits(desk, "deals") == {"deals have their own": 1}
    desk.call("undo")
    assert digits(desk) == {"first": 1}


def test_saving_under_the_same_name_changes_the_view(desk: Desk) -> None:
    first = save(desk, "Mine", digit=4)
    again = save(desk, "MINE", "tag:other", version=first.version)
    assert again.view_id == first.view_id
    assert (again.name, again.filter, again.digit, again.version) == ("MINE", "tag:other", 4, 2)
    with pytest.raises(Conflict, match="changed by somebody else"):
        save(desk, "Mine", "tag:third", version=first.version)
    desk.call("undo")
    assert desk.call("gtm.views.list").items[0].filter == "tag:vip"


@pytest.mark.parametrize(
    ("kind", "text", "column"),
    [("contacts", "tga:vip", 1), ("deals", "is:open name:x", 9), ("companies", "people>many", 8)],
)
def test_q_088_a_filter_is_checked_when_it_is_saved(
    desk: Desk, kind: str, text: str, column: int
) -> None:
    with pytest.raises(FilterError) as caught:
        save(desk, text=text, kind=kind)
    assert caught.value.column == column
    assert digits(desk, kind) == {}


@pytest.mark.parametrize("name", ["", "  ", "\x1b[2J", "x" * 61])
def test_a_view_needs_a_name(desk: Desk, name: str) -> None:
    with pytest.raises(InvalidInput, match="name of 1 to 60 characters"):
        save(desk, name)


@pytest.mark.parametrize("digit", [0, 10, -1])
def test_there_are_nine_digits(desk: Desk, digit: int) -> None:
    with pytest.raises(InvalidInput, match="digit"):
        save(desk, digit=digit)


def test_a_view_is_renamed(desk: Desk) -> None:
    made = save(desk, "Old", digit=1)
    save(desk, "Other")
    again = desk.call("gtm.views.rename", view_id=made.view_id, name="New", version=made.version)
    assert (again.name, again.digit, again.version) == ("New", 1, 2)
    with pytest.raises(Conflict, match="There is a view 'Other' already"):
        desk.call("gtm.views.rename", view_id=made.view_id, name="oTHER")
    desk.call("gtm.views.rename", view_id=made.view_id, name="NEW")
    desk.call("undo")
    desk.call("undo")
    assert digits(desk) == {"Old": 1, "Other": None}


def test_a_deleted_view_comes_back_with_its_digit(desk: Desk) -> None:
    made = save(desk, "Mine", digit=3)
    desk.call("gtm.views.delete", view_id=made.view_id)
    assert digits(desk) == {}
    desk.call("undo")
    assert desk.call("gtm.views.list").items == (made,)
    desk.call("redo")
    assert digits(desk) == {}


def test_only_a_person_deletes_a_view(desk: Desk) -> None:
    made = save(desk)
    with desk.acting_as(Actor("assistant", human=False)), pytest.raises(NotPermitted):
        desk.call("gtm.views.delete", view_id=made.view_id)


def test_views_are_laid_on_the_digits_in_a_new_order(desk: Desk) -> None:
    ids = {name: save(desk, name, digit=n).view_id for n, name in enumerate("abc", 1)}
    listed = desk.call("gtm.views.reorder", kind="contacts", view_ids=[ids["c"], ids["a"]])
    assert [(view.name, view.digit) for view in listed.items] == [("c", 1), ("a", 2), ("b", None)]
    desk.call("undo")
    assert digits(desk) == {"a": 1, "b": 2, "c": 3}
    desk.call("redo")
    assert digits(desk) == {"c": 1, "a": 2, "b": None}


def test_an_order_names_each_view_of_its_kind_once(desk: Desk) -> None:
    one, deal = save(desk).view_id, save(desk, kind="deals", text="").view_id
    with pytest.raises(InvalidInput, match="Name each view once"):
        desk.call("gtm.views.reorder", kind="contacts", view_ids=[one, one])
    with pytest.raises(InvalidInput, match="'Mine' is no view of contacts"):
        desk.call("gtm.views.reorder", kind="contacts", view_ids=[deal])
    with pytest.raises(NotFound, match="There is no view 'x'"):
        desk.call("gtm.views.reorder", kind="contacts", view_ids=["x"])
    with pytest.raises(InvalidInput, match="view_ids"):
        desk.call("gtm.views.reorder", kind="contacts", view_ids=["x"] * 10)


def test_undo_does_not_overwrite_what_was_changed_since(desk: Desk) -> None:
    made = save(desk, "Mine")
    [event] = events(desk, "gtm.view.saved")
    save(desk, "Mine", "tag:other")
    undo = {"subject_id": made.view_id, "name": "Mine", "changes": [
        ["saved_view", [made.view_id], {"filter": "x"}, {"filter": "tag:vip"}]]}  # fmt: skip
    with pytest.raises(Conflict, match="was changed since"):
        desk.call("gtm.views.put_back", **undo)
    assert event.payload == {"name": "Mine"}
    assert kinds(desk) == ["gtm.view.saved", "gtm.view.saved"]


def test_a_view_whose_filter_broke_says_so(desk: Desk) -> None:
    """Its line is still there to be mended."""
    sequence = desk.sequence(name="Intro")
    save(desk, "In it", "sequence:intro")
    desk.call("gtm.outreach.pause_sequence", sequence_id=sequence.sequence_id)
    desk.call("gtm.outreach.archive_sequence", sequence_id=sequence.sequence_id)
    [view] = desk.call("gtm.views.list").items
    assert view.filter == "sequence:intro"
    assert view.problem.startswith("Filter, column 10: There is no sequence 'intro'.")


def test_proposals_are_offered_until_their_name_is_taken(desk: Desk) -> None:
    proposed = desk.call("gtm.views.list", kind="deals").proposed
    assert "No next step" in [view.name for view in proposed]
    save(desk, "no next STEP", "is:open no:next", kind="deals")
    proposed = desk.call("gtm.views.list", kind="deals").proposed
    assert "No next step" not in [view.name for view in proposed]
    assert {view.kind for view in desk.call("gtm.views.list").proposed} == set(ViewKind)


@pytest.mark.parametrize(("kind", "name", "text"), PROPOSALS, ids=lambda value: str(value))
def test_every_proposal_can_be_saved(desk: Desk, kind: ViewKind, name: str, text: str) -> None:
    assert save(desk, name, text, kind=kind).filter == text


def test_views_belong_to_their_session(desk: Desk) -> None:
    made = save(desk, digit=1)
    desk.call("session.create", name="other")
    assert desk.call("gtm.views.list").items == ()
    for name, more in (("rename", {"name": "x"}), ("delete", {})):
        with pytest.raises(NotFound):
            desk.call(f"gtm.views.{name}", view_id=made.view_id, **more)
    save(desk, digit=1)
    desk.call("session.use", name="acme")
    assert desk.call("gtm.views.list").items == (made,)

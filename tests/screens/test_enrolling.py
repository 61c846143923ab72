"""Enrolling whoever a filter finds: shown first, then one change; and the card of a contact and of a deal."""

from __future__ import annotations

import pytest

from rusvel_tui.screens.sequences.enrol import EnrolCard
from rusvel_tui.screens.shared.review import Review
from tests.factories import HELLO, Desk
from tests.screens import desks
from tests.screens.desks import operations, prompt
from tests.screens.pilots import HOSTILE, is_safe, press, settle, shows
from tests.screens.sequence_steps import STORABLE, at_row, page, program, toasts


def under_way(desk: Desk) -> list[str]:
    rows = desk.call("gtm.outreach.list_enrollments", status="Active", limit=1000).items
    return sorted(row.contact for row in rows)


async def test_all_that_a_filter_finds_are_enrolled_as_one_change(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who would stay out is named with the reason; nothing happens before `y`; one `z` takes all back."""
    for number in range(12):
        desk.contact(f"Person {number:02}", f"p{number}@x.example", tags=["fair"])
    desk.contact("Zoe Zander", "zoe@x.example")
    desk.call("gtm.crm.suppress", address="p7@x.example")
    desk.sequence()
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "F")
        (await prompt(pilot)).value = "tag:fair"
        await press(pilot, "enter")
        await settle(pilot, lambda: isinstance(app.screen, Review))
        await settle(pilot, lambda: shows(app, "11 people would be enrolled."))
        assert shows(app, "Person 07: has no address that may be written to")
        await press(pilot, "enter")
        assert under_way(desk) == []
        with operations(desk.engine, monkeypatch) as ran:
            await press(pilot, "y")
            await settle(pilot, lambda: "11 people are enrolled in Intro" in toasts(app))
        assert ran.count("gtm.outreach.enrol") == 1
        assert len(under_way(desk)) == 11
        await press(pilot, "z")
        await settle(pilot, lambda: under_way(desk) == [])


@pytest.mark.parametrize(
    ("words", "said"),
    [("tag:nobody", "Nobody fits tag:nobody."), ("nmae:x", "nmae")],
)
async def test_a_filter_that_finds_nobody_or_is_wrong_is_said(
    desk: Desk, words: str, said: str
) -> None:
    desk.contact("Ada")
    desk.sequence()
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_row(pilot, app)
        page(app).action_enrol_found(words)
        await settle(pilot, lambda: said in toasts(app))
        assert not isinstance(app.screen, Review)
    assert under_way(desk) == []


async def test_people_with_hostile_names_are_shown_safely(desk: Desk) -> None:
    for text in STORABLE:
        desk.contact(f"N{text}"[:180], tags=["fair"])
    desk.sequence({**HELLO, "type": "EMAIL_AUTO"}, name=f"S{HOSTILE[0]}")
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_row(pilot, app)
        page(app).action_enrol_found("tag:fair")
        await settle(pilot, lambda: isinstance(app.screen, Review))
        await settle(pilot, lambda: shows(app, "would be enrolled."))
        assert is_safe(app)


@pytest.mark.parametrize("where", ["contacts", "deals"])
async def test_c_052_c_053_c_129_the_card_is_on_the_contact_and_on_the_deal(
    desk: Desk, where: str
) -> None:
    """`S`: the active sequences, the text as that person gets it, Enter; a deal is kept with the enrolment."""
    ada = desk.contact("Ada Abel", "ada@x.example")
    deal = desk.call("gtm.crm.add_deal", contact_id=ada.contact_id, title="Looms")
    desk.sequence(name="Intro")
    app = desks.program(desk.engine, where)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: shows(app, "Ada Abel") or shows(app, "Looms"))
        await press(pilot, "S")
        await settle(pilot, lambda: isinstance(app.screen, EnrolCard))
        await settle(pilot, lambda: shows(app, "One person would be enrolled."))
        await settle(pilot, lambda: shows(app, "As Ada Abel gets it"))
        await press(pilot, "enter")
        await settle(pilot, lambda: "is enrolled in Intro" in toasts(app))
        [row] = desk.call("gtm.outreach.list_enrollments", status="Active").items
        assert row.deal_id == (deal.deal_id if where == "deals" else None)
        await press(pilot, "z")
        await settle(pilot, lambda: under_way(desk) == [])

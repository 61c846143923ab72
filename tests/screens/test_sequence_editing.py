"""Changing a sequence from the keyboard: forms that refuse, drafts, people under way, conflicts."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from textual.widgets import Input, Select, TextArea

from rusvel_tui.engine.gtm.outreach.sequences.steps import StepType
from rusvel_tui.screens.shared.dialogs import Confirm
from rusvel_tui.widgets.form import FormDialog
from tests.factories import AGAIN, HELLO, Desk, enrollment
from tests.screens.pilots import settle, shows
from tests.screens.sequence_steps import (
    at_row,
    dialog,
    in_editor,
    page,
    press,
    program,
    sequences,
    toasts,
    write_step,
)


async def test_a_name_that_is_taken_is_refused_in_the_form(desk: Desk) -> None:
    desk.sequence(name="Intro")
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "c", "s")
        await dialog(pilot, app, FormDialog)
        await press(pilot, *"intro", "enter")
        await settle(pilot, lambda: shows(app, "There is a sequence 'intro' already."))
        assert isinstance(app.screen, FormDialog)


async def test_a_wrong_template_is_said_beside_the_field(desk: Desk) -> None:
    """With line and column, and the field that was meant; the form stays open."""
    desk.sequence(HELLO, active=False)
    app = program(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await in_editor(pilot, app)
        await press(pilot, "n")
        await write_step(pilot, app, "Hi there,\nhow is {{compnay}}?")
        await settle(pilot, lambda: shows(app, "✗ Line 2, column 8: there is no field 'compnay'."))
        assert shows(app, "'company'?")
        assert isinstance(app.focused, TextArea)
        await write_step(pilot, app, "Hi there,\nhow is {{company|it}}?")
        await settle(pilot, lambda: len(sequences(desk)[0].steps) == 2)


@pytest.mark.parametrize("days", ["soon", "-1", "2.5"])
async def test_days_are_a_whole_number(desk: Desk, days: str) -> None:
    desk.sequence(HELLO, active=False)
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await in_editor(pilot, app)
        await press(pilot, "e")
        await dialog(pilot, app, FormDialog)
        app.screen.query(Input).first().value = days
        await write_step(pilot, app, "Hi.")
        await settle(pilot, lambda: shows(app, "✗ Write a whole number of days"))


async def test_a_call_gets_its_usual_channel(desk: Desk) -> None:
    """The channel follows from the type unless one is named."""
    desk.sequence(HELLO, active=False)
    app = program(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await in_editor(pilot, app)
        await press(pilot, "e")
        await dialog(pilot, app, FormDialog)
        app.screen.query(Select).first().value = StepType.CALL.value
        await write_step(pilot, app, "", "Ask about looms")
        await settle(pilot, lambda: shows(app, "call · phone"))
    assert sequences(desk)[0].steps[0].channel == "phone"


async def test_c_100_a_draft_stores_every_change_at_once(desk: Desk) -> None:
    """Order and removal, too; `z` takes each back, in the editor as anywhere."""
    desk.sequence(HELLO, AGAIN, name="Draft", active=False)
    app = program(desk.engine)

    def order() -> list[int]:
        return [step.delay_days for step in sequences(desk)[0].steps]

    async with app.run_test(size=(80, 24)) as pilot:
        await in_editor(pilot, app)
        await press(pilot, "J")
        await settle(pilot, lambda: order() == [3, 0])
        assert page(app).editor.rows.cursor == 1
        await press(pilot, "K")
        await settle(pilot, lambda: order() == [0, 3])
        await press(pilot, "K")  # it is the first one
        await press(pilot, "D")
        await settle(pilot, lambda: order() == [3])
        await press(pilot, "z")
        await settle(pilot, lambda: order() == [0, 3])
        await settle(pilot, lambda: page(app).editor.rows.count == 2)
        await press(pilot, "w")
        assert "Everything is stored." in toasts(app)


async def test_fast_changes_are_stored_one_after_the_other(desk: Desk) -> None:
    """The last order wins, and nobody meets a conflict with themselves."""
    steps = [{"delay_days": n, "body": f"Step {n}."} for n in range(5)]
    desk.sequence(*steps, active=False)
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await in_editor(pilot, app)
        await pilot.press("J", "J", "J", "J")
        await settle(
            pilot, lambda: [s.delay_days for s in sequences(desk)[0].steps] == [1, 2, 3, 4, 0]
        )
        await settle(pilot, lambda: not page(app).editor.storing.locked())
        assert not toasts(app)


async def test_leaving_waits_for_what_is_being_stored(desk: Desk) -> None:
    """While the database is busy a draft's change is on its way to it: there is nothing to ask."""
    desk.sequence(HELLO, AGAIN, active=False)
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await in_editor(pilot, app)
        with closing(sqlite3.connect(desk.engine.path, isolation_level=None)) as busy:
            busy.execute("BEGIN IMMEDIATE")
            await press(pilot, "J", "escape")
            assert page(app).editing
            assert page(app).editor.storing.locked()
            busy.execute("ROLLBACK")
        await settle(pilot, lambda: not page(app).editing)
        assert not shows(app, "The steps are not stored")


async def test_with_people_under_way_changes_wait_for_a_word(desk: Desk) -> None:
    """The dialog says who stays where; then there is a new version and the person is on the old one."""
    sequence = desk.sequence(HELLO, AGAIN)
    person = desk.contact()
    desk.enrol(sequence, person)
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await in_editor(pilot, app)
        await press(pilot, "D")
        assert shows(app, "not stored")
        assert len(sequences(desk)[0].steps) == 2
        await press(pilot, "w")
        await dialog(pilot, app, Confirm)
        assert shows(app, "Store as version 2?")
        assert shows(app, "One person stays on version 1")
        await press(pilot, "y")
        await settle(pilot, lambda: sequences(desk)[0].version_number == 2)
        await settle(pilot, lambda: shows(app, "version 2") and not shows(app, "not stored"))
    assert len(sequences(desk)[0].steps) == 1
    assert enrollment(desk, person.contact_id).steps == 2


async def test_leaving_with_changes_asks(desk: Desk) -> None:
    """Esc stays, `t` throws them away; a change can be taken back before it is stored."""
    sequence = desk.sequence(HELLO, AGAIN)
    desk.enrol(sequence, desk.contact())
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await in_editor(pilot, app)
        await press(pilot, "J", "z")
        assert not page(app).editor.copy.dirty  # type: ignore[union-attr]
        await press(pilot, "D", "escape")
        await settle(pilot, lambda: shows(app, "throw them away"))
        await press(pilot, "escape")
        assert page(app).editing
        await press(pilot, "q")
        await settle(pilot, lambda: shows(app, "throw them away"))
        await press(pilot, "t")
        await settle(pilot, lambda: not page(app).editing)
        assert sequences(desk)[0].version_number == 1
        await in_editor(pilot, app)
        await press(pilot, "D", "escape")
        await settle(pilot, lambda: shows(app, "store them"))
        await press(pilot, "s")
        await dialog(pilot, app, Confirm)
        await press(pilot, "y")
        await settle(pilot, lambda: not page(app).editing)
    assert [step.delay_days for step in sequences(desk)[0].steps] == [3]


async def test_somebody_elses_change_is_a_conflict_that_can_be_settled(desk: Desk) -> None:
    """The first `w` is refused and says why, the second stores over it."""
    sequence = desk.sequence(HELLO, AGAIN)
    desk.enrol(sequence, desk.contact())
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await in_editor(pilot, app)
        await press(pilot, "D")
        desk.call("gtm.outreach.update_sequence", sequence_id=sequence.sequence_id, name="Other")
        for _ in range(2):
            await press(pilot, "w")
            await dialog(pilot, app, Confirm)
            await press(pilot, "y")
            await settle(pilot, lambda: not isinstance(app.screen, Confirm))
            await settle(pilot, lambda: not page(app).editor.storing.locked())
        assert "w stores your steps over it." in toasts(app)
        await settle(pilot, lambda: len(sequences(desk)[0].steps) == 1)


async def test_a_sequence_keeps_a_step(desk: Desk) -> None:
    """Without one nothing is stored, and the page says what to do."""
    desk.sequence(HELLO, active=False)
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await in_editor(pilot, app)
        await press(pilot, "D")
        await settle(pilot, lambda: shows(app, "n writes the first one"))
        await press(pilot, "w")
        await settle(pilot, lambda: "needs at least one step" in toasts(app))
    assert len(sequences(desk)[0].steps) == 1

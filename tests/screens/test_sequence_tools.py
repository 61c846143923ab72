"""What a sequence tells of itself: why not yet, its file, its versions, its plan, its results, its schedule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Select

from rusvel_tui.screens.sequences.results import ResultsDialog
from rusvel_tui.screens.sequences.versions import VersionsDialog
from rusvel_tui.screens.shared.dialogs import Reader
from rusvel_tui.screens.shared.review import Review
from rusvel_tui.widgets.form import FormDialog
from tests.factories import AGAIN, HELLO, Desk
from tests.screens.desks import errors, fill, form
from tests.screens.pilots import press, settle, shows
from tests.screens.sequence_steps import at_row, dialog, page, program, sequences, toasts
from tests.screens.test_contact_text import _no_suspend, editor


async def test_w_says_why_a_step_has_not_gone_out_yet(desk: Desk) -> None:
    """The same words as the operation's, the moment on both clocks, and the gates."""
    ada = desk.contact("Ada", timezone="Asia/Tokyo")
    desk.enrol(desk.sequence({**HELLO, "delay_days": 2}), ada)
    [row] = desk.call("gtm.outreach.list_enrollments").items
    said = desk.call("gtm.outreach.explain", id=row.enrollment_id)
    app = program(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: page(app).people.current is not None)
        await press(pilot, "w")
        await dialog(pilot, app, Reader)
        assert shows(app, said.headline[:60])
        await settle(pilot, lambda: shows(app, "(Asia/Tokyo, the contact's own)"))
        for gate in said.gates:
            assert shows(app, gate.text[:60])


async def test_w_where_nobody_is_says_what_to_do(desk: Desk) -> None:
    desk.sequence()
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "w")
        await settle(pilot, lambda: "S enrols a contact" in toasts(app))


@pytest.mark.parametrize(("answer", "version"), [("y", 2), ("n", 1)])
async def test_a_sequence_is_edited_as_text_and_stored_after_a_yes(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, version: int
) -> None:
    """A mistake comes back with its line, the difference is shown, and only `y` stores it; `z` takes it back."""
    desk.enrol(desk.sequence(HELLO, AGAIN), desk.contact("Ada"))
    body = (
        "wrong = text.replace('delay_days: 3', 'delay_days: soon')\n"
        "right = text.replace('delay_days: soon', 'delay_days: 5')\n"
        "path.write_text(right if '# ✗ ' in text else wrong)\n"
    )
    monkeypatch.setenv("VISUAL", editor(tmp_path, body))
    app = program(desk.engine)
    monkeypatch.setattr(app, "suspend", _no_suspend)
    async with app.run_test(size=(120, 36)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "E")
        await dialog(pilot, app, Review)
        await settle(pilot, lambda: shows(app, "days to wait: 3 → 5"))
        assert shows(app, "One person stays on version 1")
        await press(pilot, "enter")
        assert isinstance(app.screen, Review)
        await press(pilot, answer)
        await settle(pilot, lambda: not isinstance(app.screen, Review))
        if answer == "y":
            await settle(pilot, lambda: "is stored, version 2. z to undo." in toasts(app))
        assert sequences(desk)[0].version_number == version
        if answer == "y":
            await press(pilot, "z")
            await settle(pilot, lambda: sequences(desk)[0].steps[1].delay_days == 3)


async def test_a_text_can_be_edited_on_after_the_difference_was_seen(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`e` opens the changed text again, not the stored one."""
    desk.sequence(HELLO, AGAIN)
    body = "path.write_text(text.replace('delay_days: 4', 'delay_days: 6').replace('delay_days: 3', 'delay_days: 4'))\n"
    monkeypatch.setenv("VISUAL", editor(tmp_path, body))
    app = program(desk.engine)
    monkeypatch.setattr(app, "suspend", _no_suspend)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "E")
        await settle(pilot, lambda: isinstance(app.screen, Review) and shows(app, "3 → 4"))
        await press(pilot, "e")
        await settle(pilot, lambda: isinstance(app.screen, Review) and shows(app, "3 → 6"))
        await press(pilot, "escape")
    assert sequences(desk)[0].version_number == 1


async def test_a_change_made_while_the_text_was_edited_is_said(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The difference is to how it is now, and only a yes to that stores the text over it."""
    which = {"sequence_id": desk.sequence(HELLO, AGAIN).sequence_id}
    body = "path.write_text(text.replace('delay_days: 3', 'delay_days: 4'))\n"
    monkeypatch.setenv("VISUAL", editor(tmp_path, body))
    app = program(desk.engine)

    def meanwhile() -> Any:
        desk.call("gtm.outreach.update_sequence", **which, description="By somebody else")
        return _no_suspend()

    monkeypatch.setattr(app, "suspend", meanwhile)
    async with app.run_test(size=(120, 36)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "E")
        await dialog(pilot, app, Review)
        await settle(pilot, lambda: shows(app, "! It was changed while you edited"))
        assert shows(app, "description: By somebody else -> none")
        await press(pilot, "y")
        await settle(pilot, lambda: "is stored, version 2" in toasts(app))
    [now] = sequences(desk)
    assert (now.description, now.steps[1].delay_days) == ("", 4)


async def test_versions_tell_what_changed_and_move_people_after_a_yes(desk: Desk) -> None:
    """`V`, `m`, the form, the difference with the names, `y`; one change that `z` takes back."""
    sequence = desk.sequence(HELLO, AGAIN)
    for name in ("Ada", "Bob"):
        desk.enrol(sequence, desk.contact(name))
    steps = [HELLO, {**AGAIN, "key": sequence.steps[1].key, "delay_days": 9}]
    steps[0] = {**HELLO, "key": sequence.steps[0].key}
    desk.call("gtm.outreach.update_sequence", sequence_id=sequence.sequence_id, steps=steps)

    def versions() -> set[int]:
        return {row.version_number for row in desk.call("gtm.outreach.list_enrollments").items}

    app = program(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "V")
        await dialog(pilot, app, VersionsDialog)
        await settle(pilot, lambda: shows(app, "step 2 changed"))
        await settle(pilot, lambda: shows(app, "days to wait: 3 → 9"))
        await press(pilot, "j")
        await settle(pilot, lambda: shows(app, "2 people under way"))
        await press(pilot, "m")
        await dialog(pilot, app, FormDialog)
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: isinstance(app.screen, Review) and shows(app, "Bob: step 1"))
        assert shows(app, "2 people would move")
        assert versions() == {1}
        await press(pilot, "y")
        await settle(pilot, lambda: "Moved 2 people to version 2. z to undo." in toasts(app))
        assert versions() == {2}
        await press(pilot, "z")
        await settle(pilot, lambda: versions() == {1})


async def test_a_move_that_moves_nobody_is_refused_in_the_form(desk: Desk) -> None:
    sequence = desk.sequence(HELLO, AGAIN)
    desk.enrol(sequence, desk.contact("Ada"))
    app = program(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "V")
        await dialog(pilot, app, VersionsDialog)
        await settle(pilot, lambda: shows(app, "v1"))
        await press(pilot, "m")
        await dialog(pilot, app, FormDialog)
        app.screen.query(Select).first().value = "2"
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: shows(app, "✗ Nobody would move"))


async def test_the_plan_shows_each_day_with_its_sequences(desk: Desk) -> None:
    """The same numbers as the operation's, over all sequences."""
    first, second = desk.sequence(HELLO, AGAIN, name="Looms"), desk.sequence(AGAIN, name="Engines")
    for name in ("Ada", "Bob"):
        desk.enrol(first, desk.contact(name))
    desk.enrol(second, desk.contact("Cleo"))
    app = program(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "C")
        await dialog(pilot, app, Reader)
        await settle(pilot, lambda: shows(app, "2 × Looms, step 1 mail"))
        found = desk.call("gtm.outreach.plan", days=30)
        days = [day for day in found.days if day.lines]
        assert len(days) > 1
        for day in days:
            assert shows(app, f"{day.day:%a %d %b}")
            for line in day.lines:
                assert shows(app, f"{line.count} × {line.sequence}, step {line.step}")


async def test_results_say_that_nothing_can_be_told_yet(desk: Desk) -> None:
    """The engine's own words about the variants."""
    variants = [{"name": "a", "subject": "Looms"}, {"name": "b", "subject": "Engines"}]
    sequence = desk.sequence({**HELLO, "variants": variants})
    desk.enrol(sequence, desk.contact("Ada"))
    wanted = {"sequence_id": sequence.sequence_id}
    [step] = desk.call("gtm.outreach.variant_results", **wanted).steps
    app = program(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "R")
        await dialog(pilot, app, ResultsDialog)
        await settle(pilot, lambda: shows(app, "Nothing was sent yet."))
        await press(pilot, "j")
        await settle(pilot, lambda: shows(app, "none sent yet"))
        assert shows(app, step.text[:60])


async def test_the_schedule_is_a_form_with_errors_beside_their_fields(desk: Desk) -> None:
    """Windows, days off and limits in lines; an impossible window stays in the form; `z` takes it back."""
    sequence = desk.sequence(HELLO)
    app = program(desk.engine)

    def rules() -> Any:
        return desk.call("gtm.outreach.get_schedule", sequence_id=sequence.sequence_id)

    async with app.run_test(size=(120, 50)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "W")
        await settle(pilot, lambda: shows(app, "give it rules of its own"))
        await press(pilot, "e")
        open_form = await form(pilot)
        fill(open_form, windows="mon-fri 17:00-09:00", zone="Europe/Berlin", daily_cap="many")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "daily_cap" in errors(open_form))
        fill(open_form, daily_cap="20")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: list(errors(open_form)) == ["windows"])
        fill(open_form, windows="mon-fri 9-17\nsat 10:00-12:00", blackout="2026-12-24\n2027-01-01")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "Stored. Open next" in toasts(app))
        assert rules().own
        assert rules().windows == "mon-fri 09:00-17:00; sat 10:00-12:00"
        assert (rules().zone, rules().daily_cap, rules().new_per_day) == ("Europe/Berlin", 20, None)
        assert rules().blackout == ("2026-12-24", "2027-01-01")
        await press(pilot, "W")
        await settle(pilot, lambda: shows(app, "drop its own"))
        await press(pilot, "r")
        await settle(pilot, lambda: not rules().own)
        await press(pilot, "z")
        await settle(pilot, lambda: rules().own)

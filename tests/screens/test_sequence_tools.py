"""What a sequence tells of itself: why not yet, its file, its versions, its plan, its results, its schedule."""

from __future__ import annotations

from pathlib import Path

import pytest

from rusvel_tui.screens.dialogs import Reader
from rusvel_tui.screens.review import Review
from tests.factories import AGAIN, HELLO, Desk
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

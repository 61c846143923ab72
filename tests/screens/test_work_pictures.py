"""Pictures of sequences, today and the log: what stands where, and that nothing is meant by colour alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot

from rusvel_tui.app import RusvelApp
from rusvel_tui.screens import PAGES
from tests.factories import AGAIN, HELLO, Desk
from tests.screens.pilots import settle, shows

WIDE, NARROW = (120, 36), (80, 24)
CALL = {"type": "CALL", "delay_days": 4, "instructions": "Ask {{first_name}} about looms."}
Snap = Callable[..., bool]


def program(desk: Desk, first: str) -> RusvelApp:
    pages = sorted(PAGES, key=lambda entry: entry.id != first)
    return RusvelApp(desk.engine, pages=pages, creators=())


def story(desk: Desk) -> None:
    """People in every state, a draft that waits, one without its data, and two tasks."""
    welcome = desk.sequence(HELLO, AGAIN, CALL, name="Welcome")
    anna, ben, cora = (desk.contact(name) for name in ("Anna Smith", "Ben Jones", "Cora Li"))
    for person in (anna, ben, cora):
        desk.enrol(welcome, person)
    found = desk.call("gtm.outreach.list_enrollments").items
    desk.call("gtm.outreach.pause_enrollment", enrollment_id=found[1].enrollment_id)
    desk.call("gtm.outreach.cancel_enrollment", enrollment_id=found[2].enrollment_id, reason="left")
    desk.enrol(
        desk.sequence({**HELLO, "body": "Hi {{company}}, a word about looms."}, name="Gaps"), anna
    )
    desk.sequence(name="A long name for a sequence that nobody is in", active=False)
    for subject, back in (("Send the samples", 0), ("Call the weaver", 2)):
        desk.call("gtm.crm.add_task", subject=subject, contact_id=ben.contact_id,
                  due_at=desk.engine.clock.now().replace(day=24 - back), body="She asked twice.")  # fmt: skip
    desk.work()


def once(text: str, *keys: str, then: str = "") -> Callable[[Pilot[Any]], Any]:
    """Wait for a text and the header, press keys, wait for another text."""

    async def act(pilot: Pilot[Any]) -> None:
        await settle(pilot, lambda: shows(pilot.app, text) and shows(pilot.app, "no worker"))
        await pilot.press(*keys)
        await settle(pilot, lambda: shows(pilot.app, then or text))

    return act


def test_snapshot_sequences_wide(desk: Desk, snap: Snap) -> None:
    """The list, the steps of the one under the cursor, and its people with what comes next."""
    story(desk)
    look = once("Gaps", "j", "j", then="‖ paused")
    assert snap(program(desk, "sequences"), run_before=look, terminal_size=WIDE)


def test_snapshot_sequence_editor_narrow(desk: Desk, snap: Snap) -> None:
    """A change that is not stored is said; the step under the cursor is there in full."""
    story(desk)
    look = once("Gaps", "j", "j", "e", "J", then="not stored")
    assert snap(program(desk, "sequences"), run_before=look, terminal_size=NARROW)


def test_snapshot_today_narrow(desk: Desk, snap: Snap) -> None:
    """Ranked, with a sign and a word for each need, and the first one in full."""
    story(desk)
    look = once("Call the weaver", then="She asked twice.")
    assert snap(program(desk, "today"), run_before=look, terminal_size=NARROW)


def test_snapshot_today_empty_and_light(desk: Desk, snap: Snap) -> None:
    """Nothing to do is good news in any colours."""
    app = program(desk, "today")
    app.theme = "rusvel-light"
    assert snap(app, run_before=once("Nothing needs you."), terminal_size=WIDE)


def test_snapshot_log_wide(desk: Desk, snap: Snap) -> None:
    """What happened, about whom, by whom; the change that was taken back has a sign."""
    story(desk)
    desk.contact("Dora Miller")
    desk.call("undo")
    assert snap(program(desk, "log"), run_before=once("↶ undone"), terminal_size=WIDE)

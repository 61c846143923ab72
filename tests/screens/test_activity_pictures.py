"""Pictures of Today, the card of a call and the timeline, with names as an attacker writes them among the others."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from textual.pilot import Pilot

from rusvel_tui.app import RusvelApp
from rusvel_tui.screens import CREATORS, PAGES
from tests.factories import HELLO, Desk
from tests.screens.pilots import ESCAPES, settle, shows

WIDE, NARROW, LARGE = (120, 36), (80, 24), (200, 60)
Snap = Callable[..., bool]
NAMES = (
    "[@click=app.quit]x[/]",
    f"a{ESCAPES}b",
    "\u202egnp.exe\u2066",
    "王小明 👩\u200d🚀",
    "Long " * 60,
)


def program(desk: Desk, first: str) -> RusvelApp:
    pages = sorted(PAGES, key=lambda entry: entry.id != first)
    return RusvelApp(desk.engine, pages=pages, creators=CREATORS)


def then(*parts: Any) -> Callable[[Pilot[Any]], Any]:
    """Texts to wait for and keys to press, in this order: a tuple is keys."""

    async def act(pilot: Pilot[Any]) -> None:
        await settle(pilot, lambda: shows(pilot.app, "no worker"))
        for part in parts:
            if isinstance(part, tuple):
                await pilot.press(*part)
            else:
                await settle(pilot, partial(shows, pilot.app, part))
        await pilot.pause()

    return act


def story(desk: Desk) -> Any:
    """A call to make, and much that happened before; the contact."""
    desk.call("session.update", timezone="Europe/Berlin")
    grace = desk.contact(
        "Grace Hopper", "grace@navy.example", company="Navy", title="Admiral", phones=("+49 30 5550930",),
        timezone="America/New_York",
    )  # fmt: skip
    whose = {"contact_id": grace.contact_id}
    deal = desk.call("gtm.crm.add_deal", title="Two looms", value="2400", **whose)
    for name in NAMES:
        desk.later(hours=7)
        desk.call("gtm.crm.add_note", body=f"{name}\nsaid {name}", **whose)
    desk.later(hours=1)
    desk.call("gtm.crm.log_call", outcome="voicemail", duration_minutes=2, **whose)
    mail = desk.drafted(HELLO, contact=grace)
    desk.approve(mail)
    desk.work()
    desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage="Proposal")
    for subject, due in (
        ("Ask whether the offer is clear", "yesterday 14:00"),
        (NAMES[0], "today 18:00"),
    ):
        desk.call("gtm.crm.add_task", subject=subject, kind="call", due_at=due, deal_id=deal.deal_id,
                  body="Hi Grace,\n\nis everything clear? The looms can be there in May.")  # fmt: skip
    for name in NAMES:
        person = desk.contact(name)
        desk.call(
            "gtm.crm.add_task", subject=name, due_at="today 20:00", contact_id=person.contact_id
        )
    return grace


def test_snapshot_today_wide(desk: Desk, snap: Snap) -> None:
    story(desk)
    look = then("! overdue", "It was due on an earlier day.")
    assert snap(program(desk, "today"), run_before=look, terminal_size=WIDE)


def test_snapshot_today_large_and_light(desk: Desk, snap: Snap) -> None:
    story(desk)
    app = program(desk, "today")
    app.theme = "rusvel-light"
    assert snap(app, run_before=then("It was due on an earlier day."), terminal_size=LARGE)


def test_snapshot_call_card_narrow(desk: Desk, snap: Snap) -> None:
    """The number, the time there, what to say, what was last, and the digits."""
    story(desk)
    look = then("! overdue", ("enter",), "8 busy", ("2",))
    assert snap(program(desk, "today"), run_before=look, terminal_size=NARROW)


def test_snapshot_call_card_wide_and_light(desk: Desk, snap: Snap) -> None:
    story(desk)
    app = program(desk, "today")
    app.theme = "rusvel-light"
    assert snap(
        app,
        run_before=then("! overdue", ("enter",), "8 busy", ("s",), "5 another time"),
        terminal_size=WIDE,
    )


def test_snapshot_timeline_beside_the_record(desk: Desk, snap: Snap) -> None:
    story(desk)
    look = then("Grace Hopper", ("/", *"navy", "enter"), "1 contact", ("enter",), "Works at Navy")
    assert snap(program(desk, "contacts"), run_before=look, terminal_size=(120, 50))


def test_snapshot_timeline_below_the_record(desk: Desk, snap: Snap) -> None:
    story(desk)
    look = then(
        "Grace Hopper",
        ("/", *"navy", "enter"),
        "1 contact",
        ("enter",),
        "Ask whether",
        ("j", "j", "j"),
    )
    assert snap(program(desk, "contacts"), run_before=look, terminal_size=NARROW)


def test_snapshot_call_form_narrow(desk: Desk, snap: Snap) -> None:
    desk.contact("Grace Hopper")
    look = then("Grace Hopper", ("c", "l"), "Call with Grace Hopper", "Next step")
    assert snap(program(desk, "contacts"), run_before=look, terminal_size=NARROW)

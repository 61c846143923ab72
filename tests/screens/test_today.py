"""Today: what needs the person, in order, and the way to where it is dealt with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from textual.pilot import Pilot

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.engine.gtm.today.needs import Need
from rusvel_tui.engine.ports import InDoubt
from rusvel_tui.screens import PAGES
from rusvel_tui.screens.inbox.page import InboxPage
from rusvel_tui.screens.shared.moments import since
from rusvel_tui.screens.today.page import TodayPage
from rusvel_tui.screens.today.words import NEEDS
from tests.factories import HELLO, START, Desk, box, enrollment, query
from tests.screens.pilots import HOSTILE, is_safe, screen_lines, settle, shows

HERE = tuple(entry for entry in PAGES if entry.id in ("today", "inbox"))


def program(engine: Engine) -> RusvelApp:
    return RusvelApp(engine, pages=HERE, creators=())


def page(app: RusvelApp) -> TodayPage:
    return app.query_one(TodayPage)


async def press(pilot: Pilot[Any], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()


def task(desk: Desk, subject: str, *, days: float = 0, body: str = "") -> Any:
    due = desk.engine.clock.now() + timedelta(days=days)
    person = desk.contact()
    return desk.call(
        "gtm.crm.add_task", subject=subject, contact_id=person.contact_id, due_at=due, body=body
    )


def incomplete(desk: Desk) -> str:
    """A draft that lacks something; the id of its mail."""
    sequence = desk.sequence({**HELLO, "body": "Hi {{company}}, a word about looms."}, name="Gaps")
    executed = desk.enrol(sequence, desk.contact())
    desk.work()
    return executed.job_id


def outcome(desk: Desk, activity_id: str) -> tuple[str, str]:
    [row] = query(desk, "SELECT status, outcome FROM activity WHERE id = ?", activity_id)
    return row[0], row[1]


async def test_nothing_to_do_is_said(desk: Desk) -> None:
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing needs you."))


async def test_the_most_urgent_comes_first(desk: Desk) -> None:
    """In words and signs, whatever colour the terminal has; a task of tomorrow is not there."""
    task(desk, "Send the samples")
    task(desk, "Call the weaver", days=-2)
    task(desk, "Not yet", days=1)
    desk.mailer.script.append(InDoubt("the line broke"))
    desk.approve(desk.drafted(HELLO, contact=desk.contact("Dora")))
    desk.work()
    incomplete(desk)
    app = program(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: page(app).needs.count == 4)
        lines = screen_lines(app)[2:6]
        for line, word in zip(
            lines, ("? in doubt", "! overdue", "· due today", "… needs data"), strict=True
        ):
            assert word in line, lines
        assert not shows(app, "Not yet")


async def test_enter_goes_to_the_mail(desk: Desk) -> None:
    """Whatever box of the inbox it lies in."""
    desk.drafted(HELLO)
    mail_id = incomplete(desk)
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: page(app).needs.count == 2)
        await press(pilot, "j", "enter")
        await settle(pilot, lambda: len(app.query(InboxPage)) == 1)
        inbox = app.query_one(InboxPage)
        await settle(pilot, lambda: inbox.box is Box.NEEDS_DATA and inbox.mail is not None)
        assert inbox.mail is not None
        assert inbox.mail.id == mail_id
        assert app.page is inbox


@pytest.mark.parametrize(
    ("keys", "expected"),
    [(("d",), "done"), (("d", *"no answer"), "no answer")],
)
async def test_a_task_is_done_with_what_came_of_it(
    desk: Desk, keys: tuple[str, ...], expected: str
) -> None:
    """`d` asks below; Enter without a word means done."""
    made = task(desk, "Call the weaver")
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: page(app).needs.current is not None)
        await press(pilot, keys[0])
        await settle(pilot, lambda: shows(app, "Call the weaver: "))
        await press(pilot, *keys[1:], "enter")
        await settle(pilot, lambda: shows(app, "Nothing needs you."))
        assert outcome(desk, made.activity_id) == ("done", expected)
        await press(pilot, "z")
        await settle(pilot, lambda: shows(app, "· due today"))


async def test_q_092_enter_opens_the_cards_of_all_tasks_one_after_another(desk: Desk) -> None:
    """What is no task is passed over."""
    late, now = task(desk, "Call the weaver", days=-2), task(desk, "Send the samples")
    desk.drafted(HELLO)
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: page(app).needs.count == 3)
        await press(pilot, "enter")
        await settle(pilot, lambda: shows(app, "Task: Call the weaver") and shows(app, "1 of 2"))
        await press(pilot, "enter")
        await settle(pilot, lambda: shows(app, "Task: Send the samples") and shows(app, "2 of 2"))
        await press(pilot, "5", "enter")
        await settle(pilot, lambda: page(app).needs.count == 1 and len(app.screen_stack) == 1)
    assert outcome(desk, late.activity_id) == ("done", "done")
    assert outcome(desk, now.activity_id) == ("done", "not possible")


async def test_a_deal_without_a_next_step_is_on_the_list(desk: Desk) -> None:
    """Rotting after the days that its stage allows; planned, it goes."""
    person = desk.contact("Dora")
    deal = desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title="Looms")
    won = desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title="Sold")
    desk.call("gtm.crm.advance_deal", deal_id=won.deal_id, stage="Won", reason="price")
    desk.later(days=20)
    app = program(desk.engine)
    async with app.run_test(size=(200, 60)) as pilot:
        await settle(pilot, lambda: shows(app, "% rotting") and shows(app, "quiet for 20 days"))
        assert not shows(app, "Sold")
        desk.call("gtm.crm.add_task", subject="Offer", deal_id=deal.deal_id, due_at="in 3 days")
        await settle(pilot, lambda: shows(app, "Nothing needs you."))


async def test_what_is_due_later_today_says_when(desk: Desk) -> None:
    task(desk, "Send the samples", days=0.25)
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "15:00"))


async def test_giving_up_leaves_the_task(desk: Desk) -> None:
    made = task(desk, "Call the weaver")
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: page(app).needs.current is not None)
        await press(pilot, "d")
        await settle(pilot, lambda: shows(app, "Call the weaver: "))
        await press(pilot, *"half", "escape")
        assert outcome(desk, made.activity_id) == ("open", "")


async def test_a_call_of_a_sequence_lets_the_person_go_on(desk: Desk) -> None:
    """Done here, the next step is planned."""
    sequence = desk.sequence({"type": "CALL", "instructions": "Ask about looms."}, HELLO)
    anna = desk.contact("Anna Smith")
    desk.enrol(sequence, anna)
    desk.work()
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Ask about looms."))
        await press(pilot, "d")
        await settle(pilot, lambda: shows(app, "Call: Anna Smith: "))
        await press(pilot, *"busy", "enter")
        await settle(pilot, lambda: enrollment(desk, anna.contact_id).step == 2)


async def test_a_mail_is_not_done_here(desk: Desk) -> None:
    """The page says where."""
    desk.drafted()
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Enter goes to the inbox."))
        await press(pilot, "d")
        assert any("Enter goes to" in note.message for note in app._notifications)
    assert len(box(desk, Box.WAITING)) == 1


async def test_the_person_can_be_visited(desk: Desk) -> None:
    """`O` asks for the contacts page with that contact."""
    made = task(desk, "Call the weaver")
    app = program(desk.engine)
    asked: list[TodayPage.Visit] = []

    def hear(message: object) -> None:
        if isinstance(message, TodayPage.Visit) and message not in asked:
            asked.append(message)

    async with app.run_test(size=(80, 24), message_hook=hear) as pilot:
        await settle(pilot, lambda: page(app).needs.current is not None)
        await press(pilot, "O")
        await settle(pilot, lambda: asked)
    assert (asked[0].page_id, asked[0].item_id) == ("contacts", made.contact_id)


async def test_paused_sending_stands_on_top(desk: Desk) -> None:
    """And Enter goes to the inbox, where it is resumed."""
    desk.drafted()
    desk.call("gtm.outreach.pause_sending", reason="holiday")
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: "‖ paused" in screen_lines(app)[2])
        await settle(pilot, lambda: shows(app, "holiday"))
        await press(pilot, "enter")
        await settle(pilot, lambda: isinstance(app.page, InboxPage))


async def test_what_comes_up_shows_by_itself(desk: Desk) -> None:
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing needs you."))
        mail = desk.drafted()
        await settle(pilot, lambda: shows(app, "○ to approve"))
        desk.approve(mail)
        await settle(pilot, lambda: shows(app, "Nothing needs you."))


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_hostile_text_is_shown_as_text(desk: Desk, size: tuple[int, int]) -> None:
    for text in HOSTILE:
        if "\ud800" not in text:
            task(desk, f"{text[:200]} x", body=text)
    app = program(desk.engine)
    async with app.run_test(size=size) as pilot:
        await settle(pilot, lambda: page(app).needs.current is not None)
        for _ in HOSTILE:
            assert is_safe(app)
            await press(pilot, "j")
        await press(pilot, "d")
        assert is_safe(app)


def test_every_need_has_a_word_and_a_sign() -> None:
    """No two look alike."""
    words = [words for words, _, _ in NEEDS.values()]
    assert set(NEEDS) == set(Need)
    assert len({word[0] for word in words}) == len(words)
    assert all(len(word) <= 16 for word in words)


@pytest.mark.parametrize(
    ("delta", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(hours=23), "23 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=400), "400 days"),
    ],
)
def test_how_long_ago_is_said_in_one_unit(delta: timedelta, words: str) -> None:
    assert since(START - delta, START) == words

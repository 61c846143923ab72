"""The card of a task: whom, what to say, what was last, and what came of it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from rusvel_tui.engine.gtm.crm.timeline.outcomes import CallOutcome
from rusvel_tui.screens.today.office import clock_words
from rusvel_tui.screens.today.task_card import TaskCard
from rusvel_tui.widgets.choices import Choices
from tests.factories import Desk, query
from tests.screens.desks import errors, fill, form
from tests.screens.pilots import (
    HOSTILE,
    WidgetApp,
    is_safe,
    press,
    screen_lines,
    settle,
    shows,
)


class Cards(WidgetApp):
    """An app that shows nothing but a card; keeps what it answered."""

    answer: int | None = None

    def __init__(self, desk: Desk, *ids: str) -> None:
        super().__init__()
        self.card = TaskCard(desk.engine, ids)

    def on_mount(self) -> None:
        self.push_screen(self.card, lambda dealt: setattr(self, "answer", dealt))


def call(desk: Desk, subject: str = "Ask about the looms", **more: Any) -> Any:
    person = desk.contact(
        "Grace Hopper", company="Navy", title="Admiral", phones=("+49 30 5550930",)
    )
    values = {"contact_id": person.contact_id, "kind": "call", "subject": subject} | more
    return desk.call("gtm.crm.add_task", **values)


def stored(desk: Desk, activity_id: str) -> tuple[str, str, str]:
    [row] = query(desk, "SELECT status, outcome, notes FROM activity WHERE id = ?", activity_id)
    return row[0], row[1], row[2]


async def opened(pilot: Pilot[Any]) -> None:
    app: Any = pilot.app
    choices = app.card.query_one(Choices)
    await settle(pilot, lambda: choices.options and shows(app, choices.options[-1]))


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_the_card_shows_whom_what_and_what_was_last(
    desk: Desk, size: tuple[int, int]
) -> None:
    task = call(desk, body="Hi Grace,\nhow do the looms do?", due_at="2 days ago")
    for number in range(4):
        desk.later(minutes=1)
        desk.call("gtm.crm.add_note", body=f"note {number}", contact_id=task.contact_id)
    app = Cards(desk, task.activity_id)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        for text in (
            "Call: Ask about the looms", "Grace Hopper · Admiral · Navy", "+49 30 5550930", "2 days late", "What to say",
        ):  # fmt: skip
            assert shows(app, text), text
        await press(pilot, "G")
        assert [shows(app, f"note: note {number}") for number in range(4)] == [
            False,
            True,
            True,
            True,
        ]


async def test_the_card_of_a_call_shows_the_deal_the_notes_and_their_clock(desk: Desk) -> None:
    """The script as it is said, the worth of the deal, and whether it is a good time over there."""
    person = desk.contact("Aiko Hart", company="Hart", phones=("+81 3 555 0100",), timezone="Asia/Tokyo", notes="Likes mornings.")  # fmt: skip
    deal = desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title="Presses", value="9000", currency="USD")  # fmt: skip
    script = {"type": "CALL", "body": "Hi {{first_name}}, how do things stand at {{company}}?"}
    desk.enrol(desk.sequence(script), person, deal.deal_id)
    desk.work()
    [task] = desk.call("gtm.crm.list_tasks").items
    app = Cards(desk, task.activity_id)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        for text in (
            "+81 3 555 0100", "Hi Aiko, how do things stand at Hart?", "Presses, 9,000.00 USD, Lead", "Likes mornings.",
            "Tue 18:00, outside office hours until Wed 09:00 (Asia/Tokyo)",
        ):  # fmt: skip
            assert shows(app, text), text


@pytest.mark.parametrize(
    ("local", "words"),
    [
        ("2026-11-24 09:00", "Tue 09:00, office hours"),
        ("2026-11-24 16:59", "Tue 16:59, office hours"),
        ("2026-11-24 08:59", "Tue 08:59, outside office hours until Tue 09:00"),
        ("2026-11-27 17:00", "Fri 17:00, outside office hours until Mon 09:00"),
        ("2026-11-28 12:00", "Sat 12:00, outside office hours until Mon 09:00"),
    ],
)
def test_office_hours_are_those_of_weekdays(local: str, words: str) -> None:
    zone = ZoneInfo("America/Lima")
    now = datetime.fromisoformat(local).replace(tzinfo=zone).astimezone(UTC)
    assert clock_words(now, zone) == (words, "outside" not in words)


@pytest.mark.parametrize("wanted", list(CallOutcome))
async def test_every_digit_is_an_outcome_and_enter_says_it(desk: Desk, wanted: CallOutcome) -> None:
    task, number = call(desk), list(CallOutcome).index(wanted) + 1
    app = Cards(desk, task.activity_id)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert shows(app, f"{number} {wanted}")
        await press(pilot, str(number), "enter")
        await settle(pilot, lambda: app.answer == 1)
    assert stored(desk, task.activity_id)[:2] == ("done", wanted)


async def test_a_call_is_not_done_without_an_outcome(desk: Desk) -> None:
    task = call(desk)
    app = Cards(desk, task.activity_id)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await press(pilot, "enter")
        assert shows(app, "Choose what came of it: 1 to 8.")
        await press(pilot, "9")
        await press(pilot, "escape")
        await settle(pilot, lambda: app.answer == 0)
    assert stored(desk, task.activity_id)[0] == "open"


async def test_a_note_and_the_next_step_are_written_down_with_enter(desk: Desk) -> None:
    task = call(desk)
    app = Cards(desk, task.activity_id)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await press(pilot, "4", "e")
        await settle(pilot, lambda: isinstance(app.focused, TextArea))
        fill(await form(pilot), note="In a meeting.")
        await press(pilot, "ctrl+s")
        await settle(pilot, lambda: shows(app, "In a meeting."))
        await press(pilot, "f")
        dialog = await form(pilot)
        fill(dialog, subject="Call again", due_at="someday")
        await press(pilot, "enter")
        await settle(pilot, lambda: "is not a day" in errors(dialog).get("due_at", ""))
        fill(dialog, due_at="fri 14:00")
        await press(pilot, "enter")
        await settle(pilot, lambda: shows(app, "call: Call again, Fri 27 Nov 14:00"))
        assert stored(desk, task.activity_id)[0] == "open"
        await press(pilot, "enter")
        await settle(pilot, lambda: app.answer == 1)
    assert stored(desk, task.activity_id) == ("done", "call back", "In a meeting.")
    [next_] = desk.call("gtm.crm.list_tasks").items
    assert (next_.subject, next_.kind, next_.contact_id) == ("Call again", "Call", task.contact_id)


async def test_giving_up_a_form_of_the_card_changes_nothing(desk: Desk) -> None:
    task = call(desk)
    app = Cards(desk, task.activity_id)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        for key in "ef":
            await press(pilot, key)
            await form(pilot)
            await press(pilot, "escape")
            await settle(pilot, lambda: app.screen is app.card)
        assert (app.card.note, app.card.next) == ("", None)


@pytest.mark.parametrize(
    ("key", "due"),
    [
        ("1", "2026-11-24T12:00"),
        ("2", "2026-11-25T09:00"),
        ("3", "2026-11-30T09:00"),
        ("4", "2026-12-01T09:00"),
    ],
)
async def test_it_can_be_put_off(desk: Desk, key: str, due: str) -> None:
    task = call(desk)
    app = Cards(desk, task.activity_id)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await press(pilot, "s")
        assert shows(app, "2 tomorrow")
        await press(pilot, key)
        await settle(pilot, lambda: app.answer == 1)
    [later] = desk.call("gtm.crm.list_tasks").items
    assert later.due_at.isoformat()[:16] == due


async def test_it_can_be_put_off_to_a_time_in_words(desk: Desk) -> None:
    task = call(desk)
    app = Cards(desk, task.activity_id)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await press(pilot, "s", "escape")
        assert shows(app, "1 reached")
        await press(pilot, "s", "5")
        dialog = await form(pilot)
        fill(dialog, until="never")
        await press(pilot, "enter")
        await settle(pilot, lambda: "is not a day" in errors(dialog).get("until", ""))
        fill(dialog, until="in 2 weeks")
        await press(pilot, "enter")
        await settle(pilot, lambda: app.answer == 1)
    [later] = desk.call("gtm.crm.list_tasks").items
    assert later.due_at.isoformat()[:10] == "2026-12-08"


async def test_one_after_another_and_some_skipped(desk: Desk) -> None:
    """What is done or deleted by somebody else meanwhile is passed over."""
    tasks = [call(desk, subject=name) for name in ("One", "Two", "Three", "Four")]
    app = Cards(desk, *(task.activity_id for task in tasks))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        desk.call("gtm.crm.complete_task", activity_id=tasks[1].activity_id)
        desk.call("gtm.crm.delete_activity", activity_id=tasks[2].activity_id)
        await press(pilot, "n")
        await settle(pilot, lambda: shows(app, "Call: Four") and shows(app, "4 of 4"))
        await press(pilot, "1", "enter")
        await settle(pilot, lambda: app.answer == 1)
    assert stored(desk, tasks[0].activity_id)[0] == "open"


async def test_it_is_deleted_after_asking(desk: Desk) -> None:
    task = call(desk)
    app = Cards(desk, task.activity_id)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await press(pilot, "D")
        await settle(pilot, lambda: shows(app, "Delete the call “Ask about the looms”?"))
        await press(pilot, "y")
        await settle(pilot, lambda: app.answer == 1)
    assert desk.call("gtm.crm.list_tasks").items == ()
    desk.call("undo")
    assert len(desk.call("gtm.crm.list_tasks").items) == 1


async def test_somebody_elses_change_is_seen_before_it_is_done(desk: Desk) -> None:
    task = call(desk)
    app = Cards(desk, task.activity_id)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        desk.call("gtm.crm.update_activity", activity_id=task.activity_id, subject="Ask about silk")
        await press(pilot, "1", "enter")
        await settle(pilot, lambda: shows(app, "changed by somebody else"))
        assert shows(app, "Ask about silk")
        assert stored(desk, task.activity_id)[0] == "open"
        await press(pilot, "enter")
        await settle(pilot, lambda: app.answer == 1)
    assert stored(desk, task.activity_id)[:2] == ("done", "reached")


async def test_what_the_engine_refuses_is_said_on_the_card(desk: Desk) -> None:
    """The step of a sequence is not deleted alone."""
    desk.enrol(desk.sequence({"type": "CALL", "body": "Ask."}), desk.contact())
    desk.work()
    [task] = desk.call("gtm.crm.list_tasks").items
    app = Cards(desk, task.activity_id)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await press(pilot, "D")
        await settle(pilot, lambda: shows(app, "Delete the call"))
        await press(pilot, "y")
        await settle(pilot, lambda: shows(app, "enrollment instead."))


async def test_the_number_is_copied(desk: Desk) -> None:
    task = call(desk)
    app = Cards(desk, task.activity_id)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await press(pilot, "y")
        await settle(pilot, lambda: shows(app, "Copied: +49305550930"))
        assert app.clipboard == "+49305550930"


async def test_a_task_of_nobody_is_done_with_enter_alone(desk: Desk) -> None:
    task = desk.call("gtm.crm.add_task", subject="Water the plants")
    app = Cards(desk, task.activity_id)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert not shows(app, "Whom")
        await press(pilot, "y", "enter")
        await settle(pilot, lambda: app.answer == 1)
    assert stored(desk, task.activity_id)[:2] == ("done", "done")


async def test_the_mouse_chooses_too(desk: Desk) -> None:
    task = call(desk)
    app = Cards(desk, task.activity_id)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        choices = app.card.query_one(Choices)
        at = screen_lines(app)[choices.region.y].index("no answer") - choices.region.x
        await pilot.click(choices, offset=(at, 0))
        await settle(pilot, lambda: app.card.outcome == 2)


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_hostile_text_is_shown_as_text(desk: Desk, size: tuple[int, int]) -> None:
    """In the name, the subject, the script and the notes; the keys stay on the screen."""
    ids = []
    for text in HOSTILE:
        if "\ud800" in text:
            continue
        person = desk.contact(text[:300].strip() or "x", company=text[:300])
        task = desk.call(
            "gtm.crm.add_task",
            subject=f"{text[:300]} x",
            body=text * 3,
            contact_id=person.contact_id,
            kind="call",
        )
        desk.call("gtm.crm.log_call", contact_id=person.contact_id, body=f"{text} x")
        ids.append(task.activity_id)
    app = Cards(desk, *ids)
    async with app.run_test(size=size) as pilot:
        for number in range(len(ids)):
            await settle(pilot, partial(shows, app, f"{number + 1} of {len(ids)}"))
            await opened(pilot)
            assert is_safe(app)
            await press(pilot, "n")


@pytest.mark.parametrize("phones", [("+49 30 5550930",), ()])
async def test_t_076_a_step_on_whatsapp_has_its_link_where_there_is_a_number(
    desk: Desk, phones: tuple[str, ...]
) -> None:
    """T-076: theirs had a button; ours shows where it opens, `y` copies that and `Y` what to say."""
    step = {
        "channel": "whatsapp",
        "subject": "Write to {{first_name}}",
        "body": "Hi {{first_name}}!",
    }
    desk.enrol(desk.sequence(step), desk.contact("Grace Hopper", phones=phones))
    desk.work()
    [task] = desk.call("gtm.crm.list_tasks").items
    app = Cards(desk, task.activity_id)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        link = "https://wa.me/49305550930?text=Hi%20Grace%21"
        assert shows(app, link) == bool(phones)
        await press(pilot, "y")
        await settle(pilot, lambda: shows(app, f"Copied: {link if phones else 'grace1@'}"))
        await press(pilot, "Y")
        await settle(pilot, lambda: shows(app, "Copied: Hi Grace!"))
        assert app.clipboard == "Hi Grace!"

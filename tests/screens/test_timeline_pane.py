"""The timeline of somebody or something, as a part of a page: what is to be done, what happened, and older."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from textual.app import ComposeResult
from textual.pilot import Pilot

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.gtm.crm.timeline.timeline_entries import EntryKind
from rusvel_tui.screens import Entry
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.timeline.entry_card import EntryCard
from rusvel_tui.screens.timeline.pane import AT_ONCE, FILTERS, TimelinePane
from rusvel_tui.screens.timeline.words import WORDS, day_words, due_words
from rusvel_tui.screens.today.task_card import TaskCard
from rusvel_tui.widgets.feed import Feed, FeedItem
from tests.factories import HELLO, START, Desk
from tests.screens.desks import fill, form, said
from tests.screens.pilots import (
    HOSTILE,
    WidgetApp,
    is_safe,
    painted,
    press,
    screen_lines,
    settle,
    shows,
)

UTC_ZONE = ZoneInfo("UTC")


class TimelinePage(Page[None]):
    """A page that is nothing but a timeline."""

    ABOUT = "What happened."

    def compose(self) -> ComposeResult:
        yield TimelinePane(self.engine, self._changes)


class OtherPage(TimelinePage):
    """Where entries lead; keeps what it was to show."""

    shown = ""

    def reveal(self, item_id: str) -> None:
        OtherPage.shown = item_id


HERE = "tests.screens.test_timeline_pane"
PAGES = (
    Entry("sample", "Sample", "S", "y", f"{HERE}:TimelinePage"),
    Entry("inbox", "Inbox", "I", "i", f"{HERE}:OtherPage"),
    Entry("deals", "Deals", "D", "d", f"{HERE}:OtherPage"),
)


def program(desk: Desk) -> RusvelApp:
    return RusvelApp(desk.engine, pages=PAGES, creators=())


def pane(app: RusvelApp) -> TimelinePane:
    return app.query_one("#sample TimelinePane", TimelinePane)


async def about(pilot: Pilot[Any], text: str = "", **whose: str) -> None:
    """Show that timeline and wait for it."""
    app: Any = pilot.app
    await settle(pilot, lambda: app.query("#sample TimelinePane"))
    pane(app).about(**whose)
    await settle(pilot, lambda: shows(app, text) if text else pane(app).feed.items)


def alone(app: RusvelApp, text: str, absent: str) -> bool:
    return shows(app, text) and not shows(app, absent)


def grown(feed: Feed, before: int) -> bool:
    return len(feed.items) > before


def story(desk: Desk) -> Any:
    """A person with something of every kind; the deal."""
    person = desk.contact("Grace", company="Acme")
    whose = {"contact_id": person.contact_id}
    deal = desk.call("gtm.crm.add_deal", title="Looms", **whose)
    desk.later(days=1, hours=1)
    desk.call("gtm.crm.add_note", body="Met at the fair\nwants two", **whose)
    desk.later(hours=1)
    desk.call("gtm.crm.log_call", outcome="voicemail", duration_minutes=3, **whose)
    desk.call(
        "gtm.crm.add_task", subject="Send the offer", due_at="yesterday", body="two looms", **whose
    )
    desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage="Qualified")
    return deal


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_what_is_to_be_done_comes_first_then_days_newest_first(
    desk: Desk, size: tuple[int, int]
) -> None:
    """Q-094 on the screen: absolute days and how long ago they are, the times in the session's zone."""
    desk.call("session.update", timezone="Europe/Berlin")
    deal = story(desk)
    app = program(desk)
    async with app.run_test(size=size) as pilot:
        await about(pilot, "Send the offer", contact_id=deal.contact_id)
        lines = "\n".join(screen_lines(app))
        order = (
            "To do", "Send the offer", "due Tue 24 Nov 09:00, 1 day late", "two looms", "Wed 25 Nov 2026 · today",
            "Lead → Qualified", "12:00 call", "voicemail · 3 min", "11:00 note", "Met at the fair", "wants two",
            "Tue 24 Nov 2026 · yesterday", "Works at Acme",
        )  # fmt: skip
        places = [lines.replace("  ", " ").find(text) for text in order]
        assert -1 not in places, lines
        assert places == sorted(places), lines


async def test_nothing_yet_says_what_to_do(desk: Desk) -> None:
    person = desk.contact()
    app = program(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await about(pilot, "Nothing yet.", contact_id=person.contact_id)
        assert shows(app, "c n writes a note")


async def test_of_nobody_nothing_is_shown(desk: Desk) -> None:
    deal = story(desk)
    app = program(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await about(pilot, contact_id=deal.contact_id)
        pane(app).about()
        await settle(pilot, lambda: not pane(app).feed.items)


async def test_the_key_goes_through_the_kinds(desk: Desk) -> None:
    deal = story(desk)
    app = program(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await about(pilot, contact_id=deal.contact_id)
        pane(app).feed.focus()
        for name, text, absent in (
            ("mails", "Nothing yet.", "Met at"), ("talks", "voicemail", "Met at"), ("notes", "Met at", "voicemail"),
            ("tasks", "Send the offer", "Met at"), ("money", "Nothing yet.", "Met at"),
            ("changes", "Lead → Qualified", "Send the offer"),
            ("all", "Met at", "Nothing yet."),
        ):  # fmt: skip
            await press(pilot, "l")
            assert pane(app).kinds == name
            await settle(pilot, partial(alone, app, text, absent))


async def test_older_entries_come_as_it_is_scrolled(desk: Desk) -> None:
    """Each once, to the first of all; and no more than is needed at the start."""
    person = desk.contact()
    for number in range(2 * AT_ONCE + 20):
        desk.later(minutes=1)
        desk.call("gtm.crm.add_note", body=f"note {number:03}", contact_id=person.contact_id)
    app = program(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await about(pilot, contact_id=person.contact_id)
        feed = pane(app).feed
        feed.focus()
        await pilot.pause()
        assert len(feed.items) == AT_ONCE
        while len(feed.items) < 2 * AT_ONCE + 20:
            before = len(feed.items)
            await press(pilot, "G")
            await settle(pilot, partial(grown, feed, before))
        assert [item.title for item in feed.items] == [
            f"note {n:03}" for n in reversed(range(2 * AT_ONCE + 20))
        ]
        await press(pilot, "G")
        await settle(pilot, lambda: shows(app, "note 000"))


async def test_it_follows_the_news_and_keeps_its_place(desk: Desk) -> None:
    person = desk.contact()
    for number in range(5):
        desk.call("gtm.crm.add_note", body=f"note {number}", contact_id=person.contact_id)
    app = program(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await about(pilot, contact_id=person.contact_id)
        feed = pane(app).feed
        feed.focus()
        await press(pilot, "j", "j")
        assert feed.current is not None
        assert feed.current.title == "note 2"
        desk.call("gtm.crm.add_note", body="new", contact_id=person.contact_id)
        await settle(pilot, lambda: shows(app, "new"))
        assert feed.current is not None
        assert (feed.current.title, feed.cursor) == ("note 2", 3)


async def test_somebody_elses_late_answer_is_not_shown(desk: Desk) -> None:
    first, second = desk.contact(), desk.contact()
    desk.call("gtm.crm.add_note", body="of the first", contact_id=first.contact_id)
    desk.call("gtm.crm.add_note", body="of the second", contact_id=second.contact_id)
    app = program(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await about(pilot, contact_id=first.contact_id)
        late = pane(app).read()
        pane(app).about(contact_id=second.contact_id)
        await settle(pilot, lambda: shows(app, "of the second"))
        assert late is not None
        pane(app).show(late)
        await pilot.pause()
        assert not shows(app, "of the first")


async def test_enter_on_something_to_do_opens_its_card(desk: Desk) -> None:
    deal = story(desk)
    app = program(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await about(pilot, contact_id=deal.contact_id)
        pane(app).feed.focus()
        await press(pilot, "enter")
        await settle(pilot, lambda: isinstance(app.screen, TaskCard) and shows(app, "1 done"))
        await press(pilot, "enter")
        await settle(pilot, lambda: "Done: Send the offer" in said(app))
        await settle(pilot, lambda: not shows(app, "To do"))


async def test_enter_goes_where_an_entry_is_dealt_with(desk: Desk) -> None:
    mail = desk.drafted(HELLO)
    desk.approve(mail)
    desk.later(hours=1)
    desk.work()
    app = program(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await about(pilot, contact_id=mail.contact_id)
        pane(app).feed.focus()
        await press(pilot, "j")
        assert pane(app).feed.current is not None
        await press(pilot, "enter")
        await settle(pilot, lambda: OtherPage.shown == mail.id)


async def test_enter_on_anything_else_shows_it_whole(desk: Desk) -> None:
    person = desk.contact("Grace")
    body = "\n".join(f"line {number}" for number in range(20))
    desk.call("gtm.crm.add_note", body=body, contact_id=person.contact_id)
    app = program(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await about(pilot, "more lines", contact_id=person.contact_id)
        assert not shows(app, "line 9")
        pane(app).feed.focus()
        await press(pilot, "enter")
        await settle(pilot, lambda: shows(app, "just now"))
        await press(pilot, "G")
        await settle(pilot, lambda: shows(app, "line 19"))
        await press(pilot, "escape")
        await settle(pilot, lambda: not shows(app, "line 19"))


async def test_a_note_is_changed_deleted_and_brought_back(desk: Desk) -> None:
    """From the card of the entry; somebody else's change is not overwritten."""
    person = desk.contact("Grace")
    note = desk.call("gtm.crm.add_note", body="wants two", contact_id=person.contact_id)
    app = program(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await about(pilot, "wants two", contact_id=person.contact_id)
        pane(app).feed.focus()
        await press(pilot, "enter")
        await settle(pilot, lambda: shows(app, "e edit · D delete · esc"))
        await press(pilot, "r")
        assert shows(app, "e edit")
        await press(pilot, "e")
        dialog = await form(pilot)
        fill(dialog, body="wants three")
        desk.call("gtm.crm.update_activity", activity_id=note.activity_id, body="wants four")
        await press(pilot, "ctrl+s")
        await settle(pilot, lambda: shows(app, "changed by somebody else"))
        await press(pilot, "escape", "escape")
        await settle(pilot, lambda: shows(app, "wants four") and len(app.screen_stack) == 1)
        await press(pilot, "enter")
        await settle(pilot, lambda: shows(app, "e edit"))
        await press(pilot, "e")
        fill(await form(pilot), body="wants five")
        await press(pilot, "ctrl+s")
        await settle(pilot, lambda: "Changed. z to undo." in said(app) and shows(app, "wants five"))
        await press(pilot, "enter")
        await settle(pilot, lambda: shows(app, "e edit"))
        await press(pilot, "D")
        await settle(pilot, lambda: shows(app, "Delete the note “wants five”?"))
        await press(pilot, "y")
        await settle(pilot, lambda: shows(app, "Nothing yet."))
        await press(pilot, "z")
        await settle(pilot, lambda: shows(app, "wants five"))


async def test_a_done_task_is_changed_and_opened_again(desk: Desk) -> None:
    person = desk.contact("Grace")
    task = desk.call("gtm.crm.add_task", subject="Send", contact_id=person.contact_id)
    desk.call("gtm.crm.complete_task", activity_id=task.activity_id)
    app = program(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await about(pilot, "✓ Send", contact_id=person.contact_id)
        pane(app).feed.focus()
        await press(pilot, "enter")
        await settle(pilot, lambda: shows(app, "r open again"))
        await press(pilot, "e")
        fill(await form(pilot), outcome="Not possible", notes="no stock")
        await press(pilot, "ctrl+s")
        await settle(pilot, lambda: shows(app, "Send · not possible") and shows(app, "no stock"))
        await press(pilot, "enter")
        await settle(pilot, lambda: shows(app, "r open again"))
        await press(pilot, "r")
        await settle(pilot, lambda: shows(app, "To do"))
    assert len(desk.call("gtm.crm.list_tasks").items) == 1


async def test_what_a_person_did_not_write_is_only_shown(desk: Desk) -> None:
    person = desk.contact("Grace", company="Acme")
    app = program(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await about(pilot, "Works at Acme", contact_id=person.contact_id)
        pane(app).feed.focus()
        await press(pilot, "enter")
        await settle(pilot, lambda: isinstance(app.screen, EntryCard))
        await press(pilot, "D", "e", "r")
        assert isinstance(app.screen, EntryCard)
        assert not shows(app, "D delete")
        await press(pilot, "enter")
        await settle(pilot, lambda: len(app.screen_stack) == 1)


async def test_of_a_company_and_of_a_deal_it_says_with_whom(desk: Desk) -> None:
    deal = story(desk)
    company = desk.call("gtm.crm.get_contact", contact_id=deal.contact_id).company_id
    app = program(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await about(pilot, company_id=company)
        assert shows(app, "voicemail · 3 min · Grace")
        assert shows(app, "Send the offer · Grace")
        pane(app).about(deal_id=deal.deal_id)
        await settle(pilot, partial(alone, app, "Lead → Qualified", "Met at the fair"))


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_hostile_text_is_shown_as_text(desk: Desk, size: tuple[int, int]) -> None:
    person = desk.contact("x")
    for text in HOSTILE:
        if "\ud800" not in text:
            desk.call("gtm.crm.add_note", body=f"{text} x\n{text}", contact_id=person.contact_id)
    app = program(desk)
    async with app.run_test(size=size) as pilot:
        await about(pilot, contact_id=person.contact_id)
        feed = pane(app).feed
        feed.focus()
        for _ in feed.items:
            assert is_safe(app)
            await press(pilot, "j")
        await press(pilot, "enter")
        assert is_safe(app)


def test_every_kind_has_a_word_and_a_filter() -> None:
    words = [word for word, _ in WORDS.values()]
    assert set(WORDS) == set(EntryKind)
    assert len(set(words)) == len(words)
    assert {kind for kinds in FILTERS.values() for kind in kinds} == set(EntryKind)


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "today"), (1, "yesterday"), (2, "2 days ago"), (13, "13 days ago"), (14, "2 weeks ago"), (59, "8 weeks ago"),
     (60, "2 months ago"), (729, "24 months ago"), (730, "2 years ago"), (-1, "still to come")],
)  # fmt: skip
def test_how_long_ago_a_day_is(days: int, words: str) -> None:
    assert day_words(START - timedelta(days=days), START, UTC_ZONE).endswith(f"· {words}")


def test_days_are_those_of_the_zone() -> None:
    assert day_words(
        START.replace(hour=23), START + timedelta(days=1), ZoneInfo("Asia/Tokyo")
    ).endswith("today")
    assert (
        due_words(START, START + timedelta(hours=3), UTC_ZONE)
        == "due Tue 24 Nov 09:00, 3 hours late"
    )
    assert due_words(START, START, UTC_ZONE) == "due Tue 24 Nov 09:00"


# ---- the widget


def items(count: int, detail: str = "") -> list[FeedItem]:
    return [
        FeedItem(str(n), f"day {n // 3}", "09:00", "note", f"title {n}", detail)
        for n in range(count)
    ]


async def with_feed(count: int, check: Callable[[Pilot[Any], Feed], Any], detail: str = "") -> None:
    feed = Feed(most=3)
    app = WidgetApp(feed)
    async with app.run_test(size=(60, 20)) as pilot:
        feed.show(items(count, detail))
        await pilot.pause()
        await check(pilot, feed)


async def test_the_cursor_goes_from_entry_to_entry_and_shows_them_whole() -> None:
    async def check(pilot: Pilot[Any], feed: Feed) -> None:
        for number in range(1, 30):
            await press(pilot, "j")
            assert feed.cursor == number
            assert shows(pilot.app, f"title {number}")
            assert shows(pilot.app, f"day {number // 3}")
        await press(pilot, "j")
        assert feed.cursor == 29
        await press(pilot, "g", "g")
        assert feed.cursor == 0
        assert screen_lines(pilot.app)[0].strip() == "day 0"

    await with_feed(30, check, detail="one\ntwo")


async def test_pages_go_by_half_screens_and_always_on() -> None:
    async def check(pilot: Pilot[Any], feed: Feed) -> None:
        seen = [feed.cursor]
        while feed.cursor < 29:
            await press(pilot, "ctrl+d")
            seen.append(feed.cursor)
        assert seen == sorted(set(seen))
        while feed.cursor > 0:
            await press(pilot, "pageup")
        assert feed.cursor == 0

    await with_feed(30, check, detail="\n".join("abcdefghijk"))


async def test_long_texts_wrap_beside_the_title_and_say_what_is_hidden() -> None:
    async def check(pilot: Pilot[Any], feed: Feed) -> None:
        lines = screen_lines(pilot.app)
        start = lines[1].index("title 0")
        assert all(line.startswith(" " * start) or not line[1:start].strip() for line in lines[2:5])
        assert lines[5].endswith("… 6 more lines")

    await with_feed(1, check, detail="word " * 75)


async def test_a_movement_repaints_two_entries() -> None:
    async def check(pilot: Pilot[Any], feed: Feed) -> None:
        with painted(feed) as lines:
            await press(pilot, "j")
        assert 0 < len(set(lines)) <= 4

    await with_feed(6, check, detail="one")


async def test_a_double_click_opens() -> None:
    feed = Feed()
    app = WidgetApp(feed)
    async with app.run_test(size=(60, 20), message_hook=app.hear) as pilot:
        feed.show(items(3))
        await pilot.pause()
        await pilot.click(feed, offset=(5, 2), times=2)
        await settle(pilot, lambda: [message.id for message in app.heard(Feed.Opened)] == ["1"])

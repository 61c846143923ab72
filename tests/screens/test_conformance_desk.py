"""What the first designs tested of their screens, on ours, and that the desk stays live whatever goes on behind it."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from textual.pilot import Pilot

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.worker import Worker
from rusvel_tui.screens import PAGES
from rusvel_tui.screens.shared.key_help import KeyHelp
from rusvel_tui.screens.shared.review import Review
from rusvel_tui.widgets.header import Header
from tests.factories import HELLO, Desk, box
from tests.screens.deals_shown import deal
from tests.screens.desks import program, said
from tests.screens.pilots import press, screen_lines, settle, shows

TEXTS = {
    "today": "Anna Abel",
    "deals": "Board",
    "growth": "MRR",
    "log": "a deal was added",
    "contacts": "Anna Abel",
}
"""What each page shows of the desk below: tasks, pipeline, goals, events, people."""


def only(engine: Engine, *ids: str, worker: Worker | None = None) -> RusvelApp:
    """The real application with these pages, the first in front."""
    pages = {entry.id: entry for entry in PAGES}
    return RusvelApp(engine, worker, pages=[pages[one] for one in ids], creators=())


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """A deal, a task, a goal with a reading, and what happened meanwhile."""
    one = deal(desk, value="1200")
    desk.call("gtm.crm.add_task", subject="Call Anna Abel", deal_id=one.deal_id, due_at="today")
    desk.call("growth.kpi.record_kpi", name="MRR", value="12000")
    return desk


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_t_046_every_part_of_the_screen_shows_what_is_stored(
    busy: Desk, size: tuple[int, int]
) -> None:
    """T-046: header, tasks, goals, pipeline by stage and events. Theirs were panes of one screen, ours are pages of one desk."""
    app = only(busy.engine, *TEXTS)
    async with app.run_test(size=size) as pilot:
        for page, text in TEXTS.items():
            await press(pilot, "g", next(entry.letter for entry in PAGES if entry.id == page))
            await settle(pilot, lambda page=page: app.query_one(Header).active == page)  # type: ignore[misc]
            await settle(pilot, lambda text=text: shows(app, text))  # type: ignore[misc]
            assert "acme" in screen_lines(app)[0]


async def test_t_046_the_pipeline_counts_each_stage(busy: Desk) -> None:
    deal(busy, "Second", "Bob Brown")
    closed = deal(busy, "Third", "Cid Cole")
    busy.call("gtm.crm.advance_deal", deal_id=closed.deal_id, stage="Qualified")
    app = only(busy.engine, "deals")
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: shows(app, "Second"))
        heads = " ".join(next(line for line in screen_lines(app) if "Qualified" in line).split())
        assert heads.startswith("Lead 2")
        assert "Qualified 1" in heads


async def test_t_046_an_empty_desk_says_what_to_do(desk: Desk) -> None:
    """T-046: theirs had an empty list of panes and a hint; every page of ours names its first key."""
    app = only(desk.engine, "deals", "sequences", "log", "contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        for letter, hint in (("d", "No deal yet."), ("s", "No sequence yet."), ("c", "c c")):
            await press(pilot, "g", letter)
            await settle(pilot, lambda hint=hint: shows(app, hint))  # type: ignore[misc]


async def test_t_075_advice_is_made_shown_and_done_with_a_key(desk: Desk) -> None:
    """T-075: theirs had a card that generates and one that applies; ours is one dialog, and a digit applies."""
    one = deal(desk)
    desk.call("gtm.crm.log_call", deal_id=one.deal_id, outcome="voicemail", body="We need an API.")
    app = program(desk.engine, "deals")
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: shows(app, "Board"))
        await press(pilot, "A")
        await settle(pilot, lambda: isinstance(app.screen, Review) and shows(app, "Next step"))
        assert shows(app, "What it rests on")
        assert desk.call("gtm.crm.list_tasks", deal_id=one.deal_id).items == ()
        await press(pilot, "1")
        await settle(pilot, lambda: "z to undo" in said(app))
    assert len(desk.call("gtm.crm.list_tasks", deal_id=one.deal_id).items) == 1


@pytest.fixture
def held_up(desk: Desk) -> Iterator[Event]:
    """A mail server that takes its time: it answers when the event is set."""
    free, reached = Event(), Event()

    def wait(_: Any) -> None:
        reached.set()
        free.wait(60)

    desk.mailer.before_gate = wait
    desk.mailer.reached = reached  # type: ignore[attr-defined]
    yield free
    free.set()


async def live(pilot: Pilot[Any], app: RusvelApp, desk: Desk) -> None:
    """Keys, another process and the palette work now."""
    desk.contact("Zoe Zander")
    await press(pilot, "g", "c")
    await settle(pilot, lambda: shows(app, "Zoe Zander"))
    await press(pilot, "question_mark")
    await settle(pilot, lambda: isinstance(app.screen, KeyHelp))
    await press(pilot, "escape")
    await settle(pilot, lambda: not isinstance(app.screen, KeyHelp))


async def test_q_162_the_desk_answers_while_a_mail_is_on_its_way(
    desk: Desk, held_up: Event
) -> None:
    """Q-162: the worker talks to a server that does not answer; keys, news and help do not wait for it."""
    mail = desk.drafted(HELLO)
    desk.approve(mail)
    app = only(desk.engine, "inbox", "contacts", worker=Worker(desk.engine))
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: desk.mailer.reached.is_set())  # type: ignore[attr-defined]
        await live(pilot, app, desk)
        assert desk.mailer.sent == []
        held_up.set()
        await settle(pilot, lambda: len(desk.mailer.sent) == 1)


async def test_q_162_the_desk_answers_while_a_model_thinks(desk: Desk) -> None:
    """Q-162: a draft that a model takes its time for; the page follows when it is there."""
    free, reached = Event(), Event()

    def think(_: Any) -> None:
        reached.set()
        free.wait(60)

    desk.drafter.before = think
    desk.enrol(desk.sequence(HELLO), desk.contact("Anna Abel"))
    app = only(desk.engine, "inbox", "contacts", worker=Worker(desk.engine))
    try:
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot, reached.is_set)
            await live(pilot, app, desk)
            assert box(desk) == []
            free.set()
            await settle(pilot, lambda: len(box(desk)) == 1)
    finally:
        free.set()


async def test_q_162_keys_mouse_palette_resizing_and_undo(busy: Desk) -> None:
    """Q-162: one desk, by whatever hand; from narrow to wide and back nothing is lost."""
    app = only(busy.engine, "contacts", "deals")
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: shows(app, "Anna Abel"))
        tab = screen_lines(app)[0].index("Deals")
        await pilot.click(Header, offset=(tab, 0))
        await settle(pilot, lambda: app.query_one(Header).active == "deals")
        await pilot.resize_terminal(60, 20)
        await settle(pilot, lambda: len(screen_lines(app)) == 20 and shows(app, "Board"))
        await pilot.resize_terminal(200, 60)
        await settle(pilot, lambda: len(screen_lines(app)) == 60 and shows(app, "Negotiation"))
        await press(pilot, "ctrl+p")
        await settle(pilot, lambda: shows(app, ":advise"))
        await pilot.press(*"go contacts")
        await settle(pilot, lambda: shows(app, ":go contacts"))
        await press(pilot, "enter")
        await settle(pilot, lambda: app.query_one(Header).active == "contacts")
        people = len(busy.call("gtm.crm.list_contacts").items)
        busy.contact("Zoe Zander")
        await settle(pilot, lambda: shows(app, "Zoe Zander"))
        await press(pilot, "z")
        await settle(pilot, lambda: not shows(app, "Zoe Zander"))
        assert len(busy.call("gtm.crm.list_contacts").items) == people


async def test_q_162_without_colours_every_page_can_be_read(
    busy: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Q-162: NO_COLOR leaves every word where it was."""
    monkeypatch.setenv("NO_COLOR", "1")
    app = only(busy.engine, "deals", "contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Board"))
        await press(pilot, "g", "c")
        await settle(pilot, lambda: shows(app, "Anna Abel"))

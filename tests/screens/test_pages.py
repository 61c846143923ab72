"""What every page inherits: reading in threads, news, writing, questions, and errors that a person can read."""

from __future__ import annotations

from threading import Event

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.core import Engine
from rusvel_tui.screens import Entry
from rusvel_tui.widgets.form import FormDialog
from rusvel_tui.widgets.virtual_list import VirtualList
from tests.factories import Desk
from tests.screens.pilots import HOSTILE, is_safe, press, settle, shows
from tests.screens.sample_pages import BROKEN, COUNT, PEOPLE, REFUSED, CountPage, PeoplePage


def program(engine: Engine, *pages: Entry) -> RusvelApp:
    return RusvelApp(engine, None, pages=pages, creators=())


def toasts(app: RusvelApp) -> list[str]:
    """The messages shown so far."""
    return [note.message for note in app._notifications]


async def test_a_list_is_filled_from_the_engine(desk: Desk) -> None:
    desk.contact("Ada [/] Lovelace")
    app = program(desk.engine, PEOPLE)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "▌  Ada [/] Lovelace"))


async def test_the_page_in_front_follows_what_others_write(desk: Desk) -> None:
    """Whoever writes, in whatever thread or process."""
    app = program(desk.engine, PEOPLE)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing here yet."))
        desk.contact("Grace")
        await settle(pilot, lambda: shows(app, "▌  Grace"))


async def test_a_page_behind_reads_when_it_comes_to_the_front(desk: Desk) -> None:
    app = program(desk.engine, PEOPLE, COUNT)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing here yet."))
        await press(pilot, "g", "n")
        await settle(pilot, lambda: shows(app, "number 1"))
        people = app.query_one(PeoplePage)
        before = people.query_one(VirtualList).rows.version
        desk.contact("Grace")
        await settle(pilot, lambda: people._stale)
        assert people.query_one(VirtualList).rows.version == before
        await press(pilot, "g", "p")
        await settle(pilot, lambda: shows(app, "▌  Grace"))


async def test_nothing_moves_under_a_dialog(desk: Desk) -> None:
    """The page waits until the dialog is closed."""
    desk.contact("Ada")
    app = program(desk.engine, PEOPLE)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "▌  Ada"))
        await press(pilot, "D")
        await settle(pilot, lambda: shows(app, "Delete Ada?"))
        desk.contact("Grace")
        page = app.query_one(PeoplePage)
        await settle(pilot, lambda: page._stale)
        assert page.query_one(VirtualList).count == 1
        await press(pilot, "n")
        await settle(pilot, lambda: shows(app, "Grace"))


async def test_events_of_other_topics_are_not_read(desk: Desk) -> None:
    app = program(desk.engine, COUNT, PEOPLE)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "number 1"))
        grace = desk.contact("Grace")
        desk.call("gtm.crm.add_deal", title="Looms", contact_id=grace.contact_id)
        await settle(pilot, lambda: shows(app, "number 2"))
        assert app.query_one(CountPage).reads == 2


async def test_an_old_answer_never_covers_a_new_one(desk: Desk) -> None:
    """The first read is slow; the second was asked for later and is what stays."""
    app = program(desk.engine, COUNT)
    slow, fast = Event(), Event()
    fast.set()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "number 1"))
        page = app.query_one(CountPage)
        page.gates = (Event(), slow, fast)
        page.load()
        await settle(pilot, lambda: page.reads == 2)
        page.load()
        await settle(pilot, lambda: shows(app, "number 3"))
        slow.set()
        await settle(
            pilot, lambda: not [w for w in app.workers if w.group == "load" and w.is_running]
        )
        assert shows(app, "number 3")


async def test_what_the_engine_refuses_to_read_is_said(desk: Desk) -> None:
    app = program(desk.engine, REFUSED)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot, lambda: shows(app, "There is no such [/] number."))
        assert is_safe(app)


async def test_a_mistake_of_ours_does_not_end_the_session(desk: Desk) -> None:
    app = program(desk.engine, BROKEN)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: any("KeyError" in text for text in toasts(app)))


async def test_a_write_is_shown_at_once(desk: Desk) -> None:
    """`then` gets the view, and the page reads again."""
    app = program(desk.engine, PEOPLE)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing here yet."))
        await press(pilot, "T")
        await settle(pilot, lambda: shows(app, "▌  Ada") and toasts(app) == ["Ada"])


async def test_a_refused_write_is_said_and_nothing_else_happens(desk: Desk) -> None:
    app = program(desk.engine, PEOPLE)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing here yet."))
        await press(pilot, "T")
        await settle(pilot, lambda: toasts(app) == ["Ada"])
        await press(pilot, "T")
        await settle(pilot, lambda: len(toasts(app)) == 2)
        assert "ada@x.example" in toasts(app)[1]


async def test_a_confirmed_delete_and_its_undo(desk: Desk) -> None:
    desk.contact("Ada")
    app = program(desk.engine, PEOPLE)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "▌  Ada"))
        await press(pilot, "D", "y")
        await settle(pilot, lambda: shows(app, "Nothing here yet."))
        await press(pilot, "z")
        await settle(pilot, lambda: shows(app, "▌  Ada"))
        await press(pilot, "Z")
        await settle(pilot, lambda: shows(app, "Nothing here yet."))


async def test_a_form_shows_the_engines_errors_beside_the_fields(desk: Desk) -> None:
    """And stays open with what was typed; then the page gets what was saved."""
    app = program(desk.engine, PEOPLE)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing here yet."))
        await press(pilot, "n", *"Ada", "tab", *"nonsense", "enter")
        await settle(pilot, lambda: shows(app, "✗"))
        assert isinstance(app.screen, FormDialog)
        lines = [row for row in app.screen.rows if row.has_class("-wrong")]
        assert [row.field.name for row in lines] == ["email"]
        await press(pilot, *"@x.example", "enter")
        await settle(pilot, lambda: shows(app, "▌  Ada"))
        assert getattr(app.query_one(PeoplePage).added, "name", "") == "Ada"


async def test_questions_at_the_bottom_are_awaited(desk: Desk) -> None:
    app = program(desk.engine, PEOPLE)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing here yet."))
        await press(pilot, "P", "1")
        await settle(pilot, lambda: shows(app, "Text:"))
        await press(pilot, *"hello", "enter")
        await settle(pilot, lambda: app.query_one(PeoplePage).picked == ("1", "hello"))


async def test_messages_are_plain_text(desk: Desk) -> None:
    """They hold names and answers of servers."""
    app = program(desk.engine, PEOPLE)
    async with app.run_test(size=(100, 40), notifications=True) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing here yet."))
        for text in HOSTILE:
            app.page.say(text)
            app.page.complain(text)
            app.say(text, bad=True)
            await pilot.pause()
            assert is_safe(app)
            app.clear_notifications()

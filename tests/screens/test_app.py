"""The dashboard around its pages: tabs, prefixes, the `:` line, help, palette, header, worker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from textual.command import CommandPalette
from textual.widgets import Input

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.worker import Worker
from rusvel_tui.screens.shared.key_help import KeyHelp
from rusvel_tui.widgets.header import Header
from rusvel_tui.widgets.virtual_list import VirtualList
from tests.factories import Desk
from tests.screens import sample_pages
from tests.screens.pilots import HOSTILE, is_safe, painted, press, screen_lines, settle, shows
from tests.screens.sample_pages import COUNT, PEOPLE, THING

PAGES = (PEOPLE, COUNT)


def program(engine: Engine, worker: Worker | None = None) -> RusvelApp:
    return RusvelApp(engine, worker, pages=PAGES, creators=(THING,))


@pytest.fixture(autouse=True)
def _fresh_record() -> None:
    sample_pages.BUILT.clear()
    sample_pages.CREATED.clear()


def toasts(app: RusvelApp) -> list[str]:
    return [note.message for note in app._notifications]


async def test_pages_are_built_when_they_are_first_seen(desk: Desk) -> None:
    """And only once."""
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing here yet."))
        assert sample_pages.BUILT == ["people"]
        await press(pilot, "g", "n")
        await settle(pilot, lambda: shows(app, "number 1"))
        await press(pilot, "g", "p", "g", "n", "g", "n")
        assert sample_pages.BUILT == ["people", "count"]
        assert app.query_one(Header).active == "count"


async def test_the_focus_comes_back_with_the_page(desk: Desk) -> None:
    desk.contact("Ada")
    desk.contact("Bob")
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Bob"))
        await press(pilot, "j", "g", "n", "g", "p")
        assert app.focused is app.query_one(VirtualList)
        assert app.query_one(VirtualList).cursor == 1


async def test_tabs_can_be_clicked(desk: Desk) -> None:
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing here yet."))
        await pilot.click(Header, offset=(11, 0))
        await settle(pilot, lambda: shows(app, "number 1"))


async def test_a_prefix_shows_what_comes_next(desk: Desk) -> None:
    """Without a time-out; the page's and the list's own pairs are among them."""
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing here yet."))
        await press(pilot, "g")
        assert shows(app, "esc cancels")
        assert {"People", "Count", "First"} <= {
            word for line in screen_lines(app)[-2:] for word in line.split()
        }
        await press(pilot, "escape")
        assert not shows(app, "esc cancels")


async def test_something_is_created_from_any_page(desk: Desk) -> None:
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "c", "t", "g", "n", "colon", *"new thing", "enter")
        await settle(pilot, lambda: sample_pages.CREATED == ["people", "count"])


@pytest.mark.parametrize(
    ("line", "then"),
    [
        ("go count", lambda app: shows(app, "number 1")),
        ("go c", lambda app: shows(app, "number 1")),
        ("theme nord", lambda app: app.theme == "nord"),
        ("theme", lambda app: app.theme == "rusvel-light"),
        ("theme nothing[/]", lambda app: "nothing[/]" in toasts(app)[0]),
        ("fly away", lambda app: "fly away" in toasts(app)[0]),
        ("help", lambda app: isinstance(app.screen, KeyHelp)),
        ("worker", lambda app: "rusvel worker" in toasts(app)[0]),
        ("undo", lambda app: len(toasts(app)) == 1),
        ("q", lambda app: app._exit),
    ],
)
async def test_commands_are_typed(desk: Desk, line: str, then: Any) -> None:
    """By their names or a beginning that fits one; an unknown one is said."""
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing here yet."))
        await press(pilot, "colon", *line, "enter")
        await settle(pilot, lambda: then(app))


async def test_hostile_commands_do_no_harm(desk: Desk) -> None:
    app = program(desk.engine)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing here yet."))
        for text in HOSTILE:
            await press(pilot, "colon")
            app.query_one("#line-text", Input).value = text
            await press(pilot, "enter")
            assert is_safe(app)
            assert not app._exit


async def test_help_begins_with_the_page_and_lists_its_keys(desk: Desk) -> None:
    app = program(desk.engine)
    async with app.run_test(size=(100, 60)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing here yet."))
        await press(pilot, "question_mark")
        lines = screen_lines(app)
        assert shows(app, "Everybody you know [/].")
        assert shows(app, "Add somebody.")
        assert shows(app, ":add person")
        order = [
            next(i for i, line in enumerate(lines) if name in line)
            for name in ("This page", "Move", "Go to")
        ]
        assert order == sorted(order)
        await press(pilot, "escape", "f1")
        assert isinstance(app.screen, KeyHelp)


async def test_the_palette_finds_and_does_the_same(desk: Desk) -> None:
    app = program(desk.engine)
    async with app.run_test(size=(100, 40)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing here yet."))
        await press(pilot, "ctrl+p")
        await settle(pilot, lambda: shows(app, "Add · n · :add person"))
        await press(pilot, *"go count")
        await settle(pilot, lambda: shows(app, "Count · g n · :go count"))
        await settle(pilot, lambda: not shows(app, ":add person"))
        await press(pilot, "enter")
        await settle(pilot, lambda: shows(app, "number 1"))


async def test_a_palette_entry_that_needs_a_word_opens_the_line(desk: Desk) -> None:
    app = program(desk.engine)
    async with app.run_test(size=(100, 40)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing here yet."))
        await press(pilot, "ctrl+p", *"dark or light")
        await settle(pilot, lambda: shows(app, "Dark or light · , t · :theme"))
        await press(pilot, "enter")
        await settle(
            pilot,
            lambda: (
                not isinstance(app.screen, CommandPalette) and app.query_one("#line-text").display
            ),
        )
        assert app.query_one("#line-text", Input).value == "theme "


async def test_the_footer_names_the_keys_of_the_page_in_front(desk: Desk) -> None:
    """The page's own before those of its list; they change with the page and not with the cursor."""
    desk.contact("Ada")
    desk.contact("Bob")
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "▌  Ada"))
        assert screen_lines(app)[-1].startswith(" n add  D delete  enter open ")
        with painted(app.bottom.footer) as lines:
            await press(pilot, "j", "k")
        assert lines == []
        await press(pilot, "g", "n")
        assert screen_lines(app)[-1].strip() == ": command  ? keys"


async def test_escape_clears_marks_and_q_leaves(desk: Desk) -> None:
    """`q` goes back first, too."""
    desk.contact("Ada")
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "▌  Ada"))
        await press(pilot, "x", "escape")
        assert app.query_one(VirtualList).marked_count == 0
        await press(pilot, "x", "q")
        assert app.query_one(VirtualList).marked_count == 0
        assert not app._exit
        await press(pilot, "q")
        assert app._exit


async def test_q_goes_from_a_page_without_a_tab_to_the_tab_before(desk: Desk) -> None:
    """Somebody who looked at the week or at the mail is not thrown out of the desk."""
    app = RusvelApp(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: app.page.id == "today")
        await press(pilot, "g", "d")
        await settle(pilot, lambda: app.page.id == "deals")
        await press(pilot, "g", "m")
        await settle(pilot, lambda: app.page.id == "mail")
        await press(pilot, "g", "o")
        await settle(pilot, lambda: app.page.id == "companies")
        await press(pilot, "q")
        await settle(pilot, lambda: app.page.id == "deals")
        assert not app._exit
        await press(pilot, "q")
        assert app._exit


def header(app: RusvelApp) -> str:
    return screen_lines(app)[0]


async def test_the_header_follows_session_approvals_worker_and_sender(desk: Desk) -> None:
    app = program(desk.engine)
    async with app.run_test(size=(120, 24)) as pilot:
        await settle(
            pilot,
            lambda: "acme · nothing to approve · no worker · mail: recording mailer" in header(app),
        )
        desk.drafted()
        await settle(pilot, lambda: "1 to approve" in header(app))
        desk.call("gtm.outreach.pause_sending")
        await settle(pilot, lambda: "sending paused" in header(app))


async def test_without_a_session_the_header_says_so(engine: Engine) -> None:
    app = program(engine)
    async with app.run_test(size=(120, 24)) as pilot:
        await settle(pilot, lambda: "session" in header(app))


async def test_without_a_mailer_the_header_says_so(desk: Desk) -> None:
    desk.set_policy(mailer="")
    app = program(desk.engine)
    async with app.run_test(size=(120, 24)) as pilot:
        await settle(pilot, lambda: "no mailer" in header(app))


async def test_the_worker_in_the_dashboard_works_and_can_rest(desk: Desk) -> None:
    """An enrolled person's draft appears by itself; `,` `w` lets it rest."""
    worker = Worker(desk.engine)
    app = program(desk.engine, worker)
    async with app.run_test(size=(120, 24)) as pilot:
        await settle(pilot, lambda: "worker on" in header(app))
        desk.enrol(desk.sequence(), desk.contact("Ada"))
        await settle(pilot, lambda: "1 to approve" in header(app))
        await press(pilot, "comma", "w")
        await settle(pilot, lambda: "worker paused" in header(app) and worker.paused)
        await press(pilot, "comma", "w")
        await settle(pilot, lambda: "worker on" in header(app))


SIZES: Sequence[tuple[int, int]] = [(80, 24), (120, 36), (200, 60), (20, 6)]


@pytest.mark.parametrize("size", SIZES)
async def test_every_line_fills_the_terminal(desk: Desk, size: tuple[int, int]) -> None:
    """From a phone over SSH to a wall."""
    desk.contact("Ada")
    app = program(desk.engine)
    async with app.run_test(size=size) as pilot:
        await settle(pilot, lambda: shows(app, "Ada"))
        await press(pilot, "g")
        assert all(len(line) <= size[0] for line in screen_lines(app))
        assert len(screen_lines(app)) == size[1]


@pytest.mark.parametrize(
    "theme",
    [
        "rusvel-dark",
        "rusvel-light",
        "textual-dark",
        "textual-light",
        "nord",
        "ansi-dark",
        "ansi-light",
    ],
)
async def test_all_themes_can_draw_everything(desk: Desk, theme: str) -> None:
    """Our own names for colours have a value in each."""
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing here yet."))
        app.theme = theme
        await press(pilot, "g", "escape", "question_mark")
        assert isinstance(app.screen, KeyHelp)
        assert {"cursor", "marked", "rule", "stage-won"} <= set(app.theme_variables)

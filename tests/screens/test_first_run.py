"""The guided start: five steps that can each wait, nothing half-made, and a way back to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import NotConfigured
from rusvel_tui.screens import PAGES
from rusvel_tui.screens.first_run.doing import DOING
from rusvel_tui.screens.first_run.page import WelcomePage
from rusvel_tui.screens.first_run.setup import Setup
from rusvel_tui.screens.first_run.steps import STEPS
from rusvel_tui.screens.shared.dialogs import Reader
from rusvel_tui.widgets.form import FormDialog
from tests.factories import Desk, box
from tests.screens.desks import fill, form, prompt, said
from tests.screens.pilots import press, settle, shows

HERE = tuple(
    entry for entry in PAGES if entry.id in ("today", "inbox", "contacts", "sequences", "welcome")
)


def program(engine: Engine) -> RusvelApp:
    return RusvelApp(engine, pages=HERE, creators=())


def guide(app: RusvelApp) -> WelcomePage:
    return app.query_one(WelcomePage)


def at(app: RusvelApp) -> str:
    """The step under the cursor, once the guide has read how things stand."""
    found = app.query(WelcomePage)
    row = found.first().steps.current if found else None
    return row.id if row is not None else ""


async def opened(pilot: Pilot[Any], step: str) -> None:
    app: Any = pilot.app
    await settle(pilot, lambda: app.query(WelcomePage) and guide(app).facts.session)
    await settle(pilot, lambda: at(app) == step)


def setup(desk: Desk, tmp_path: Path) -> Setup:
    def keep(folder: Path) -> str:
        if folder.name == "bad":
            raise NotConfigured("That folder is no good.")
        desk.set_policy(mailer="folder x/")
        return "folder x/"

    return Setup(tmp_path / "config.toml", tmp_path / "outbox", keep)


def test_every_step_can_be_done() -> None:
    assert list(DOING) == [step.id for step in STEPS]


async def test_a_new_desk_begins_with_the_guide(engine: Engine) -> None:
    """The first form is open; with it done, the cursor stands on the next step."""
    app = program(engine)
    async with app.run_test(size=(80, 24)) as pilot:
        dialog = await form(pilot)
        assert shows(app, "Welcome. Where shall your work live?")
        fill(dialog, name="Kiln")
        await press(pilot, "ctrl+s")
        await opened(pilot, "mail")
        assert shows(app, "✓ done")
        assert shows(app, "Kiln, ")
        assert shows(app, "n passes it over")


async def test_esc_leaves_it_at_any_place_and_nothing_is_half_made(engine: Engine) -> None:
    """Out of the form, out of the guide; `:welcome` comes back."""
    app = program(engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await form(pilot)
        await press(pilot, "escape")
        await settle(pilot, lambda: at(app) == "session" and len(app.screen_stack) == 1)
        await press(pilot, "j", "enter")
        await settle(pilot, lambda: "First a desk" in said(app))
        await press(pilot, "escape")
        await settle(pilot, lambda: app.page.id == "today")
        assert "Nothing can be kept" in said(app)
        items: Any = engine.call("session.list", {})
        assert items.items == ()
        await press(pilot, "colon", *"welcome", "enter")
        await settle(pilot, lambda: app.page.id == "welcome")
        await press(pilot, "k", "enter")
        await form(pilot)


async def test_a_guest_is_not_asked(engine: Engine, clock: Any) -> None:
    engine.call("session.list", {})
    looking = Engine(engine.path, clock=clock, read_only=True)
    app = program(looking)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: app.page.id == "today")
        await pilot.pause()
        assert not app.query(WelcomePage)
        await press(pilot, "g", "h")
        await settle(pilot, lambda: app.page.id == "welcome")
        await pilot.pause()
        assert not isinstance(app.screen, FormDialog)
    looking.close()


async def test_a_desk_in_use_goes_to_its_work(desk: Desk) -> None:
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing needs you."))
        assert not app.query(WelcomePage)


async def test_mail_goes_to_a_folder_from_now_on(desk: Desk, tmp_path: Path) -> None:
    """A folder that is refused is said; nothing has changed then."""
    desk.set_policy(mailer="")
    app = program(desk.engine)
    app.setup = setup(desk, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "g", "h")
        await opened(pilot, "mail")
        for name, expected in (("bad", "no good"), ("out", "Mail goes to: folder x/")):
            await press(pilot, "enter")
            await settle(pilot, lambda: shows(app, "keep mails in a folder"))
            await press(pilot, "1")
            line = await prompt(pilot)
            assert line.value == str(tmp_path / "outbox")
            line.value = str(tmp_path / name)
            await press(pilot, "enter")
            await _said(pilot, expected)
        await opened(pilot, "people")


async def _said(pilot: Pilot[Any], text: str) -> None:
    app: Any = pilot.app
    await settle(pilot, lambda: text in said(app))


async def test_a_mail_server_is_told_and_its_password_never_asked_for(
    desk: Desk, tmp_path: Path
) -> None:
    """The lines are on the clipboard, and the text says where the password goes."""
    desk.set_policy(mailer="")
    app = program(desk.engine)
    app.setup = setup(desk, tmp_path)
    async with app.run_test(size=(80, 30)) as pilot:
        await press(pilot, "g", "h")
        await opened(pilot, "mail")
        await press(pilot, "enter")
        await settle(pilot, lambda: shows(app, "a mail server"))
        await press(pilot, "2")
        await settle(pilot, lambda: isinstance(app.screen, Reader) and shows(app, "chmod 600"))
        assert "smtp_password" in app.clipboard
        assert shows(app, "daily_cap = 30")
    assert not (tmp_path / "config.toml").exists()


async def test_sample_people_lead_to_drafts(desk: Desk) -> None:
    """And the guide ends where the first yes is given."""
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "g", "h")
        await opened(pilot, "people")
        await press(pilot, "enter")
        await settle(pilot, lambda: shows(app, "sample people"))
        await press(pilot, "2")
        await opened(pilot, "approve")
        desk.work()
        await settle(pilot, lambda: shows(app, "3 to read"))
        desk.approve(box(desk)[0])
        await settle(pilot, lambda: shows(app, "All done"))


@pytest.mark.parametrize(("key", "page"), [("1", "contacts"), ("4", "welcome")])
async def test_people_can_come_from_a_file_or_later(desk: Desk, key: str, page: str) -> None:
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "g", "h")
        await opened(pilot, "people")
        await press(pilot, "enter")
        await settle(pilot, lambda: shows(app, "sample people"))
        await press(pilot, key)
        await settle(pilot, lambda: app.page.id == page)
        if page == "contacts":
            await prompt(pilot)
        else:
            await settle(pilot, lambda: at(app) == "sequence")


async def test_a_step_is_passed_over(desk: Desk) -> None:
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "g", "h")
        await opened(pilot, "people")
        await press(pilot, "n")
        assert at(app) == "sequence"
        await press(pilot, "T")
        await settle(pilot, lambda: app.page.id == "today")

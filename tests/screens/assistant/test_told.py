"""What the assistant is told: every kind listed, made, changed, switched off, deleted, on one page."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.agent.entities.kinds import ENTITY_KINDS
from rusvel_tui.engine.agent.entities.listing import ListEntities, list_entities
from rusvel_tui.engine.core import Engine
from rusvel_tui.screens import PAGES
from rusvel_tui.screens.assistant.told.forms import body_fields, body_of
from rusvel_tui.screens.assistant.told.page import ToldPage
from rusvel_tui.screens.assistant.told.parts import PARTS
from rusvel_tui.screens.shared.dialogs import Reader
from tests.factories import Desk
from tests.screens.desks import errors, fill, form, said
from tests.screens.pilots import is_safe, press, settle, shows

WIDE, NARROW = (120, 36), (80, 24)
BODIES: dict[str, dict[str, Any]] = {
    "agent": {"instructions": "You doubt.", "allowed_tools": ["gtm.crm.*"], "effort": "low", "max_turns": 3, "about": "doubts"},
    "skill": {"text": "Look at {{input}}", "about": "looks"},
    "rule": {"text": "Be brief."},
    "hook": {"event": "gtm.deal.*", "type": "prompt", "action": "Say {{payload}}", "timeout_seconds": 20, "retries": 1},
    "workflow": {"about": "weekly", "steps": [{"type": "operation", "name": "read", "operation": "growth.status"}, {"type": "approval", "message": "Go on?"}]},
    "schedule": {"cron": "0 9 * * 1", "type": "operation", "operation": "growth.status", "misfire": "skip"},
    "mcp_server": {"command": "some-server", "args": ["--quiet"], "env": ["TOKEN_NAME"], "tools": ["*"]},
}  # fmt: skip


def program(desk: Desk) -> RusvelApp:
    pages = [entry for entry in PAGES if entry.id in ("told", "assistant")]
    pages.sort(key=lambda entry: entry.id != "told")
    return RusvelApp(desk.engine, pages=pages, creators=())


def page_of(app: RusvelApp) -> ToldPage:
    return app.query_one(ToldPage)


def names(engine: Engine, kind: str) -> dict[str, bool]:
    found = engine.run(list_entities, ListEntities(kind=kind)).items
    return {one.name: one.enabled for one in found}


async def part(pilot: Pilot[Any], kind: str) -> None:
    """Go to the part of a kind."""
    number = 1 + next(at for at, one in enumerate(PARTS) if one.id == kind)
    await press(pilot, str(number))
    app = pilot.app
    assert isinstance(app, RusvelApp)
    await settle(pilot, lambda: page_of(app).part.id == kind and page_of(app).listing.known)


def made(desk: Desk, kind: str, name: str = "Mine", engine: str = "") -> None:
    desk.call("agent.entities.save", kind=kind, name=name, engine=engine, body=BODIES[kind])


def test_every_kind_has_a_body_here() -> None:
    assert set(BODIES) == set(ENTITY_KINDS)


@pytest.mark.parametrize("kind", ENTITY_KINDS)
def test_a_form_gives_back_what_it_was_filled_with(kind: str) -> None:
    """Whatever stands in a body survives being shown and saved."""
    of = ENTITY_KINDS[kind]
    before = of.body.model_validate(BODIES[kind]).model_dump(mode="json")
    values = {field.name: field.value for field in body_fields(of, before)}
    after = of.body.model_validate(body_of(of, values)).model_dump(mode="json")
    assert after == before


async def test_g_134_each_kind_is_listed_switched_and_deleted(desk: Desk) -> None:
    """With the same keys; undo takes each back."""
    for kind in ENTITY_KINDS:
        made(desk, kind, engine="gtm")
    app = program(desk)
    async with app.run_test(size=WIDE) as pilot:
        for kind in ENTITY_KINDS:
            await _goes_away_and_comes_back(pilot, desk, kind)


async def _goes_away_and_comes_back(pilot: Pilot[Any], desk: Desk, kind: str) -> None:
    app = pilot.app
    assert isinstance(app, RusvelApp)
    page = page_of(app)
    await part(pilot, kind)
    await press(pilot, "slash", *"mine", "enter")
    await settle(pilot, lambda: page.listing.count == 1 and page.entity is not None)
    await settle(pilot, lambda: shows(app, ENTITY_KINDS[kind].summary[:14]))
    assert shows(app, "gtm")
    await press(pilot, "o")
    await settle(pilot, lambda: page.entity is not None and not page.entity.enabled)
    assert not names(desk.engine, kind)["Mine"]
    await press(pilot, "D")
    await settle(pilot, lambda: "Mine" not in names(desk.engine, kind))
    await press(pilot, "z")
    await settle(pilot, lambda: "Mine" in names(desk.engine, kind))


async def test_a_schedule_says_when_it_comes_next(desk: Desk) -> None:
    """In the session's zone; what ran has a log."""
    made(desk, "schedule")
    app = program(desk)
    async with app.run_test(size=WIDE) as pilot:
        await part(pilot, "schedule")
        await settle(pilot, lambda: shows(app, "Mon 30 Nov 09:00"))
        await settle(pilot, lambda: shows(app, "It has not run yet."))


async def test_g_135_global_ones_stand_beside_those_of_departments(desk: Desk) -> None:
    """Each says whose it is."""
    made(desk, "rule", "Everywhere")
    made(desk, "rule", "Here", engine="growth")
    app = program(desk)
    async with app.run_test(size=WIDE) as pilot:
        await part(pilot, "rule")
        await settle(pilot, lambda: shows(app, "Everywhere") and shows(app, "Here"))
        await settle(pilot, lambda: shows(app, "Human approval gate"))  # what comes along
        assert is_safe(app)


async def test_a_skill_is_made_in_a_form_that_says_what_is_wrong(desk: Desk) -> None:
    app = program(desk)
    async with app.run_test(size=NARROW) as pilot:
        await part(pilot, "skill")
        await press(pilot, "n")
        dialog = await form(pilot)
        fill(dialog, name="Loom check", text="Check {{in put}}", engine="gtm")
        await press(pilot, "ctrl+s")
        await settle(pilot, lambda: errors(dialog).get("text"))
        fill(dialog, text="Check {{input}}")
        await press(pilot, "ctrl+s")
        await settle(pilot, lambda: "Loom check" in names(desk.engine, "skill"))
        await settle(pilot, lambda: shows(app, "/loom-check"))


async def test_a_workflow_is_changed_as_text(desk: Desk) -> None:
    """Its steps are YAML; an unknown key is refused with its name."""
    made(desk, "workflow")
    app = program(desk)
    async with app.run_test(size=WIDE) as pilot:
        await part(pilot, "workflow")
        await press(pilot, "slash", *"mine", "enter")
        await settle(pilot, lambda: page_of(app).listing.count == 1 and page_of(app).entity)
        await press(pilot, "e")
        dialog = await form(pilot)
        fill(dialog, steps="- type: approval\n  wrong: 1\n")
        await press(pilot, "ctrl+s")
        await settle(pilot, lambda: "wrong" in errors(dialog).get("steps", ""))
        fill(dialog, steps="- type: approval\n  message: Really?\n")
        await press(pilot, "ctrl+s")
        await settle(pilot, lambda: shows(app, "1 step. weekly"))


async def test_settings_are_shown_with_their_layer_and_changed(desk: Desk) -> None:
    app = program(desk)
    async with app.run_test(size=WIDE) as pilot:
        await part(pilot, "settings")
        await settle(pilot, lambda: shows(app, "budget_usd") and shows(app, "default"))
        await press(pilot, "j", "j", "e")
        dialog = await form(pilot)
        fill(dialog, value="2.50")
        await press(pilot, "ctrl+s")
        await settle(pilot, lambda: shows(app, "2.50") and shows(app, "session"))
        await press(pilot, "z")
        await settle(pilot, lambda: not shows(app, "2.50"))


async def test_enter_shows_all_of_it_and_i_leads_back(desk: Desk) -> None:
    made(desk, "rule")
    app = program(desk)
    async with app.run_test(size=NARROW) as pilot:
        await part(pilot, "rule")
        await settle(pilot, lambda: page_of(app).entity is not None)
        await press(pilot, "enter")
        await settle(pilot, lambda: isinstance(app.screen, Reader))
        await press(pilot, "escape", "R")
        assert "Hooks and workflows can be run" in said(app)
        await press(pilot, "i")
        await settle(pilot, lambda: app.page.id == "assistant")
        await press(pilot, "t")
        await settle(pilot, lambda: app.page.id == "told" and page_of(app).part.id == "tools")

"""Pictures of the assistant's tab: empty, with tools and a card, failed, narrow, and without colour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.factories import Desk
from tests.screens.assistant.chats import ADD, LIST, page_of, program, quiet, ready, say, scripted
from tests.screens.pilots import press, settle, shows

WIDE, NARROW = (120, 36), (80, 24)
Snap = Callable[..., bool]
ANSWER = """\
There is **one** contact:

| Name | Company | Last contact |
|---|---|--:|
| Ada Lovelace | Analytical Engines | today |

1. She has *no deal* yet.
2. `grace@navy.example` is nobody here: I would add her."""


def talked(*keys: str, until: str) -> Callable[[Pilot[Any]], Any]:
    """Ask, wait for the end, press keys, wait for a text."""

    async def act(pilot: Pilot[Any]) -> None:
        app: Any = pilot.app
        await ready(pilot)
        await settle(pilot, lambda: shows(app, "to approve") or shows(app, "0 wait"))
        await say(pilot, "Who is there, and who is missing?")
        await quiet(pilot)
        await press(pilot, "escape", *keys)
        await settle(pilot, lambda: shows(app, until))
        await settle(pilot, lambda: page_of(app).listing.count == 2)

    return act


async def empty(pilot: Pilot[Any]) -> None:
    await ready(pilot)
    await settle(pilot, lambda: shows(pilot.app, "to approve") or shows(pilot.app, "0 wait"))
    await settle(pilot, lambda: shows(pilot.app, "GoToMarket · scripted"))


def with_card(desk: Desk) -> None:
    desk.contact("Ada Lovelace")
    scripted(desk, ["Let me look.", LIST], [ANSWER, ADD], "Done.")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_snapshot_empty(desk: Desk, snap: Snap, size: tuple[int, int]) -> None:
    """What it is, and what can be asked with one key."""
    scripted(desk)
    assert snap(program(desk.engine), run_before=empty, terminal_size=size)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_snapshot_tools_and_card(desk: Desk, snap: Snap, size: tuple[int, int]) -> None:
    """The words, the tool that was used, the change that waits."""
    with_card(desk)
    look = talked(until="waits for you")
    assert snap(program(desk.engine), run_before=look, terminal_size=size)


def test_snapshot_failed(desk: Desk, snap: Snap) -> None:
    """What was said stays; why it ended, and which key asks again."""
    scripted(desk, ["Let me look at the", {"fail": "the service is overloaded"}])
    look = talked(until="R asks again")
    assert snap(program(desk.engine), run_before=look, terminal_size=NARROW)


def test_snapshot_without_colour(desk: Desk, snap: Snap, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signs and words say what colours say."""
    monkeypatch.setenv("NO_COLOR", "1")
    with_card(desk)
    look = talked(until="waits for you")
    assert snap(program(desk.engine), run_before=look, terminal_size=WIDE)


def test_snapshot_what_it_is_told(desk: Desk, snap: Snap) -> None:
    """The kinds, those of one of them, and one in full."""
    scripted(desk)

    async def look(pilot: Pilot[Any]) -> None:
        await empty(pilot)
        await press(pilot, "w", "2")
        await settle(pilot, lambda: shows(pilot.app, "/weekly-review") and shows(pilot.app, "came along"))  # fmt: skip

    assert snap(program(desk.engine), run_before=look, terminal_size=WIDE)

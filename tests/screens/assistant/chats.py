"""A desk with somebody to talk with, for the tests of the assistant's tab."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from queue import Empty, Queue
from threading import Event
from typing import Any

from textual.pilot import Pilot

from rusvel_tui.adapters.models.scripted import ScriptedModel
from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.chat_ports import Finished, Piece, Question, Words
from rusvel_tui.engine.core import Engine
from rusvel_tui.screens import PAGES
from rusvel_tui.screens.assistant.page import AssistantPage
from rusvel_tui.widgets.chat.entries import Card, Entry
from tests.factories import Desk
from tests.screens.pilots import press, settle

ADD = {"tool": "gtm.crm.add_contact", "input": {"name": "Grace Hopper", "email": "grace@navy.example"}}  # fmt: skip
"""A change that a model wants made."""
LIST = {"tool": "gtm.crm.list_contacts", "input": {"limit": 5}}
"""Something that it reads."""


class HeldModel:
    """Says what the test hands it, when the test hands it; `None` ends the answer."""

    provider = name = "held"

    def __init__(self) -> None:
        self.pieces: Queue[str | None] = Queue()

    def say(self, *pieces: str | None) -> None:
        for piece in pieces:
            self.pieces.put(piece)

    def stream(self, question: Question, stop: Event) -> Iterator[Piece]:
        """What comes out of the queue until somebody stops it."""
        while not stop.is_set():
            try:
                piece = self.pieces.get(timeout=0.02)
            except Empty:
                continue
            if piece is None:
                yield Finished("end")
                return
            yield Words(piece)


def program(engine: Engine, *beside: str) -> RusvelApp:
    """The real application with the assistant in front, beside some pages."""
    known = ("assistant", "told", *beside)
    pages = sorted((page for page in PAGES if page.id in known), key=lambda page: page.id != "assistant")  # fmt: skip
    return RusvelApp(engine, pages=pages, creators=())


def scripted(desk: Desk, *answers: Any) -> ScriptedModel:
    """The desk's model says this."""
    made = ScriptedModel(answers)
    desk.engine.chat_model = made
    return made


def page_of(app: RusvelApp) -> AssistantPage:
    return app.query_one(AssistantPage)


def entries(app: RusvelApp) -> tuple[Entry, ...]:
    """What stands in the transcript."""
    return page_of(app).transcript.entries


def cards(app: RusvelApp) -> list[Card]:
    return [entry for entry in entries(app) if isinstance(entry, Card)]


async def ready(pilot: Pilot[Any]) -> None:
    """The page is read."""
    app = pilot.app
    assert isinstance(app, RusvelApp)
    await settle(pilot, lambda: app.query(AssistantPage) and page_of(app).listing.known)


async def say(pilot: Pilot[Any], text: str, keys: Sequence[str] = ()) -> None:
    """Write and send."""
    app = pilot.app
    assert isinstance(app, RusvelApp)
    await press(pilot, "i")
    page_of(app).input.fill(text)
    await press(pilot, *(keys or ("enter",)))


async def quiet(pilot: Pilot[Any]) -> None:
    """No answer comes any more, and what is kept is shown."""
    app = pilot.app
    assert isinstance(app, RusvelApp)
    page = page_of(app)
    await settle(pilot, lambda: not page.answers and page.conversation is not None)

"""Every page and the dialogs that matter, over the sample data at a fixed moment: what tests walk through, and pictures show.

`python -m tests.screens.gallery FOLDER` writes the picture of every tab; the same program writes the same files.
"""

from __future__ import annotations

import re
import sys
import tempfile
from asyncio import run
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input, TextArea
from textual.worker import Worker as TaskWorker
from textual.worker import WorkerState

from rusvel_tui.app import RusvelApp
from rusvel_tui.bootstrap import build
from rusvel_tui.demo.story import Story, begin
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.worker import Worker
from rusvel_tui.settings import Settings
from rusvel_tui.terminal import FULL, Drawing
from tests.screens.pilots import screen_lines, settle

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
TABS = {
    "today": "g t",
    "inbox": "g i",
    "contacts": "g c",
    "deals": "g d",
    "sequences": "g s",
    "invoices": "g v",
    "growth": "g r",
    "assistant": "g a",
    "log": "g l",
}
"""Each tab, and the keys that lead there."""
WALK = {
    **TABS,
    "proposals": "g i 9",
    "sent": "g i 7",
    "why": "g i 1 w",
    "mail": "g m",
    "contact": "g c enter",
    "companies": "g o",
    "company": "g o enter",
    "deal": "g d enter",
    "forecast": "g d F",
    "sequence": "g s e",
    "results": "g s enter",
    "invoice": "g v enter",
    "reports": "g v R",
    "account": "g v s",
    "kpis": "g r 2",
    "funnels": "g r 3",
    "cohorts": "g r 4",
    "money": "g r 5",
    "alerts": "g r 6",
    "churn": "g r 7",
    "told": "g w",
    "tools": "g a t",
    "new contact": "g c c c",
    "edit contact": "g c e",
    "new deal": "g d c d",
    "issuer": "g v I",
    "search": "g slash a b e",
    "help": "g t question_mark",
    "strip": "g t c",
    "palette": "g t ctrl+p",
}
"""Those and what opens from them, in an order that needs no way back but escape."""
_FIRST = {"g", "c", "comma"}
"""Keys that wait for another one."""
_CALM = 4
"""Looks at a screen that does not change after which it is still: what a thread brought takes its turn."""
_BESIDE = {"feed", "worker"}
"""Work that never ends while the program runs."""
_FETCHED = re.compile(r"@font-face \{.*?\}\s*|<!--.*?-->\s*", re.DOTALL)


class Resting(Worker):
    """Is there, and does nothing: a picture must not change while it is taken."""

    def run(self, stop: Event, *, idle: float = 1.0) -> None:
        stop.wait()


@contextmanager
def opened(path: Path) -> Iterator[Engine]:
    """The desk of the sample data, at its moment."""
    engine = build(_settings(path), path=path, now=NOW, work=True)
    try:
        yield engine
    finally:
        engine.close()


def fill(path: Path) -> None:
    """Make the sample data."""
    engine = build(_settings(path), path=path, now=begin(NOW), work=True)
    Story(engine, 1).tell()
    engine.close()


def _settings(path: Path) -> Settings:
    return Settings(mail_folder=path.with_name("demo-mail"), undo_seconds=0, backup_days=0)


@asynccontextmanager
async def shown(
    engine: Engine, size: tuple[int, int], drawing: Drawing = FULL
) -> AsyncIterator[Pilot[Any]]:
    """The dashboard, still."""
    Input.cursor_blink = TextArea.cursor_blink = False  # type: ignore[assignment]  # of the class: for all of them
    app = RusvelApp(engine, Resting(engine))
    app.draw_with(drawing)
    async with app.run_test(size=size) as pilot:
        await still(pilot)
        yield pilot


async def visit(pilot: Pilot[Any], keys: str) -> list[str]:
    """Close what is open, press the keys, and wait until everything is drawn: the lines of the screen."""
    while len(pilot.app.screen_stack) > 1:
        await pilot.press("escape")
        await still(pilot)
    await pilot.press("escape")
    *before, last = keys.split()
    for key in before:
        await pilot.press(key)
        if key not in _FIRST:
            await still(pilot)
    await pilot.press(last)
    await still(pilot)
    return screen_lines(pilot.app)


async def still(pilot: Pilot[Any]) -> None:
    """Wait until nothing works and nothing changes."""
    seen: list[str] = []
    calm = 0

    def rests() -> bool:
        nonlocal seen, calm
        alone = len(pilot.app.screen_stack) == 1
        if any(_works(worker, alone=alone) for worker in pilot.app.workers):
            calm = 0
            return False
        before, seen = seen, screen_lines(pilot.app)
        calm = calm + 1 if seen == before else 0
        return calm >= _CALM

    await settle(pilot, rests)


def _works(worker: TaskWorker[Any], *, alone: bool) -> bool:
    """Whether it brings something that will be drawn; what waits for a dialog does not."""
    busy = worker.state in {WorkerState.PENDING, WorkerState.RUNNING}
    return busy and (alone or worker._thread_worker) and worker.group not in _BESIDE


def picture(app: App[Any]) -> str:
    """The screen as SVG in the reader's own fixed-width font: nothing is fetched to show it."""
    svg = _FETCHED.sub("", app.export_screenshot(title="rusvel"))
    return svg.replace("Fira Code, monospace", "ui-monospace, Menlo, Consolas, monospace")


async def _take(engine: Engine, folder: Path) -> None:
    async with shown(engine, (120, 36)) as pilot:
        for name, keys in TABS.items():
            await visit(pilot, keys)
            (folder / f"{name}.svg").write_text(picture(pilot.app), encoding="utf-8")


def main(folder: Path) -> None:
    """Write the picture of every tab."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "demo.db"
        fill(path)
        with opened(path) as engine:
            run(_take(engine, folder))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

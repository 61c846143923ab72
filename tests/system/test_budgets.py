"""What the program costs in numbers that no machine changes: modules, queries, widgets, bytes. One table of budgets.

A number that grew past its budget fails here and says which one it is. Make it smaller; where what it buys is worth it,
raise the budget in the commit that raises the number.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from peewee import SqliteDatabase
from textual.pilot import Pilot

from rusvel_tui.adapters.clock import SystemClock
from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.core import Engine
from rusvel_tui.screens import PAGES
from tests.screens.pilots import settle
from tests.system.helpers import ended, python
from tests.system.terminals import Terminal

MODULES = {"--version": 60, "gtm status": 450, "dashboard": 760}
"""Modules in memory: at the end of a command, and when Today is drawn."""
LATER = (
    "aiosmtplib anthropic cronsim email_validator flufl holidays jinja2 markdown_it mcp phonenumbers plotext ruamel "
    "segno starlette textual.widgets._markdown textual_plotext typst uvicorn"
).split()
"""Libraries that are imported with their first use, never for the first picture."""
NOT_DRAWN = ("textual", "rich")
"""What no command imports that draws nothing."""
PAGE_COSTS = {
    "today": (60, 60, 5),
    "review": (80, 80, 5),
    "tasks": (15, 15, 5),
    "inbox": (115, 40, 20),
    "mail": (15, 15, 8),
    "contacts": (55, 55, 20),
    "companies": (25, 25, 20),
    "deals": (15, 15, 15),
    "sequences": (40, 30, 15),
    "invoices": (30, 30, 20),
    "growth": (190, 190, 10),
    "assistant": (10, 10, 15),
    "told": (80, 40, 10),
    "welcome": (40, 40, 10),
    "log": (10, 10, 5),
}
"""Queries of the first visit, queries of reading again, and widgets, of each page over the sample data at 120 x 36."""
BYTES = {"start": 45_000, "key on the list": 600, "key on the board": 1_000}
"""What goes to the terminal: until Today is drawn, and for one key."""


def within(what: str, value: float, budget: float) -> str | None:
    """What to say where a number is past its budget."""
    if value <= budget:
        return None
    return (
        f"{what}: {value:g}, and the budget is {budget:g} (the tables are in {Path(__file__).name})"
    )


def keep(*found: str | None) -> None:
    """Fail with all that is past its budget."""
    assert not [text for text in found if text], "\n".join(text for text in found if text)


@pytest.mark.parametrize("words", ["--version", "gtm status"])
def test_a_command_imports_what_it_needs(words: str, sample: Path, home: dict[str, str]) -> None:
    code = "import sys\nfrom rusvel_tui.cli import main\nmain(sys.argv[1:])\nprint(*sys.modules, sep='\\n', file=sys.stderr)"
    given = words.split() if words == "--version" else ["--db", str(sample), *words.split()]
    exit_code, _, err = ended(python("-c", code, *given, **home))
    assert exit_code == 0, err
    names = err.split()
    assert not _among(names, (*LATER, *NOT_DRAWN, "pydantic.v1"))
    keep(within(f"modules imported by rusvel {words}", len(names), MODULES[words]))


def test_the_first_picture_imports_what_it_draws(
    sample: Path, home: dict[str, str], tmp_path: Path
) -> None:
    told = tmp_path / "modules"
    command = [sys.executable, "-m", "tests.system.first_picture", str(told), "--db", str(sample)]
    with Terminal(command, home) as desk:
        desk.until("to approve")
        written = len(desk.raw)
        desk.until(lambda _: told.exists())
        desk.until("· on ·")
        board_key = _cost(desk, "gd", "jkjkj")
        desk.resize(
            80, 24
        )  # so narrow there is the list alone: what a key costs, not the record that follows it
        list_key = _cost(desk, "gc", "jjjjj")
    names = told.read_text(encoding="utf-8").split()
    other_pages = {entry.path.partition(":")[0] for entry in PAGES[1:]}
    assert not _among(names, LATER)
    assert not other_pages & set(names)
    keep(
        within("modules imported until Today is drawn", len(names), MODULES["dashboard"]),
        within("bytes until Today is drawn", written, BYTES["start"]),
        within("bytes for a key on the list of contacts", list_key, BYTES["key on the list"]),
        within("bytes for a key on the board", board_key, BYTES["key on the board"]),
    )


def test_every_page_has_a_budget() -> None:
    assert [entry.id for entry in PAGES if entry.id not in PAGE_COSTS] == []
    assert PAGE_COSTS.keys() <= {entry.id for entry in PAGES}


async def test_pages_ask_and_mount_little(sample: Path) -> None:
    found: list[str | None] = []
    async with _desk(sample) as (app, pilot):
        for entry in PAGES:
            first, again, widgets = PAGE_COSTS[entry.id]
            with _counted() as asked:
                await app.action_go(entry.id)
                await _quiet(app, pilot)
                found.append(within(f"queries of {entry.title}, first visit", len(asked), first))
            with _counted() as asked:
                app.page.load()
                await _quiet(app, pilot)
                found.append(within(f"queries of {entry.title}, read again", len(asked), again))
            mounted = len(app.page.query("*"))
            found.append(within(f"widgets on {entry.title}", mounted, widgets))
    keep(*found)


def _among(names: list[str], parts: tuple[str, ...] | list[str]) -> list[str]:
    """The names that are one of these, or inside one of them."""
    return [
        name for name in names if any(name == part or name.startswith(f"{part}.") for part in parts)
    ]


def _cost(desk: Terminal, way: str, keys: str) -> float:
    """Bytes for each of these keys on the page to which the way leads."""
    before = desk.text.partition("\n")[2]
    for key in way:
        desk.press(key)
    desk.until(lambda text: text.partition("\n")[2] != before)
    return desk.cost(keys)


@asynccontextmanager
async def _desk(path: Path) -> AsyncIterator[tuple[RusvelApp, Pilot[Any]]]:
    engine = Engine(path, clock=SystemClock())
    app = RusvelApp(engine)
    try:
        async with app.run_test(size=(120, 36)) as pilot:
            await _quiet(app, pilot)
            yield app, pilot
    finally:
        engine.close()


async def _quiet(app: RusvelApp, pilot: Pilot[Any]) -> None:
    """Wait until nothing reads, twice: what was read may ask for more. All that is left is what follows the log."""
    for _ in range(2):
        await pilot.pause()
        await settle(pilot, lambda: all(one.is_finished or one.group == "feed" for one in app.workers))  # fmt: skip


@contextmanager
def _counted() -> Iterator[list[str]]:
    """The statements that go to the database meanwhile, from whatever thread."""
    heard: list[str] = []
    plain: Any = SqliteDatabase.execute_sql

    def listen(self: Any, sql: str, params: Any = None) -> Any:
        if sql.lstrip().upper().startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")):
            heard.append(sql)
        return plain(self, sql, params)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SqliteDatabase, "execute_sql", listen)
        yield heard

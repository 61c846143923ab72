"""All pages over the sample data: in ASCII, on the Linux console, and with everything private masked."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.crm.finding.names import list_names
from rusvel_tui.engine.operation import Input
from rusvel_tui.terminal import Drawing
from rusvel_tui.widgets.glyphs import Twins
from tests.screens.gallery import TABS, WALK, fill, opened, picture, shown, still, visit
from tests.screens.pilots import screen_lines

pytestmark = pytest.mark.xdist_group("sample data")  # made once
WIDE, NARROW = (120, 36), (80, 24)
CONSOLE = set("─│┌┐└┘├┤┬┴┼═║╔╗╚╝█▄▌▐▀░▒▓■←↑→↓")
"""What fonts of the Linux console have beyond Latin-1."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gallery") / "demo.db"
    fill(path)
    return path


@pytest.fixture
def engine(sample: Path) -> Iterator[Engine]:
    with opened(sample) as engine:
        yield engine


async def walked(pilot: Pilot[Any]) -> AsyncIterator[tuple[str, str]]:
    """The name and the text of each page, without the header: names of tabs stand in it."""
    for name, keys in WALK.items():
        yield name, "\n".join((await visit(pilot, keys))[1:])


async def test_in_ascii_a_page_is_drawn_with_ascii_and_names_are_written_so(engine: Engine) -> None:
    """On a terminal that is not told in UTF-8 no byte is beyond 126, accents of names included."""
    async with shown(engine, NARROW, Drawing("ascii", fold=True)) as pilot:
        await visit(pilot, "g c")
        assert any("Joao Castellano" in line for line in screen_lines(pilot.app))
        await visit(pilot, "g r")
        drawn = "\n".join(screen_lines(pilot.app))
        assert all(ord(char) < 127 for char in drawn)
        assert "KPIs" in drawn


async def test_in_privacy_mode_no_page_shows_a_name_an_address_or_an_amount(engine: Engine) -> None:
    """Looked for by hand in the text of every page and dialog: words of names, mail addresses, amounts of the books.

    On the way: every sign on them has its twins, in ASCII and on the Linux console.
    """
    ascii_only, console = Twins("ascii"), Twins("console")
    secrets = private_words(engine)
    amounts = amounts_of(engine)
    async with shown(engine, WIDE) as pilot:
        await visit(pilot, "g t comma p")
        found = 0
        async for name, text in walked(pilot):
            words = set(re.findall(r"[^\W\d_]+", text))
            assert not words & secrets, f"{name}: {words & secrets}\n{text}"
            assert not re.search(r"(?<![\w.,/:-])\d[\d.,]*…", text), f"{name}\n{text}"
            assert not re.search(r"@[\w-]*example", text), f"{name}\n{text}"
            shown_amounts = {amount for amount in amounts if re.search(rf"(?<![\d.,-]){re.escape(amount)}(?![\d.,:]\d|\d)", text)}  # fmt: skip
            assert not shown_amounts, f"{name}: {shown_amounts}\n{text}"
            found += text.count("•••")
            assert ascii_only.drawn(text).isascii(), f"{name}: {set(ascii_only.drawn(text))}"
            odd = {char for char in console.drawn(text) if ord(char) > 255} - CONSOLE
            assert not odd, f"{name}: {odd}"
        assert found > 100


def private_words(engine: Engine) -> set[str]:
    """The words of all names as they are written, but for those that say nothing."""
    names = engine.run(list_names, Input())
    common = {"Labs", "Press", "Maps", "Radio", "Studios", "Freight", "Dairy"}
    words = {
        word for name in (*names.people, *names.firms) for word in re.findall(r"[^\W\d_]{3,}", name)
    }
    assert {"Larkspur", "Castellano", "Robin", "Hamburg"} <= words
    return {word for word in words if word[0].isupper()} - common


def amounts_of(engine: Engine) -> set[str]:
    """Values of deals and totals of invoices from a thousand on, as people write them."""
    deals = engine.call("gtm.crm.list_deals", {"limit": 200}).items  # type: ignore[attr-defined]
    invoices = engine.call("gtm.invoices.list_invoices", {"limit": 200}).items  # type: ignore[attr-defined]
    plain = {str(deal.value) for deal in deals} | {str(invoice.total) for invoice in invoices}
    numbers = {float(amount.split()[0].replace(",", "")) for amount in plain}
    written = {f"{number:,.2f}" for number in numbers} | {f"{number:,.0f}" for number in numbers}
    return {amount for amount in written if len(amount) > 4}


async def test_masks_are_the_same_everywhere_and_toggling_is_undone_at_once(engine: Engine) -> None:
    """Nothing is stored: the same key shows everything again, without reading anything."""
    async with shown(engine, WIDE) as pilot:
        before = await visit(pilot, "g c")
        await pilot.press("comma", "p")
        await still(pilot)
        masked = screen_lines(pilot.app)
        assert "private" in masked[0]
        at = next(n for n, line in enumerate(before) if "Castellano" in line)
        alias = masked[at].split()[1]
        everywhere = [b.replace("Castellano", alias) for b in before if "Castellano" in b]
        assert len(everywhere) > 1
        assert sum(alias in line for line in masked) >= len(everywhere)
        await pilot.press("comma", "p")
        await still(pilot)
        assert screen_lines(pilot.app)[1:30] == before[1:30]


async def test_privacy_can_be_on_from_the_start(engine: Engine) -> None:
    """RUSVEL_PRIVATE: not even the first picture shows a name."""
    app = RusvelApp(engine)
    app.starts_private = True
    seen: list[str] = []
    async with app.run_test(size=WIDE) as pilot:
        for _ in range(20):
            await pilot.pause()
            seen += screen_lines(app)
        await visit(pilot, "g c")
        seen += screen_lines(app)
    assert not any("Castellano" in line for line in seen)


async def test_pictures_hold_still(engine: Engine, sample: Path) -> None:
    """The same page twice is the same file: `make screenshots` leaves no difference. Nothing is fetched to show it."""
    async with shown(engine, WIDE) as pilot:
        await visit(pilot, "g d")
        first = picture(pilot.app)
        await visit(pilot, "g i")
        await visit(pilot, "g d")
        assert picture(pilot.app) == first
        assert "http" not in first.replace("http://www.w3.org/2000/svg", "")
        assert len(first.encode()) < 150_000


def test_there_is_a_picture_of_every_tab() -> None:
    """In docs/pictures, and shown in the README."""
    root = Path(__file__).parents[2]
    readme = (root / "README.md").read_text(encoding="utf-8")
    for name in TABS:
        path = root / "docs/pictures" / f"{name}.svg"
        assert path.stat().st_size < 150_000
        assert f"docs/pictures/{name}.svg" in readme
    assert json.dumps(sorted(TABS)) == json.dumps(sorted(p.stem for p in path.parent.glob("*.svg")))

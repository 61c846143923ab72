"""What is drawn on terminals that can do less: signs and their twins, sixteen colours, no colours."""

from __future__ import annotations

import ast
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

import rusvel_tui
from rusvel_tui.terminal import Drawing, drawing
from rusvel_tui.theme import ROWS, THEMES, TONES, meanings, paint
from rusvel_tui.widgets.desk_app import DeskApp
from rusvel_tui.widgets.glyphs import Twins, folded, twins
from rusvel_tui.widgets.header import Header, Tab
from rusvel_tui.widgets.privacy import Known, mask
from rusvel_tui.widgets.sixteen_colours import SixteenColours, legible
from rusvel_tui.widgets.tab_line import Choice, TabLine
from tests.screens.pilots import WidgetApp, screen_lines

BLACK = Color.parse("black")


def signs() -> set[str]:
    """Every sign in a text of the program that is not a letter, a mark, or what comes in with data."""
    package = Path(rusvel_tui.__file__).parent
    found: set[str] = set()
    for folder in ("widgets", "screens"):
        for path in (package / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found |= set(node.value)
    return {
        char
        for char in found
        if ord(char) > 126 and unicodedata.category(char) in {"Pd", "Pi", "Pf", "Po", "Ps", "Pe", "Sm", "So"}
    }  # fmt: skip


def test_every_sign_that_we_draw_has_a_twin() -> None:
    """Found in the source, so that a new sign is missed at once. Those of the filters stand there to be removed."""
    others = {"＊", "‖", "⯿", "\U0001f000", "\U0001f3fb", "\U0001f3ff", "\U0001faff"}
    lacking = {char for char in signs() if ord(char) not in twins("ascii")} - others
    assert len(signs()) > 40
    assert lacking == set()


@pytest.mark.parametrize("glyphs", ["ascii", "console"])
def test_a_twin_takes_one_cell(glyphs: str) -> None:
    """Nothing moves; and what is ASCII stays itself."""
    table = twins(glyphs)  # type: ignore[arg-type]
    assert all(cell_len(twin) == 1 for twin in table.values())
    assert not any(number < 127 for number in table)
    if glyphs == "ascii":
        assert all(twin.isascii() for twin in table.values())


@given(
    st.text(
        alphabet=st.characters(exclude_categories=["Cs", "Cc", "Mn", "Cf", "Me", "Mc"]), max_size=40
    )
)
def test_names_in_ascii_take_as_many_cells(text: str) -> None:
    assert cell_len(folded(text)) == cell_len(text)
    assert folded(text).isascii()


def test_names_are_folded_only_where_the_terminal_lacks_them() -> None:
    """`João` is a name, not a sign of ours."""
    line = [Segment("▌ João ▁▂█ ⠒ 王…")]
    shown = Twins("ascii").apply(line, BLACK)[0].text
    assert shown == "> João _.# ' 王~"
    assert Twins("ascii", fold=True).apply(line, BLACK)[0].text == "> Joao _.# ' ??~"


@pytest.mark.parametrize(
    ("environ", "wish", "expected"),
    [
        ({"TERM": "xterm-256color"}, None, Drawing()),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, None, Drawing()),
        ({"TERM": "xterm"}, None, Drawing(sixteen=True)),
        ({"TERM": "xterm-16color"}, None, Drawing(sixteen=True)),
        ({"TERM": "linux"}, None, Drawing("console", sixteen=True)),
        ({"TERM": "linux"}, True, Drawing("ascii", sixteen=True)),
        ({"TERM": "xterm-256color", "LANG": "C"}, None, Drawing("ascii")),
        ({"TERM": "xterm-256color", "LANG": "C", "LC_CTYPE": "C.UTF-8"}, None, Drawing("ascii")),
        ({"TERM": "xterm-256color", "LANG": "C.UTF-8"}, None, Drawing()),
        ({"TERM": "xterm-256color", "LC_ALL": "de_DE.UTF-8", "LANG": "C"}, None, Drawing()),
        ({"TERM": "xterm-256color", "LANG": "C"}, False, Drawing()),
    ],
)
def test_the_terminal_says_what_it_can(
    environ: dict[str, str], wish: bool | None, expected: Drawing
) -> None:
    """Its name, the locale, and what the person wants; encoding aside."""
    found = drawing(environ, wish)
    assert (found.glyphs, found.sixteen) == (expected.glyphs, expected.sixteen)


@pytest.mark.parametrize("theme", [*THEMES, *BUILTIN_THEMES.values()], ids=lambda theme: theme.name)
def test_sixteen_colours_are_legible_in_every_theme(theme: Theme) -> None:
    """Each tone on each kind of row has 4.5 : 1 on both palettes that are about, and is one of the sixteen."""
    names = {**meanings(theme), **theme.to_color_system().generate(), **theme.variables}
    base = Style.parse(
        f"{_rich(theme.foreground, '#ffffff')} on {_rich(theme.background, '#000000')}"
    )
    for row in ["", *ROWS]:
        for tone in ["", *TONES]:
            style = paint(names, base, tone, row)
            (segment,) = SixteenColours().apply([Segment("text", style)], BLACK)
            assert segment.style is not None
            color, ground = segment.style.color, segment.style.bgcolor
            if theme.ansi:
                continue
            assert color is not None
            assert ground is not None
            assert color.number is not None
            assert ground.number is not None
            assert max(color.number, ground.number) < 16
            assert legible(color.number, ground.number), (row, tone, color, ground)


def _rich(value: str | None, otherwise: str) -> str:
    return value if value and value.startswith("#") else otherwise


def test_the_row_under_the_cursor_differs_in_sixteen_colours() -> None:
    """In both of our themes, by its ground; the bar at its side says it without colours."""
    for theme in THEMES:
        names = {**meanings(theme), **theme.to_color_system().generate(), **theme.variables}
        base = Style(color=theme.foreground, bgcolor=theme.background)
        plain, cursor = (
            SixteenColours().apply([Segment("x", paint(names, base, "", row))], BLACK)[0].style
            for row in ("", "cursor")
        )
        assert plain is not None
        assert cursor is not None
        assert plain.bgcolor != cursor.bgcolor


def test_without_colours_no_theme_of_the_terminal_is_offered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Textual draws black on black there; all others become greys."""
    monkeypatch.setenv("NO_COLOR", "1")
    names = set(DeskApp().available_themes)
    assert not {name for name in names if name.startswith("ansi")}
    assert {theme.name for theme in THEMES} <= names


KNOWN = Known(
    ["Ada Lovelace", "Jean-Luc Picard", "王小明", "Will May"],
    ["Northwind Press Ltd", "tidepool", "Big Data Inc"],
)


@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        ("Ada Lovelace", ["Ada", "Lovelace"]),
        ("ADA LOVELACE, Ada's", ["ADA", "LOVELACE"]),
        ("Lovel…  Ad…", ["Lovel", "Ad…"]),
        ("Jean-Luc", ["Jean", "Luc"]),
        ("王小明さんへ", ["王", "小", "明"]),
        ("ada.lovelace@engine.example", ["ada", "lovelace", "engine", "example"]),
        ("northwind-visitors.csv #northwind", ["northwind"]),
        ("tidepool", ["tidepool"]),
        ("+49 30 5550124", ["49", "30", "5550124"]),
        ("DE89370400440532013000", ["8937"]),
        ("1,250.00 EUR and $4,200 and 9k USD", ["1", "2", "4", "9"]),
        ("7,400 · 15,195 · 900", ["7", "15", "900"]),
        ("0 · 650 · 900", ["650", "900"]),
        ("deal of 8,1…", ["8"]),
        ("▼ −170 (−34 %)", ["170"]),
        ("600┤  ⡠⣀", ["600"]),
    ],
)
def test_what_is_private_is_masked(line: str, hidden: list[str]) -> None:
    """In as many characters and cells; the same again is the same."""
    masked = mask(line, KNOWN)
    assert not [part for part in hidden if part in masked]
    assert len(masked) == len(line)
    assert cell_len(masked) == cell_len(line)
    assert mask(line, KNOWN) == masked


@pytest.mark.parametrize(
    "line",
    [
        "Press n to add a contact", "17 to approve", "INV-2026-0012", "21 Nov 2026 10:30", "3 days late", "45 % of 3",
        "they will, in may", "2026-11  100%   87%", "1 waiting 14   2 needs data 1", "gtm.outreach.blocked", "step 3 of 3",
    ],
)  # fmt: skip
def test_what_is_not_private_stays(line: str) -> None:
    """Counts, dates, numbers of invoices, percentages, and our own words."""
    assert mask(line, KNOWN) == line


def test_the_same_person_has_the_same_mask_however_they_are_written() -> None:
    """In capitals, in a text, in an address, with or without accents."""
    known = Known(["João Castellano"])
    first, last = mask("João Castellano", known).split()
    assert mask("JOÃO", known) == first.upper()
    assert mask("Castellano, Joao", known) == f"{last}, {first}"
    assert mask("joao.castellano@x.example", known).startswith(f"{first}.{last}@".lower())


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
def test_masking_never_moves_anything(line: str) -> None:
    assert len(mask(line, KNOWN)) == len(line)
    assert cell_len(mask(line, KNOWN)) == cell_len(line)


PARTS = ("Agents", "Skills", "Rules", "Hooks", "Workflows", "Schedules", "MCP", "Tools", "Settings")


@pytest.mark.parametrize("width", [50, 66, 80, 100, 120])
async def test_no_part_of_a_page_is_dropped(width: int) -> None:
    """Blanks give way first, then ends of names; the digits that choose stay, and the name of the one in front."""
    line = TabLine()
    app = WidgetApp(line)
    async with app.run_test(size=(width, 5)) as pilot:
        line.choices = tuple(Choice(name, name) for name in PARTS)
        line.active = "Settings"
        await pilot.pause()
        shown = screen_lines(app)[0]
        assert [f"{n} " in shown for n in range(1, 10)] == [True] * 9
        assert "9 Settings" in shown
        assert width < 90 or all(name in shown for name in PARTS)


async def test_a_page_without_a_tab_is_named_while_it_is_in_front() -> None:
    """The header says where one is."""
    header = Header([Tab("a", "Alpha", "Al", "a")], [Tab("b", "Beside", "Be", "b")])
    app = WidgetApp(header)
    async with app.run_test(size=(120, 5)) as pilot:
        header.active = "a"
        await pilot.pause()
        assert "Beside" not in screen_lines(app)[0]
        header.active = "b"
        await pilot.pause()
        assert "▌Beside" in screen_lines(app)[0]

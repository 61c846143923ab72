"""Colours: readable in both of our themes, and defined in every other."""

from __future__ import annotations

import pytest
from rich.style import Style
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from rusvel_tui.theme import DARK, HEAT, LIGHT, ROWS, STAGES, THEMES, TONES, meanings, paint


def variables(theme: Theme) -> dict[str, str]:
    """What the app has as colour names under that theme."""
    return {**meanings(theme), **theme.to_color_system().generate(), **theme.variables}


def base(theme: Theme) -> Style:
    return Style(color=theme.foreground, bgcolor=theme.background)


def contrast(style: Style) -> float:
    """WCAG 2.2 contrast ratio of a style's text on its ground."""
    assert style.color is not None
    assert style.bgcolor is not None
    pair = [_luminance(Color.from_rich_color(color)) for color in (style.color, style.bgcolor)]
    return (max(pair) + 0.05) / (min(pair) + 0.05)


def _luminance(color: Color) -> float:
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in color.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("row", ["", *ROWS])
@pytest.mark.parametrize("tone", ["", *(tone for tone in TONES if tone != "rule"), *HEAT])
def test_our_themes_are_readable(theme: Theme, row: str, tone: str) -> None:
    """Every tone of text on every kind of row, in pages and in dialogs, has the 4.5 : 1 of WCAG 2.2, level AA."""
    for ground in (theme.background, theme.panel):
        style = paint(variables(theme), Style(color=theme.foreground, bgcolor=ground), tone, row)
        assert contrast(style) >= 4.5


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_lines_between_panes_are_quiet(theme: Theme) -> None:
    """They are no text; what they part is parted by its place too."""
    assert 1.2 <= contrast(paint(variables(theme), base(theme), "rule", "")) <= 3


@pytest.mark.parametrize("theme", [*BUILTIN_THEMES.values(), *THEMES], ids=lambda theme: theme.name)
def test_every_theme_has_all_our_names(theme: Theme) -> None:
    """And none of them makes text vanish into its row."""
    names = variables(theme)
    ground = Style(bgcolor=Color.parse(theme.background or "#101010").rich_color)
    for row in ["", *ROWS]:
        for tone in ["", *TONES]:
            style = paint(names, ground, tone, row)
            assert style.bgcolor is not None
            # The terminal's own text on the terminal's own ground is readable by definition.
            assert style.color is None or style.color.is_default or style.color != style.bgcolor


def test_stages_differ_from_each_other() -> None:
    """In both of our themes."""
    for theme in (DARK, LIGHT):
        colours = {paint(variables(theme), base(theme), stage, "").color for stage in STAGES}
        assert len(colours) == len(STAGES)


def test_unknown_names_change_nothing() -> None:
    """A tone may come from data."""
    names = variables(DARK)
    assert paint(names, base(DARK), "purple", "nowhere") == base(DARK)


def test_our_two_themes_define_the_same_names() -> None:
    assert set(DARK.variables) == set(LIGHT.variables)
    assert {name for name in TONES.values() if name} <= set(DARK.variables)

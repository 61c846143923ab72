"""Colours: two themes of our own, and our own names for what colours mean, with values for every other theme.

A colour never carries a meaning alone: a word, a sign or a glyph always says the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style
from textual.color import Color
from textual.theme import Theme

DARK = Theme(
    name="rusvel-dark",
    dark=True,
    primary="#7fa8d1",
    secondary="#8f9bb3",
    accent="#d9b36c",
    success="#93b87f",
    warning="#dda35d",
    error="#e58881",
    foreground="#d5d9e0",
    background="#15181d",
    surface="#15181d",
    panel="#1e2229",
    variables={
        "text": "#d5d9e0",
        "text-muted": "#9ba3b2",
        "text-disabled": "#828a99",
        "text-primary": "#7fa8d1",
        "text-accent": "#d9b36c",
        "text-success": "#93b87f",
        "text-warning": "#dda35d",
        "text-error": "#e58881",
        "scrollbar": "#343b46",
        "scrollbar-hover": "#465060",
        "scrollbar-active": "#5a6678",
        "scrollbar-background": "#15181d",
        "cursor": "#26374a",
        "cursor-idle": "#21262e",
        "marked": "#2a2823",
        "rule": "#2c323b",
        "stage-lead": "#9fa9ba",
        "stage-qualified": "#7fa8d1",
        "stage-proposal": "#b49ad1",
        "stage-negotiation": "#d9b36c",
        "stage-won": "#93b87f",
        "stage-lost": "#e58881",
    },
)

LIGHT = Theme(
    name="rusvel-light",
    dark=False,
    primary="#2f648f",
    secondary="#5c6675",
    accent="#8a5a0b",
    success="#3b6b2f",
    warning="#8a5200",
    error="#b03a35",
    foreground="#2a2e35",
    background="#fbfaf7",
    surface="#fbfaf7",
    panel="#efede6",
    variables={
        "text": "#2a2e35",
        "text-muted": "#575e69",
        "text-disabled": "#656c77",
        "text-primary": "#2f648f",
        "text-accent": "#8a5a0b",
        "text-success": "#3b6b2f",
        "text-warning": "#8a5200",
        "text-error": "#b03a35",
        "scrollbar": "#d0ccc0",
        "scrollbar-hover": "#b8b3a4",
        "scrollbar-active": "#a09a88",
        "scrollbar-background": "#fbfaf7",
        "cursor": "#d6e4f0",
        "cursor-idle": "#eceae3",
        "marked": "#f7efdb",
        "rule": "#dcd8cc",
        "stage-lead": "#575e69",
        "stage-qualified": "#2f648f",
        "stage-proposal": "#6b4a92",
        "stage-negotiation": "#8a5a0b",
        "stage-won": "#3b6b2f",
        "stage-lost": "#b03a35",
    },
)

THEMES = (DARK, LIGHT)

_MEANINGS = {
    "rule": "border-blurred",
    "stage-lead": "text-muted",
    "stage-qualified": "text-primary",
    "stage-proposal": "text-secondary",
    "stage-negotiation": "text-accent",
    "stage-won": "text-success",
    "stage-lost": "text-error",
}


def meanings(theme: Theme) -> dict[str, str]:
    """Our own colour names for a theme that does not define them."""
    own = theme.to_color_system().generate()
    if theme.ansi:
        return {**{name: own[there] for name, there in _MEANINGS.items()}, **_ANSI}
    blends = {
        "cursor": f"{theme.primary} 28%",
        "cursor-idle": f"{own['foreground']} 8%",
        "marked": f"{theme.accent or theme.primary} 14%",
        "rule": f"{own['foreground']} 18%",
    }
    return {**{name: own[there] for name, there in _MEANINGS.items()}, **blends}


_ANSI = {
    "cursor": "ansi_blue",
    "cursor-idle": "ansi_bright_black",
    "marked": "ansi_default",
    "rule": "ansi_bright_black",
}
"""Sixteen colours cannot be blended."""


Rgb = tuple[int, int, int]
LEGIBLE = 4.5
"""The contrast of text that WCAG 2.2 asks for, level AA."""

STAGES = ("lead", "qualified", "proposal", "negotiation", "won", "lost")

TONES: dict[str, str] = {
    "strong": "",
    "muted": "text-muted",
    "faint": "text-disabled",
    "rule": "rule",
    "accent": "text-accent",
    "good": "text-success",
    "warn": "text-warning",
    "bad": "text-error",
    "code": "text-primary",
    **{stage: f"stage-{stage}" for stage in STAGES},
}
"""What text can mean, and the variable that colours it; `strong` is bold only."""

_WEIGHTS = {"strong": Style(bold=True), "em": Style(italic=True)}
"""Tones that are no colour."""

HEAT = {f"heat-{level}": share for level, share in enumerate((8, 20, 35, 52, 70))}
"""How much of the first colour stands behind a cell of a heatmap, in per cent."""

ROWS: dict[str, tuple[str, str, bool]] = {
    "cursor": ("cursor", "text", True),
    "blurred": ("cursor-idle", "text", False),
    "marked": ("marked", "text", False),
    "drop": ("cursor", "text-accent", False),
    "tab": ("background", "text", False),
}
"""What a row can be: its background, its text, and whether it is bold. Other names are the widget's own look."""


def paint(variables: Mapping[str, str], base: Style, tone: str, row: str) -> Style:
    """A row's look with a tone on it, over what is behind it. Unknown names change nothing."""
    if row in ROWS:
        back, text, bold = ROWS[row]
        if tone == "faint" and back != "background":
            tone = "muted"  # what is faint on the ground cannot be read on a marked one
        ground = _mixed(variables[back], _ground(base))
        base = Style(bgcolor=ground.rich_color, bold=bold) + _ink(variables[text], ground)
    if tone in _WEIGHTS:
        return base + _WEIGHTS[tone]
    if tone in HEAT:
        return _heated(variables["text-primary"], variables["text"], base, HEAT[tone])
    ink = _ink(variables[TONES[tone]], _ground(base)) if tone in TONES else Style()
    return base if ink.color == base.bgcolor else base + ink  # sixteen colours can coincide


def contrast(one: Rgb, other: Rgb) -> float:
    """The contrast ratio of WCAG 2.2, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: Rgb) -> float:
    """Relative luminance, from 0 to 1."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in color)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _heated(primary: str, text: str, base: Style, share: int) -> Style:
    """A shade behind a number, which stays readable; none where colours cannot be mixed."""
    color = Color.parse(primary.partition(" ")[0]) if not primary.startswith("auto") else None
    if color is None or color.ansi is not None:
        return base
    ground = _ground(base) + color.multiply_alpha(share / 100)
    inks = (_mixed(text, ground), Color(255, 255, 255), Color(0, 0, 0))
    readable = (ink for ink in inks if contrast(ink.rgb, ground.rgb) >= LEGIBLE)
    ink = Style.from_color(next(readable).rich_color)  # black or white always is
    return base + Style(bgcolor=ground.rich_color) + ink


def _ground(style: Style) -> Color:
    return Color(0, 0, 0) if style.bgcolor is None else Color.from_rich_color(style.bgcolor)


def _ink(value: str, ground: Color) -> Style:
    """A colour for text, as theme variables spell it: `#d5d9e0`, `auto 60%`, `ansi_default 50%`."""
    name, _, share = value.partition(" ")
    if name.startswith("ansi_"):  # the terminal's own colours cannot be mixed
        return Style.from_color(Color.parse(name).rich_color) + Style(dim=bool(share))
    if name == "auto":
        mixed = ground + ground.get_contrast_text(float(share.rstrip("%") or 100) / 100)
        return Style.from_color(mixed.rich_color)
    return Style.from_color(_mixed(value, ground).rich_color)


def _mixed(value: str, ground: Color) -> Color:
    name, _, share = value.partition(" ")
    color = Color.parse(name)
    if color.ansi is not None:
        return color
    return ground + (color.multiply_alpha(float(share.rstrip("%")) / 100) if share else color)

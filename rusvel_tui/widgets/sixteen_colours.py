"""Sixteen colours: each pair of a text and its ground as one that is legible on every palette that is about.

The nearest colour of a palette is often not: a muted grey on a dark ground becomes black on black.
"""

from __future__ import annotations

from collections.abc import Iterator
from colorsys import rgb_to_hls
from functools import lru_cache

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from rusvel_tui.theme import LEGIBLE, Rgb, contrast, luminance

VGA: tuple[Rgb, ...] = (
    (0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0), (0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170),
    (85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85), (85, 85, 255), (255, 85, 255), (85, 255, 255),
    (255, 255, 255),
)  # fmt: skip
XTERM: tuple[Rgb, ...] = (
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
    (255, 255, 255),
)  # fmt: skip
BLACK, BLUE, CYAN, WHITE, GREY, BRIGHT_WHITE = 0, 4, 6, 7, 8, 15
_BRIGHT = 8
_TINTED = 20
"""Difference of its largest and smallest part from which a ground counts as coloured; for text twice that."""
_HUES = ((20, 1), (75, 3), (150, 2), (215, 6), (265, 4), (335, 5), (361, 1))
"""Up to which degree of the colour wheel a hue is which colour."""


def legible(text: int, ground: int) -> bool:
    """Whether the pair can be read on both palettes."""
    return all(contrast(palette[text], palette[ground]) >= LEGIBLE for palette in (VGA, XTERM))


def ground_for(color: Rgb) -> int:
    """The ground nearest in meaning: dark or light, plain or marked."""
    light = luminance(color)
    tinted = max(color) - min(color) >= _TINTED and _hue(color) in {BLUE, CYAN}
    if light < 0.3:
        return BLUE if tinted and light >= 0.03 else BLACK
    if tinted:
        return CYAN
    return BRIGHT_WHITE if light >= 0.88 else WHITE


def text_for(color: Rgb, ground: int) -> int:
    """The nearest colour that can be read on that ground."""
    return next(number for number in _wishes(color, ground) if legible(number, ground))


def _wishes(color: Rgb, ground: int) -> Iterator[int]:
    """Colours of text, the most wanted first; the last two always hold for one of them."""
    dark = ground in {BLACK, BLUE}
    if max(color) - min(color) >= 2 * _TINTED:
        hue = _hue(color)
        yield from (hue + _BRIGHT, hue) if dark else (hue, hue + _BRIGHT)
    elif dark and luminance(color) < 0.45:
        yield WHITE
    yield from (BRIGHT_WHITE, BLACK)


def _hue(color: Rgb) -> int:
    degrees = rgb_to_hls(*(part / 255 for part in color))[0] * 360
    return next(number for end, number in _HUES if degrees < end)


@lru_cache(maxsize=4096)
def _pair(text: Rgb | None, ground: Rgb | None, *, blank: bool) -> Style:
    """The style of a pair; a blank shows its ground alone, and so may be grey."""
    if ground is None:
        back = BLACK
    elif blank and 0.03 <= luminance(ground) < 0.6:
        back = GREY
    else:
        back = ground_for(ground)
    front = WHITE if text is None or back == GREY else text_for(text, back)
    return Style(color=_ansi(front), bgcolor=_ansi(back), dim=False)


def _ansi(number: int) -> RichColor:
    return RichColor.from_ansi(number)


class SixteenColours(LineFilter):
    """The last step on terminals with sixteen colours; what a theme says in those already stays."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        behind = None if background.ansi is not None else background.rgb
        return [
            Segment(text, _few(style, behind, blank=text.isspace()), control)
            for text, style, control in segments
        ]


def _few(style: Style | None, behind: Rgb | None, *, blank: bool) -> Style | None:
    if style is None:
        return None
    text, ground = (_rgb(color) for color in (style.color, style.bgcolor))
    if text is None and ground is None:
        return style
    return style + _pair(text, ground or behind, blank=blank)


def _rgb(color: RichColor | None) -> Rgb | None:
    if color is None or color.triplet is None:
        return None
    return (color.triplet.red, color.triplet.green, color.triplet.blue)

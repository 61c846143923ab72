"""What the terminal can show. Asked before Textual is imported: without a terminal it hangs."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Glyphs = Literal["all", "console", "ascii"]
"""Which signs there are: all, those of the Linux console's fonts, or ASCII alone."""
_CONSOLES = frozenset({"linux", "cons25", "vt220", "vt100", "vt102", "ansi"})
_MANY = frozenset({"256color", "kitty"})
"""Ends of names of terminals to which Rich sends more than sixteen colours."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """How to draw here."""

    glyphs: Glyphs = "all"
    fold: bool = False
    """Whether names must be written in ASCII too: the terminal is not told in UTF-8."""
    sixteen: bool = False
    """Whether it has the sixteen colours of old alone."""


FULL = Drawing()


def check_terminal(wish: bool | None = None) -> str:
    """Why the dashboard cannot be shown here, as a sentence; empty when it can. `wish` is about ASCII alone."""
    if _in_browser():
        return ""
    screen = sys.__stderr__
    if screen is None or not screen.isatty() or not sys.stdin or not sys.stdin.isatty():
        return "The dashboard needs a terminal. Over SSH use `ssh -t`; for scripts see `rusvel --help`."
    if os.environ.get("TERM", "") in {"", "dumb"}:
        return "This terminal cannot draw (TERM is dumb or not set). Set TERM, for example to xterm-256color."
    if not (drawing(os.environ, wish).fold or _speaks_utf8(screen.encoding)):
        return (
            "The dashboard needs UTF-8. Set LANG, for example to C.UTF-8, or start it with --ascii."
        )
    return ""


def follow_the_window() -> None:
    """Forget the size that a shell has exported once: it would count for more than the window's own, for ever."""
    if not _in_browser():
        for name in ("COLUMNS", "LINES"):
            os.environ.pop(name, None)


def _in_browser() -> bool:
    """Whether a page of `rusvel web` shows the desk."""
    return os.environ.get("TEXTUAL_DRIVER", "").endswith(":WebDriver")


def drawing(environ: Mapping[str, str], wish: bool | None = None) -> Drawing:
    """How to draw on this terminal; `wish` is what the person said about ASCII, None for nothing."""
    term = environ.get("TERM", "")
    plain = wish if wish is not None else _is_c(environ)
    glyphs: Glyphs = "ascii" if plain else "console" if term in _CONSOLES else "all"
    fold = glyphs == "ascii" and not _speaks_utf8(getattr(sys.__stderr__, "encoding", ""))
    return Drawing(glyphs, fold, sixteen=_has_sixteen(environ, term))


def _has_sixteen(environ: Mapping[str, str], term: str) -> bool:
    many = environ.get("COLORTERM", "").strip().lower() in {"truecolor", "24bit"}
    return not (many or term.rpartition("-")[2] in _MANY)


def _is_c(environ: Mapping[str, str]) -> bool:
    """Whether the locale is that of C, by its variables: Python itself reads and sets LC_CTYPE in it."""
    return (environ.get("LC_ALL") or environ.get("LANG")) in {"C", "POSIX"}


def _speaks_utf8(encoding: str | None) -> bool:
    return (encoding or "").lower().replace("-", "") == "utf8"

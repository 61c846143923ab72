"""The clipboard of the person's own terminal, also at the other end of SSH: OSC 52, wrapped where a multiplexer is between."""

from __future__ import annotations

import base64
from collections.abc import Mapping

MOST = 50_000
"""Characters that every terminal takes; some drop what is longer without a word."""
_SCREEN_CHUNK = 240
"""Bytes of a sequence that GNU screen passes on at once."""


def clipboard_sequence(text: str, environ: Mapping[str, str]) -> str:
    """What to write to the terminal so that the text is in its clipboard.

    tmux takes the sequence itself with `set-clipboard on`, and passes a wrapped one on with `allow-passthrough on`: it
    is sent both ways, since either may be set.
    """
    plain = f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\a"
    if environ.get("TMUX"):
        doubled = plain.replace("\x1b", "\x1b\x1b")
        return f"{plain}\x1bPtmux;{doubled}\x1b\\"
    if environ.get("STY"):
        parts = (plain[at : at + _SCREEN_CHUNK] for at in range(0, len(plain), _SCREEN_CHUNK))
        return "".join(f"\x1bP{part}\x1b\\" for part in parts)
    return plain

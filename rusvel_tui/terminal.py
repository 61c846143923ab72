"""Whether there is a terminal that can show the dashboard. Asked before Textual is imported: without one it hangs."""

from __future__ import annotations

import os
import sys


def check_terminal() -> str:
    """Why the dashboard cannot be shown here, as a sentence; empty when it can."""
    screen = sys.__stderr__
    if screen is None or not screen.isatty() or not sys.stdin or not sys.stdin.isatty():
        return "The dashboard needs a terminal. Over SSH use `ssh -t`; for scripts see `rusvel --help`."
    if os.environ.get("TERM", "") in {"", "dumb"}:
        return "This terminal cannot draw (TERM is dumb or not set). Set TERM, for example to xterm-256color."
    if (screen.encoding or "").lower().replace("-", "") != "utf8":
        return "The dashboard needs UTF-8. Set LANG, for example to C.UTF-8."
    return ""

"""Starting and ending: what is imported, without a terminal, and when the line is lost."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui import terminal
from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.core import Engine
from rusvel_tui.screens import PAGES
from rusvel_tui.widgets.desk_app import STYLES
from tests.factories import Desk

HEAVY = ("anthropic", "mcp", "aiosmtplib", "plotext", "jinja2", "textual.widgets._markdown", "textual.widgets._text_area",
         "textual.widgets._data_table", "imaplib", "http.client")  # fmt: skip

FIRST_PAINT = """
import asyncio, sys
from pathlib import Path
from rusvel_tui.adapters.clock import SystemClock
from rusvel_tui.engine.core import Engine
from rusvel_tui.app import RusvelApp

async def main():
    async with RusvelApp(Engine(Path(sys.argv[1]), clock=SystemClock())).run_test() as pilot:
        await pilot.pause()

asyncio.run(main())
print("\\n".join(sys.modules))
"""


def test_the_first_screen_imports_nothing_it_does_not_draw(desk: Desk) -> None:
    """No model, no mail, no charts, no editor: they are imported when they are used."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST_PAINT, str(desk.engine.path)],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert "rusvel_tui.app" in loaded
    assert not {name for name in HEAVY if name in loaded}
    later = {entry.path.partition(":")[0] for entry in PAGES[1:]}
    assert not later & loaded


def test_the_style_sheet_is_the_same_in_both_places() -> None:
    """A link at the root, the file in the package."""
    root = Path(__file__).parents[2] / "styles.tcss"
    assert root.is_symlink()
    assert root.read_bytes() == STYLES.read_bytes()


class _Stream:
    def __init__(self, *, tty: bool = True, encoding: str = "utf-8") -> None:
        self.encoding = encoding
        self._tty = tty

    def isatty(self) -> bool:
        return self._tty


@pytest.mark.parametrize(
    ("stdin", "stderr", "term", "word"),
    [
        (_Stream(), _Stream(), "xterm-256color", ""),
        (_Stream(tty=False), _Stream(), "xterm", "ssh -t"),
        (_Stream(), _Stream(tty=False), "xterm", "ssh -t"),
        (_Stream(), None, "xterm", "ssh -t"),
        (_Stream(), _Stream(), "dumb", "TERM"),
        (_Stream(), _Stream(), "", "TERM"),
        (_Stream(), _Stream(encoding="latin-1"), "xterm", "UTF-8"),
    ],
)
def test_without_a_terminal_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, stdin: Any, stderr: Any, term: str, word: str
) -> None:
    monkeypatch.setattr(sys, "stdin", stdin)
    monkeypatch.setattr(sys, "__stderr__", stderr)
    monkeypatch.setenv("TERM", term)
    why = terminal.check_terminal()
    assert (word in why) if word else not why


RUN = """
import sys
from pathlib import Path
from rusvel_tui.adapters.clock import SystemClock
from rusvel_tui.engine.core import Engine
from rusvel_tui.app import RusvelApp

app = RusvelApp(Engine(Path(sys.argv[1]), clock=SystemClock()))
app.run()
sys.exit(app.return_code or 0)
"""


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_lost_line_ends_it_cleanly(engine: Engine, number: signal.Signals) -> None:
    """The terminal is given back (the alternate screen is left), and the exit code says which signal."""
    controller, own = pty.openpty()
    command = [sys.executable, "-c", RUN, str(engine.path)]
    environment = {**os.environ, "TERM": "xterm-256color"}
    with subprocess.Popen(command, stdin=own, stdout=own, stderr=own, env=environment) as process:
        os.close(own)
        seen = _read_until(controller, b"command")
        process.send_signal(number)
        seen += _read_until(controller, None)
        assert process.wait(30) == 128 + number
    os.close(controller)
    assert b"\x1b[?1049h" in seen
    assert b"\x1b[?1049l" in seen


def _read_until(controller: int, wanted: bytes | None) -> bytes:
    """What the terminal got, until some bytes came or the program ended."""
    seen = b""
    while wanted is None or wanted not in seen:
        try:
            part = os.read(controller, 65536)
        except OSError:
            return seen
        if not part:
            return seen
        seen += part
    return seen


def test_nothing_is_animated(engine: Engine) -> None:
    """Animations cost bytes over SSH, and time."""
    assert RusvelApp(engine).animation_level == "none"

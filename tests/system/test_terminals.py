"""Terminals of all kinds: the desk starts, heeds a key on each tab, ends, and leaves the line as it found it."""

from __future__ import annotations

import os
import re
import signal
import sys
from pathlib import Path

import pytest

from tests.system.helpers import wait_for
from tests.system.terminals import Terminal

RUSVEL = (sys.executable, "-m", "rusvel_tui", "--db")
TABS = {"i": "In", "c": "Con", "d": "Deal", "s": "Se", "v": "In", "r": "Gr", "a": "As", "t": "To"}
"""The letter of each tab, and how its name begins on the narrowest screen."""
_OTHER_SCREEN = b"\x1b[?1049h"
_COLOURS = rb"[34]8;[25];"
_NO_GREYS = rb"[34]8;2;|[34]8;5;(?!(?:0|15|16|23[1-9]|24\d|25[0-5])[;m])"
ANY_SIZE = {"COLUMNS": "120", "LINES": "36"}
"""What a shell exported for another window."""
KINDS: dict[str, tuple[dict[str, str], tuple[int, int], bytes]] = {
    "no colour": ({"NO_COLOR": "1", **ANY_SIZE}, (80, 24), _NO_GREYS),
    "sixteen colours": ({"TERM": "xterm-16color"}, (120, 36), _COLOURS),
    "the Linux console": ({"TERM": "linux"}, (80, 25), _COLOURS),
    "vt100 in the locale of C": ({"TERM": "vt100", "LANG": "C"}, (80, 24), _COLOURS),
    "a small window": ({"TERM": "screen-256color"}, (60, 20), rb"[34]8;2;"),
}
"""Surroundings, a size, and the colours that such a terminal must not be sent."""


@pytest.mark.parametrize("kind", KINDS)
def test_every_tab_in_every_terminal(home: dict[str, str], sample: Path, kind: str) -> None:
    """All tabs and a key on each; nothing that this terminal cannot show; then the line is as it was."""
    surroundings, (columns, lines), beyond = KINDS[kind]
    words = (*RUSVEL[:-1], "demo", "--db", str(sample))
    with Terminal(words, home | surroundings, columns=columns, lines=lines) as desk:
        desk.until("Need")
        for letter, title in TABS.items():
            desk.press(f"g{letter}")
            desk.until(lambda text, title=title: _front(text).startswith(title))  # type: ignore[misc]
            desk.press("j")
        assert all(len(line) <= columns for line in desk.text.split("\n"))
        desk.press(":q\r")
        assert desk.ended() == 0
        assert (desk.left_on, desk.echoes) == (set(), True)
        assert not re.search(rb"\x1b\[(?:[\d;]*;)?(?:%b)" % beyond, desk.raw)


def _front(text: str) -> str:
    """The name of the tab in front."""
    found = re.search(r"[▌>|]\s?([A-Z]\w+)", text.split("\n")[0])
    return found[1] if found else ""


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
def test_a_signal_leaves_the_terminal_as_it_was(
    home: dict[str, str], sample: Path, number: int, code: int
) -> None:
    """128 and the signal; no mode stays on, and what is typed is shown again."""
    with Terminal((*RUSVEL, str(sample)), home) as desk:
        desk.until("▌Today")
        assert desk.left_on >= {1049, 1000, 2004, 25}
        os.kill(desk.pid, number)
        assert desk.ended() == code
        assert (desk.left_on, desk.echoes) == (set(), True)


_BROKEN = """
import sys
from rusvel_tui.app import RusvelApp
from rusvel_tui.cli import main
def broken(self):
    password = "hunter2"
    raise TypeError("planted")
RusvelApp.action_redraw = broken
sys.exit(main())
"""


def test_a_failure_is_one_sentence(home: dict[str, str], sample: Path) -> None:
    """What nobody expected ends the desk in good order, with a sentence and without the values of variables."""
    with Terminal((sys.executable, "-c", _BROKEN, "--db", str(sample)), home) as desk:
        desk.until("▌Today")
        before = len(desk.raw)
        desk.press("\x0c")
        assert desk.ended() == 1
        assert (desk.left_on, desk.echoes) == (set(), True)
        said = desk.raw[before:].rpartition(b"\x1b[?1006l")[2].decode()
        assert said.startswith("Something is wrong inside rusvel (TypeError: planted).")
        assert b"hunter2" not in desk.raw


def test_ctrl_z_gives_the_shell_back_and_holds_nobody_up(
    home: dict[str, str], sample: Path
) -> None:
    """ctrl+z, a command in the shell that writes to the same file, `bg`, which stops at once, and `fg`; then q."""
    line = " ".join((*RUSVEL, str(sample)))
    shell = ("bash", "--norc", "--noprofile", "-i")
    with Terminal(shell, home | {"PS1": "ready> "}) as terminal:
        terminal.until("ready>")
        terminal.press(f"set -b; {line}\n")
        terminal.until("Need")
        terminal.press("\x1a")
        terminal.until("Stopped")
        assert terminal.left_on <= {2004}  # that one is the shell's
        terminal.press(f"{line} call gtm.crm.add_contact name=Zelda; echo wrote $?\n")
        terminal.until("wrote 0")
        terminal.press("bg\n")
        terminal.until(lambda _: terminal.raw.count(b"Stopped") == 2)
        drawn = terminal.raw.count(_OTHER_SCREEN)
        terminal.press("fg\n")
        terminal.until(lambda _: terminal.raw.count(_OTHER_SCREEN) > drawn)
        terminal.press("gl")
        terminal.until(lambda text: "▌Log" in text and "Zelda" in text)
        terminal.press(":q\r")
        terminal.until(lambda _: terminal.left_on <= {2004})


def test_without_a_shell_ctrl_z_says_so(home: dict[str, str], sample: Path) -> None:
    """The command of an `ssh -t` would hang for ever; a stop by force and its end draw everything again."""
    with Terminal((*RUSVEL, str(sample)), home) as desk:
        desk.until("Need")
        desk.press("\x1a")
        desk.until("There is no shell")
        os.kill(desk.pid, signal.SIGSTOP)
        wait_for(lambda: os.waitpid(desk.pid, os.WUNTRACED | os.WNOHANG)[0], "it to stop")
        drawn = desk.raw.count(_OTHER_SCREEN)
        os.kill(desk.pid, signal.SIGCONT)
        desk.until(lambda _: desk.raw.count(_OTHER_SCREEN) > drawn)
        desk.press("gi")
        desk.until("▌Inbox")

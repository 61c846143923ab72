"""The desk inside a real tmux on a private socket: sizes, detach and attach, its clipboard, and the end of the server."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.smtp_servers import ScriptedServer
from tests.system.sending import Sending
from tests.system.terminals import Terminal

TMUX = shutil.which("tmux")
pytestmark = pytest.mark.skipif(
    TMUX is None, reason="tmux is not installed: `make test-ssh` installs it"
)
RUSVEL = (sys.executable, "-m", "rusvel_tui")


class Tmux:
    """A server of our own, with one window."""

    def __init__(self, socket: Path) -> None:
        self.base = [str(TMUX), "-S", str(socket), "-f", os.devnull]

    def __call__(self, *words: str) -> str:
        done = subprocess.run([*self.base, *words], check=True, capture_output=True, text=True)
        return done.stdout

    def open(self, words: tuple[str, ...], env: dict[str, str], term: str) -> None:
        """Start a program on a screen of 120x36."""
        line = shlex.join(["env", *(f"{name}={value}" for name, value in env.items()), *words])
        size = ("-x", "120", "-y", "36")
        options = (
            ";",
            "set",
            "-g",
            "window-size",
            "latest",
            ";",
            "set",
            "-s",
            "set-clipboard",
            "on",
        )
        self("set", "-g", "default-terminal", term, ";", "new-session", "-d", *size, line, *options)

    def shown(self) -> list[str]:
        """What stands in the window; asking again and again would keep tmux from drawing."""
        return self("capture-pane", "-p").splitlines()

    def press(self, keys: str) -> None:
        self("send-keys", "-l", keys)


@pytest.fixture
def tmux(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tmux]:
    made = Tmux(tmp_path_factory.mktemp("t") / "socket")
    yield made
    subprocess.run([*made.base, "kill-server"], check=False, capture_output=True)


@pytest.mark.parametrize("term", ["tmux-256color", "screen"])
def test_detached_and_attached_at_another_size(
    tmux: Tmux, home: dict[str, str], sample: Path, term: str
) -> None:
    """What was begun on one screen goes on, on a smaller one and with another terminal around it."""
    tmux.open((*RUSVEL, "--db", str(sample)), home, term)
    attach = (*tmux.base, "attach")
    with Terminal(attach, dict(os.environ)) as wide:
        wide.until("Need")
        wide.press("gi")
        wide.until("waits for your yes")
        tmux("detach-client")
        assert wide.ended() == 0
    surroundings = dict(os.environ) | {"TERM": "xterm"}
    with Terminal(attach, surroundings, columns=80, lines=24) as small:
        small.until(lambda text: "▌Inbox" in text and "e edit" in text)
        small.press("gc")
        small.until(lambda text: "61 contacts" in text and "S enrol" in text)
        shown = tmux.shown()
        assert (len(shown), max(map(len, shown)) <= 80, "▌Cont" in shown[0]) == (23, True, True)
        small.resize(130, 40)
        small.until(lambda text: "Added" in text)
        shown = tmux.shown()
        assert (len(shown), max(map(len, shown)) > 120, "▌Contacts" in shown[0]) == (39, True, True)
        small.press("q")
        assert small.ended() == 0


def test_the_server_ends_while_mails_leave(
    tmux: Tmux, home: dict[str, str], tmp_path: Path, server: ScriptedServer
) -> None:
    """`kill-server` takes the line away: nothing is lost, nobody holds a job, and a new desk sends the rest once."""
    sending = Sending(tmp_path / "desk.db", server)
    words = (*RUSVEL, "--db", str(sending.path))
    tmux.open(words, home | sending.settings, "tmux-256color")
    sending.cut_at_the_third(lambda: tmux("kill-server"))
    sending.check_what_was_left()
    with Terminal(words, home | sending.settings) as again:
        again.until("▌Today")
        sending.check_the_rest()
        again.press("q")
        assert again.ended() == 0

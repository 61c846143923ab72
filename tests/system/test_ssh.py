"""The desk over a line: Debian's OpenSSH on loopback, its keys, its sizes, and what is left when the line is lost."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.adapters.smtp_servers import ScriptedServer
from tests.system.helpers import wait_for
from tests.system.processes import desks, parent
from tests.system.sending import Sending
from tests.system.ssh_server import SshServer, missing
from tests.system.terminals import Terminal

pytestmark = [
    pytest.mark.skipif(bool(missing()), reason=missing() or "it runs"),
    pytest.mark.xdist_group("ssh"),  # one server for all
]
RUSVEL = (sys.executable, "-m", "rusvel_tui", "--db")


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    with SshServer(tmp_path_factory.mktemp("ssh")) as running:
        yield running


def test_a_day_at_the_desk_over_a_line(line: SshServer, home: dict[str, str], sample: Path) -> None:
    """It starts, heeds keys, follows the window, sends what gets a yes, and writes little for a key; the line ends with it."""
    words = (*RUSVEL[:-1], "demo", "--db", str(sample))
    colours = {"COLORTERM": "truecolor"}
    with Terminal(
        line.command(words, home, "-C", "-o", "SendEnv=COLORTERM"), dict(os.environ) | colours
    ) as desk:
        desk.until("Need")
        assert b"\x1b[38;2;" in desk.raw  # all colours, because the variable came along
        desk.press("gi")
        desk.until("waits for your yes")
        desk.resize(90, 28)
        desk.until(lambda text: "keys" in text.split("\n")[-1])
        desk.resize(120, 36)
        desk.until(lambda text: "keys" in text.split("\n")[-1])
        desk.press("a")
        desk.until("Approved:")
        desk.press("7")
        desk.until(lambda text: "State     sent" in text)
        desk.press("gd")
        desk.until("▌Deals")
        assert 0 < desk.cost("jkjkjkj") <= 1_000
        desk.resize(80, 24)
        desk.press("gc")
        desk.until("▌Contacts")
        assert 0 < desk.cost("jjjjjjj") <= 600
        desk.press("q")
        assert desk.ended() == 0
        assert (desk.left_on, desk.echoes) == (set(), True)


def _lose_the_client(desk: Terminal, path: Path) -> None:
    """The network is gone: the client is killed, and its connection with it."""
    os.kill(desk.pid, signal.SIGKILL)


def _lose_the_server(desk: Terminal, path: Path) -> None:
    """The part of sshd that serves this line is killed."""
    os.kill(parent(desks(path)[0]), signal.SIGKILL)


@pytest.mark.parametrize("lose", [_lose_the_client, _lose_the_server])
def test_a_lost_line_loses_nothing(
    line: SshServer,
    home: dict[str, str],
    tmp_path: Path,
    server: ScriptedServer,
    lose: Callable[[Terminal, Path], None],
) -> None:
    """Cut while mails leave: the desk ends by itself with nothing in its hands; the next one goes on, and each mail leaves once."""
    sending = Sending(tmp_path / "desk.db", server)
    command = line.command((*RUSVEL, str(sending.path)), home | sending.settings)
    with Terminal(command, dict(os.environ)) as first:
        wait_for(lambda: desks(sending.path), "the desk to start")
        serving = parent(desks(sending.path)[0])

        def cut() -> None:
            lose(first, sending.path)
            wait_for(lambda: not Path(f"/proc/{serving}").exists(), "the line to be gone")

        sending.cut_at_the_third(cut)
    sending.check_what_was_left()
    with Terminal(command, dict(os.environ)) as second:
        second.until("▌Today")
        sending.check_the_rest()
        second.press("q")
        assert second.ended() == 0

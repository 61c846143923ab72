"""Two desks on one file at once: news, one sender for each mail, and work that is handed over; test_races.py has verdicts at once."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.adapters.smtp_servers import ScriptedServer
from tests.system.sending import Sending
from tests.system.terminals import Terminal

RUSVEL = (sys.executable, "-m", "rusvel_tui", "--db")


def test_what_one_does_the_other_sees(home: dict[str, str], sample: Path) -> None:
    """A yes here takes the mail out of the list there, where the next one can be decided at once."""
    words = (*RUSVEL, str(sample))
    with Terminal(words, home) as here, Terminal(words, home) as there:
        for desk in (here, there):
            desk.until("Need")
            desk.press("gi")
            desk.until("waits for your yes")
        first = _in_front(here)
        assert _in_front(there) == first
        here.press("a")
        here.until("Approved:")
        there.until(lambda text: text.count(first) < 2 and "waits for your yes" in text)
        there.press("a")
        there.until("Approved:")
        for desk in (here, there):
            desk.press(":q\r")
            assert desk.ended() == 0


def _in_front(desk: Terminal) -> str:
    """Whom the mail in front goes to."""
    line = next(line for line in desk.text.split("\n") if line.startswith("▌  "))
    return line.removeprefix("▌  ").split("  ")[0]


def test_each_mail_has_one_sender_and_who_leaves_hands_over(
    home: dict[str, str], tmp_path: Path, server: ScriptedServer
) -> None:
    """Both send; one ends while mails leave, and the other sends the rest."""
    sending = Sending(tmp_path / "desk.db", server)
    words = (*RUSVEL, str(sending.path))
    with (
        Terminal(words, home | sending.settings) as here,
        Terminal(words, home | sending.settings) as there,
    ):
        here.until("▌Today")
        here.press(":q\r")
        there.until("▌Today")
        assert here.ended() == 0
        sending.check_the_rest()
        there.press(":q\r")
        assert there.ended() == 0

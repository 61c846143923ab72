"""A new user in a real terminal: from an empty home through the guided start to a first approved draft."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.system.terminals import Terminal

RUSVEL = (sys.executable, "-m", "rusvel_tui")


def test_a_new_user_comes_from_an_empty_home_to_a_first_approved_draft(
    home: dict[str, str], tmp_path: Path
) -> None:
    """No settings, no file: a name, a folder for mails, invented people, one `a`; the mail lies in the folder."""
    with Terminal(RUSVEL, home, columns=80, lines=24) as terminal:
        terminal.until("Where shall your work live?", limit=60)
        terminal.press("Kiln\x13")
        terminal.until("Kiln, ")
        terminal.until("nothing does")  # the text of the next step
        terminal.press("\r")
        terminal.until("keep mails in a folder")
        terminal.press("1")
        terminal.until("Folder:")
        terminal.press("\r")
        terminal.until("folder outbox/")
        terminal.until("invented ones")
        terminal.press("\r")
        terminal.until("sample people")
        terminal.press("2")
        terminal.until("3 to read", limit=60)
        terminal.press("\r")
        terminal.until("waits for your yes")
        terminal.press("a")
        terminal.until("Approved:")
        terminal.until(lambda _: any(tmp_path.rglob("outbox/new/*")))
        terminal.press("q")
    config = tmp_path / "config" / "rusvel" / "config.toml"
    assert config.read_text() == f'mail_folder = "{tmp_path}/data/rusvel/outbox"\n'
    assert config.stat().st_mode & 0o777 == 0o600


def test_the_guide_does_not_open_for_who_only_looks(home: dict[str, str], tmp_path: Path) -> None:
    """Read-only on a database without a session: the page of today, and no form."""
    with Terminal(RUSVEL, home, columns=80, lines=24) as terminal:
        terminal.until("Where shall your work live?", limit=60)
    with Terminal((*RUSVEL, "--read-only"), home, columns=80, lines=24) as terminal:
        text = terminal.until("no session", limit=60)
        assert "Where shall your work live?" not in text

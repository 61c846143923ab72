"""The dashboard in a real terminal, by the keyboard alone: approve a draft and see it delivered."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.terminals import Terminal

RUSVEL = (sys.executable, "-m", "rusvel_tui")


@pytest.fixture
def demo(home: dict[str, str], sample: Path) -> Iterator[Terminal]:
    """The dashboard on sample data, on its first page."""
    command = (*RUSVEL, "demo", "--db", str(sample))
    with Terminal(command, home) as terminal:
        terminal.until("Need", limit=60)
        yield terminal


def delivered(folder: Path) -> set[str]:
    """The mails that lie in a Maildir somewhere below."""
    return {path.name for path in folder.rglob("new/*")}


def test_c_133_a_new_user_approves_a_draft_and_sees_it_delivered(
    demo: Terminal, tmp_path: Path
) -> None:
    """`g i`, `a`, then the box `sent`: the mail lies in the folder, and the screen says so."""
    before = delivered(tmp_path)
    demo.press("gi")
    demo.until("waits for your yes")
    demo.press("a")
    demo.until("Approved:")
    demo.press("7")
    demo.until(lambda text: "State     sent" in text)
    demo.until(lambda _: len(delivered(tmp_path)) == len(before) + 1)


def test_every_page_opens_and_q_ends(demo: Terminal) -> None:
    """All tabs by `g` and their letter; leaving restores the terminal and ends with 0."""
    pages = {
        "i": "Inbox",
        "c": "Contacts",
        "d": "Deals",
        "s": "Sequences",
        "v": "Invoices",
        "r": "Growth",
        "a": "Assistant",
        "l": "Log",
        "t": "Today",
    }
    for letter, title in pages.items():
        demo.press(f"g{letter}")
        demo.until(f"▌{title}")
    demo.press("q")
    assert demo.ended() == 0
    assert b"\x1b[?1049l" in demo.raw


def test_the_own_editor_gets_the_draft(home: dict[str, str], sample: Path, tmp_path: Path) -> None:
    """`E` hands the draft to $EDITOR and takes the changed text back."""
    editor = tmp_path / "editor"
    editor.write_text(
        "#!/bin/sh\nprintf 'From my editor\\n\\nHi, words from my editor.\\n' > \"$1\"\n"
    )
    editor.chmod(0o700)
    command = (*RUSVEL, "demo", "--db", str(sample))
    with Terminal(command, home | {"EDITOR": str(editor)}) as terminal:
        terminal.until("Need", limit=60)
        terminal.press("gi")
        terminal.until("waits for your yes")
        terminal.press("E")
        terminal.until("words from my editor")
        assert "From my editor" in terminal.text


def test_a_missing_editor_is_a_message(home: dict[str, str], sample: Path) -> None:
    """The dashboard goes on when the editor is not there."""
    command = (*RUSVEL, "demo", "--db", str(sample))
    with Terminal(command, home | {"EDITOR": "/no/such/editor"}) as terminal:
        terminal.until("Need", limit=60)
        terminal.press("gi")
        terminal.until("waits for your yes")
        terminal.press("E")
        terminal.until("did not run")
        terminal.press("a")
        terminal.until("Approved:")


def test_without_a_terminal_it_says_so_and_ends(home: dict[str, str], tmp_path: Path) -> None:
    """A dumb terminal is refused in one sentence."""
    with Terminal((*RUSVEL, "--db", str(tmp_path / "d.db")), home | {"TERM": "dumb"}) as terminal:
        terminal.until("This terminal cannot draw")
        assert terminal.ended() == 2

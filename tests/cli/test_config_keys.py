"""`rusvel config keys`: the keys that count, whose they are, and what is wrong with the person's own file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Cli

FILE = """[keys]
"inbox.approve" = "f6"
"go.inbox" = "g b"
"rows.dwn" = "e"
"app.undo" = "ctrl+m"
"""


def test_the_keys_that_count_are_printed_with_what_is_wrong(
    bare: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the file that a setting names; a wrong line costs that line alone."""
    path = tmp_path / "keymap.toml"
    path.write_text(FILE)
    monkeypatch.setenv("RUSVEL_KEYMAP", str(path))
    told = bare.json("config", "keys")
    rows = {row["id"]: row for row in told["items"]}
    assert (rows["inbox.approve"]["keys"], rows["inbox.approve"]["from"]) == ("f6", "yours")
    assert rows["go.inbox"]["keys"] == "g b"
    assert (rows["app.undo"]["keys"], rows["app.undo"]["from"]) == ("z", "")
    assert rows["form.save"]["where"] == "Dialogs and lines"
    assert [problem.split(":")[0] for problem in told["problems"]] == ["keymap.toml line 5", "keymap.toml line 4"]  # fmt: skip


def test_without_a_file_it_says_where_one_would_be(bare: Cli, home: Path) -> None:
    told = bare.json("config", "keys")
    assert told["problems"] == []
    assert Path(told["file"]).name == "keymap.toml"
    assert {row["from"] for row in told["items"]} == {""}

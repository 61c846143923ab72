"""The command line itself: help, usage, and options that count everywhere."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from rusvel_tui import __version__, commands
from rusvel_tui.commands import COMMANDS
from tests.cli.conftest import Cli


def test_the_version(bare: Cli) -> None:
    assert bare.run("--version").out == f"rusvel {__version__}\n"
    assert bare.run("--json", "--version").out == f"rusvel {__version__}\n"


def test_the_help_lists_every_command(bare: Cli) -> None:
    help_ = bare.run("--help")
    assert help_.code == 0
    for command in COMMANDS:
        assert f"{command.name} " in help_.out
        assert command.summary in help_.out


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_has_help_with_the_global_options(bare: Cli, command: str) -> None:
    help_ = bare.run(command, "--help")
    assert help_.code == 0
    assert "--read-only" in help_.out


def test_every_module_of_a_command_is_registered() -> None:
    registered = {command.module for command in COMMANDS}
    for file in Path(next(iter(commands.__path__))).glob("*.py"):
        module = import_module(
            f"rusvel_tui.commands.{file.stem}" if file.stem != "__init__" else "rusvel_tui.commands"
        )
        assert (file.stem in registered) == hasattr(module, "define"), file.stem


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["foo"], "Argument COMMAND: invalid choice: 'foo'. See: rusvel --help"),
        (["session"], "The following arguments are required: VERB. See: rusvel session --help"),
        (["session", "create"], "The following arguments are required: NAME. See: rusvel session create --help"),
        (["gtm", "list", "-n", "many"], "Argument -n: invalid int value: 'many'. See: rusvel gtm list --help"),
        (["gtm", "status", "--jso"], "Unrecognized arguments: --jso. See: rusvel --help"),
        (["call", "gtm.status", "x"], "Argument key=value: invalid key=value pair value: 'x'. See: rusvel call --help"),
        (["worker", "--once", "--until-idle"], "Argument --until-idle: not allowed with argument --once. See: rusvel worker --help"),
    ],
)  # fmt: skip
def test_wrong_usage_is_one_sentence_and_2(bare: Cli, words: list[str], sentence: str) -> None:
    answer = bare.run(*words)
    assert (answer.code, answer.out, answer.err) == (2, "", f"{sentence}\n")


def test_global_options_count_before_and_after_the_command(cli: Cli) -> None:
    db = str(cli.db)
    for words in (
        ["--db", db, "--json", "gtm", "status"],
        ["gtm", "--db", db, "status", "--json"],
        ["gtm", "status", "--json", "--db", db],
    ):
        assert cli.run(*words).data["session"]["name"] == "acme"


def test_the_word_after_the_command_wins(cli: Cli) -> None:
    cli("session", "create", "other")
    assert (
        cli.json("--session", "acme", "gtm", "status", "--session", "other")["session"]["name"]
        == "other"
    )


def test_the_session_may_come_from_the_environment(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("session", "create", "other")
    monkeypatch.setenv("RUSVEL_SESSION", "acme")
    assert cli.json("gtm", "status")["session"]["name"] == "acme"
    assert cli.json("gtm", "status", "--session", "other")["session"]["name"] == "other"

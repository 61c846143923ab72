"""What a command imports, and what it never prints."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.adapters.smtp_servers import ScriptedServer
from tests.cli.conftest import Cli
from tests.system.helpers import ended, python

_IMPORTED = """
import json, sys
from rusvel_tui.cli import main
code = main(json.loads(sys.argv[1]))
print(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)
"""
DRAWING = {"textual", "rich", "plotext", "textual_plotext"}
NETWORK = {"aiosmtplib", "anthropic", "asyncio", "ssl", "http.client"}
DATA = {"pydantic", "peewee", "sqlite3", "rusvel_tui.engine.core"}


def imported(*words: str, **environ: str) -> set[str]:
    """The modules that a command has imported when it is done."""
    _, _, err = ended(python("-c", _IMPORTED, json.dumps(words), **environ))
    code, modules = json.loads(err.splitlines()[-1])
    assert code == 0, err
    return set(modules)


@pytest.mark.parametrize("words", [["--version"], ["--help"]])
def test_version_and_help_import_nothing_of_ours_that_is_heavy(words: list[str]) -> None:
    assert imported(*words) & (DATA | DRAWING | NETWORK) == set()


def test_the_version_does_not_even_need_a_parser() -> None:
    assert "argparse" not in imported("--version")


@pytest.mark.parametrize(
    "words",
    [["gtm", "status"], ["gtm", "events"], ["queue", "list"], ["session", "list"], ["doctor"], ["tools"], ["config"], ["worker", "--once"]],
)  # fmt: skip
def test_a_command_that_neither_draws_nor_sends_imports_neither(cli: Cli, words: list[str]) -> None:
    modules = imported(
        *words,
        RUSVEL_DB=str(cli.db),
        RUSVEL_SMTP_HOST="mail.example",
        RUSVEL_SMTP_TLS="tls",
        HOME=str(cli.db.parent),
    )
    unwanted = DRAWING | ({"aiosmtplib", "anthropic"} if words[0] == "worker" else NETWORK)
    assert modules & unwanted == set()


def test_a_key_alone_does_not_import_the_sdk(cli: Cli) -> None:
    modules = imported(
        "worker",
        "--once",
        RUSVEL_DB=str(cli.db),
        ANTHROPIC_API_KEY="canary",
        HOME=str(cli.db.parent),
    )
    assert "anthropic" not in modules


def test_no_command_prints_a_secret(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    canary = "canary-93b1"
    mail = cli.drafted()
    cli("queue", "approve", mail["id"], "--digest", mail["digest"])
    with ScriptedServer(
        {"EHLO": b"250-scripted\r\n250 AUTH PLAIN", "AUTH": b"535 canary-93b1 is wrong"}
    ) as server:
        for name, value in {
            "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(server.port), "SMTP_USERNAME": "ada", "SMTP_PASSWORD": canary, "DEBUG": "",
        }.items():  # fmt: skip
            monkeypatch.setenv(f"RUSVEL_{name}", value)
        monkeypatch.setenv("ANTHROPIC_API_KEY", canary)
        shown = [
            cli.run("--db", str(cli.db), "--now", cli.now, *words)
            for words in (
                ["config"], ["config", "--json"], ["doctor", "--connect"], ["worker", "--until-idle"], ["gtm", "events", "--json"],
                ["gtm", "status"], ["queue", "show", mail["id"]], ["queue", "list", "--box", "held", "--json"], ["doctor"],
            )
        ]  # fmt: skip
        assert server.verbs()["AUTH"] == 2
    assert [answer for answer in shown if canary in answer.out + answer.err] == []
    assert not any(canary in line for line in cli.dump())


def test_one_operation_does_not_import_those_of_other_areas() -> None:
    """A command starts soon because it imports the area of its operation, not all there is."""
    words = (
        "import sys; from rusvel_tui.engine.core import find_operation;"
        "find_operation('gtm.senders.list');"
        "print(*(name for name in sys.modules if name.startswith('rusvel_tui.engine.')))"
    )
    code, out, err = ended(python("-c", words))
    assert code == 0, err
    foreign = (".engine.growth.", ".engine.gtm.invoices.", ".engine.agent.chat.")
    assert [name for name in out.split() if any(area in name for area in foreign)] == []

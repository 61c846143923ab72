"""Completion in the shell: what is proposed, in each real shell that is there, and what it costs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rusvel_tui.cli import main
from rusvel_tui.commands import COMMANDS
from rusvel_tui.commands.tools import listed
from rusvel_tui.completion import matching
from rusvel_tui.completion.matching import candidates, joined
from rusvel_tui.completion.scripts import SCRIPTS
from rusvel_tui.engine.session_names import session_names
from tests.cli.conftest import Cli
from tests.system.helpers import ROOT, ended, python


def test_q_161_every_command_and_operation_is_proposed() -> None:
    assert candidates([""]) == [command.name for command in COMMANDS]
    assert candidates(["call", ""]) == [operation.name for operation in listed()]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("qu", ["queue"]),
        ("queue ap", ["approve", "approve-all"]),
        ("--json queue ap", ["approve", "approve-all"]),
        ("--db some.db queue ap", ["approve", "approve-all"]),
        ("queue approve X --dig", ["--digest"]),
        ("queue approve X --digest D --dig", []),
        ("call gtm.crm.add_contact first", ["first_name="]),
        ("call gtm.crm.add_contact first_name=Ada first", []),
        ("call gtm.outreach.enrol dry_run=t", ["dry_run=true"]),
        ("call gtm.outreach.enrol dry_run = t", ["dry_run=true"]),
        ("call no.such.operation x", []),
        ("help exit", ["exit-codes"]),
        ("help RUSVEL_RAM", ["RUSVEL_RAMP"]),
        ("tools gtm.cr", ["gtm.crm"]),
        ("completion ", ["bash", "zsh", "fish"]),
        ("import contacts ", []),
        ("backup ", []),
        ("nonsense ", []),
    ],
)
def test_what_may_follow(line: str, found: list[str]) -> None:
    assert candidates(line.split(" ")) == found


def test_options_with_a_value_wait_for_it() -> None:
    assert candidates(["--db", ""]) == [], "the shell proposes files"
    assert "--json" in candidates(["queue", "--"])


def test_sessions_are_read_from_the_file_that_is_meant(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("session", "create", "second try")
    assert candidates(["--db", str(cli.db), "session", "use", ""]) == ["acme", "second try"]
    monkeypatch.setenv("RUSVEL_DB", str(cli.db))
    assert candidates(["--session", "se"]) == ["second try"]
    monkeypatch.delenv("RUSVEL_DB")
    config = cli.db.with_name("config.toml")
    config.write_text(f'db = "{cli.db}"\n', encoding="utf-8")
    monkeypatch.setenv("RUSVEL_CONFIG", str(config))
    assert candidates(["--session", "ac"]) == ["acme"]


def test_a_file_that_is_none_proposes_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text(
        "no database at all, and longer than a header of one", encoding="utf-8"
    )
    assert session_names(tmp_path / "x.db") == []
    assert session_names(tmp_path / "missing.db") == []
    assert not (tmp_path / "missing.db").exists()


def test_bash_takes_words_apart_at_the_sign() -> None:
    assert joined(["call", "x", "a", "=", "b"]) == ["call", "x", "a=b"]
    assert joined(["call", "x", "a", "="]) == ["call", "x", "a="]
    assert joined([]) == []


def test_q_161_a_press_of_tab_imports_no_engine() -> None:
    """Nor the parser: only the list and a search in it."""
    words = ("completion", "--words", "--", "call", "gtm.crm.add_c")
    code, out, err = ended(python("-X", "importtime", "-m", "rusvel_tui", *words))
    assert (code, out.split()) == (0, ["gtm.crm.add_company", "gtm.crm.add_contact"])
    loaded = {line.rpartition("|")[2].strip() for line in err.splitlines() if "|" in line}
    ours = {name for name in loaded if name.startswith("rusvel_tui.")}
    assert ours <= {
        "rusvel_tui.cli", "rusvel_tui.__main__", "rusvel_tui.completion", matching.__name__,
    }  # fmt: skip
    assert loaded & {"argparse", "pydantic", "peewee", "sqlite3", "textual"} == set()


@pytest.mark.parametrize("shell", SCRIPTS)
def test_every_shell_has_its_lines(bare: Cli, shell: str) -> None:
    out = bare("completion", shell).out
    assert out == SCRIPTS[shell]
    assert bare.json("completion", shell) == {"shell": shell, "script": out}


def test_an_unknown_shell_is_refused(bare: Cli) -> None:
    assert main(["completion", "tcsh"]) == 2


ASKED = {
    "bash": """
        source /dev/stdin <<< "$SCRIPT"
        ask() { COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); _rusvel 2>/dev/null; printf '%s\\n' "${COMPREPLY[@]}"; }
        ask rusvel queue appr; ask rusvel call gtm.outreach.enrol dry_run = t; ask rusvel session use ""
    """,
    "zsh": """
        compdef() { }; _files() { echo files }
        compadd() { while [[ $1 != -- ]]; do shift; done; shift; (( $# )) && print -l -- "$@" }
        eval "$SCRIPT"
        ask() { words=("$@"); CURRENT=$#; _rusvel }
        ask rusvel queue appr; ask rusvel call gtm.outreach.enrol dry_run=t; ask rusvel session use ""
    """,
    "fish": """
        echo $SCRIPT | source
        complete -C 'rusvel queue appr'; complete -C 'rusvel call gtm.outreach.enrol dry_run=t'
        complete -C 'rusvel session use '
    """,
}
ANSWERS = {
    "bash": ["approve", "approve-all", "true", "acme", r"second\ try"],
    "zsh": ["approve", "approve-all", "dry_run=true", "acme", "second try"],
    "fish": ["approve", "approve-all", "dry_run=true", "acme", "second try"],
}


@pytest.mark.parametrize("shell", SCRIPTS)
def test_q_161_the_real_shell_proposes(cli: Cli, shell: str, tmp_path: Path) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    cli("session", "create", "second try")
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "rusvel"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m rusvel_tui "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    environment = {
        "PATH": f"{folder}{os.pathsep}{os.defpath}", "HOME": str(tmp_path), "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT), "RUSVEL_DB": str(cli.db), "SCRIPT": SCRIPTS[shell],
    }  # fmt: skip
    done = subprocess.run(
        [str(shutil.which(shell)), "-c", ASKED[shell]],
        env=environment, capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path,
    )  # fmt: skip
    assert done.stdout.split("\n")[:-1] == ANSWERS[shell], done

"""The command line in this process: what a person types, and what they get to see."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.cli import main
from tests.system.helpers import python

NOW = "2026-11-24T09:00:00Z"
"""A Tuesday morning."""
STEPS = [
    {"delay_days": 0, "channel": "email", "subject": "Looms", "template": "Hi {{first_name|there}}, a word about looms."},
    {"delay_days": 3, "channel": "email", "template": "Hi {{first_name|there}}, did you see my mail?"},
]  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What one command left behind."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


class Cli:
    """Runs commands on one database at one time."""

    def __init__(self, capsys: pytest.CaptureFixture[str], db: Path) -> None:
        self._capsys = capsys
        self.db = db
        self.now = NOW

    def run(self, *words: str) -> Answer:
        """One command line as it is, without the database and the time."""
        self._capsys.readouterr()
        code = main(list(words))
        shown = self._capsys.readouterr()
        return Answer(code, shown.out, shown.err)

    def __call__(self, *words: str, code: int = 0) -> Answer:
        """One command that must end with that code."""
        answer = self.run("--db", str(self.db), "--now", self.now, *words)
        assert answer.code == code, answer
        return answer

    def json(self, *words: str) -> Any:
        """The document of a command that must work."""
        return self(*words, "--json").data

    def call(self, operation: str, **data: Any) -> Any:
        """An operation by `rusvel call`."""
        return self.json("call", operation, "--input", json.dumps(data))

    def drafted(self, first_name: str = "Ada", email: str = "ada@example.com") -> Any:
        """A person enrolled in a sequence of two mails, the first one drafted: as `queue list` shows it."""
        contact = self.call("gtm.crm.add_contact", name=f"{first_name} Lovelace", email=email)
        sequence = self.call("gtm.outreach.create_sequence", name=f"Intro {email}", steps=STEPS)
        chosen = {"sequence_id": sequence["sequence_id"]}
        self.call("gtm.outreach.activate_sequence", **chosen)
        self.call("gtm.outreach.execute_sequence", contact_id=contact["contact_id"], **chosen)
        self("worker", "--until-idle")
        return self.json("queue", "list")["items"][-1]

    def dump(self) -> list[str]:
        """Everything in the file, to see whether something changed."""
        with closing(sqlite3.connect(self.db)) as connection:
            return list(connection.iterdump())


@contextmanager
def running(cli: Cli, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A command in a process of its own, which is gone at the end."""
    process = python(
        "-m", "rusvel_tui", *words, HOME=str(cli.db.parent), RUSVEL_DB=str(cli.db), RUSVEL_NOW=cli.now
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for data and configuration."""
    place = tmp_path / "home"
    place.mkdir()
    monkeypatch.setenv("HOME", str(place))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    return place


@pytest.fixture
def bare(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Cli:
    """The command line without a database."""
    return Cli(capsys, tmp_path / "d.db")


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a session, made once by the command that every test begins with."""
    path = tmp_path_factory.mktemp("begun") / "d.db"
    words = (
        "session", "create", "acme", "--currency", "EUR", "--timezone", "Europe/Berlin",
        "--sender-name", "Grace", "--sender-email", "grace@acme.example",
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:  # it is made before a test has a home of its own
        for name in list(os.environ):
            if name.startswith(("RUSVEL_", "XDG_")):
                patch.delenv(name)
        patch.setenv("HOME", str(path.parent))
        assert main(["--db", str(path), "--now", NOW, *words]) == 0
    return path


@pytest.fixture
def cli(bare: Cli, begun: Path) -> Cli:
    """The command line with a session."""
    shutil.copy(begun, bare.db)  # its mode comes along
    return bare


@pytest.fixture
def outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that mails go to."""
    monkeypatch.setenv("RUSVEL_MAIL_FOLDER", str(tmp_path / "outbox"))
    return tmp_path / "outbox"

"""Stories of one mail, each over a file and a server of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile, copytree

import pytest

from tests.adapters.conftest import certificate, make_certificate
from tests.adapters.smtp_servers import ScriptedServer
from tests.system.helpers import ROOT, ended, python
from tests.system.story import Story, write

__all__ = ["certificate", "make_certificate"]


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as made:
        yield made


@pytest.fixture(scope="session")
def chapters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Files to begin with: a mail that is planned, held or approved."""
    folder = tmp_path_factory.mktemp("chapters")
    made = {name: folder / f"{name}.db" for name in ("planned", "held", "approved")}
    write(made["planned"], 1, drafted=False)
    write(made["held"], 1, approved=False)
    write(made["approved"], 1)
    return made


@pytest.fixture
def story(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    server: ScriptedServer,
    chapters: dict[str, Path],
) -> Story:
    """A story that begins with an approved mail, or with what the test's mark names."""
    chapter = getattr(request, "param", "approved")
    path = tmp_path / "desk.db"
    copyfile(chapters[chapter], path)
    path.chmod(0o600)
    return Story(path, server)


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo's file and its mails, made once by the command."""
    folder = tmp_path_factory.mktemp("sample")
    words = ("-m", "rusvel_tui", "--db", str(folder / "demo.db"), "demo", "--no-open")
    code, _, err = ended(python(*words, HOME=str(folder)))
    assert code == 0, err
    return folder


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """The surroundings of a new user: an empty home, no settings, no undo window to wait for."""
    names = ("PATH", "LANG", "COVERAGE_PROCESS_START")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return kept | {
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "RUSVEL_UNDO_SECONDS": "0",
    }


@pytest.fixture
def sample(sample_data: Path, tmp_path: Path) -> Path:
    """A demo of one's own: a copy takes no seconds."""
    copytree(sample_data, tmp_path, dirs_exist_ok=True)
    return tmp_path / "demo.db"

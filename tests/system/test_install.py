"""The wheel: what is in it, and that it works from another folder without the checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

from rusvel_tui import __version__
from rusvel_tui.help.topics import TOPICS
from tests.system.helpers import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("install")]
_PAINT = """
import asyncio
from pathlib import Path
import rusvel_tui
from rusvel_tui.adapters.clock import SystemClock
from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.core import Engine

async def paint():
    app = RusvelApp(Engine(Path("d.db"), clock=SystemClock()))
    async with app.run_test() as pilot:
        await pilot.pause()
        print(app.page.id, app.page.size.height > 0)

asyncio.run(paint())
print(rusvel_tui.__file__)
"""


@dataclass(frozen=True, slots=True)
class Installed:
    """A clean environment with the wheel in it, and a folder to work in."""

    venv: Path
    folder: Path

    def run(self, program: str, *words: str) -> str:
        """A program of that environment, which must work; its output."""
        done = subprocess.run(
            [str(self.venv / "bin" / program), *words],
            cwd=self.folder,
            env={"HOME": str(self.folder), "PATH": os.defpath, "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages, built the way `make dist` builds them, without the network."""
    return build(tmp_path_factory.mktemp("built"), "sdist", "wheel")


def build(target: Path, *kinds: str) -> Path:
    """Packages of these kinds, in a folder."""
    wanted = [word for kind in kinds for word in ("-t", kind)]
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", *wanted, "-d", str(target)],
        cwd=ROOT,
        env=os.environ | {"SOURCE_DATE_EPOCH": "1700000000"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    return next(built.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The dependencies come from this environment; the package comes from the wheel alone."""
    place = tmp_path_factory.mktemp("installed")
    venv, folder = place / "venv", place / "elsewhere"
    folder.mkdir()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(venv / "bin/python"), "install", "--quiet",
         "--no-deps", "--no-index", str(wheel)],
        check=True,
    )  # fmt: skip
    own = next((venv / "lib").glob("python3*/site-packages"))
    (own / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return Installed(venv, folder)


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    assert {
        "rusvel_tui/styles.tcss",
        "rusvel_tui/py.typed",
        "rusvel_tui/engine/migrations/m0001_start.py",
        "rusvel_tui/completion/words.json",
        "rusvel_tui/adapters/printers/invoice.typ",
        f"rusvel_tui-{__version__}.dist-info/licenses/LICENSE",
    } <= names
    assert {f"rusvel_tui/help/texts/{topic.name}.md" for topic in TOPICS} <= names
    assert [name for name in names if "/fonts/" in name and name.endswith((".ttf", ".otf"))]
    written = {p.relative_to(ROOT).as_posix() for p in (ROOT / "rusvel_tui").rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == written
    assert {name.partition("/")[0] for name in names} == {
        "rusvel_tui",
        f"rusvel_tui-{__version__}.dist-info",
    }


def test_the_styles_in_the_wheel_are_a_file(wheel: Path) -> None:
    """And not the link that the root has."""
    packed = ZipFile(wheel).read("rusvel_tui/styles.tcss")
    assert packed == (ROOT / "rusvel_tui/styles.tcss").read_bytes()
    assert len(packed) > 1000


def test_the_command_works_from_another_folder(installed: Installed) -> None:
    assert installed.run("rusvel", "--version") == f"rusvel {__version__}\n"
    installed.run("rusvel", "--db", "d.db", "session", "create", "acme", "--currency", "EUR")
    assert "acme" in installed.run("rusvel", "--db", "d.db", "gtm", "status")
    shown = installed.run("python", "-c", _PAINT).splitlines()
    assert shown[0] == "today True"
    assert shown[1].startswith(str(installed.venv))


def test_the_same_source_gives_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    again = next(build(tmp_path, "wheel").iterdir())
    assert (again.name, again.read_bytes()) == (wheel.name, wheel.read_bytes())


def test_the_source_archive_can_be_built_and_read(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "pyproject.toml", "README.md", "SECURITY.md", "LICENSE", "Makefile", "requirements.lock",
        "docs/reference.md", "docs/rusvel.1", "rusvel_tui/styles.tcss", "tests/conftest.py",
    } <= names  # fmt: skip
    kept_out = re.compile(r"__pycache__|\.db$|^\.|/\.|snapshot_report\.html")
    assert [name for name in names if kept_out.search(name) and name != ".gitignore"] == []


def test_what_people_read_first_comes_along(installed: Installed) -> None:
    assert "From nothing to the first mail" in installed.run("rusvel", "help", "start")
    assert "complete -o default" in installed.run("rusvel", "completion", "bash")
    assert "queue" in installed.run("rusvel", "completion", "--words", "--", "qu")


def test_c_080_c_082_the_sample_data_can_be_made(installed: Installed) -> None:
    installed.run("rusvel", "demo", "--no-open", "--db", "demo.db")
    assert "to decide" in installed.run("rusvel", "--db", "demo.db", "gtm", "status")
    assert "whole" in installed.run("rusvel", "--db", "demo.db", "doctor")

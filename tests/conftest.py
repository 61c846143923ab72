"""What every test shares: an engine over a real file, and a wall around the machine."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine import ids, sqlite
from rusvel_tui.engine.core import Engine
from tests.factories import START, Desk, NewDesk
from tests.fakes import CannedDrafter

# The suite tries the same examples every time, so that a change is judged by what it changed; `make promises` tries others.
settings.register_profile("suite", derandomize=True)
if "TEST_RANDOM" not in os.environ:
    settings.load_profile("suite")

_LOOPBACK = ("127.", "::1", "localhost")
_MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes private folders in it
_ENOUGH = 2 * 1024**3


def pytest_configure(config: pytest.Config) -> None:
    """Files of tests live in memory where there is room: thousands of databases never reach the disk."""
    if _is_fit(_MEMORY):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


def _is_fit(folder: Path) -> bool:
    """Whether tests can write and run what they want there."""
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    found = os.statvfs(folder)
    runs = not found.f_flag & getattr(os, "ST_NOEXEC", 0)  # some write programs and start them
    return runs and found.f_bavail * found.f_frsize > _ENOUGH


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the developer reaches a test."""
    for name in os.environ:
        if name.startswith(("RUSVEL_", "ANTHROPIC_")):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that leaves this machine fails the test that tried it."""
    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))


def _guarded(connect: Any) -> Any:
    def guarded(this: socket.socket, address: Any) -> Any:
        inner = this.family not in (socket.AF_INET, socket.AF_INET6)
        if not inner and not str(address[0]).startswith(_LOOPBACK):
            raise AssertionError(f"a test tried to reach {address[0]}")
        return connect(this, address)

    return guarded


@pytest.fixture
def clock() -> FixedClock:
    """A Tuesday morning that stands still."""
    return FixedClock(START)


@pytest.fixture
def no_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commits do not wait for the disk; the system tests, which kill, do without this."""
    _hurry(monkeypatch)


def _hurry(patch: pytest.MonkeyPatch) -> None:
    pragmas = sqlite.pragmas

    def quick(*, read_only: bool = False) -> dict[str, int | str]:
        return pragmas(read_only=read_only) | {"synchronous": "off"}

    patch.setattr(sqlite, "pragmas", quick)


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with nothing in it, made once: a copy is a new file in a tenth of the time."""
    path = tmp_path_factory.mktemp("blank") / "blank.db"
    Engine(path, clock=FixedClock(START)).close()
    return path


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> tuple[Path, list[int]]:
    """A database with a session, as `Desk.with_session` makes it, and the newest id in it."""
    path = tmp_path_factory.mktemp("furnished") / "desk.db"
    shutil.copy(blank, path)
    engine = Engine(path, clock=FixedClock(START))
    Desk.with_session(engine)
    engine.close()
    return path, list(ids._last)


@pytest.fixture(scope="session")
def new_desk(furnished: tuple[Path, list[int]]) -> NewDesk:
    """Opens desks over new files, for tests that need one for each of many cases."""

    @contextmanager
    def opened(folder: Path) -> Iterator[Desk]:
        shutil.copy(furnished[0], folder / "desk.db")
        with pytest.MonkeyPatch.context() as patch:
            _hurry(patch)
            patch.setattr(ids, "_last", list(furnished[1]))
            desk = Desk.over(Engine(folder / "desk.db", clock=FixedClock(START)))
            with desk.engine.connected():
                yield desk
            desk.engine.close()

    return opened


@pytest.fixture
def start(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, blank: Path) -> Path:
    """The file that the engine of a test begins with: a session is in it where the test has a desk."""
    if "desk" not in request.fixturenames:
        return blank
    path, newest = request.getfixturevalue("furnished")
    # The clock stands still: ids of the test come after those in the file, as if it had made both.
    monkeypatch.setattr(ids, "_last", list(newest))
    return Path(path)


@pytest.fixture
def engine(tmp_path: Path, start: Path, clock: FixedClock, no_sync: None) -> Iterator[Engine]:
    """An engine over a new file. This thread keeps its connection: to open one takes longer than most operations."""
    shutil.copy(start, tmp_path / "desk.db")  # its mode comes along
    made = Engine(tmp_path / "desk.db", clock=clock, drafter=CannedDrafter())
    with made.connected():
        yield made
    made.close()


@pytest.fixture
def desk(engine: Engine) -> Desk:
    """An engine with a session, a mailer and short words for the usual steps."""
    return Desk.over(engine)

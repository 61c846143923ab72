"""What every test shares: an engine over a real file, and a wall around the machine."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine import sqlite
from rusvel_tui.engine.core import Engine
from tests.factories import START, Desk
from tests.fakes import CannedDrafter

_LOOPBACK = ("127.", "::1", "localhost")


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
    pragmas = sqlite.pragmas

    def quick(*, read_only: bool = False) -> dict[str, int | str]:
        return pragmas(read_only=read_only) | {"synchronous": "off"}

    monkeypatch.setattr(sqlite, "pragmas", quick)


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with nothing in it, made once: a copy is a new file in a tenth of the time."""
    path = tmp_path_factory.mktemp("blank") / "blank.db"
    Engine(path, clock=FixedClock(START)).close()
    return path


@pytest.fixture
def engine(tmp_path: Path, blank: Path, clock: FixedClock, no_sync: None) -> Iterator[Engine]:
    """An engine over a new file, without a session."""
    shutil.copy(blank, tmp_path / "desk.db")  # its mode comes along
    made = Engine(tmp_path / "desk.db", clock=clock, drafter=CannedDrafter())
    yield made
    made.close()


@pytest.fixture
def desk(engine: Engine) -> Desk:
    """An engine with a session, a mailer and short words for the usual steps."""
    return Desk.with_session(engine)

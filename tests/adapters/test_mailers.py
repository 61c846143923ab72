"""What every mailer promises, whatever it delivers to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from rusvel_tui.adapters.mailers import MAILERS
from rusvel_tui.engine.ports import Envelope, GateClosed, Mailer
from tests.adapters.smtp_servers import ScriptedServer
from tests.fakes import RecordingMailer


@dataclass
class Setup:
    """A mailer and what has arrived where it delivers to."""

    mailer: Mailer
    arrived: Callable[[], list[bytes]]


@contextmanager
def smtp(_folder: Path) -> Iterator[Setup]:
    with ScriptedServer() as server:
        mailer = MAILERS["smtp"]("127.0.0.1", server.port, tls="plain")
        yield Setup(mailer, lambda: list(server.mails))
        mailer.close()


@contextmanager
def folder(path: Path) -> Iterator[Setup]:
    mailer = MAILERS["folder"](path / "outbox")
    yield Setup(
        mailer, lambda: [file.read_bytes() for file in sorted((path / "outbox" / "new").glob("*"))]
    )


@contextmanager
def routing(tmp_path: Path) -> Iterator[Setup]:
    """The usual account behind the door of several."""
    with smtp(tmp_path) as usual:
        mailer = MAILERS["routing"](usual.mailer, {"sales": RecordingMailer()})
        yield replace(usual, mailer=mailer)


@contextmanager
def journal(tmp_path: Path) -> Iterator[Setup]:
    """The usual account behind the journal of what left."""
    with smtp(tmp_path) as usual:
        mailer = MAILERS["journal"](usual.mailer, tmp_path / "state" / "left.journal")
        yield replace(usual, mailer=mailer)


SETUPS = {"smtp": smtp, "folder": folder, "routing": routing, "journal": journal}


@pytest.fixture(params=SETUPS)
def setup(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Setup]:
    with SETUPS[request.param](tmp_path) as made:
        yield made


def open_gate() -> None:
    """Lets every mail through."""


def test_every_mailer_has_a_setup_here() -> None:
    assert set(SETUPS) == set(MAILERS)


def test_the_exact_bytes_arrive_once(setup: Setup, envelope: Envelope) -> None:
    receipt = setup.mailer.send(envelope, open_gate)
    assert setup.arrived() == [envelope.raw]
    assert 200 <= receipt.code < 300
    assert receipt.queue_id


def test_the_gate_is_asked_once_and_before_anything_arrives(
    setup: Setup, envelope: Envelope
) -> None:
    seen: list[list[bytes]] = []
    setup.mailer.send(envelope, lambda: seen.append(setup.arrived()))
    assert seen == [[]]


@pytest.mark.parametrize("refusal", [GateClosed("paused"), RuntimeError("the disk is full")])
def test_nothing_arrives_when_the_gate_refuses(
    setup: Setup, envelope: Envelope, refusal: Exception
) -> None:
    def closed() -> None:
        raise refusal

    with pytest.raises(type(refusal)):
        setup.mailer.send(envelope, closed)
    assert setup.arrived() == []
    setup.mailer.send(envelope, open_gate)
    assert setup.arrived() == [envelope.raw]


def test_it_works_from_several_threads(setup: Setup, envelope: Envelope) -> None:
    several = [replace(envelope, mail_id=f"mail-{number}") for number in range(6)]
    with ThreadPoolExecutor(3) as pool:
        receipts = list(pool.map(lambda one: setup.mailer.send(one, open_gate), several))
    assert len(receipts) == 6
    assert setup.arrived() == [envelope.raw] * 6


def test_it_can_be_used_again_after_close(setup: Setup, envelope: Envelope) -> None:
    setup.mailer.close()
    setup.mailer.send(envelope, open_gate)
    setup.mailer.close()
    setup.mailer.close()
    setup.mailer.send(replace(envelope, mail_id="mail-2"), open_gate)
    assert setup.arrived() == [envelope.raw] * 2


def test_it_says_what_it_is(setup: Setup) -> None:
    assert setup.mailer.label
    assert setup.mailer.label.isprintable()

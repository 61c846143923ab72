"""`rusvel proposals`: what would change, and the verdicts on it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine import core
from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.core import Engine
from tests.cli.conftest import Cli
from tests.factories import START

PROGRAM = Actor("assistant", human=False)


def propose(cli: Cli, operation: str, **data: Any) -> Any:
    """What a program does beside the command line: it asks for a change."""
    engine = Engine(cli.db, clock=FixedClock(START), actor=PROGRAM)
    card = {"operation": operation, "input": data, "call_key": operation}
    made = engine.call("agent.proposals.propose", card).model_dump()
    engine.close()
    return made


@pytest.fixture
def card(cli: Cli) -> Any:
    """A reading that the assistant wants to record."""
    return propose(cli, "growth.kpi.record_kpi", name="MRR", value=12000, unit="USD")


def test_the_list_names_what_waits_with_its_id(cli: Cli, card: Any) -> None:
    head, line = cli("proposals", "list").out.splitlines()
    assert head.endswith("id")
    assert line.endswith(card["proposal_id"])
    assert "Record a reading of MRR: 12,000 USD" in line
    assert cli.json("proposals", "list")["waiting"] == 1
    assert cli("proposals", "list", "--state", "approved").out == "Nothing is proposed.\n"
    assert len(cli.json("proposals", "list", "--state", "all")["items"]) == 1
    assert cli("proposals", "list", "--state", "ghost", code=4).err.startswith("state: ")


def test_show_says_what_would_change_and_how_to_say_yes(cli: Cli, card: Any) -> None:
    shown = cli("proposals", "show", card["proposal_id"]).out
    for text in ("field", "reading", "12,000", "growth.kpi.record_kpi", "approve", "--version 1"):
        assert text in shown
    assert cli("proposals", "show", "ghost", code=3).err


def test_a_yes_makes_the_change_and_undo_takes_it_back(cli: Cli, card: Any) -> None:
    said = cli("proposals", "approve", card["proposal_id"], "--version", "1").out
    assert said.startswith("Approved: Record a reading of MRR")
    assert "rusvel undo" in said
    assert [kpi["name"] for kpi in cli.call("growth.kpi.list_kpis")["items"]] == ["MRR"]
    cli("undo")
    assert cli.call("growth.kpi.list_kpis")["items"] == []
    assert "approved already" in cli("proposals", "approve", card["proposal_id"], code=5).err


def test_a_no_keeps_its_reason(cli: Cli, card: Any) -> None:
    cli("proposals", "reject", card["proposal_id"], "--reason", "not yet")
    found = cli.json("proposals", "show", card["proposal_id"])
    assert (found["state"], found["error"], found["decided_by"]) == ("Rejected", "not yet", "user")
    assert "not yet" in cli("proposals", "show", card["proposal_id"]).out


@pytest.mark.parametrize("text", ['{"name": "MRR", "value": 13000}', "name: MRR\nvalue: 13000\n"])
def test_another_input_comes_from_a_file_or_from_stdin(
    cli: Cli, card: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    (tmp_path / "input").write_text(text)
    edited = cli("proposals", "edit", card["proposal_id"], "--input", str(tmp_path / "input")).out
    assert edited.startswith("Record a reading of MRR: 13,000")
    late = cli("proposals", "approve", card["proposal_id"], "--version", "1", code=5)
    assert "changed since you saw it" in late.err
    monkeypatch.setattr("sys.stdin", io.StringIO("just words"))
    wrong = cli("proposals", "edit", card["proposal_id"], "--input", "-", code=4)
    assert "name: value" in wrong.err


def test_the_queue_tells_of_them(cli: Cli, card: Any) -> None:
    assert cli("queue", "list").out.splitlines() == [
        "Nothing waits here.",
        "One proposed change waits: rusvel proposals list",
    ]
    assert "proposed" not in cli("queue", "list", "--box", "sent").out
    assert set(cli.json("queue", "list")) == {"items", "next"}


@contextmanager
def as_program(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whoever starts the command line is no person."""
    with monkeypatch.context() as patch:
        patch.setattr(core, "Actor", lambda name, human=True: PROGRAM)
        yield


def test_a_program_at_the_command_line_decides_nothing(
    cli: Cli, card: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "input").write_text('{"name": "MRR", "value": 1}')
    which = card["proposal_id"]
    before = cli.dump()
    with as_program(monkeypatch):
        for words in (
            ("proposals", "approve", which),
            ("proposals", "reject", which),
            ("proposals", "edit", which, "--input", str(tmp_path / "input")),
            ("call", "agent.proposals.approve", f"proposal_id={which}"),
        ):
            assert "person" in cli(*words, code=7).err
    assert cli.dump() == before

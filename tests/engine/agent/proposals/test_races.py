"""A yes and a no from two processes at once: one of them counts, and the other is told."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack
from typing import Any

from rusvel_tui.engine.agent.proposals.cards import ProposalState
from tests.engine.agent.proposals.asking import ask, seen
from tests.factories import Desk, kinds

VOICE = """
import json, sys
from pathlib import Path
from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine import departments
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError
from tests.factories import START
path, name, data = sys.argv[1:]
engine = Engine(Path(path), clock=FixedClock(START))
departments.load()
print("ready", flush=True)
sys.stdin.readline()
try:
    print(engine.call(name, json.loads(data)).state.value)
except EngineError as error:
    print(error)
"""


def voices(desk: Desk, *said: tuple[str, dict[str, Any]]) -> list[str]:
    """What each of several processes gets to hear, all of them let go at the same moment."""
    with ExitStack() as stack:
        started = []
        for name, data in said:
            words = [sys.executable, "-c", VOICE, str(desk.engine.path), name, json.dumps(data)]
            process = stack.enter_context(
                subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
            stack.callback(process.kill)
            started.append(process)
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in started:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        return [process.communicate(timeout=60)[0].strip() for process in started]


def test_a_yes_and_a_no_at_once(desk: Desk) -> None:
    card = ask(desk, "gtm.crm.add_contact", name="Grace Hopper")
    which = {"proposal_id": card.proposal_id, "version": card.version}
    verdicts = ("agent.proposals.approve", which), ("agent.proposals.reject", which)
    heard = voices(desk, *verdicts)
    state = seen(desk, card).state
    assert state in (ProposalState.APPROVED, ProposalState.REJECTED)
    assert sum(one == state.value for one in heard) == 1
    assert sum(one == f"This proposal is {state.key} already." for one in heard) == 1
    made = state is ProposalState.APPROVED
    assert kinds(desk).count("gtm.contact.added") == int(made)
    assert len(desk.call("gtm.crm.list_contacts").items) == int(made)

"""Numbers without gaps, whoever finalises at the same time and whatever fails or is killed on the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine.core import Engine
from tests.factories import START, Desk

PROCESSES = 8
EACH = int(os.environ.get("TEST_NUMBERS_EACH", "15"))


def _desk(path: Path) -> Desk:
    return Desk.with_session(Engine(path, clock=FixedClock(START)))


def _start(path: Path, count: int, seed: int, **env: str) -> subprocess.Popen[str]:
    words = [
        sys.executable,
        "-m",
        "tests.engine.invoices.finaliser",
        str(path),
        str(count),
        str(seed),
    ]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=os.environ | env)


def test_q_100_t_116_eight_processes_leave_no_gap_and_no_twin(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    desk = _desk(path)
    desk.contact("Grace")
    running = [_start(path, EACH, seed) for seed in range(PROCESSES)]
    failed = [int(process.communicate(timeout=300)[0]) for process in running]
    assert sum(failed) > 0
    said = subprocess.run(
        [
            sys.executable,
            "-m",
            "rusvel_tui",
            "--db",
            str(path),
            "--json",
            "call",
            "gtm.invoices.check",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(said.stdout)
    assert (found["gaps"], found["duplicates"], found["problems"]) == (0, 0, [])
    assert found["documents"] == PROCESSES * EACH
    (series,) = desk.call("gtm.invoices.list_series").items
    assert series.last == PROCESSES * EACH
    desk.engine.close()


def test_a_process_killed_with_a_number_in_its_hands_gives_it_back(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    desk = _desk(path)
    desk.contact("Grace")
    words = (
        "from rusvel_tui.adapters.clock import FixedClock; from rusvel_tui.engine.core import Engine;"
        "from pathlib import Path; from tests.factories import START; import sys;"
        "e = Engine(Path(sys.argv[1]), clock=FixedClock(START));"
        "d = e.call('gtm.invoices.create_invoice', {'client_name': 'Grace',"
        " 'line_items': [{'description': 'Work', 'unit_price': '10'}]});"
        "e.call('gtm.invoices.finalise_invoice', {'invoice_id': d.invoice_id})"
    )
    env = os.environ | {"RUSVEL_CRASHPOINT": "invoice.number_taken"}
    killed = subprocess.run([sys.executable, "-c", words, str(path)], env=env, check=False)
    assert killed.returncode == -signal.SIGKILL
    (left,) = desk.call("gtm.invoices.list_invoices").items
    assert (left.status, left.number) == ("Draft", None)
    done = desk.call("gtm.invoices.finalise_invoice", invoice_id=left.invoice_id)
    assert done.number == "INV-2026-0001"
    found = desk.call("gtm.invoices.check")
    assert (found.gaps, found.duplicates) == (0, 0)
    desk.engine.close()

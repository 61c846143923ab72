"""An import that was stopped goes on where it stopped, and ends as if nothing had happened."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.crm.importing import run as run_module
from rusvel_tui.engine.gtm.crm.importing.writing import Writer
from tests.engine.importing.support import counts, run
from tests.factories import Desk, NewDesk, query

EXAMPLES = int(os.environ.get("TEST_IMPORT_STOPS", "25"))


class Stopped(Exception):
    """The power went off."""


def stop_at(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    """Fail in the transaction of that chunk, after its contacts were written."""
    original, seen = Writer.write, [0]

    def write(writer: Writer, targets: list[Any]) -> Any:
        made = original(writer, targets)
        seen[0] += 1
        if seen[0] > chunk:
            raise Stopped
        return made

    monkeypatch.setattr(Writer, "write", write)


def _result(desk: Desk) -> list[Any]:
    """The data, without ids and times."""
    return [
        query(
            desk,
            "SELECT name, company, title, profile, tags, fields, version FROM contact ORDER BY id",
        ),
        query(
            desk,
            "SELECT c.name, c.company, e.key, e.position FROM contact_email e JOIN contact c"
            " ON c.id = e.contact_id ORDER BY e.key",
        ),
        query(desk, "SELECT digits, position FROM contact_phone ORDER BY digits, position"),
        query(desk, "SELECT key, reason FROM suppression ORDER BY key"),
        query(desk, "SELECT state, next_row, counts FROM import_run"),
        _planned(desk),
    ]


def _planned(desk: Desk) -> list[tuple[int, str]]:
    """Row and outcome, as kept before the first write."""
    found = query(desk, "SELECT rows FROM import_plan")
    plans = [json.loads(rows) for (rows,) in found]
    return [pair for plan in plans for pair in zip(plan["numbers"], plan["outcomes"], strict=True)]


_NAMES = ("", "Ann", "Bob", "Eve")
_LINE = st.tuples(
    st.sampled_from(_NAMES),
    st.sampled_from(("", "a@x.example", "b@x.example", "c@x.example;a@x.example", "nonsense")),
    st.sampled_from(("", "Acme", "Best")),
    st.sampled_from(("", "+49 30 1", "+49 30 2")),
    st.sampled_from(("", "linkedin.com/in/f-1", "linkedin.com/in/f-2")),
    st.sampled_from(("", "one", "two")),
    st.sampled_from(("", "yes")),
)
_HEADER = "name,email,company,phone,linkedin,tags,unsubscribed\n"
FILES = st.lists(_LINE, min_size=1, max_size=9).map(
    lambda lines: _HEADER + "".join(f"{','.join(line)}\n" for line in lines)
)


def _import(desk: Desk, before: str) -> None:
    """What the database holds to begin with."""
    run(desk, before)
    desk.later(seconds=1)


@settings(max_examples=EXAMPLES, deadline=None)
@given(before=FILES, text=FILES, chunk=st.integers(0, 6))
def test_a_stopped_import_ends_like_an_undisturbed_one(
    new_desk: NewDesk,
    tmp_path_factory: pytest.TempPathFactory,
    before: str,
    text: str,
    chunk: int,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_module, "CHUNK", 1)
        patch.setattr(run_module, "_PAUSE", 0)
        with new_desk(tmp_path_factory.mktemp("calm")) as calm:
            _import(calm, before)
            wanted_view = run(calm, text)
            wanted = _result(calm)
        with new_desk(tmp_path_factory.mktemp("stopped")) as desk:
            _import(desk, before)
            with pytest.MonkeyPatch.context() as stop:
                stop_at(stop, chunk)
                try:
                    view = run(desk, text)
                except Stopped:
                    view = None
            view = view or run(desk, text)
            assert counts(view) == counts(wanted_view)
            assert view.warnings == wanted_view.warnings
            assert _result(desk) == wanted
            again = run(desk, text)
            assert counts(again) == (0, 0, view.read - view.rejected, view.rejected)


def test_nothing_of_a_chunk_stays_when_it_fails(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "CHUNK", 2)
    text = "name\n" + "".join(f"P{n}\n" for n in range(5))
    with monkeypatch.context() as patch:
        stop_at(patch, 1)
        with pytest.raises(Stopped):
            run(desk, text)
    assert query(desk, "SELECT name FROM contact ORDER BY name") == [("P0",), ("P1",)]
    assert query(desk, "SELECT state, next_row FROM import_run") == [("running", 2)]
    assert counts(run(desk, text, dry_run=True)) == (5, 0, 0, 0)
    assert query(desk, "SELECT count(*) FROM contact") == [(2,)]
    assert counts(run(desk, text)) == (5, 0, 0, 0)
    assert query(desk, "SELECT state, next_row FROM import_run") == [("done", 5)]


def test_a_second_process_cannot_go_on_with_the_same_import(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Writer.write

    def overtaken(writer: Writer, targets: list[Any]) -> Any:
        made = original(writer, targets)
        with desk.engine.connected() as connection:
            connection.execute("UPDATE import_run SET next_row = next_row + 1")
        return made

    monkeypatch.setattr(run_module, "CHUNK", 1)
    monkeypatch.setattr(Writer, "write", overtaken)
    with pytest.raises(Conflict, match="Another rusvel is importing this file"):
        run(desk, "name\nAnn\nBob\nEve\n")


_SCRIPT = """
import sys
from pathlib import Path
from rusvel_tui.adapters.clock import SystemClock
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.crm.importing import run
run.CHUNK = 20
engine = Engine(Path(sys.argv[1]), clock=SystemClock())
print("ready", flush=True)
engine.call("gtm.crm.import_contacts", {"path": sys.argv[2]})
print("done", flush=True)
"""


def test_a_killed_import_is_finished_by_the_same_command(desk: Desk, tmp_path: Path) -> None:
    """Real kills at moments that vary with the machine; whatever was committed, the end is the same."""
    text = "name,email,company\n" + "".join(
        f"P{n},p{n % 900}@x.example,C{n % 7}\n" for n in range(1_000)
    )
    path = tmp_path / "people.csv"
    path.write_text(text)
    spread = random.Random(7)  # noqa: S311 - the same places in every run
    for _ in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", _SCRIPT, str(desk.engine.path), str(path)],
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        wanted = spread.randrange(1, 900)
        while process.poll() is None:
            if query(desk, "SELECT count(*) FROM contact")[0][0] >= wanted:
                process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    last = desk.call("gtm.crm.import_contacts", path=str(path))
    assert last.read == 1_000
    assert query(desk, "SELECT count(*) FROM contact") == [(900,)]
    assert query(desk, "SELECT count(*), count(DISTINCT key) FROM contact_email") == [(900, 900)]
    assert query(desk, "SELECT DISTINCT state FROM import_run") == [("done",)]
    assert counts(desk.call("gtm.crm.import_contacts", path=str(path))) == (0, 0, 1_000, 0)
    assert query(desk, "SELECT company FROM contact WHERE name = 'P950'") == [(f"C{950 % 7}",)]

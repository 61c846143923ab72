"""Numbers of the checklist that are about trust, each as something that can be run: Q-160, Q-164, Q-166, Q-167."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from mcp import Client
from starlette.testclient import TestClient

from rusvel_tui import mcp
from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.api.app import make_app
from rusvel_tui.app import RusvelApp
from rusvel_tui.cli import main
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import NotConfigured
from tests.engine.trust.files import KILLED, ask, is_whole, killed
from tests.factories import START, Desk
from tests.screens.pilots import press, settle, shows

TOKEN = "a-token-of-some-length"


async def test_q_160_what_the_command_line_makes_is_read_by_every_front_end(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Dashboard, HTTP, MCP and another command show the deal that one command made: there is one repository."""
    monkeypatch.setenv("HOME", str(tmp_path))
    desk.engine.close()
    words = ("--db", str(desk.engine.path), "--now", "2026-11-24T09:00:00Z", "call")
    assert main([*words, "gtm.crm.add_contact", "name=Ada Loom", "email=ada@loom.example"]) == 0
    capsys.readouterr()
    assert main([*words, "gtm.crm.list_contacts"]) == 0
    assert "Ada Loom" in capsys.readouterr().out
    engine = Engine(desk.engine.path, clock=FixedClock(START))
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with TestClient(make_app(engine, TOKEN, {}), headers=headers) as script:
        found = script.post("/api/call/gtm.crm.list_contacts", json={}).json()
        assert "Ada Loom" in str(found)
    server = mcp.make_server(engine, mcp.offered(engine, ("*",)))
    async with Client(server) as client:
        answer = await client.call_tool("gtm__crm__list_contacts", {})
        assert "Ada Loom" in str(answer.content[0])
    app = RusvelApp(engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing needs you"))
        await press(pilot, "g", "c")
        await settle(pilot, lambda: shows(app, "Ada Loom"))
    engine.close()


def test_q_164_without_a_token_nothing_is_open_and_every_file_is_private(
    desk: Desk, tmp_path: Path
) -> None:
    for token in ("", "short"):
        with pytest.raises(NotConfigured):
            make_app(desk.engine, token)
    with TestClient(make_app(desk.engine, TOKEN, {})) as stranger:
        for method, path in (("GET", "/api/dept/gtm/status"), ("POST", "/api/call/gtm.crm.list_contacts"), ("GET", "/openapi.json")):  # fmt: skip
            assert stranger.request(method, path).status_code == 401
    old = os.umask(0)
    try:
        desk.engine.backup(tmp_path / "copy.db")
        desk.contact()
    finally:
        os.umask(old)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert {name: mode for name, mode in modes.items() if mode & 0o077} == {}


def test_q_166_the_same_story_at_the_same_time_is_the_same(tmp_path: Path, blank: Path) -> None:
    """With the clock given, what happens is the same twice: kinds, moments and order of all events."""
    told = []
    for name in ("one", "two"):
        path = tmp_path / f"{name}.db"
        path.write_bytes(blank.read_bytes())
        desk = Desk.with_session(Engine(path, clock=FixedClock(START)))
        desk.approve(desk.drafted())
        desk.work()
        desk.later(days=4)
        desk.work()
        told.append(ask(path, "SELECT id, at, kind, actor FROM event ORDER BY id"))
        desk.engine.close()
    assert told[0] == told[1]
    assert len(told[0]) > 8


class TwoProcesses(RuleBasedStateMachine):
    """Two desks over one real file; the other one is a process that may be killed in the middle of a change."""

    def __init__(self) -> None:
        super().__init__()
        self.known: list[str] = []

    @initialize(folder=st.just(None))
    def begin(self, folder: None) -> None:
        self.path = _fresh()
        self.engine = Engine(self.path, clock=FixedClock(START))

    @rule()
    def here(self) -> None:
        self._add(self.engine)

    @rule()
    def undone(self) -> None:
        if self.known:
            self.engine.call("undo", {})
            self.known.pop()

    @rule(dies=st.booleans())
    def there(self, dies: bool) -> None:
        name = f"P{len(self.known)}"

        def work() -> None:
            engine = Engine(self.path, clock=FixedClock(START))
            if dies:
                engine._db._peewee.connect()
                engine._db._peewee.execute_sql("BEGIN IMMEDIATE")
                engine._db._peewee.execute_sql("UPDATE contact SET name = 'Wrong'")
                os.kill(os.getpid(), KILLED)
            engine.call("gtm.crm.add_contact", {"name": name})

        assert killed(work) == (KILLED if dies else 0)
        self.known += [] if dies else [name]

    @invariant()
    def agrees(self) -> None:
        found = self.engine.call("gtm.crm.list_contacts", {"limit": 100}).model_dump()["items"]
        assert sorted(one["name"] for one in found) == sorted(self.known)

    def teardown(self) -> None:
        self.engine.close()
        assert is_whole(self.path)

    def _add(self, engine: Engine) -> None:
        name = f"P{len(self.known)}"
        engine.call("gtm.crm.add_contact", {"name": name})
        self.known.append(name)


_FILES: list[Path] = []


def _fresh() -> Path:
    """A copy of the file with a session, in the folder that the test made."""
    path = _FILES[0].with_name(f"desk{len(list(_FILES[0].parent.iterdir()))}.db")
    path.write_bytes(_FILES[0].read_bytes())
    return path


def test_q_167_a_state_machine_over_the_real_file_with_a_process_that_is_killed(
    tmp_path: Path, furnished: tuple[Path, list[int]], no_sync: None
) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    (tmp_path / "desk.db").write_bytes(furnished[0].read_bytes())
    _FILES[:] = [tmp_path / "desk.db"]
    run_state_machine_as_test(
        TwoProcesses, settings=settings(max_examples=4, stateful_step_count=6, deadline=None)
    )

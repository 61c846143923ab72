"""One file, many ways in: what is made through one of them is read through every other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.api.app import make_app
from rusvel_tui.app import RusvelApp
from rusvel_tui.cli import main
from rusvel_tui.engine.core import Engine
from rusvel_tui.screens import PAGES
from tests.factories import HELLO, START, Desk
from tests.mcp.test_server import ask
from tests.screens.pilots import press, settle, shows

TOKEN = "a-token-of-some-length"
KINDS = {
    "contacts": ("c", "Ada Lovelace"),
    "deals": ("d", "Looms for Ada"),
    "sequences": ("s", "Spring"),
    "invoices": ("v", "Ada Lovelace"),
}
"""Each kind of thing, the key of its page, and what tells that it is there."""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that the command line made, with one thing of each kind."""
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    return tmp_path / "desk.db"


class Prompt:
    """The command line in this process."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._db, self._capsys = str(path), capsys

    def __call__(self, *words: str) -> Any:
        """The document of a command that must work."""
        self._capsys.readouterr()
        code = main(["--db", self._db, "--now", START.isoformat(), "--json", *words])
        shown = self._capsys.readouterr()
        assert code == 0, shown.err
        return json.loads(shown.out)

    def call(self, operation: str, **data: Any) -> Any:
        return self("call", operation, "--input", json.dumps(data))

    def names(self, kind: str) -> str:
        return json.dumps(self("gtm", "list", "--kind", kind)["items"], ensure_ascii=False)


@pytest.fixture
def rusvel(path: Path, capsys: pytest.CaptureFixture[str]) -> Prompt:
    return Prompt(path, capsys)


def made(rusvel: Prompt) -> None:
    """One of each, from the prompt."""
    rusvel("session", "create", "acme", "--currency", "EUR")
    person = rusvel.call("gtm.crm.add_contact", name="Ada Lovelace", email="ada@example.com")
    who = {"contact_id": person["contact_id"]}
    rusvel.call("gtm.crm.add_deal", title="Looms for Ada", value="1200", **who)
    rusvel.call("gtm.outreach.create_sequence", name="Spring", steps=[HELLO])
    lines = [{"description": "Looms", "quantity": "1", "unit_price": "1200"}]
    rusvel.call("gtm.invoices.create_invoice", line_items=lines, **who)
    rusvel.call("growth.kpi.record_kpi", name="MRR", value="4200")


@pytest.fixture
def desk(path: Path, rusvel: Prompt) -> Iterator[Desk]:
    """The same file in the hands of a program that stays."""
    made(rusvel)
    engine = Engine(path, clock=FixedClock(START))
    yield Desk.over(engine)
    engine.close()


def test_q_160_what_the_prompt_made_is_read_over_http_by_mcp_and_by_the_prompt(
    desk: Desk, rusvel: Prompt
) -> None:
    """Q-160: theirs wrote kinds that other front ends did not read; here everybody asks the same operations."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with TestClient(make_app(desk.engine, TOKEN, {}), headers=headers) as client:
        for kind, (_, text) in KINDS.items():
            over_http = client.get("/api/dept/gtm/list", params={"kind": kind})
            assert text in over_http.text, kind
            (by_mcp,) = ask(desk, ("gtm__list", {"kind": kind}))
            assert by_mcp.structured_content == over_http.json()
        assert client.get("/api/dept/growth/list", params={"kind": "kpis"}).json()["items"]
        added = client.post("/api/call/gtm.crm.add_contact", json={"name": "From a script"})
        assert added.status_code == 200
    desk.engine.close()
    assert "From a script" in rusvel.names("contacts")
    assert all(text in rusvel.names(kind) for kind, (_, text) in KINDS.items())


async def test_q_160_what_the_prompt_made_is_on_the_pages(desk: Desk) -> None:
    pages = {entry.id: entry for entry in PAGES}
    app = RusvelApp(desk.engine, pages=[pages[kind] for kind in KINDS], creators=())
    async with app.run_test(size=(120, 36)) as pilot:
        for letter, text in KINDS.values():
            await press(pilot, "g", letter)
            await settle(pilot, lambda text=text: shows(app, text))  # type: ignore[misc]

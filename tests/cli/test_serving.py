"""`rusvel serve` and `rusvel mcp` as commands: how they start, what they refuse, and how they end."""

from __future__ import annotations

import re
import signal
import sys
from pathlib import Path
from subprocess import Popen

import httpx2
import pytest

import rusvel_tui
from tests.cli.conftest import Cli
from tests.system.helpers import python

TOKEN = "a-token-of-some-length"
HELLO = (
    '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",'
    '"capabilities":{},"clientInfo":{"name":"x","version":"1"}}}\n'
)


@pytest.fixture
def db(cli: Cli) -> Path:
    """A database with a session."""
    return cli.db


def test_t_033_it_does_not_start_without_a_token(
    cli: Cli, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = cli("serve", code=6).err
    assert said.startswith("RUSVEL_API_TOKEN is not set")
    assert "export RUSVEL_API_TOKEN=" in said
    monkeypatch.setenv("RUSVEL_API_TOKEN", "short-token")
    said = cli("serve", code=6).err
    assert "is too short" in said
    assert "short-token" not in said


def test_without_their_packages_both_say_how_to_get_them(
    cli: Cli, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert "pip install 'rusvel-tui[api]'" in cli("serve", code=6).err
    monkeypatch.delitem(sys.modules, "rusvel_tui.mcp", raising=False)
    monkeypatch.delattr(rusvel_tui, "mcp", raising=False)
    for name in ("mcp", "mcp.server", "mcp_types"):
        monkeypatch.setitem(sys.modules, name, None)
    assert "pip install 'rusvel-tui[mcp]'" in cli("mcp", code=6).err


def test_an_unknown_pattern_is_refused_before_anything_is_served(cli: Cli, db: Path) -> None:
    said = cli("mcp", "--allow", "*.read", "gtm.nothing.*", code=4).err
    assert "No tool fits --allow 'gtm.nothing.*'" in said


def serving(db: Path, *words: str) -> Popen[str]:
    return python("-m", "rusvel_tui", "--db", str(db), *words, RUSVEL_API_TOKEN=TOKEN)


def test_a_script_asks_over_http_and_a_signal_is_a_good_end(db: Path) -> None:
    process = serving(db, "serve", "--port", "0")
    assert process.stderr
    said = process.stderr.readline()
    found = re.search(r"Listening on (http://127\.0\.0\.1:\d+)", said)
    assert found, said + process.stderr.read()
    with httpx2.Client(base_url=found[1]) as script:
        assert script.get("/health").json()["status"] == "ok"
        assert script.get("/api/departments").status_code == 401
        shown = {"Authorization": f"Bearer {TOKEN}"}
        answer = script.get("/api/dept/gtm/status", headers=shown)
    assert answer.json()["session"]["name"] == "acme"
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "")
    assert err.splitlines() == [
        "GET /health 200",
        "GET /api/departments 401",
        "GET /api/dept/gtm/status 200",
    ]


def test_mcp_keeps_stdout_for_the_protocol_and_ctrl_c_ends_it(db: Path) -> None:
    process = Popen(
        [sys.executable, "-m", "rusvel_tui", "--db", str(db), "mcp"],
        stdin=-1,
        stdout=-1,
        stderr=-1,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{HELLO}this is no JSON\n")
    process.stdin.flush()
    assert '"serverInfo"' in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (-signal.SIGINT, "")

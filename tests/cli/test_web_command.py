"""What `rusvel web` refuses before it listens; tests/system/test_web.py has what it serves."""

from __future__ import annotations

import sys

import pytest

import rusvel_tui
from tests.cli.conftest import Cli


def test_what_the_web_refuses_before_it_listens(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    said = cli("web", "--host", "0.0.0.0", code=7).err  # noqa: S104 - it is refused
    assert "without encryption" in said
    assert "--allow-network" in said
    assert "Choose another --port" in cli("web", "--port", "70000", code=4).err
    monkeypatch.setitem(sys.modules, "textual_serve", None)
    monkeypatch.setitem(sys.modules, "textual_serve.server", None)
    monkeypatch.delitem(sys.modules, "rusvel_tui.web", raising=False)
    monkeypatch.delattr(rusvel_tui, "web", raising=False)
    assert "pip install 'rusvel-tui[web]'" in cli("web", code=6).err

"""Who may import whom, and what is not imported before it is needed."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGE, ROOT, modules

pytestmark = pytest.mark.xdist_group("source text")  # read and parsed once

_IMPORT_EVERYTHING = """
import json, sys
from importlib import import_module
for name in json.loads(sys.argv[1]):
    import_module(name)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_c_073_the_import_contracts_are_kept() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("part", "unwanted"),
    [
        ("rusvel_tui.engine", {"textual", "rich", "aiosmtplib", "anthropic", "email_validator", "plotext", "smtplib", "ssl", "http"}),
        ("rusvel_tui.commands", {"textual", "rich", "aiosmtplib", "anthropic", "plotext"}),
        ("rusvel_tui.widgets", {"peewee", "sqlite3", "aiosmtplib", "anthropic"}),
    ],
)  # fmt: skip
def test_a_whole_part_runs_without_what_it_has_no_business_with(
    part: str, unwanted: set[str]
) -> None:
    """Also through others: the contracts look at direct imports only."""
    names = [m.name for m in modules() if m.name.startswith(part)]
    assert len(names) > 5
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT_EVERYTHING, json.dumps(names)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(json.loads(done.stdout)) & unwanted == set()


def test_pages_do_not_import_each_other() -> None:
    """A page may use the parts that are its own; another tab's page is visited, not imported."""
    screens = [m for m in modules() if m.path.is_relative_to(PACKAGE / "screens")]
    pages = {m.name for m in screens if any(c.name.endswith("Page") for c in m.classes())}
    pages -= {"rusvel_tui.screens.page"}
    wrong = [
        f"{module.place(node)} {node.module}"
        for module in screens
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.module in pages and module.name in pages
    ]
    assert wrong == []

"""The tool that compares pictures: it must fail when it should."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

CONFTEST = (Path(__file__).parent / "conftest.py").read_text()
CASE = """
from textual.app import App
from textual.widgets import Input, Static

class Shown(App[None]):
    TEXT = "first"
    def compose(self):
        yield Static(self.TEXT, markup=False)
        yield Input("typed")
    def on_mount(self):
        {mount}

def test_picture(snap):
    assert snap(Shown(), terminal_size=(40, 6))
"""


def run(pytester: pytest.Pytester, source: str, *options: str) -> pytest.RunResult:
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(test_case=source)
    return pytester.runpytest_subprocess("-p", "no:randomly", *options)


def test_a_picture_is_stored_and_compared(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second run is equal; another text fails, with the text in the report and no environment in it."""
    monkeypatch.setenv("SOME_TOKEN", "canary-4711")
    monkeypatch.delenv(
        "PYTEST_XDIST_WORKER", raising=False
    )  # the inner run is no worker: it writes its report
    source = CASE.format(mount="pass")
    run(pytester, source, "--snapshot-update").assert_outcomes(passed=1)
    run(pytester, source).assert_outcomes(passed=1)
    result = run(pytester, source.replace("first", "second [/]"))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*what differs*", "-first", "+second ?/?"])
    report = (pytester.path / "snapshot_report.html").read_text()
    assert "canary-4711" not in report


def test_a_crash_is_no_picture(pytester: pytest.Pytester) -> None:
    """Also when pictures are being stored."""
    result = run(pytester, CASE.format(mount="raise KeyError('oops')"), "--snapshot-update")
    assert result.parseoutcomes().get("passed", 0) == 0

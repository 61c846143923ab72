"""Pictures of screens: still, compared only when the program is alive, and explained in words when they differ."""

from __future__ import annotations

import difflib
import pickle
from collections import defaultdict
from collections.abc import Callable, Generator
from typing import Any
from xml.etree import ElementTree

import pytest
import pytest_textual_snapshot as plugin  # type: ignore[import-untyped]
from textual.app import App
from textual.widgets import Input, TextArea

CELL = 12.2
"""Width of a character in the picture."""
_SVG = "{http://www.w3.org/2000/svg}"
_save_report = plugin.save_svg_diffs


def picture_text(svg: str) -> list[str]:
    """The lines of text in a picture of a screen."""
    rows: dict[float, str] = defaultdict(str)
    for node in ElementTree.fromstring(svg).iter(f"{_SVG}text"):  # noqa: S314 - a file of this repository
        if "-title" not in node.get("class", ""):
            y, x = float(node.get("y", 0)), round(float(node.get("x", 0)) / CELL)
            rows[y] = rows[y].ljust(x) + (node.text or "").replace("\xa0", " ")
    return [rows[y].rstrip() for y in sorted(rows)]


def explain(expected: str, actual: str) -> str:
    """What differs between two pictures, as a text diff."""
    before, after = (
        picture_text(svg) if svg.lstrip().startswith("<svg") else [] for svg in (expected, actual)
    )
    lines = difflib.unified_diff(before, after, "expected", "actual", lineterm="", n=1)
    return "\n".join(lines) or "The text is the same: only colours or weights differ."


def _report_without_environment(diffs: list[Any], *rest: Any) -> None:
    for diff in diffs:
        diff.environment = {}  # the report would print every variable, keys among them
    _save_report(diffs, *rest)


plugin.save_svg_diffs = _report_without_environment


@pytest.fixture
def snap(snap_compare: Callable[..., bool], monkeypatch: pytest.MonkeyPatch) -> Callable[..., bool]:
    """Compare a screen with its picture: `assert snap(app, run_before=…, terminal_size=(80, 24))`.

    The plugin alone accepts a program that crashed: its picture is an empty screen.
    """
    for widget in (Input, TextArea):
        monkeypatch.setattr(widget, "cursor_blink", False)

    def compare(app: App[Any], **how: Any) -> bool:
        same = snap_compare(app, **how)
        crash = app._exception
        assert crash is None, f"the program crashed: {crash!r}"
        assert not app.return_code, f"the program ended with {app.return_code}"
        return same

    return compare


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the text diff to the report of a picture that differs."""
    report = yield
    if call.when == "call" and report.failed and "snap" in getattr(item, "fixturenames", ()):
        stored = plugin.node_to_report_path(item)
        if stored.exists():
            _, expected, actual, *_ = pickle.loads(stored.read_bytes())  # noqa: S301 - written by this run
            report.sections.append(("what differs", explain(str(expected), actual)))
    return report

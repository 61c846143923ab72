"""Everything stays small enough to be read at once."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.source import Function, Module, dotted, modules

pytestmark = pytest.mark.xdist_group("source text")  # read and parsed once

MODULE_LINES = 300
FUNCTION_LINES = 40
TEST_LINES = 500
METHODS = 15
HOOK = re.compile(r"__\w+__|compose|on_\w+|watch_\w+")
"""What Python and Textual call by its name."""
FOLDERS = ("rusvel_tui", "benchmarks")


@pytest.fixture(params=FOLDERS)
def folder(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def is_method(node: ast.stmt) -> bool:
    """A method of the class's own making: neither a property nor a hook."""
    return (
        isinstance(node, Function)
        and not HOOK.fullmatch(node.name)
        and not any(dotted(mark) == "property" for mark in node.decorator_list)
    )


def lines(function: Function) -> int:
    """From `def` to the last statement, decorators left out."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def large_functions(module: Module) -> Iterator[str]:
    for function in module.functions():
        if lines(function) > FUNCTION_LINES:
            yield f"{module.place(function)} {function.name}: {lines(function)}"


def test_modules_have_300_lines_at_most(folder: str) -> None:
    counts = {m.name: m.text.count("\n") for m in modules(folder)}
    assert {name: count for name, count in counts.items() if count > MODULE_LINES} == {}


def test_functions_have_40_lines_at_most(folder: str) -> None:
    assert [found for module in modules(folder) for found in large_functions(module)] == []


def test_modules_of_tests_have_500_lines_at_most() -> None:
    counts = {m.name: m.text.count("\n") for m in modules("tests")}
    assert {name: count for name, count in counts.items() if count > TEST_LINES} == {}


def test_classes_have_15_methods_at_most(folder: str) -> None:
    found = {
        f"{module.place(cls)} {cls.name}": sum(map(is_method, cls.body))
        for module in modules(folder)
        for cls in module.classes()
    }
    assert {name: count for name, count in found.items() if count > METHODS} == {}

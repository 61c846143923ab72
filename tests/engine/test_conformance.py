"""No item of the checklist is forgotten, and every test that the table names is there."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.engine import conformance

_ROOT = Path(__file__).parents[2]


@cache
def named_in(module: str) -> frozenset[str]:
    """The tests that pytest finds in a module, without importing it."""
    path = _ROOT.joinpath(*module.split(".")).with_suffix(".py")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = (n for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(node.name for node in found if node.name.startswith("test_"))


def test_every_item_has_a_test_or_a_reason_to_wait() -> None:
    accounted = [*conformance.TESTS, *conformance.LATER]
    assert sorted(accounted) == sorted(conformance.REQUIRED)


def test_each_reason_is_said() -> None:
    assert all({**conformance.LATER, **conformance.REPLACED}.values())
    assert set(conformance.REPLACED) <= set(conformance.TESTS)


@pytest.mark.parametrize(("item", "module", "function"), list(conformance.tests()))
def test_the_named_test_is_there(item: str, module: str, function: str) -> None:
    assert function in named_in(module), f"{item} names a test that does not exist"


@pytest.mark.parametrize("module", [conformance.CRM, conformance.FLOW])
def test_a_test_that_names_a_number_is_the_one_in_the_table(module: str) -> None:
    """Both ways: a number in a name leads to the table, and the table to the name."""
    written = _ROOT.joinpath(*module.split(".")).with_suffix(".py").read_text(encoding="utf-8")
    for item, address in conformance.TESTS.items():
        if address.startswith(f"{module}::"):
            assert item.lower().replace("-", "_") in written

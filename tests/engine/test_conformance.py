"""No item of the checklist is forgotten, and every test that the table names is there."""

from __future__ import annotations

import pytest

from tests.engine import conformance


def test_every_item_has_a_test_or_a_reason_to_wait() -> None:
    assert not conformance.missing()


def test_every_number_that_a_test_names_was_given() -> None:
    assert set(conformance.named()) <= set(conformance.EVERY)


def test_what_has_a_test_does_not_wait() -> None:
    assert not set(conformance.LATER) & {*conformance.named(), *conformance.TESTS}


def test_the_table_holds_what_names_do_not_tell() -> None:
    assert not set(conformance.TESTS) & set(conformance.named())


def test_each_reason_is_said() -> None:
    assert all({**conformance.LATER, **conformance.REPLACED}.values())
    assert set(conformance.REPLACED) <= {*conformance.TESTS, *conformance.named()}


@pytest.mark.parametrize(("item", "module", "function"), list(conformance.tests()))
def test_the_named_test_is_there(item: str, module: str, function: str) -> None:
    path = conformance.ROOT.joinpath(*module.split(".")).with_suffix(".py")
    assert function in conformance.functions(path), f"{item} names a test that does not exist"

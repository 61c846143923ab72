"""No item of the checklist is forgotten, and every test that shows one is there."""

from __future__ import annotations

from tests.engine import conformance


def test_every_item_has_a_test() -> None:
    assert conformance.missing() == []


def test_no_item_is_listed_twice() -> None:
    assert len(set(conformance.EVERY)) == len(conformance.EVERY) == 508


def test_every_number_that_a_test_names_was_given() -> None:
    assert {*conformance.named(), *conformance.TESTS} <= set(conformance.EVERY)


def test_the_table_holds_what_names_do_not_tell() -> None:
    assert not set(conformance.TESTS) & set(conformance.named())


def test_each_replacement_says_what_holds_instead_and_has_a_test() -> None:
    assert all(conformance.REPLACED.values())
    assert all(conformance.tests(item) for item in conformance.REPLACED)


def test_every_test_of_the_table_is_there() -> None:
    assert [test for test in conformance.TESTS.values() if not conformance.there(test)] == []


def test_a_test_that_is_gone_is_noticed() -> None:
    here = "tests.engine.test_conformance::test_a_test_that_is_gone"
    assert conformance.there(f"{here}_is_noticed")
    assert not conformance.there(here)
    assert not conformance.there("tests.engine.test_nothing::test_nothing")

"""How SQLite answers: few queries, and no walk over everybody where an index names the few who fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from rusvel_tui.engine import search
from rusvel_tui.engine.gtm.crm.people import contact_list
from rusvel_tui.engine.models.base import database
from tests.factories import Desk

_ASIDE = re.compile(r"^(BEGIN|COMMIT|PRAGMA|--)|_config'|\"setting\"|FROM \"session\"")
"""The transaction, what FTS5 does by itself, and the look-up of the session."""


@contextmanager
def watched(desk: Desk) -> Iterator[list[str]]:
    """Every statement that SQLite is given meanwhile, its values in place."""
    statements: list[str] = []
    with desk.engine.connected() as connection:
        connection.set_trace_callback(statements.append)
        try:
            yield statements
        finally:
            connection.set_trace_callback(None)


def plans(desk: Desk, name: str, **asked: Any) -> list[str]:
    """The steps of the plans of all queries of an operation that read contacts."""
    with watched(desk) as statements:
        desk.call(name, **asked)
    steps = []
    with desk.engine.connected():
        for sql in statements:
            if "contact c" in sql and sql.lstrip().upper().startswith(("SELECT", "WITH")):
                rows = database.execute_sql(f"EXPLAIN QUERY PLAN {sql}").fetchall()
                steps += [detail for *_, detail in rows]
    return steps


def walks(steps: list[str]) -> list[str]:
    """Steps that read all contacts, or all of this session."""
    return [
        step
        for step in steps
        if step.startswith("SCAN c") or ("SEARCH c USING" in step and "(session_id=?" in step)
    ]


@pytest.fixture
def many(desk: Desk) -> Desk:
    """Enough people that the planner's guesses would matter if it had statistics; it has none."""
    for number in range(40):
        desk.contact(
            f"Person {number}", company=f"Firm {number % 4}", tags="vip" if number == 7 else ""
        )
    return desk


@pytest.mark.parametrize(
    "asked",
    [
        {"query": "person 17"},
        {"query": "7"},
        {"filter": "tag:vip"},
        {"filter": "company:firm name:17"},
        {"filter": "email=grace3@example.com"},
        {"filter": "tag:vip -name:zz", "query": "per"},
        {"filter": "name:17 OR name:18"},
    ],
    ids=str,
)
def test_q_090_a_narrow_search_looks_at_nobody_else(many: Desk, asked: dict[str, str]) -> None:
    """Q-090: the index proposes, and only what it proposes is read."""
    for name in ("gtm.crm.contact_rows", "gtm.crm.count_contacts", "gtm.crm.contact_ids"):
        steps = plans(many, name, **asked)
        assert steps
        assert walks(steps) == []
        assert [
            s for s in steps if "name_search VIRTUAL TABLE" in s and not s.startswith("SCAN")
        ] == []
        assert any(s.startswith("SCAN name_search VIRTUAL TABLE") for s in steps)


def test_a_search_over_everything_reads_what_is_proposed(many: Desk) -> None:
    steps = plans(many, "gtm.crm.search", query="person 17")
    assert walks(steps) == []
    assert not any(step.startswith("SCAN s") for step in steps)


def test_the_whole_list_comes_from_its_index(many: Desk) -> None:
    """Ids are read from the order alone; rows only of the window."""
    steps = plans(many, "gtm.crm.contact_rows", first=10, count=5, total=40)
    orders = [step for step in steps if "contact_order" in step]
    assert orders
    assert all("COVERING INDEX contact_order" in step for step in orders)
    assert not any("TEMP B-TREE" in step for step in steps if "contact_order" in step)


def test_a_broad_search_reads_the_order_alone(many: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index of the order holds the words too."""
    monkeypatch.setattr(search, "FEW", 3)
    for name in ("gtm.crm.contact_rows", "gtm.crm.count_contacts", "gtm.crm.contact_ids"):
        steps = [step for step in plans(many, name, query="person") if "contact_order" in step]
        assert steps
        assert all("COVERING INDEX contact_order" in step for step in steps)


@pytest.mark.parametrize(("asked", "reads"), [("no:phone", False), ("name:39", True)])
def test_a_filter_looks_at_the_beginning_of_the_list_first(
    many: Desk, monkeypatch: pytest.MonkeyPatch, asked: str, reads: bool
) -> None:
    monkeypatch.setattr(search, "FEW", 0)
    monkeypatch.setattr(contact_list, "WALK", 30)
    with watched(many) as statements:
        many.call("gtm.crm.contact_rows", filter=asked, count=10)
    assert any("+c.session_id" in sql for sql in statements) is reads


@pytest.mark.parametrize(
    ("name", "asked", "most"),
    [
        ("gtm.crm.contact_rows", {"query": "person"}, 3),
        ("gtm.crm.contact_rows", {"query": "person 1"}, 5),
        ("gtm.crm.contact_rows", {"first": 10, "total": 40}, 2),
        ("gtm.crm.count_contacts", {"filter": "tag:vip"}, 3),
        ("gtm.crm.search", {"query": "person", "limit": 200}, 8),
        ("gtm.crm.complete_filter", {"text": "tag:v"}, 2),
        ("gtm.crm.complete_filter", {"text": "company:f"}, 2),
        ("gtm.views.list", {}, 2),
    ],
    ids=str,
)
def test_the_number_of_queries_does_not_grow(
    many: Desk, name: str, asked: dict[str, Any], most: int
) -> None:
    """The session and the transaction aside."""
    counts = []
    for _ in range(2):
        with watched(many) as statements:
            many.call(name, **asked)
        own = [sql for sql in statements if not _ASIDE.search(sql)]
        counts.append(len(own))
        for number in range(20):
            many.contact(f"Person 1{number}", tags="v1")
    assert counts[0] == counts[1] <= most

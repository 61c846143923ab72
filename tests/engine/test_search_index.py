"""The search index: whatever writes the tables is found, and it only speeds up what a walk would find too."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine import db, search
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.crm.people import contact_list
from rusvel_tui.engine.migrations import MIGRATIONS
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.search import narrow, text_query
from tests.factories import START, Desk, query

MADE = "2026-01-01T09:00:00.000Z"
NAMES = (
    "ada lovelace",
    "zoe",
    "田中太郎",
    "o'brien",
    'say "hi"',
    "x",
    "a.b@c.example",
    "50%_\\",
    "ada ada",
    "ab",
)


def add(connection: Any, number: int, text: str) -> None:
    """A contact by raw SQL, as another program would."""
    connection.execute(
        "INSERT INTO contact (id, session_id, name, first_name, last_name, sort_name, search, company, title,"
        " timezone, profile, source, tags, links, fields, notes, metadata, version, created_at, updated_at)"
        " VALUES (?, ?, ?, '', '', ?, ?, '', '', '', '', '', '[]', '[]', '{}', '', '{}', 1, ?, ?)",
        (f"c{number:04}", _session(connection), text, text, text, MADE, MADE),
    )  # fmt: skip


def _session(connection: Any) -> str:
    return str(connection.execute("SELECT id FROM session").fetchone()[0])


@pytest.fixture
def raw(desk: Desk) -> Iterator[sqlite3.Connection]:
    """The file of a desk, opened past the engine."""
    with closing(sqlite3.connect(desk.engine.path, isolation_level=None)) as connection:
        yield connection


def found(desk: Desk, words: str) -> list[str]:
    return [row.id for row in desk.call("gtm.crm.contact_rows", query=words, count=1000).rows]


def test_what_another_program_writes_is_found(desk: Desk, raw: sqlite3.Connection) -> None:
    add(raw, 1, "ada lovelace")
    add(raw, 2, "grace hopper")
    assert found(desk, "lovel") == ["c0001"]
    raw.execute("UPDATE contact SET search = 'charles babbage' WHERE id = 'c0001'")
    assert found(desk, "lovel") == []
    assert found(desk, "abbag") == ["c0001"]
    raw.execute("UPDATE contact SET name = 'x' WHERE id = 'c0001'")
    assert found(desk, "abbag") == ["c0001"]
    raw.execute("DELETE FROM contact WHERE id = 'c0001'")
    assert found(desk, "abbag") == []
    assert query(desk, "SELECT count(*) FROM search_doc") == [(1,)]
    raw.execute("INSERT INTO name_search (name_search) VALUES ('integrity-check')")


def test_a_change_that_is_rolled_back_leaves_no_trace(desk: Desk, raw: sqlite3.Connection) -> None:
    raw.execute("BEGIN")
    add(raw, 1, "ada lovelace")
    raw.execute("ROLLBACK")
    assert query(desk, "SELECT count(*) FROM name_search WHERE name_search MATCH 'ada'") == [(0,)]


def test_a_copy_is_searched_like_the_original(desk: Desk, tmp_path: Path) -> None:
    """VACUUM may give rows other hidden numbers; documents keep theirs."""
    for number in range(20):
        desk.contact(f"Person {number}")
    query(desk, "DELETE FROM contact_email")
    query(desk, "DELETE FROM employment")
    query(desk, "DELETE FROM contact WHERE name < 'Person 15'")
    wanted = found(desk, "person 19")
    desk.engine.backup(tmp_path / "copy.db")
    desk.engine.close()
    copy = Engine(tmp_path / "copy.db", clock=FixedClock(START))
    assert found(Desk(copy, desk.mailer, desk.drafter), "person 19") == wanted != []
    copy.close()


def test_an_older_file_is_indexed_when_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"
    with monkeypatch.context() as patch:
        patch.setattr(db, "MIGRATIONS", MIGRATIONS[:2])
        patch.setattr(db, "LATEST", 2)
        db.Database(path).close()
    with closing(sqlite3.connect(path)) as connection:
        session = ("s", "acme", "EUR", "UTC", "", "", "{}", 1, MADE, MADE)
        connection.execute(f"INSERT INTO session VALUES ({','.join('?' * 10)})", session)
        connection.execute("INSERT INTO setting VALUES ('', 'session.active', '\"s\"')")
        add(connection, 1, "ada lovelace")
        connection.execute("UPDATE contact SET notes = 'likes looms'")
        connection.execute(
            "INSERT INTO company VALUES ('o1', 's', 'Acme', 'acme', '', '', '', '', '[]', '[]', '{}', '', '', '{}', 1, ?, ?, NULL)",
            (MADE, MADE),
        )
        connection.execute(
            "INSERT INTO activity (id, session_id, kind, status, subject, body, contact_id, at, outcome, metadata,"
            " version, created_at, updated_at) VALUES ('a1', 's', 'note', 'done', '', 'spindles too', 'c0001', ?, '', '{}', 1, ?, ?)",
            (MADE, MADE, MADE),
        )
        connection.commit()
    engine = Engine(path, clock=FixedClock(START))
    hits = {
        words: [
            hit["id"]
            for hit in engine.call("gtm.crm.search", {"query": words}).model_dump()["items"]
        ]
        for words in ("lovel", "acme", "looms", "spindles")
    }
    assert hits == {"lovel": ["c0001"], "acme": ["o1"], "looms": ["c0001"], "spindles": ["a1"]}
    engine.close()


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(
    st.lists(st.sampled_from(NAMES) | st.text("ab日 #", min_size=1, max_size=8), min_size=1, max_size=6),
    st.sampled_from(("a", "ab", "ada", "x", "太郎", "日", "a b", "lovelace", '"', "%", "#", "50%_\\", "e", "zzz")),
)  # fmt: skip
def test_the_index_proposes_every_row_that_fits(
    desk: Desk, raw: sqlite3.Connection, names: list[str], words: str
) -> None:
    """Any part of the text, down to one letter of any script."""
    raw.execute("DELETE FROM contact")
    for number, name in enumerate(names):
        add(raw, number, name)
    with desk.engine.connected():
        proposed = narrow(words)
        assert proposed is not None
        rows = database.execute_sql(
            "SELECT s.item_id FROM name_search JOIN search_doc s ON s.number = name_search.rowid WHERE name_search MATCH ?",
            (proposed,),
        ).fetchall()
    fitting = {f"c{number:04}" for number, name in enumerate(names) if words in name}
    assert fitting <= {item_id for (item_id,) in rows}
    if " " not in words:
        assert set(found(desk, words)) == fitting


def test_too_many_are_not_proposed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        desk.contact(f"Grace {number}", company="")
    monkeypatch.setattr(search, "FEW", 4)
    with desk.engine.connected():
        assert narrow("grace") is None
        assert narrow("grace 3") is not None
        assert narrow("g") is None
        assert narrow("q") is not None


WAYS = ((3000, 5000), (0, 5000), (0, 7), (0, 1), (2, 1))
"""How few are sorted, and how many are walked: each way must answer the same."""


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_way_to_a_window_gives_the_same_rows(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, way: tuple[int, int]
) -> None:
    dice = random.Random(5)  # noqa: S311 - a test that can be repeated
    people = [
        desk.contact(f"{dice.choice(('Ada', 'Bo'))} {n:02}", tags="vip" * (n % 3 == 0))
        for n in range(30)
    ]
    monkeypatch.setattr(search, "FEW", way[0])
    monkeypatch.setattr(contact_list, "WALK", way[1])
    for asked in (
        {"query": "ada"},
        {"filter": "tag:vip"},
        {"query": "bo", "filter": "-tag:vip"},
        {"filter": "no:tag OR ada"},
        {},
        {"query": "nobody"},
    ):
        every = list(desk.call("gtm.crm.contact_ids", **asked).ids)
        count = desk.call("gtm.crm.count_contacts", **asked).total
        assert count == len(every)
        for first in range(0, 33, 4):
            window = desk.call("gtm.crm.contact_rows", first=first, count=4, **asked)
            assert [row.id for row in window.rows] == every[first : first + 4]
            assert window.total == count if window.exact else first + 4 < window.total <= count
        for person in people[::7]:
            at = desk.call("gtm.crm.contact_rows", place_of=person.contact_id, **asked).at
            if person.contact_id in every:
                assert at == every.index(person.contact_id)


@pytest.mark.parametrize(
    ("words", "made"),
    [
        (["ada"], '"ada" *'),
        (["ada", "o'brien"], '"ada" * AND "o\'brien" *'),
        (['say"hi'], '"say""hi" *'),
        (["NEAR"], '"NEAR" *'),
        (["太郎"], None),
        (["ada", "++"], None),
        (["😀"], None),
        ([], None),
    ],
)
def test_words_become_a_query_that_means_only_words(words: list[str], made: str | None) -> None:
    assert text_query(words) == made

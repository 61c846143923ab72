"""Growth over a million events and a million readings, against the same aggregates by hand in sqlite3."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.data import NOW, open_engine
from benchmarks.lines import Line, milliseconds, ratio
from rusvel_tui.engine.growth.periods import micros

EVENTS, READINGS, KPIS = 1_000_000, 1_000_000, 20
PEOPLE = 150_000
DAY = 86_400_000_000
ROUNDS = 3
STEPS = ("signed up", "activated", "paid")
FUNNEL = {"steps": STEPS, "window": "14d"}
RETENTION = {"start_event": "signed up", "return_event": "login", "period": "week", "periods": 12}

FUNNEL_BY_HAND = """
WITH a AS MATERIALIZED (SELECT s.actor_id, s.at AS t1, (SELECT min(e.at) FROM growth_event e WHERE e.name_id = 2
  AND e.actor_id = s.actor_id AND e.at >= s.at AND e.at <= s.at + 14 * 86400000000) AS t2
  FROM growth_event s WHERE s.name_id = 1),
b AS MATERIALIZED (SELECT a.*, (SELECT min(e.at) FROM growth_event e WHERE e.name_id = 3 AND e.actor_id = a.actor_id
  AND e.at >= a.t2 AND e.at <= a.t1 + 14 * 86400000000) AS t3 FROM a),
best AS (SELECT actor_id, max((t2 IS NOT NULL) + (t3 IS NOT NULL)) AS reach, avg(t2 - t1) AS first, avg(t3 - t2) AS second
  FROM b GROUP BY actor_id)
SELECT count(*), sum(reach >= 1), sum(reach >= 2), avg(first), avg(second) FROM best
"""
RETENTION_BY_HAND = """
WITH seen AS MATERIALIZED (SELECT DISTINCT actor_id, (at - :first) / (7 * 86400000000) AS week FROM growth_event
  WHERE name_id = 4 AND at >= :first),
pairs AS MATERIALIZED (SELECT s.week, ((SELECT min(b.at) FROM growth_event b WHERE b.name_id = 1
  AND b.actor_id = s.actor_id) - :first) / (7 * 86400000000) AS cohort FROM seen s)
SELECT cohort, week, count(*) FROM pairs WHERE cohort >= 0 AND week >= cohort GROUP BY 1, 2
"""
DASHBOARD_BY_HAND = """
SELECT kpi_id, count(*), max(at), (SELECT value FROM kpi_reading l WHERE l.kpi_id = r.kpi_id ORDER BY at DESC LIMIT 1)
FROM kpi_reading r GROUP BY kpi_id
"""


def lines(folder: Path) -> Iterator[Line]:
    """Goal 10."""
    path = filled(folder)
    engine = open_engine(path)
    week = 7 * DAY
    first = micros(NOW) - micros(NOW) % week - 11 * week
    with closing(sqlite3.connect(path)) as floor, engine.connected():
        by_hand: dict[str, Callable[[], object]] = {
            "funnel": lambda: floor.execute(FUNNEL_BY_HAND).fetchall(),
            "retention": lambda: floor.execute(RETENTION_BY_HAND, {"first": first}).fetchall(),
        }
        by_hand["dashboard"] = lambda: (
            floor.execute(DASHBOARD_BY_HAND).fetchall(), by_hand["funnel"]()
        )  # fmt: skip
        ours: dict[str, Callable[[], object]] = {
            "funnel": lambda: engine.call("growth.funnel.analyze", FUNNEL),
            "retention": lambda: engine.call("growth.cohort.retention", RETENTION),
            "dashboard": lambda: engine.call("growth.dashboard", {}),
        }
        for what, work in ours.items():
            taken, least = (milliseconds(one, ROUNDS) for one in (work, by_hand[what]))
            yield ratio(10, f"{what} of {EVENTS:,} / by hand in sqlite3", taken, least, 2)
    engine.close()


def filled(folder: Path) -> Path:
    """A database with the events of a year, and twenty KPIs with fifty thousand readings each."""
    path = folder / "growth.db"
    engine = open_engine(path)
    engine.call("session.create", {"name": "bench", "currency": "EUR", "timezone": "UTC"})
    for name in (*STEPS, "login"):  # one after the other: their numbers are 1 to 4
        one = {"timestamp": NOW.isoformat(), "actor": "0", "event": name}
        engine.call("growth.events.record", {"events": [one]})
    for number in range(KPIS):
        engine.call("growth.kpi.record_kpi", {"name": f"kpi {number}", "value": number})
    engine.call("growth.funnel.create", {"name": "Way", **FUNNEL})
    engine.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        _fill_events(connection)
        _fill_readings(connection)
    return path


def _fill_events(connection: sqlite3.Connection) -> None:
    chance = random.Random(7)  # noqa: S311 - sample data
    (session,) = connection.execute("SELECT id FROM session").fetchone()
    connection.executemany(
        "INSERT INTO growth_actor (id, session_id, name) VALUES (?, ?, ?)",
        ((number, session, f"c{number}") for number in range(2, PEOPLE + 2)),
    )
    start = micros(NOW) - 365 * DAY
    connection.executemany(
        "INSERT OR IGNORE INTO growth_event (name_id, actor_id, at, batch_id) VALUES (?, ?, ?, 1)",
        sorted(_events(chance, start)),
    )


def _events(chance: random.Random, start: int) -> Iterator[tuple[int, int, int]]:
    """Everybody signs up; half get on, a fifth pay, and many come back."""
    for actor in range(2, PEOPLE + 2):
        at = start + chance.randrange(360 * DAY)
        yield 1, actor, at
        if chance.random() < 0.5:
            yield 2, actor, at + chance.randrange(10 * DAY)
        if chance.random() < 0.3:
            yield 3, actor, at + chance.randrange(20 * DAY)
        for _ in range(chance.randrange(10)):
            yield 4, actor, at + chance.randrange(60 * DAY)


def _fill_readings(connection: sqlite3.Connection) -> None:
    connection.execute(
        """INSERT INTO kpi_reading (id, session_id, kpi_id, at, value, note, source, version, created_at)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
        SELECT hex(randomblob(16)), k.session_id, k.id, strftime('%Y-%m-%dT%H:%M:%S.000Z', 1500000000 + n.i * 3600, 'unixepoch'),
          n.i % 977, '', '', 1, k.created_at FROM kpi k, n""",
        (READINGS // KPIS,),
    )

"""A simulated year: two thousand people in five sequences, and everything that happens to them."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from rusvel_tui.engine.gtm.outreach.enrolling.ends import End
from rusvel_tui.engine.gtm.outreach.mails import gate
from rusvel_tui.engine.ports import Brief
from tests.engine.year import Year, repeated
from tests.factories import Desk, query

BRIEF = Brief("", 1, 1, "", "", "", {})
DAYS = 365
PEOPLE = 2000


def mail(key: str, days: int = 0, **more: Any) -> dict[str, Any]:
    return {"key": key, "channel": "email", "subject": f"{key} word 0", "body": "text", "delay_days": days, **more}  # fmt: skip


def call(key: str, days: int = 0, **more: Any) -> dict[str, Any]:
    return {"key": key, "type": "CALL", "delay_days": days, **more}


NO_ANSWER = {"when": "outcome is no answer or busy", "goto": "ring"}
SEQUENCES: dict[str, list[dict[str, Any]]] = {
    "one mail": [mail("hello", variants=[{"body": "a"}, {"body": "b"}])],
    "two mails": [mail("first"), mail("second", 3)],
    "calls": [call("ring", 1, delay_unit="working_days", branches=[NO_ANSWER]), mail("after", 2)],
    "by hand": [
        {"key": "connect", "type": "TASK", "channel": "linkedin"},
        mail("vip", 1, when=["tag is vip"]),
    ],
    "paths": [
        mail("open", branches=[{"when": "reply is positive", "goto": "talk"}]),
        mail("again", 5, branches=[{"when": "bounce is yes", "goto": "talk"}]),
        call("talk", 2),
    ],
}
SHARES = (12, 3, 1, 2, 1)
"""How often each is begun: the longer, the rarer."""
PLAIN = ("one mail", "two mails")
"""Sequences without branches and conditions."""


@pytest.fixture
def year(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Year:
    """Two thousand people, and a drafter that is told nothing: what it is told has tests of its own."""
    monkeypatch.setattr(gate, "brief_for", lambda ctx, mail: BRIEF)
    sequences = [desk.sequence(*steps, name=name).sequence_id for name, steps in SEQUENCES.items()]
    people = "INSERT INTO contact (id, session_id, name, first_name, last_name, sort_name, search, company, title, timezone, profile, source, tags, links, fields, notes, metadata, version, created_at, updated_at)"  # fmt: skip
    session = query(desk, "SELECT id FROM session")[0][0]
    with desk.engine.connected() as connection:
        connection.execute("BEGIN")
        for n in range(PEOPLE):
            tags = '["vip"]' if n % 3 == 0 else "[]"
            row = (f"c{n:05}", session, f"Person {n}", tags)
            connection.execute(
                f"{people} VALUES (?, ?, ?, '', '', '', '', '', '', '', '', '', ?, '[]', '{{}}', '', '{{}}', 1, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')",
                row,
            )
            connection.execute(
                "INSERT INTO contact_email (id, session_id, contact_id, address, key, position) VALUES (?, ?, ?, ?, ?, 0)",
                (f"e{n:05}", session, f"c{n:05}", f"p{n}@example.com", f"p{n}@example.com"),
            )
        connection.execute("COMMIT")
    chance = random.Random(7)  # noqa: S311 - the course of a year, not a secret
    ids = [f"c{n:05}" for n in range(PEOPLE)]
    chance.shuffle(ids)
    return Year(desk.engine, chance, ids, sequences, SHARES)


LIVE = "('queued', 'running', 'awaiting_approval')"


def in_order(desk: Desk) -> None:
    """At any time: one live step for everybody under way, none for anybody else, unless a mail waits for a person."""
    live = dict(
        query(
            desk,
            f"SELECT json_extract(payload, '$.sequence_run_id'), count(*) FROM job WHERE state IN {LIVE} GROUP BY 1",
        )
    )
    assert {who: count for who, count in live.items() if count > 1} == {}
    running = {
        who
        for (who,) in query(desk, "SELECT id FROM enrollment WHERE status IN ('active', 'paused')")
    }
    doubts = {
        who
        for (who,) in query(
            desk, "SELECT enrollment_id FROM mail WHERE state IN ('in_doubt', 'dead')"
        )
    }
    assert running - set(live) - doubts == set()
    assert set(live) - running == set()


@pytest.mark.slow
def test_t_108_q_064_a_year_with_everything_that_can_happen(desk: Desk, year: Year) -> None:
    """T-108, Q-064: no step twice, no step lost, nobody stuck, every end has a reason, no text of another step."""
    with desk.engine.connected():
        for day in range(DAYS):
            year.day()
            if day % 60 == 0:
                in_order(desk)
        in_order(desk)
        quiet(desk, year)
    assert repeated(year.taken) == []
    assert [one for one in year.taken if one.text.split()[0] != one.step_key] == []
    ends = query(desk, "SELECT status, reason, ended_at IS NOT NULL FROM enrollment")
    assert {(status, ended) for status, _, ended in ends} == {("completed", 1), ("cancelled", 1)}
    assert {reason for _, reason, _ in ends} <= {end.value for end in End}
    assert len(ends) >= PEOPLE * 0.9
    assert query(desk, f"SELECT count(*) FROM job WHERE state IN {LIVE}") == [(0,)]
    sent = {one for (one,) in query(desk, "SELECT id FROM mail WHERE state IN ('sent', 'dead')")}
    assert sent == {one.mail_id for one in year.taken}
    whole_ways(desk, year)
    for what in ("vanished before", "vanished after", "refused", "replied", "bounced", "edit", "moved",
                 "pause_people", "skip_step", "jump_to_step", "cancel_people", "paused itself"):  # fmt: skip
        assert year.seen[what] > 0, year.seen


def quiet(desk: Desk, year: Year) -> None:
    """No more accidents: everybody comes to an end."""
    paused = [one for (one,) in query(desk, "SELECT id FROM enrollment WHERE status = 'paused'")]
    if paused:
        desk.call("gtm.outreach.resume_people", enrollment_ids=paused)
    for _ in range(40):
        year.day(quiet=True)


def whole_ways(desk: Desk, year: Year) -> None:
    """Whoever went all the way untouched got every step of their version once, in order."""
    rows = query(
        desk,
        """SELECT e.id, e.version_id, j.payload ->> 'step_key' FROM enrollment e JOIN sequence s ON s.id = e.sequence_id
           JOIN job j ON j.payload ->> 'sequence_run_id' = e.id AND j.state = 'succeeded'
           WHERE e.reason = 'finished' AND s.name IN (?, ?) ORDER BY e.id, j.id""",
        *PLAIN,
    )
    done: dict[tuple[str, str], list[str]] = {}
    for who, version, key in rows:
        done.setdefault((who, version), []).append(key)
    keys: dict[str, list[str]] = {}
    for version, key in query(
        desk, "SELECT version_id, key FROM step ORDER BY version_id, position"
    ):
        keys.setdefault(version, []).append(key)
    untouched = {pair: had for pair, had in done.items() if pair[0] not in year.touched}
    assert len(untouched) > PEOPLE / 4
    assert {who: had for (who, version), had in untouched.items() if had != keys[version]} == {}
    assert Counter(map(len, untouched.values())).total() == len(untouched)

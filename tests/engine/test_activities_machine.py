"""Any sequence of changes to activities is taken back to the beginning, and made again to the end."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.errors import EngineError, NotFound
from tests.engine.test_activities import rows
from tests.factories import Desk, query

STEPS = st.lists(
    st.tuples(
        st.sampled_from(("note", "call", "meeting", "task", "done", "reopen", "later", "edit", "move", "delete")),
        st.integers(0, 5),
        st.sampled_from(("", "x", "no answer", "tomorrow", "in 3 days", "yesterday 9:00")),
    ),
    max_size=14,
)  # fmt: skip


class Changes:
    """Two people, a deal, and what is written down about them."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.people = [desk.contact().contact_id for _ in range(2)]
        deal = desk.call("gtm.crm.add_deal", contact_id=self.people[0], title="Looms")
        self.deal_id = deal.deal_id
        self.made: list[str] = []
        self.count = 0

    def change(self, what: str, number: int, word: str) -> None:
        """One change, counted when it was made; what makes no sense is refused."""
        self.desk.later(minutes=1)
        before = self.events()
        with suppress(EngineError):
            getattr(self, what)(number, word)
        recorded = self.events() - before
        assert recorded in (0, 1), what
        self.count += recorded

    def events(self) -> int:
        return int(query(self.desk, "SELECT count(*) FROM event WHERE undo IS NOT NULL")[0][0])

    def note(self, number: int, word: str) -> None:
        self._add("add_note", body=word, contact_id=self.people[number % 2])

    def call(self, number: int, word: str) -> None:
        self._add(
            "log_call", contact_id=self.people[0], outcome=word or "reached", next=word or None
        )

    def meeting(self, number: int, word: str) -> None:
        self._add("log_meeting", subject="Demo", deal_id=self.deal_id, at=word or "now")

    def task(self, number: int, word: str) -> None:
        self._add(
            "add_task", subject="Write", due_at=word or "fri", contact_id=self.people[number % 2]
        )

    def done(self, number: int, word: str) -> None:
        self._on("complete_task", number, outcome=word, next=word or None)

    def reopen(self, number: int, word: str) -> None:
        self._on("reopen_task", number)

    def later(self, number: int, word: str) -> None:
        self._on("snooze_task", number, until=word or "tomorrow")

    def edit(self, number: int, word: str) -> None:
        self._on(
            "update_activity", number, subject=word or None, body=word, duration_minutes=number
        )

    def move(self, number: int, word: str) -> None:
        self._on(
            "update_activity",
            number,
            contact_id=self.people[number % 2],
            deal_id=self.deal_id if word else "",
        )

    def delete(self, number: int, word: str) -> None:
        self._on("delete_activity", number)

    def _add(self, name: str, **values: Any) -> None:
        made = self.desk.call(f"gtm.crm.{name}", **values)
        self.made += [made.activity_id]
        if follow_up := getattr(made, "follow_up", None):
            self.made += [follow_up.activity_id]

    def _on(self, name: str, number: int, **values: Any) -> None:
        if not self.made:
            raise NotFound("nothing was written down yet")
        chosen = self.made[number % len(self.made)]
        self.desk.call(f"gtm.crm.{name}", activity_id=chosen, **values)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_undoing_everything_gives_the_start_and_redoing_the_end(
    desk: Desk, steps: list[tuple[str, int, str]]
) -> None:
    """One undo for each change, also for one that touched two rows; the timeline agrees at every turn."""
    desk.call("session.create", name=f"s{desk.later(minutes=1).timestamp()}")
    changes = Changes(desk)
    states = [rows(desk)]
    for step in steps:
        counted = changes.count
        changes.change(*step)
        if changes.count > counted:
            states.append(rows(desk))
    for state in reversed(states[:-1]):
        desk.call("undo")
        assert rows(desk) == state
    for state in states[1:]:
        desk.call("redo")
        assert rows(desk) == state
    told = {e.id for who in changes.people for e in desk.call("gtm.crm.timeline", contact_id=who, limit=1000,
            kinds="note,call,meeting,task").items}  # fmt: skip
    here = {row[0] for row in rows(desk) if row[10] in changes.people}
    assert told == here

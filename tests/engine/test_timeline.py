"""The timeline: one feed from all sources, in one order, in pages without gaps."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.errors import EngineError, InvalidInput, NotFound
from rusvel_tui.engine.gtm.crm.timeline.timeline import _select
from rusvel_tui.engine.gtm.crm.timeline.timeline_entries import EntryKind
from rusvel_tui.engine.gtm.crm.timeline.timeline_sources import SOURCES
from tests.factories import HELLO, START, Desk, query, statements


def feed(desk: Desk, **which: Any) -> list[Any]:
    return list(desk.call("gtm.crm.timeline", limit=1000, **which).items)


def titles(desk: Desk, **which: Any) -> list[str]:
    return [entry.title for entry in feed(desk, **which)]


def paged(desk: Desk, size: int, **which: Any) -> list[str]:
    """The ids, read page by page."""
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = desk.call("gtm.crm.timeline", limit=size, cursor=cursor, **which)
        assert len(page.items) <= size
        seen += [entry.id for entry in page.items]
        cursor = page.next
        if cursor is None:
            return seen


@pytest.mark.parametrize("wrong", [{}, {"contact_id": "x", "deal_id": "y"}])
def test_it_is_about_one_thing(desk: Desk, wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidInput, match="a contact, a deal or a company"):
        desk.call("gtm.crm.timeline", **wrong)


@pytest.mark.parametrize("name", ["contact_id", "deal_id", "company_id"])
def test_it_is_about_something_of_this_session(desk: Desk, name: str) -> None:
    person = desk.contact(company="Acme")
    deal = desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title="Looms")
    ids = {
        "contact_id": person.contact_id,
        "deal_id": deal.deal_id,
        "company_id": person.company_id,
    }
    desk.call("session.create", name="other")
    for wrong in (ids[name], "nope"):
        with pytest.raises(NotFound):
            desk.call("gtm.crm.timeline", **{name: wrong})


def test_every_kind_has_one_source(desk: Desk) -> None:
    kinds = [kind for source in SOURCES for kind in source.kinds]
    assert set(kinds) == set(EntryKind)


def test_q_094_t_082_everything_is_one_feed(desk: Desk) -> None:
    """Mail, calls, notes, meetings, tasks, stage moves, enrollments, employers and merges, newest first."""
    person = desk.contact("Grace", company="Acme")
    whose = {"contact_id": person.contact_id}
    deal = desk.call("gtm.crm.add_deal", title="Looms", **whose)

    def then(name: str, **values: Any) -> Any:
        desk.later(hours=1)
        return desk.call(name, **values)

    then("gtm.crm.add_note", body="Met at the fair\nwants two", **whose)
    then("gtm.crm.log_call", outcome="voicemail", body="left a word", **whose)
    then("gtm.crm.log_meeting", subject="Demo", outcome="held", **whose)
    then("gtm.crm.add_task", subject="Send the offer", due_at="fri", deal_id=deal.deal_id)
    then("gtm.crm.advance_deal", deal_id=deal.deal_id, stage="Qualified")
    desk.later(hours=1)
    sequence = desk.sequence(HELLO)
    [mail] = [desk.mail(desk.enrol(sequence, person, deal.deal_id).job_id)]
    desk.work()
    desk.approve(desk.mail(mail.id))
    desk.later(hours=1)
    desk.work()
    then("gtm.crm.update_contact", company="Bolt", **whose)
    seen = feed(desk, **whose)
    assert [(entry.kind.value, entry.title) for entry in seen] == [
        ("Employer", "Works at Bolt"),
        ("Employer", "Left Acme"),
        ("Enrollment", "Finished Intro"),
        ("EmailOut", "Hello"),
        ("Enrollment", "Enrolled in Intro"),
        ("StageMove", "Lead → Qualified"),
        ("Task", "Send the offer"),
        ("Meeting", "Demo"),
        ("Call", "left a word"),
        ("Note", "Met at the fair"),
        ("Employer", "Works at Acme"),
    ]
    note = next(entry for entry in seen if entry.kind == "Note")
    assert (note.detail, note.actor, note.at) == ("wants two", "user", START + timedelta(hours=1))
    task = next(entry for entry in seen if entry.kind == "Task")
    assert (task.status, task.deal, task.target.kind) == ("open", "Looms", "activity")
    assert task.due_at == START + timedelta(days=3)
    ours = [entry.title for entry in seen if entry.deal_id == deal.deal_id]
    assert titles(desk, deal_id=deal.deal_id) == ours
    assert len(ours) == 5


def test_t_085_a_note_is_on_top_at_once(desk: Desk) -> None:
    person = desk.contact()
    desk.call("gtm.crm.add_note", body="one", contact_id=person.contact_id)
    desk.call("gtm.crm.add_note", body="two", contact_id=person.contact_id)
    assert titles(desk, contact_id=person.contact_id) == ["two", "one"]


def test_kinds_can_be_chosen(desk: Desk) -> None:
    person = desk.contact(company="Acme")
    desk.call("gtm.crm.add_note", body="n", contact_id=person.contact_id)
    desk.call("gtm.crm.log_call", body="c", contact_id=person.contact_id)
    whose = {"contact_id": person.contact_id}
    assert titles(desk, kinds="note", **whose) == ["n"]
    assert titles(desk, kinds="CALL, Employer", **whose) == ["c", "Works at Acme"]
    assert titles(desk, kinds=["Merge"], **whose) == []
    with pytest.raises(InvalidInput):
        titles(desk, kinds="smoke", **whose)


def test_what_was_done_for_many_at_once_is_told_of_each(desk: Desk) -> None:
    people = [desk.contact(), desk.contact()]
    sequence = desk.sequence()
    made = desk.call(
        "gtm.outreach.enrol",
        sequence_id=sequence.sequence_id,
        contact_ids=[p.contact_id for p in people],
    )
    ids = [one.enrollment_id for one in made.people]
    desk.later(hours=1)
    desk.call("gtm.outreach.pause_people", enrollment_ids=ids, reason="holiday")
    desk.later(hours=1)
    desk.call("gtm.outreach.resume_people", enrollment_ids=ids)
    desk.later(hours=1)
    desk.call("gtm.outreach.cancel_people", enrollment_ids=ids[:1], reason="moved away")
    first, second = (feed(desk, contact_id=p.contact_id) for p in people)
    assert [e.title for e in second] == ["Resumed in Intro", "Paused in Intro", "Enrolled in Intro"]
    assert [e.title for e in first] == ["Left Intro", *(e.title for e in second)]
    assert (first[0].outcome, first[0].detail, first[0].actor) == ("manual", "moved away", "user")
    assert (first[2].detail, first[3].actor) == ("holiday", "user")
    assert {e.target.id for e in second} == {ids[1]}


def test_what_was_taken_back_is_not_told(desk: Desk) -> None:
    person = desk.contact()
    executed = desk.enrol(desk.sequence(), person)
    desk.later(hours=1)
    desk.call("gtm.outreach.pause_enrollment", enrollment_id=executed.enrollment_id)
    desk.call("undo")
    assert titles(desk, contact_id=person.contact_id) == ["Enrolled in Intro"]


def test_a_company_has_the_past_of_its_people_and_of_those_who_left_their_time(desk: Desk) -> None:
    stays, leaves = desk.contact("Stays"), desk.contact("Leaves", company="Acme")
    acme = leaves.company_id
    desk.later(hours=1)
    desk.call("gtm.crm.add_note", body="before", contact_id=stays.contact_id)
    desk.call("gtm.crm.update_contact", contact_id=stays.contact_id, company="Acme")
    deal = desk.call("gtm.crm.add_deal", contact_id=leaves.contact_id, title="Looms")
    desk.call("gtm.crm.add_note", body="there", contact_id=leaves.contact_id)
    desk.call("gtm.crm.add_note", body="of the deal", deal_id=deal.deal_id)
    desk.later(hours=1)
    desk.call("gtm.crm.update_contact", contact_id=leaves.contact_id, company="Bolt")
    desk.later(hours=1)
    desk.call("gtm.crm.add_note", body="elsewhere", contact_id=leaves.contact_id)
    seen = titles(desk, company_id=acme)
    assert [title for title in seen if title in ("elsewhere", "there", "before")] == [
        "there",
        "before",
    ]
    assert seen.count("Works at Acme") == 2
    assert seen.count("Left Acme") == 1
    assert "Works at Bolt" not in seen
    assert "elsewhere" in titles(
        desk, company_id=desk.call("gtm.crm.get_contact", contact_id=leaves.contact_id).company_id
    )


def test_a_merge_brings_both_pasts_together_and_says_so(desk: Desk) -> None:
    kept, other = desk.contact("Grace"), desk.contact("G. Hopper")
    desk.call("gtm.crm.add_note", body="a", contact_id=kept.contact_id)
    desk.call("gtm.crm.add_note", body="b", contact_id=other.contact_id)
    desk.later(hours=1)
    desk.call("gtm.crm.merge_contacts", keep_id=kept.contact_id, merge_id=other.contact_id)
    assert titles(desk, contact_id=kept.contact_id) == ["Merged with G. Hopper", "b", "a"]
    desk.call("undo")
    assert titles(desk, contact_id=kept.contact_id) == ["a"]


def test_texts_of_several_lines_keep_them_and_the_title_is_one(desk: Desk) -> None:
    person = desk.contact()
    desk.call("gtm.crm.log_call", subject="Intro", body="one\ntwo", contact_id=person.contact_id)
    [entry] = feed(desk, contact_id=person.contact_id)
    assert (entry.title, entry.detail) == ("Intro", "one\ntwo")


# ---- order and pages

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            (
                "note",
                "call",
                "task",
                "done",
                "delete",
                "undo",
                "redo",
                "enrol",
                "pause",
                "end",
                "stage",
                "company",
                "merge",
            )
        ),
        st.integers(0, 2),
    ),
    min_size=3,
    max_size=25,
)


class Story:
    """A few people with a deal each, to whom things happen, several at the same moment."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.people = [desk.contact(company="Acme") for _ in range(3)]
        self.deals = [
            desk.call("gtm.crm.add_deal", contact_id=p.contact_id, title="Looms")
            for p in self.people
        ]
        self.sequence = desk.sequence()
        self.count = 0

    def happen(self, what: str, who: int) -> None:
        """One thing; what cannot be is left out."""
        self.count += 1
        if self.count % 3 == 0:
            self.desk.later(minutes=1)
        with suppress(EngineError):
            getattr(self, what)(self.people[who], self.deals[who])

    def note(self, person: Any, deal: Any) -> None:
        self.desk.call(
            "gtm.crm.add_note", body="n", contact_id=person.contact_id, deal_id=deal.deal_id
        )

    def call(self, person: Any, deal: Any) -> None:
        self.desk.call(
            "gtm.crm.log_call", contact_id=person.contact_id, at="5 minutes ago", next="again"
        )

    def task(self, person: Any, deal: Any) -> None:
        self.desk.call("gtm.crm.add_task", subject="t", deal_id=deal.deal_id, due_at="fri")

    def done(self, person: Any, deal: Any) -> None:
        for task in self.desk.call(
            "gtm.crm.list_tasks", contact_id=person.contact_id, limit=1
        ).items:
            self.desk.call("gtm.crm.complete_task", activity_id=task.activity_id)

    def delete(self, person: Any, deal: Any) -> None:
        for entry in feed(self.desk, contact_id=person.contact_id, kinds="note,task")[:1]:
            self.desk.call("gtm.crm.delete_activity", activity_id=entry.id)

    def undo(self, person: Any, deal: Any) -> None:
        self.desk.call("undo")

    def redo(self, person: Any, deal: Any) -> None:
        self.desk.call("redo")

    def enrol(self, person: Any, deal: Any) -> None:
        self.desk.enrol(self.sequence, person, deal.deal_id)

    def pause(self, person: Any, deal: Any) -> None:
        self._turn(person, "pause_enrollment")

    def end(self, person: Any, deal: Any) -> None:
        self._turn(person, "cancel_enrollment")

    def _turn(self, person: Any, operation: str) -> None:
        rows = self.desk.call(
            "gtm.outreach.list_enrollments", contact_id=person.contact_id, limit=1
        )
        for row in rows.items:
            self.desk.call(f"gtm.outreach.{operation}", enrollment_id=row.enrollment_id)

    def stage(self, person: Any, deal: Any) -> None:
        stages = ("Lead", "Qualified", "Proposal")
        self.desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage=stages[self.count % 3])

    def company(self, person: Any, deal: Any) -> None:
        self.desk.call(
            "gtm.crm.update_contact", contact_id=person.contact_id, company=f"Bolt {self.count % 2}"
        )

    def merge(self, person: Any, deal: Any) -> None:
        other = next(p for p in self.people if p is not person)
        self.desk.call(
            "gtm.crm.merge_contacts", keep_id=person.contact_id, merge_id=other.contact_id
        )


def naive(desk: Desk, contact_id: str) -> list[str]:
    """What a contact's timeline must hold, table by table, sorted at the end."""
    deals = [
        i
        for (i,) in query(
            desk, "SELECT id FROM deal WHERE contact_id = ? AND deleted_at IS NULL", contact_id
        )
    ]
    rows: list[tuple[str, str]] = []
    for key, at, contact, deal in query(
        desk,
        "SELECT id, at, contact_id, deal_id FROM activity WHERE deleted_at IS NULL AND status <> 'cancelled'",
    ):
        if contact == contact_id or deal in deals:
            rows.append((at, key))
    rows += [
        (at, key)
        for key, at, deal in query(desk, "SELECT id, at, deal_id FROM stage_move")
        if deal in deals
    ]
    enrollments = []
    for key, contact, deal, begun, ended in query(
        desk, "SELECT id, contact_id, deal_id, created_at, ended_at FROM enrollment"
    ):
        if contact == contact_id or deal in deals:
            enrollments.append(key)
            rows += [(begun, f"{key}+")] + ([(ended, f"end {key}")] if ended else [])
    for number, at, subject in query(
        desk,
        "SELECT id, at, subject_id FROM event WHERE undone_by IS NULL AND undo_of IS NULL"
        " AND kind IN ('gtm.outreach.updated', 'gtm.outreach.moved', 'gtm.outreach.skipped')",
    ):
        rows += [(at, f"e{number:018} {key}") for key in enrollments if key == subject]
    for key, begun, ended in query(
        desk, "SELECT id, started_at, ended_at FROM employment WHERE contact_id = ?", contact_id
    ):
        rows += [(at, key + sign) for at, sign in ((begun, "+"), (ended, "-")) if at]
    rows += [
        (at, key)
        for key, at in query(
            desk,
            "SELECT id, created_at FROM contact_merge WHERE kept_id = ? AND undone_at IS NULL",
            contact_id,
        )
    ]
    return [key for _, key in sorted(rows, reverse=True)]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS, data=st.data())
def test_q_094_the_order_is_total_and_pages_of_any_size_give_it_once(
    desk: Desk, steps: list[tuple[str, int]], data: st.DataObject
) -> None:
    """Against a sort of everything: nothing twice, nothing missing, whatever the size of the page."""
    desk.call("session.create", name=f"s{desk.later(minutes=1).timestamp()}")
    story = Story(desk)
    for what, who in steps:
        story.happen(what, who)
    size = data.draw(st.integers(1, 7))
    for person in story.people:
        which = {"contact_id": person.contact_id}
        try:
            whole = [entry.id for entry in feed(desk, **which)]
        except NotFound:  # merged into another
            continue
        assert whole == naive(desk, person.contact_id)
        assert len(set(whole)) == len(whole)
        assert paged(desk, size, **which) == whole
    about: Any
    for about in ({"deal_id": story.deals[0].deal_id}, {"company_id": story.people[0].company_id}):
        whole = [entry.id for entry in feed(desk, **about)]
        assert len(set(whole)) == len(whole)
        assert paged(desk, size, **about) == whole
        moments = [(entry.at, entry.id) for entry in feed(desk, **about)]
        assert moments == sorted(moments, reverse=True)


def test_a_new_entry_between_two_pages_neither_repeats_nor_hides_an_old_one(desk: Desk) -> None:
    person = desk.contact()
    for number in range(6):
        desk.later(minutes=1)
        desk.call("gtm.crm.add_note", body=str(number), contact_id=person.contact_id)
    first = desk.call("gtm.crm.timeline", contact_id=person.contact_id, limit=3)
    desk.call("gtm.crm.add_note", body="new", contact_id=person.contact_id)
    second = desk.call("gtm.crm.timeline", contact_id=person.contact_id, limit=3, cursor=first.next)
    assert [e.title for e in (*first.items, *second.items)] == list("543210")


@pytest.mark.parametrize("whose", ["contact", "deal", "company"])
def test_q_090_no_table_is_read_whole(desk: Desk, whose: str) -> None:
    """Every source finds its rows by an index, whoever is asked about."""
    with desk.engine.connected() as connection:
        values = dict.fromkeys(("contact", "deal", "company"), "x") | {
            "at": "~",
            "last": "",
            "most": 50,
        }
        plan = connection.execute(f"EXPLAIN QUERY PLAN {_select(whose, ())}", values).fetchall()
    steps = [row[3] for row in plan]
    assert any("SEARCH x USING INDEX" in step for step in steps)
    tables = ("SCAN x", "SCAN e ", "SCAN d", "SCAN c", "AUTOMATIC")
    assert [step for step in steps if step.startswith(tables) or "AUTOMATIC" in step] == []


def test_a_page_costs_the_same_however_long_the_timeline_is(desk: Desk) -> None:
    person = desk.contact(company="Acme")
    deal = desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title="Looms")
    desk.enrol(desk.sequence(), person)

    def more(count: int) -> None:
        for number in range(count):
            desk.later(minutes=1)
            desk.call("gtm.crm.add_note", body="n", deal_id=deal.deal_id)
            desk.call(
                "gtm.crm.advance_deal",
                deal_id=deal.deal_id,
                stage=("Qualified", "Lead")[number % 2],
            )

    def count() -> int:
        with statements(desk) as seen:
            desk.call("gtm.crm.timeline", contact_id=person.contact_id, limit=1000)
        return len(seen)

    more(2)
    few = count()
    more(20)
    assert count() == few

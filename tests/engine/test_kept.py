"""Kept statements: composed once, the same rows as Peewee finds, and by an index where it counts."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.gtm.outreach.mails import mail_states
from rusvel_tui.engine.models import Contact, Mail
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.models.kept import NEXT, any_of, change_rows, change_state, kept
from tests.factories import Desk, query, statements


@kept
def named(names: Any, after: Any) -> Any:
    """Whoever has one of these names and comes after an id."""
    which = any_of(Contact.name, names) & (Contact.id > after) & Contact.deleted_at.is_null()
    return Contact.select(Contact.id, Contact.name).where(which).order_by(Contact.id)


def test_a_kept_query_is_composed_once(desk: Desk) -> None:
    composed = []

    @kept
    def everybody(name: Any) -> Any:
        composed.append(name)
        return Contact.select(Contact.id).where(Contact.name == name)

    made = [desk.contact(name) for name in ("Ada", "Grace", "Ada")]
    with desk.engine.connected():
        assert [len(everybody(name)) for name in ("Ada", "Grace", "Nobody")] == [2, 1, 0]
    assert len(composed) == 1
    assert len(made) == 3


def test_lists_of_any_length_and_hostile_words_are_values(desk: Desk) -> None:
    names = ["Ada", "O'Hara", '"; DROP TABLE contact; --', "?"]
    ids = [desk.contact(name).contact_id for name in names]
    with desk.engine.connected():
        assert named(names, "") == list(zip(ids, names, strict=True))
        assert named([*names, *(f"nobody {n}" for n in range(40_000))], ids[1]) == list(
            zip(ids[2:], names[2:], strict=True)
        )
        assert named([], "") == []
        same = Contact.select(Contact.id, Contact.name).where(Contact.name.in_(names))
        assert named(names, "") == tuples(same.order_by(Contact.id))


def test_rows_are_changed_where_they_stand_in_one_of_the_states(desk: Desk) -> None:
    sequence = desk.sequence()
    ids = [desk.enrol(sequence, desk.contact()).job_id for _ in range(2)]
    desk.work()
    before = dict(query(desk, "SELECT id, version FROM mail"))
    with desk.engine.connected():
        assert change_state(Mail, ids, ("approved",), error="no") == 0
        assert change_state(Mail, [*ids, "nobody"], ("held",), error="yes", version=NEXT) == 2
        assert change_rows(Mail, ids[:1], error="once more") == 1
    after = dict(query(desk, "SELECT id, version FROM mail"))
    assert {key: after[key] - before[key] for key in before} == dict.fromkeys(ids, 1)
    assert sorted(query(desk, "SELECT error FROM mail")) == [("once more",), ("yes",)]


def test_the_place_of_a_mail_is_found_by_the_person_and_by_the_address(desk: Desk) -> None:
    """Not by the step, of which there may be a hundred thousand."""
    mail = desk.drafted()
    row = Mail(contact_id=mail.contact_id, sequence_id="q", run_no=1, step_key="s1")
    with desk.engine.connected() as connection:
        with statements(desk) as asked:
            assert mail_states.taker(row, "grace@example.com") is None
        plans = [
            step[3]
            for sql in asked
            for step in connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
        ]
    assert [plan.split(" USING ")[1].split(" (")[0] for plan in plans] == [
        "INDEX mail_contact",
        "INDEX mail_once",
    ]

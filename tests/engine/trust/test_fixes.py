"""What the doctor mends: only what needs no guess, in one change that can be taken back."""

from __future__ import annotations

import pytest

from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.worker import Worker
from tests.factories import HELLO, Desk, events, query


def mended(desk: Desk) -> list[tuple[str, str]]:
    """What is mended now: table and what was wrong."""
    listed = desk.call("check.list_fixes")
    assert desk.call("check.fix") == listed
    return [(one.table, one.what) for one in listed.items]


def test_a_sound_file_has_nothing_to_mend_and_no_event(desk: Desk) -> None:
    desk.approve(desk.drafted())
    desk.enrol(desk.sequence({"type": "CALL"}, name="Calls"), desk.contact())
    desk.work()
    assert mended(desk) == []
    assert events(desk, "check") == []


def test_a_value_that_cannot_be_read_is_emptied_and_its_text_is_kept(desk: Desk) -> None:
    ada = desk.contact("Ada", tags=["vip"])
    query(desk, "UPDATE contact SET tags = '[\"vi', version = 7 WHERE id = ?", ada.contact_id)
    assert mended(desk) == [("contact", "its tags cannot be read")]
    assert query(desk, "SELECT tags, version FROM contact") == [("[]", 7)]
    [told] = events(desk, "check.fixed")
    assert '["vi' in str(told.payload)
    assert desk.call("check.damage").items == ()
    desk.call("undo")
    assert query(desk, "SELECT tags FROM contact") == [('["vi',)]
    desk.call("redo")
    assert query(desk, "SELECT tags FROM contact") == [("[]",)]


def test_undo_leaves_what_was_written_since(desk: Desk) -> None:
    ada = desk.contact("Ada")
    query(desk, "UPDATE contact SET tags = 'x'")
    desk.call("check.fix")
    query(desk, "UPDATE contact SET tags = '[\"new\"]' WHERE id = ?", ada.contact_id)
    with pytest.raises(Conflict, match="was changed since"):
        desk.call("undo")
    assert query(desk, "SELECT tags FROM contact") == [('["new"]',)]


def test_a_held_mail_can_be_decided_again(desk: Desk) -> None:
    mail = desk.drafted()
    query(desk, "UPDATE job SET state = 'failed' WHERE id = ?", mail.id)
    assert mended(desk) == [("job", "its mail is held, and it asks for no yes")]
    desk.approve(desk.mail(mail.id))
    desk.work()
    assert len(desk.mailer.sent) == 1


def test_an_approved_mail_without_work_asks_again_and_does_not_leave(desk: Desk) -> None:
    mail = desk.drafted()
    desk.approve(mail)
    query(desk, "UPDATE job SET state = 'succeeded' WHERE id = ?", mail.id)
    assert [table for table, _ in mended(desk)] == ["mail", "job"]
    desk.work()
    assert desk.mailer.sent == []
    desk.approve(desk.mail(mail.id))
    desk.work()
    assert len(desk.mailer.sent) == 1


def test_a_planned_mail_without_work_is_drafted_and_held(desk: Desk) -> None:
    job = desk.enrol(desk.sequence(HELLO), desk.contact()).job_id
    query(desk, "UPDATE job SET state = 'failed' WHERE id = ?", job)
    assert mended(desk) == [("job", "its mail is planned, and nothing is queued")]
    Worker(desk.engine).until_idle()
    assert desk.mail(job).state == "Held"


def test_an_enrollment_that_waits_for_nothing_ends(desk: Desk) -> None:
    person = desk.contact()
    sequence = desk.sequence({"type": "CALL"})
    desk.enrol(sequence, person)
    query(desk, "UPDATE job SET state = 'cancelled'")
    assert ("enrollment", "it runs and waits for no step") in mended(desk)
    assert desk.call("check.orphans").items == ()
    assert query(desk, "SELECT status, reason FROM enrollment") == [("cancelled", "manual")]
    desk.enrol(sequence, person)


def test_a_lost_reference_is_taken_out_for_good(desk: Desk) -> None:
    """What it named is gone: undo cannot bring that back, and takes back the rest."""
    deal = desk.call("gtm.crm.add_deal", contact_id=desk.contact().contact_id, title="Looms")
    desk.call("gtm.crm.add_task", subject="Call", deal_id=deal.deal_id)
    query(desk, "PRAGMA foreign_keys = OFF")
    query(desk, "UPDATE activity SET deal_id = 'gone' WHERE deal_id IS NOT NULL")
    query(desk, "PRAGMA foreign_keys = ON")
    assert mended(desk) == [("activity", "its deal is gone")] * len(query(desk, "SELECT 1 FROM activity WHERE kind = 'task'"))  # fmt: skip
    assert query(desk, "PRAGMA foreign_key_check") == []
    assert desk.call("undo").kind != "check.fixed"


def test_a_search_index_that_lost_rows_is_made_anew(desk: Desk) -> None:
    desk.contact("Maren Nakata", company="Juniper", notes="likes looms")
    query(desk, "INSERT INTO name_search (name_search) VALUES ('delete-all')")
    query(desk, "INSERT INTO text_search (text_search) VALUES ('delete-all')")
    assert desk.call("check.search_index").fault == "3 rows are not in it"
    assert [table for table, _ in mended(desk)] == ["search index"]
    assert desk.call("check.search_index").fault == ""
    found = desk.call("gtm.crm.search", query="maren")
    assert [one.title for one in found.items] == ["Maren Nakata"]
    desk.contact("Second")
    assert desk.call("check.search_index").fault == ""


def test_it_is_all_or_nothing(desk: Desk) -> None:
    """One row that a rule of the database protects keeps all of them as they were."""
    mail = desk.drafted()
    desk.approve(mail)
    desk.contact("Ada")
    query(desk, "UPDATE contact SET tags = 'x'")
    query(
        desk,
        "CREATE TRIGGER no BEFORE UPDATE OF tags ON contact BEGIN SELECT RAISE(ABORT, 'no'); END",
    )
    query(desk, "UPDATE job SET state = 'succeeded' WHERE id = ?", mail.id)
    with pytest.raises(Conflict, match="Nothing was changed"):
        desk.call("check.fix")
    assert query(desk, "SELECT state FROM mail") == [("approved",)]

"""Taking a whole import back: what it made goes, what it changed is as before, what was touched since stays."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.errors import Conflict, NotFound, NotPermitted
from rusvel_tui.engine.gtm.crm.importing import run as run_module
from rusvel_tui.engine.gtm.crm.importing.traces import CHANGED, GONE, TAKEN
from tests.engine.importing.support import counts, run
from tests.engine.importing.test_resume import FILES
from tests.factories import Desk, NewDesk, kinds, query

SHEET = """name,email,company,title,phone,tags,city
Ann Lee,ann@shop.example;ann2@shop.example,Acme,CTO,+49 30 111111,vip,Cork
Bob,bob@shop.example,Acme,,,,
Eve,eve@else.example,Else,,,,
"""
_HIDDEN = {"version", "updated_at"}


def seen(desk: Desk) -> list[Any]:
    """Everybody and every company as people see them, without versions."""
    people = desk.call("gtm.crm.list_contacts", limit=1000).items
    companies = desk.call("gtm.crm.list_companies", limit=1000).items
    return [one.model_dump(exclude=_HIDDEN) for one in (*people, *companies)]


def left(view: Any) -> dict[str, str]:
    """Who was left as they are, and why."""
    return {one.name: one.why for one in view.left_alone}


def who(desk: Desk, name: str) -> Any:
    return desk.call("gtm.crm.list_contacts", query=name).items[0]


def test_an_import_into_an_empty_desk_is_taken_back_and_made_again(desk: Desk) -> None:
    view = run(desk, SHEET, name="people.csv")
    after = seen(desk)
    desk.later(seconds=5)
    done = desk.call("gtm.crm.undo_import", import_id=view.import_id)
    assert (done.contacts, done.restored, done.companies, done.left_alone) == (3, 0, 2, ())
    assert seen(desk) == []
    desk.later(seconds=5)
    assert desk.call("undo").kind == "gtm.contact.import_undone"
    assert seen(desk) == after


def test_z_takes_an_import_back_and_makes_it_again(desk: Desk) -> None:
    desk.contact(
        "Ann Lee", "ann@shop.example", company="Old", phones=["+49 30 999999"], title="CFO"
    )
    desk.later(seconds=5)
    before = seen(desk)
    run(desk, SHEET)
    after = seen(desk)
    for kind in ("gtm.contact.imported", "gtm.contact.import_redone"):
        desk.later(seconds=5)
        assert desk.call("undo").kind == kind
        assert seen(desk) == before
        desk.later(seconds=5)
        assert desk.call("redo").kind == "gtm.contact.import_undone"
        assert seen(desk) == after


def test_a_changed_contact_gets_its_employer_and_its_addresses_back(desk: Desk) -> None:
    ann = desk.contact("Ann Lee", "ann@shop.example", company="Old", phones=["+49 30 999999"])
    view = run(desk, SHEET)
    changed = who(desk, "ann lee")
    assert (changed.company, len(changed.emails), len(changed.phones)) == ("Acme", 2, 2)
    assert [one.company for one in changed.employers] == ["Old"]
    desk.later(days=1)
    done = desk.call("gtm.crm.undo_import", import_id=view.import_id)
    assert (done.contacts, done.restored) == (2, 1)
    again = who(desk, "ann lee")
    assert again.model_dump(exclude=_HIDDEN) == ann.model_dump(exclude=_HIDDEN)
    assert again.version == 3
    assert query(desk, "SELECT count(*) FROM employment WHERE ended_at IS NULL") == [(3,)]
    assert desk.call("gtm.crm.list_contacts", query="cto").items == ()


def test_who_was_touched_since_stays_and_is_listed(desk: Desk) -> None:
    desk.contact("Old Hand", "old@shop.example", title="CFO")
    lines = [f"P{n},p{n}@shop.example,Acme,,,," for n in range(8)]
    view = run(desk, SHEET + "\n".join(lines) + "\nOld Hand,old@shop.example,New,,,,\n")
    ids = {one.name: one.contact_id for one in desk.call("gtm.crm.list_contacts", limit=50).items}
    desk.call("gtm.crm.update_contact", contact_id=ids["P0"], title="Boss")
    desk.call("gtm.crm.add_deal", contact_id=ids["P1"], title="Looms", value="10")
    desk.call("gtm.crm.add_note", contact_id=ids["P2"], body="Called")
    sequence = desk.sequence()
    desk.enrol(sequence, who(desk, "p3"))
    desk.call("gtm.crm.delete_contact", contact_id=ids["P4"])
    desk.call("gtm.crm.update_contact", contact_id=ids["Old Hand"], notes="Touched")
    desk.call("gtm.crm.merge_contacts", keep_id=ids["P5"], merge_id=ids["P6"])
    desk.later(seconds=5)
    done = desk.call("gtm.crm.undo_import", import_id=view.import_id)
    assert left(done) == {
        "P0": CHANGED,
        "P1": "has a deal",
        "P2": "has notes, calls or tasks",
        "P3": "was enrolled in a sequence",
        "P4": GONE,
        "P5": CHANGED,
        "P6": GONE,
        "Old Hand": CHANGED,
    }
    assert (done.contacts, done.restored, done.companies) == (4, 0, 1)
    assert who(desk, "old hand").company == "New"
    assert {one.name for one in desk.call("gtm.crm.list_contacts", limit=50).items} == {
        "P0", "P1", "P2", "P3", "P5", "Old Hand",
    }  # fmt: skip
    listed = desk.call("gtm.crm.get_import", import_id=view.import_id)
    assert listed.state == "undone"
    assert listed.left_alone == done.left_alone


def test_a_touch_that_was_taken_back_is_none(desk: Desk) -> None:
    view = run(desk, SHEET)
    desk.call("gtm.crm.update_contact", contact_id=who(desk, "bob").contact_id, title="Boss")
    desk.call("undo")
    assert who(desk, "bob").version > 1
    assert desk.call("gtm.crm.undo_import", import_id=view.import_id).left_alone == ()
    assert seen(desk) == []


def test_imports_on_top_of_each_other_go_in_reverse(desk: Desk) -> None:
    first = run(desk, SHEET)
    one = seen(desk)
    desk.later(seconds=5)
    second = run(desk, SHEET.replace("CTO", "CEO").replace("Acme", "Acme Inc"))
    assert counts(second) == (0, 2, 1, 0)
    done = desk.call("gtm.crm.undo_import", import_id=first.import_id)
    assert left(done) == {"Ann Lee": CHANGED, "Bob": CHANGED}
    desk.call("undo")
    desk.later(seconds=5)
    assert desk.call("undo").event_id
    assert seen(desk) == one
    assert desk.call("undo").kind == "gtm.contact.imported"
    assert seen(desk) == []


def test_opt_outs_stay(desk: Desk) -> None:
    text = "name,email,unsubscribed\nAnn,ann@shop.example,yes\nBob,bob@shop.example,\n"
    view = run(desk, text)
    bob = who(desk, "bob")
    desk.call("gtm.crm.suppress", address="else@shop.example")
    with desk.engine.connected() as connection:
        connection.execute(
            "UPDATE contact_email SET opted_out_at = '2026-11-24T09:00:00.000Z' WHERE contact_id = ?",
            (bob.contact_id,),
        )
    done = desk.call("gtm.crm.undo_import", import_id=view.import_id)
    assert done.suppressed == ("ann@shop.example",)
    assert done.contacts == 2
    listed = {one.address for one in desk.call("gtm.crm.list_suppressed").items}
    assert listed == {"ann@shop.example", "bob@shop.example", "else@shop.example"}


def test_who_lost_the_address_meanwhile_stays_away(desk: Desk) -> None:
    view = run(desk, SHEET)
    desk.call("gtm.crm.undo_import", import_id=view.import_id)
    desk.contact("New Bob", "bob@shop.example")
    done = desk.call("gtm.crm.redo_import", import_id=view.import_id)
    assert left(done) == {"Bob": TAKEN}
    assert {one.name for one in desk.call("gtm.crm.list_contacts").items} == {
        "Ann Lee",
        "Eve",
        "New Bob",
    }


def test_a_company_that_was_made_anew_gets_its_people_back(desk: Desk) -> None:
    view = run(desk, SHEET)
    desk.call("gtm.crm.undo_import", import_id=view.import_id)
    made = desk.call("gtm.crm.add_company", name="ACME")
    desk.call("gtm.crm.redo_import", import_id=view.import_id)
    assert who(desk, "bob").company_id == made.company_id
    assert query(desk, "SELECT count(*) FROM employment WHERE company_id = ?", made.company_id) == [
        (2,)
    ]


def test_one_who_refuses_keeps_nobody_else(desk: Desk) -> None:
    """Of five changed people one has an address that somebody else got, and one an employer that was deleted."""
    for n in range(5):
        desk.contact(f"P{n}", f"p{n}@x.example", company=f"Old {n}")
    lines = [f"P{n},p{n}@x.example;also{n}@x.example,New {n}" for n in range(5)]
    view = run(desk, "name,email,company\n" + "\n".join(lines))
    assert counts(view) == (0, 5, 0, 0)
    old = desk.call("gtm.crm.list_companies", query="old 3").items[0]
    desk.call("gtm.crm.delete_company", company_id=old.company_id)
    done = desk.call("gtm.crm.undo_import", import_id=view.import_id)
    assert (done.restored, list(left(done))) == (4, ["P3"])
    assert "was deleted since" in left(done)["P3"]
    assert (who(desk, "p3").company, who(desk, "p2").company) == ("New 3", "Old 2")
    desk.contact("Thief", "also1@x.example")
    again = desk.call("gtm.crm.redo_import", import_id=view.import_id)
    assert (again.restored, list(left(again))) == (3, ["P1"])
    assert "also1@x.example belongs to somebody else" in left(again)["P1"]
    assert [who(desk, f"p{n}").company for n in range(5)] == [
        "New 0",
        "Old 1",
        "New 2",
        "New 3",
        "New 4",
    ]


def test_the_same_file_can_be_imported_again_after_it_was_taken_back(desk: Desk) -> None:
    first = run(desk, SHEET)
    desk.call("gtm.crm.undo_import", import_id=first.import_id)
    again = run(desk, SHEET)
    assert counts(again) == (3, 0, 0, 0)
    assert again.import_id != first.import_id
    assert counts(run(desk, SHEET)) == (0, 0, 3, 0)


def test_a_company_in_use_and_one_that_was_touched_stay(desk: Desk) -> None:
    view = run(desk, SHEET)
    desk.contact("Late", "late@shop.example", company="Acme")
    company = desk.call("gtm.crm.list_companies", query="else").items[0]
    desk.call("gtm.crm.update_company", company_id=company.company_id, notes="Good people")
    desk.call("gtm.crm.undo_import", import_id=view.import_id)
    assert {one.name for one in desk.call("gtm.crm.list_companies").items} == {"Acme", "Else"}


def test_only_a_person_takes_an_import_back_and_only_once(desk: Desk) -> None:
    with pytest.raises(NotFound, match="no such import"):
        desk.call("gtm.crm.undo_import")
    view = run(desk, SHEET)
    with desk.acting_as(Actor("assistant", human=False)), pytest.raises(NotPermitted):
        desk.call("gtm.crm.undo_import")
    assert desk.call("gtm.crm.undo_import").import_id == view.import_id
    with pytest.raises(Conflict, match="undone already"):
        desk.call("gtm.crm.undo_import", import_id=view.import_id)
    with pytest.raises(NotFound, match="no import"):
        desk.call("gtm.crm.undo_import", import_id="nonsense")
    assert kinds(desk)[-1] == "gtm.contact.import_undone"


def test_sessions_keep_their_imports(desk: Desk) -> None:
    view = run(desk, SHEET)
    desk.call("session.create", name="other")
    assert desk.call("gtm.crm.list_imports").items == ()
    with pytest.raises(NotFound):
        desk.call("gtm.crm.undo_import", import_id=view.import_id)


@settings(max_examples=15, deadline=None)
@given(before=FILES, text=FILES, chunk=st.integers(1, 4))
def test_taking_back_gives_what_was_there_before(
    new_desk: NewDesk,
    tmp_path_factory: pytest.TempPathFactory,
    before: str,
    text: str,
    chunk: int,
) -> None:
    """Any file over any other: taken back, made again and taken back once more; opt-outs stay."""
    folder = tmp_path_factory.mktemp("undo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_module, "CHUNK", chunk)
        patch.setattr(run_module, "_PAUSE", 0)
        with new_desk(folder) as desk:
            run(desk, before)
            was = _without_opt_outs(desk)
            desk.later(seconds=5)
            view = run(desk, text + "x,x@y.example,,,,,\n")
            became = _without_opt_outs(desk)
            for operation, wanted in (("undo", was), ("redo", became), ("undo", was)):
                desk.later(seconds=5)
                done = desk.call(f"gtm.crm.{operation}_import", import_id=view.import_id)
                assert done.left_alone == ()
                assert _without_opt_outs(desk) == wanted
            assert query(desk, "SELECT count(*) FROM employment WHERE ended_at IS NULL") == query(
                desk, "SELECT count(*) FROM contact WHERE company_id IS NOT NULL"
            )
            desk.engine.check()


def _without_opt_outs(desk: Desk) -> list[Any]:
    found = seen(desk)
    for one in found:
        for email in one.get("emails", ()):
            email["opted_out"] = email["suppressed"] = False
    return found

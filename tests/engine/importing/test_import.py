"""The operation: what is stored, what is refused, and what else a change causes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound, NotPermitted
from rusvel_tui.engine.gtm.crm.importing.import_views import ImportView
from rusvel_tui.engine.gtm.crm.importing.plan import Plan
from rusvel_tui.engine.gtm.crm.importing.run import ImportJob
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from tests.engine.importing.support import counts, run
from tests.factories import HELLO, Desk, box, enrollment, kinds, query

FULL = """name,email,company,title,phone,linkedin,website,tags,notes,City,Unsubscribed
Ann Lee,Ann@Shop.example;ann2@shop.example,Acme,CTO,+49 30 1,linkedin.com/in/ann-fixture,shop.example,"a,b",hi,Cork,no
Bob,bob@shop.example,,,,,,,,,yes
"""


def _people(desk: Desk) -> dict[str, str]:
    """Every contact: name and addresses."""
    items = desk.call("gtm.crm.list_contacts", limit=1000).items
    return {one.name: " ".join(email.address for email in one.emails) for one in items}


def test_what_a_row_says_is_stored(desk: Desk) -> None:
    view = run(desk, FULL, name="people.csv")
    assert counts(view) == (2, 0, 0, 0)
    ann = desk.call("gtm.crm.list_contacts", query="ann lee").items[0]
    assert (ann.name, ann.first_name, ann.last_name) == ("Ann Lee", "Ann", "Lee")
    assert [email.address for email in ann.emails] == ["Ann@shop.example", "ann2@shop.example"]
    assert (ann.company, ann.title, ann.profile) == ("Acme", "CTO", "ann-fixture")
    assert [phone.number for phone in ann.phones] == ["+49 30 1"]
    assert (ann.tags, ann.links) == (("a", "b"), ("shop.example",))
    assert (ann.notes, ann.fields) == ("hi", {"City": "Cork"})
    assert (ann.source, ann.metadata) == ("import:generic", {"import_id": view.import_id})
    assert view.suppressed == ("bob@shop.example",)
    (entry,) = desk.call("gtm.crm.list_suppressed").items
    assert (entry.address, entry.reason) == ("bob@shop.example", "import: Unsubscribed")


def test_imported_people_are_found_and_sorted_like_others(desk: Desk) -> None:
    run(desk, "first name,last name,email,tags\nZoë,Ábel,z@x.example,VIP\nAda,Zorn,a@x.example,\n")
    desk.contact("Moe Middle")
    assert list(_people(desk)) == ["Zoë Ábel", "Moe Middle", "Ada Zorn"]
    assert desk.call("gtm.crm.list_contacts", query="zoe abel").items[0].name == "Zoë Ábel"
    assert desk.call("gtm.crm.list_contacts", tag="vip").total == 1


def test_a_dry_run_says_the_same_and_writes_nothing(desk: Desk) -> None:
    before = query(desk, "SELECT count(*) FROM event")
    dry = run(desk, FULL, dry_run=True)
    assert counts(dry) == (2, 0, 0, 0)
    assert (dry.import_id, dry.dry_run) == (None, True)
    for table in ("contact", "suppression", "import_run", "import_plan"):
        assert query(desk, f"SELECT count(*) FROM {table}") == [(0,)]
    assert query(desk, "SELECT count(*) FROM event") == before


def test_an_import_updates_who_is_there_already(desk: Desk) -> None:
    old = desk.contact(
        "Ann Lee", "ANN@shop.example", company="Old", tags=["x"], phones=["+49 30 9"]
    )
    assert counts(run(desk, FULL)) == (1, 1, 0, 0)
    ann = desk.call("gtm.crm.get_contact", contact_id=old.contact_id)
    assert [email.address for email in ann.emails] == ["ANN@shop.example", "ann2@shop.example"]
    assert (ann.company, ann.tags, ann.source) == ("Acme", ("x", "a", "b"), "manual")
    assert [phone.number for phone in ann.phones] == ["+49 30 9", "+49 30 1"]
    assert ann.version == old.version + 1
    assert desk.call("gtm.crm.list_contacts", query="acme").items[0].contact_id == old.contact_id


def test_a_changed_name_changes_its_parts(desk: Desk) -> None:
    desk.contact("Ann Lee", "a@x.example")
    run(desk, "name,email\nAnn Roe Poe,a@x.example\n")
    ann = desk.call("gtm.crm.list_contacts").items[0]
    assert (ann.first_name, ann.last_name) == ("Ann", "Roe Poe")


def test_sessions_do_not_see_each_other(desk: Desk) -> None:
    run(desk, FULL)
    desk.call("session.create", name="other")
    assert counts(run(desk, FULL)) == (2, 0, 0, 0)
    assert counts(run(desk, FULL, session_id="acme")) == (0, 0, 2, 0)


def test_a_deleted_contact_is_made_anew(desk: Desk) -> None:
    run(desk, FULL)
    for one in desk.call("gtm.crm.list_contacts").items:
        desk.call("gtm.crm.delete_contact", contact_id=one.contact_id)
    assert counts(run(desk, FULL)) == (2, 0, 0, 0)


def test_the_same_file_again_meets_the_same_people_though_they_changed(desk: Desk) -> None:
    """Row 1 meets by name somebody whose name row 2 changes."""
    desk.contact("Ann", "a@x.example", company="Old")
    text = "name,email,company\nAnn,,Old\nAnn,a@x.example,New\n"
    assert counts(run(desk, text)) == (0, 1, 1, 0)
    assert counts(run(desk, text)) == (0, 0, 2, 0)
    assert counts(run(desk, text)) == (0, 0, 2, 0)


def test_few_people_get_an_event_each_and_every_import_one(desk: Desk) -> None:
    run(desk, FULL)
    assert kinds(desk, "gtm.contact") == ["gtm.contact.added"] * 2 + ["gtm.contact.imported"]
    many = "name,email\n" + "".join(f"P,p{n}@x.example\n" for n in range(1_001))
    run(desk, many)
    assert kinds(desk, "gtm.contact")[3:] == ["gtm.contact.imported"]


def test_a_draft_that_lacked_something_is_written_anew(desk: Desk) -> None:
    ann = desk.contact("Ann", "a@x.example")
    mail = desk.drafted(HELLO | {"body": "Hi {{company}}"}, contact=ann)
    assert mail.box is Box.NEEDS_DATA
    run(desk, "name,email,company\nAnn,a@x.example,Acme\n")
    desk.work()
    assert "Hi Acme" in desk.mail(mail.id).body


def test_an_opt_out_ends_the_running_enrollments(desk: Desk) -> None:
    ann = desk.contact("Ann", "a@x.example")
    desk.enrol(desk.sequence(), ann)
    run(desk, "email,unsubscribed\na@x.example,yes\n")
    assert enrollment(desk, ann.contact_id).status == "Cancelled"
    assert not box(desk)


def _file(tmp_path: Path, content: bytes) -> str:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    return str(path)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "is empty"),
        (b"\r\n \n", "is empty"),
        (bytes(range(256)) * 40, "No line with known column names"),
        (b"a,b\n1,2\n", "No line with known column names"),
        (b"\x89PNG\r\n\x1a\n\0\0", "No line with known column names"),
        (b'"name,email\nAnn,a@x.example\n', "No line with known column names"),
    ],
)
def test_files_that_are_no_contact_files(
    desk: Desk, tmp_path: Path, content: bytes, text: str
) -> None:
    with pytest.raises(InvalidInput, match=text):
        desk.call("gtm.crm.import_contacts", path=_file(tmp_path, content))
    assert query(desk, "SELECT count(*) FROM import_run") == [(0,)]


def test_files_that_cannot_be_read(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotFound, match="There is no file"):
        desk.call("gtm.crm.import_contacts", path=str(tmp_path / "missing.csv"))
    with pytest.raises(InvalidInput, match="is a folder"):
        desk.call("gtm.crm.import_contacts", path=str(tmp_path))
    with pytest.raises(InvalidInput, match="Name the file"):
        desk.call("gtm.crm.import_contacts")
    with pytest.raises(InvalidInput, match="no format of contact files"):
        desk.call("gtm.crm.import_contacts", content="name\nAnn", preset="lotus")
    with pytest.raises(InvalidInput, match="cannot be read"):
        desk.call("gtm.crm.import_contacts", path=str(tmp_path / ("x" * 300)))
    monkeypatch.setattr("rusvel_tui.engine.gtm.crm.importing.source.MAX_BYTES", 3)
    with pytest.raises(InvalidInput, match="is larger than"):
        desk.call("gtm.crm.import_contacts", path=_file(tmp_path, b"name\nAnn"))


def test_a_file_without_permission(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise PermissionError

    path = _file(tmp_path, b"name\nAnn")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(NotPermitted, match="cannot be read"):
        desk.call("gtm.crm.import_contacts", path=path)


def test_a_read_only_database_allows_a_look_only(engine: Engine, desk: Desk) -> None:
    reader = Engine(engine.path, clock=engine.clock, read_only=True)
    data = {"content": FULL.encode()}
    view = reader.call("gtm.crm.import_contacts", data | {"dry_run": True})
    assert isinstance(view, ImportView)
    with pytest.raises(NotPermitted):
        reader.call("gtm.crm.import_contacts", data)
    reader.close()


def test_rejected_rows_are_written_to_be_put_right(desk: Desk, tmp_path: Path) -> None:
    text = 'Name;E-Mail;City\nAnn;nonsense;"a;""b"""\nBob;b@x.example;\nEve;;x;surplus\n=1;no;-2\n'
    target = tmp_path / "rejected.csv"
    assert counts(run(desk, text, rejected_path=str(target))) == (1, 0, 0, 3)
    assert target.stat().st_mode & 0o777 == 0o600
    lines = target.read_text().split("\n")
    assert lines[0] == '"Name","E-Mail","City","_error"'
    assert lines[1].startswith('"Ann","nonsense","a;""b""","bad_email: ')
    assert lines[2].startswith('"Eve","","x","too_many_cells: ')
    assert lines[2].endswith('"surplus"')
    assert lines[3].startswith('"\'=1","no","\'-2","bad_email')
    again = run(desk, target.read_bytes())
    assert [row.why for row in again.rejected_rows] == ["bad_email", "too_many_cells", "bad_email"]
    right = target.read_text().replace("nonsense", "a@x.example").replace('"no"', '"e@x.example"')
    assert counts(run(desk, right)) == (2, 0, 0, 1)
    people = desk.call("gtm.crm.list_contacts", query="=1").items
    assert (people[0].name, people[0].fields) == ("=1", {"City": "-2"})


def test_rejected_cards_are_written_as_cards(desk: Desk, tmp_path: Path) -> None:
    text = "BEGIN:VCARD\nFN:Ann\nEMAIL:nonsense\nEND:VCARD\nBEGIN:VCARD\nFN:Bob\n"
    target = tmp_path / "rejected.vcf"
    assert counts(run(desk, text, rejected_path=str(target))) == (0, 0, 0, 2)
    assert "X-ERROR:bad_email" in target.read_text()
    right = target.read_text().replace("nonsense", "a@x.example")
    assert counts(run(desk, right)) == (2, 0, 0, 0)


def test_no_file_of_rejected_rows_is_written_in_vain_or_over_another(
    desk: Desk, tmp_path: Path
) -> None:
    target = tmp_path / "rejected.csv"
    run(desk, FULL, rejected_path=str(target))
    run(desk, "name,email\nAnn,x\n", rejected_path=str(target), dry_run=True)
    assert not target.exists()
    target.write_text("mine")
    with pytest.raises(InvalidInput, match="exists already"):
        run(desk, "name,email\nAnn,x\n", rejected_path=str(target))
    with pytest.raises(NotFound, match="The folder"):
        run(desk, "name\nAnn\n", rejected_path=str(tmp_path / "none" / "x.csv"))
    assert target.read_text() == "mine"


def test_a_place_where_no_file_can_be_made(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(NotPermitted, match="cannot be written"):
        run(desk, "name,email\nAnn,x\n", rejected_path=str(tmp_path / "x.csv"))


def test_what_others_did_since_the_plan_is_respected(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the plan and the writing somebody adds one of the people and deletes another."""
    gone = desk.contact("Gone", "gone@x.example")
    original = ImportJob._write

    def late(job: ImportJob, made: Plan) -> None:
        desk.contact("Ann By Hand", "ann@shop.example")
        desk.call("gtm.crm.delete_contact", contact_id=gone.contact_id)
        original(job, made)

    monkeypatch.setattr(ImportJob, "_write", late)
    run(desk, FULL + "Gone,gone@x.example,New,,,,,,,,\n")
    people = _people(desk)
    assert people == {"Ann Lee": "ann@shop.example ann2@shop.example", "Bob": "bob@shop.example"}


@pytest.mark.parametrize("step", ["_read", "_write"])
def test_two_imports_of_one_file_at_the_same_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The second one takes the first for stopped and finishes it; the first one says so."""
    original = getattr(ImportJob, step)

    def twice(job: ImportJob, *rest: Any) -> None:
        monkeypatch.setattr(ImportJob, step, original)
        run(desk, FULL)
        original(job, *rest)

    monkeypatch.setattr(ImportJob, step, twice)
    with pytest.raises(Conflict, match="is importing this file"):
        run(desk, FULL)
    assert len(_people(desk)) == 2

"""Who must not be written to is not written to: at import, enrolment, draft, approval and sending, and after erasing."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from rusvel_tui.engine.errors import EngineError, InvalidInput
from rusvel_tui.engine.gtm.crm.people.suppression_keys import hash_key
from tests.engine.mail.letters import arrives, raw, sent
from tests.factories import Desk, enrollment, query

LISTED = {
    "address": "grace@navy.example",
    "domain": "@navy.example",
    "hash": hash_key("grace@navy.example"),
}


def put_on_list(desk: Desk, how: str) -> None:
    done = desk.call("gtm.crm.import_suppressions", text=LISTED[how])
    assert (done.added, done.rejected) == (1, ())


@pytest.mark.parametrize("how", LISTED)
def test_q_044_at_import_the_address_comes_in_listed(desk: Desk, how: str, tmp_path: Path) -> None:
    put_on_list(desk, how)
    file = tmp_path / "people.csv"
    file.write_text("Name,Email\nGrace Hopper,Grace@navy.example\nAda L,ada@other.example\n")
    desk.call("gtm.crm.import_contacts", path=str(file))
    found = desk.call("gtm.crm.list_contacts", filter="is:suppressed").items
    assert [one.name for one in found] == ["Grace Hopper"]


@pytest.mark.parametrize("how", LISTED)
def test_q_044_at_enrolment_nobody_listed_comes_in(desk: Desk, how: str) -> None:
    put_on_list(desk, how)
    contact = desk.contact(email="grace@navy.example")
    with pytest.raises(EngineError, match=r"suppress|address"):
        desk.enrol(desk.sequence(), contact)


@pytest.mark.parametrize("how", LISTED)
def test_q_044_at_the_draft_nothing_is_written(desk: Desk, how: str) -> None:
    executed = desk.enrol(desk.sequence(), desk.contact(email="grace@navy.example"))
    _list_quietly(desk, how)
    desk.work()
    assert desk.drafter.briefs == []
    assert desk.mail(executed.job_id).state == "Cancelled"


@pytest.mark.parametrize("how", LISTED)
def test_q_044_at_the_approval_a_yes_sends_nothing(desk: Desk, how: str) -> None:
    mail = desk.drafted(contact=desk.contact(email="grace@navy.example"))
    _list_quietly(desk, how)
    try:
        desk.approve(mail)
    except EngineError as error:
        assert "suppression" in str(error)  # noqa: PT017 - a yes may be refused, or lead to nothing
    desk.work()
    assert desk.mailer.sent == []


@pytest.mark.parametrize("how", LISTED)
def test_q_044_at_the_gate_what_was_approved_stays(desk: Desk, how: str) -> None:
    mail = desk.drafted(contact=desk.contact(email="grace@navy.example"))
    desk.approve(mail)
    desk.mailer.before_gate = lambda envelope: _list_quietly(desk, how)
    desk.work()
    assert desk.mailer.sent == []
    assert desk.mail(mail.id).state == "Cancelled"
    assert enrollment(desk, mail.contact_id).reason == "unsubscribed"


def _list_quietly(desk: Desk, how: str) -> None:
    """An entry by other hands, so that only the check itself can notice it."""
    values = "(SELECT id FROM session), ?, 'x', 'x', '2026-01-01T00:00:00.000000Z'"
    with desk.engine.connected() as connection:
        connection.execute(
            f"INSERT OR IGNORE INTO suppression (session_id, key, reason, source, created_at) VALUES ({values})",
            (LISTED[how],),
        )


def test_the_list_goes_out_and_comes_back(desk: Desk, tmp_path: Path) -> None:
    desk.call("gtm.crm.suppress", address="a@b.example", reason='said "no", twice')
    desk.call("gtm.crm.suppress", address="@c.example")
    desk.call("gtm.crm.import_suppressions", text=LISTED["hash"])
    target = tmp_path / "list.csv"
    assert desk.call("gtm.crm.export_suppressions", path=str(target)).exported == 3
    before = [
        (one.address, one.reason, one.source) for one in desk.call("gtm.crm.list_suppressed").items
    ]
    with desk.engine.connected() as connection:
        connection.execute("DELETE FROM suppression")
    done = desk.call("gtm.crm.import_suppressions", text=target.read_text())
    assert (done.added, done.known, done.rejected) == (3, 0, ())
    after = [
        (one.address, one.reason, one.source) for one in desk.call("gtm.crm.list_suppressed").items
    ]
    assert after == before


def test_lists_of_other_tools_are_read_and_bad_lines_are_named(desk: Desk) -> None:
    text = (
        "Email Address;Reason\nX@Y.example;left\nsome.example;competitor\nno address;\n'=1+1;\n;\n"
    )
    done = desk.call("gtm.crm.import_suppressions", text=text)
    assert (done.added, done.rejected) == (2, ("no address", "'=1+1"))
    listed = desk.call("gtm.crm.list_suppressed").items
    assert [(one.address, one.reason) for one in listed] == [
        ("@some.example", "competitor"),
        ("x@y.example", "left"),
    ]


def test_an_imported_list_ends_what_runs_and_can_be_taken_back(desk: Desk) -> None:
    mail = sent(desk, email="grace@navy.example")
    desk.call("gtm.crm.import_suppressions", text="@navy.example\nother@x.example")
    assert enrollment(desk, mail.contact_id).reason == "unsubscribed"
    desk.call("undo")
    assert desk.call("gtm.crm.list_suppressed").items == ()


PERSON = {
    "name": "Wilhelmina Quackenbush",
    "email": "w.quackenbush@navy.example",
    "phones": ["+49 30 998877665"],
    "notes": "Quackenbush likes barges.",
    "tags": ["quackenbushian"],
}
TRACES = ("quackenbush", "wilhelmina", "998877665")


def test_an_erased_person_is_nowhere(desk: Desk) -> None:
    mail = sent(desk, **PERSON)
    contact = mail.contact_id
    twin = desk.contact(name="Wilhelmina Q. Quackenbush", email="mina@quackenbush.example")
    desk.call("gtm.crm.merge_contacts", keep_id=contact, merge_id=twin.contact_id)
    desk.call(
        "gtm.crm.add_deal", contact_id=contact, title="Quackenbush barges", notes="Wilhelmina!"
    )
    desk.call("gtm.crm.add_note", contact_id=contact, body="Wilhelmina called")
    desk.call("gtm.crm.update_contact", contact_id=contact, title="Captain Quackenbush")
    sender = "Wilhelmina Quackenbush <w.quackenbush@navy.example>"
    message = raw(
        "Yes. Wilhelmina",
        sender=sender,
        In_Reply_To=mail.message_id,
        message_id="<q@quackenbush.example>",
    )
    seen = arrives(desk, message)
    draft = desk.call("gtm.mail.answer", incoming_id=seen.incoming_id, body="Dear Wilhelmina, ...")
    desk.call("gtm.crm.suppress", address="w.quackenbush@navy.example", reason="Wilhelmina asked")
    assert _found(desk, TRACES)
    with pytest.raises(InvalidInput, match="no way back"):
        desk.call("gtm.crm.erase_contact", contact_id=contact, confirm="yes")
    done = desk.call("gtm.crm.erase_contact", contact_id=contact, confirm="wilhelmina quackenbush")
    assert done.addresses == 2
    assert _found(desk, TRACES) == []
    assert desk.mail(draft.id).state == "Cancelled"
    assert desk.mail(mail.id).state == "Sent"
    with suppress(EngineError):
        while desk.call("undo"):
            pass  # it reaches what else was done; the person stays gone
    assert _found(desk, TRACES) == []


def test_the_hash_of_an_erased_person_keeps_them_from_being_written_to(desk: Desk) -> None:
    mail = sent(desk, **PERSON)
    desk.call("gtm.crm.erase_contact", contact_id=mail.contact_id, confirm=PERSON["email"])
    [entry] = desk.call("gtm.crm.list_suppressed").items
    assert (entry.address, entry.source) == (hash_key(str(PERSON["email"])), "erased")
    again = desk.contact(name="Wilhelmina", email="W.Quackenbush@navy.example")
    assert again.emails[0].suppressed
    with pytest.raises(EngineError):
        desk.enrol(desk.sequence(name="Second"), again)


def test_a_message_of_an_erased_person_does_not_come_back_with_the_mailbox(desk: Desk) -> None:
    mail = sent(desk, **PERSON)
    message = raw("Wilhelmina here.", sender=str(PERSON["email"]), In_Reply_To=mail.message_id)
    seen = arrives(desk, message)
    desk.call("gtm.crm.erase_contact", contact_id=mail.contact_id, confirm=PERSON["email"])
    assert arrives(desk, message).incoming_id == seen.incoming_id
    assert _found(desk, TRACES) == []


def _found(desk: Desk, traces: tuple[str, ...]) -> list[tuple[str, str]]:
    """Tables and columns in which one of these texts stands, whatever their types; and the index of words."""
    found = []
    for (table,) in query(desk, "SELECT name FROM sqlite_master WHERE type = 'table'"):
        columns = [row[1] for row in query(desk, f'PRAGMA table_info("{table}")')]
        for row in query(desk, f'SELECT * FROM "{table}"'):
            for column, value in zip(columns, row, strict=True):
                text = bytes(value).decode("latin-1") if isinstance(value, bytes) else str(value)
                if any(trace in text.casefold() for trace in traces):
                    found.append((table, column))
    return sorted(set(found))

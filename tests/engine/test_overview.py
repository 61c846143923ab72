"""The departments at a glance, the log, today's list, and what follows the log."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.db import Database
from rusvel_tui.engine.errors import Busy, InvalidInput
from rusvel_tui.engine.ports import InDoubt, NotSent
from tests.factories import AGAIN, HELLO, Desk, events, kinds


def test_the_status_counts_everything(desk: Desk) -> None:
    desk.approve(desk.drafted())
    desk.enrol(desk.sequence(name="Second"), desk.contact())
    desk.work()
    person = desk.contact()
    desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title="x", value="5")
    status = desk.call("gtm.status")
    assert status.session.name == "acme"
    assert status.contacts == 3
    assert [(stage.stage, stage.deals, stage.sums) for stage in status.deals][:2] == [
        ("Lead", 1, ("5.00 EUR",)),
        ("Qualified", 0, ()),
    ]
    assert (status.sequences, status.enrollments) == ({"Active": 2}, {"Active": 2})
    assert (status.mails["waiting"], status.mails["sent"], status.to_decide) == (1, 1, 1)
    assert (status.sender.mailer, status.sender.mail_from) == (
        "recording mailer",
        "ada@acme.example",
    )


@pytest.mark.parametrize(
    ("kind", "count"),
    [("contacts", 2), ("Contact", 2), ("deals", 1), ("sequences", 1), ("enrollments", 1)],
)
def test_things_are_listed_by_kind(desk: Desk, kind: str, count: int) -> None:
    mail = desk.drafted()
    desk.contact()
    desk.call("gtm.crm.add_deal", contact_id=mail.contact_id, title="x")
    things = desk.call("gtm.list", kind=kind)
    assert (things.kind, len(things.items), things.next) == (kind.lower(), count, None)


@pytest.mark.parametrize("name", ["gtm.list", "growth.list"])
def test_an_unknown_kind_of_things_is_said(desk: Desk, name: str) -> None:
    with pytest.raises(InvalidInput, match="Unknown kind 'invoises'"):
        desk.call(name, kind="invoises")


def test_growth_has_measured_nothing_yet(desk: Desk) -> None:
    status = desk.call("growth.status")
    assert (status.funnels, status.cohorts, status.kpis) == (0, 0, 0)
    assert desk.call("growth.list", kind="Funnels").items == ()


def test_the_log_is_newest_first_and_has_pages(desk: Desk) -> None:
    for number in range(4):
        desk.contact(f"P{number}")
    page = desk.call("event.list", department="gtm", limit=3)
    assert [event.payload["name"] for event in page.items] == ["P3", "P2", "P1"]
    rest = desk.call("event.list", department="gtm", limit=3, cursor=page.next)
    assert ([event.payload["name"] for event in rest.items], rest.next) == (["P0"], None)
    with pytest.raises(InvalidInput, match="not a cursor"):
        desk.call("event.list", cursor="x")


def test_the_log_is_filtered_by_department_kind_and_subject(desk: Desk) -> None:
    first = desk.contact()
    desk.contact()
    desk.call("gtm.crm.update_contact", contact_id=first.contact_id, title="x")
    assert kinds(desk, "gtm.contact.updated") == ["gtm.contact.updated"]
    assert len(kinds(desk, "gtm.contact")) == 3
    assert kinds(desk, "gtm.cont") == []
    assert len(events(desk, subject_id=first.contact_id)) == 2
    assert desk.call("event.list", department="growth").items == ()
    assert {event.kind for event in desk.call("event.list").items} > {"session.created"}


def test_the_log_shows_what_was_taken_back(desk: Desk) -> None:
    desk.contact()
    desk.call("undo")
    added = events(desk, "gtm.contact.added")[0]
    assert added.undone
    assert not events(desk, "gtm.contact.deleted")[0].undone


def test_the_queue_is_listed_by_state(desk: Desk) -> None:
    executed = desk.enrol(desk.sequence(), desk.contact())
    [job] = desk.call("job.list", state="queued").items
    assert (job.job_id, job.kind, job.state, job.attempts) == (
        executed.job_id,
        "OutreachSend",
        "Queued",
        0,
    )
    assert job.payload["type"] == "EMAIL_AUTO"
    assert desk.call("job.list", state="AWAITINGAPPROVAL").items == ()
    desk.work()
    assert len(desk.call("job.list", state="awaiting_approval").items) == 1
    with pytest.raises(InvalidInput, match="state: "):
        desk.call("job.list", state="nowhere")


def test_the_queue_has_pages(desk: Desk) -> None:
    sequence = desk.sequence()
    made = [desk.enrol(sequence, desk.contact()).job_id for _ in range(3)]
    first = desk.call("job.list", limit=2)
    rest = desk.call("job.list", limit=2, cursor=first.next)
    assert [job.job_id for job in (*first.items, *rest.items)] == made[::-1]
    assert rest.next is None


# ---- today


def needs(desk: Desk) -> list[tuple[str, str]]:
    return [(item.need.value, item.who) for item in desk.call("gtm.today").items]


def test_today_is_empty_at_first(desk: Desk) -> None:
    assert needs(desk) == []


def test_today_ranks_what_needs_the_person(desk: Desk) -> None:
    sequence = desk.sequence(HELLO, AGAIN)
    people = {
        name: desk.contact(name) for name in ("Doubt", "Refused", "Edited", "Fresh", "Missing")
    }
    ids = {}
    for name, person in people.items():
        ids[name] = desk.enrol(sequence, person).job_id
        desk.work()
    desk.mailer.script.extend(
        [InDoubt("silence"), NotSent("no", scope="recipient", permanent=True, code=550)]
    )
    for name in ("Doubt", "Refused"):
        desk.approve(desk.mail(ids[name]))
        desk.work()
    desk.approve(desk.mail(ids["Edited"]))
    desk.call("gtm.approvals.edit", id=ids["Edited"], body="A new text, long enough to be one.")
    desk.call("gtm.approvals.edit", id=ids["Missing"], body="Hi {{first_name}}, a word.")
    yesterday, today = "2026-11-23T09:00:00Z", "2026-11-24T18:00:00Z"
    desk.call("gtm.crm.add_task", subject="old", due_at=yesterday)
    desk.call(
        "gtm.crm.add_task", subject="new", due_at=today, contact_id=people["Fresh"].contact_id
    )
    desk.call("gtm.crm.add_task", subject="later", due_at="2026-11-25T09:00:00Z")
    desk.call("gtm.outreach.pause_sending", reason="holiday")
    assert needs(desk) == [
        ("sending is paused", ""),
        ("in doubt", "Doubt"),
        ("failed", "Refused"),
        ("overdue", ""),
        ("changed", "Edited"),
        ("to approve", "Fresh"),
        ("due", "Fresh"),
        ("needs data", "Missing"),
    ]
    items = desk.call("gtm.today").items
    assert items[0].why == "holiday"
    assert items[1].why == "silence"
    assert items[4].why == "edited after the approval"
    assert "left over from a template" in items[7].why


def test_today_shows_what_is_held_back(desk: Desk) -> None:
    mail = desk.drafted()
    desk.set_policy(mailer="")
    desk.approve(mail)
    desk.work()
    [item] = desk.call("gtm.today").items
    assert item.need.value == "held"
    assert item.why.startswith("no mailer is configured")


# ---- following


@pytest.fixture
def heard(desk: Desk) -> Iterator[list[frozenset[str]]]:
    """What a follower of the log hears, in the order in which it does."""
    stop, ready = threading.Event(), threading.Event()
    found: list[frozenset[str]] = []
    since = desk.engine.cursor()

    def listen(engine: Engine) -> None:
        ready.set()
        found.extend(engine.follow(stop, since, every=0.001))

    thread = threading.Thread(target=listen, args=(desk.engine,))
    thread.start()
    ready.wait()
    yield found
    stop.set()
    thread.join()


def hear(heard: list[frozenset[str]], *topics: str) -> None:
    pause = threading.Event()
    for _ in range(5000):
        if set().union(*heard) >= set(topics):
            return
        pause.wait(0.001)
    raise AssertionError(f"heard {heard}, not {topics}")


def test_whoever_follows_hears_what_was_committed(desk: Desk, heard: list[frozenset[str]]) -> None:
    desk.contact()
    hear(heard, "gtm.contact")
    desk.sequence()
    hear(heard, "gtm.contact", "gtm.sequence")


def test_whoever_follows_from_earlier_hears_that_first(desk: Desk) -> None:
    since = desk.engine.cursor()
    desk.contact()
    stop = threading.Event()
    first: Any = next(desk.engine.follow(stop, since))
    assert first == {"gtm.contact"}


def test_a_follower_that_was_stopped_hears_nothing(desk: Desk) -> None:
    stop = threading.Event()
    stop.set()
    assert list(desk.engine.follow(stop, 0)) == []


def test_the_cursor_of_an_empty_log_is_zero(engine: Engine) -> None:
    assert engine.cursor() == 0


def test_a_file_that_is_busy_does_not_end_the_following(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = desk.engine.cursor()
    desk.contact()
    answers: Iterator[Busy | int] = iter([Busy("busy"), 1])

    def version(database: Database) -> int:
        answer = next(answers)
        if isinstance(answer, Busy):
            raise answer
        return answer

    monkeypatch.setattr(Database, "data_version", version)
    first: Any = next(desk.engine.follow(threading.Event(), since, every=0))
    assert first == {"gtm.contact"}

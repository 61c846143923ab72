"""A database that was put back from a backup: what left since then does not leave a second time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rusvel_tui.adapters.mailers.journal import Journal, JournalMailer
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.ports import NotSent
from rusvel_tui.engine.worker import Worker
from tests.factories import AGAIN, HELLO, Desk, box, query


@pytest.fixture(autouse=True)
def _journal(desk: Desk, tmp_path: Path) -> None:
    """The mailer of these tests keeps a journal outside the database."""
    desk.engine.mailer = JournalMailer(desk.mailer, tmp_path / "state" / "left.journal")


@contextmanager
def restored(desk: Desk, tmp_path: Path, backup: Path) -> Iterator[Desk]:
    """The same program over the backup, at a later time."""
    old = desk.engine
    mailer = JournalMailer(desk.mailer, tmp_path / "state" / "left.journal")
    engine = Engine(backup, clock=old.clock, drafter=old.drafter, mailer=mailer, policy=old.policy)
    yield Desk(engine, desk.mailer, desk.drafter)
    engine.close()


def saved(desk: Desk, tmp_path: Path) -> Path:
    """A backup of the database as it is."""
    target = tmp_path / "backup.db"
    desk.engine.backup(target)
    return target


def test_an_approved_mail_that_left_since_is_put_in_doubt(desk: Desk, tmp_path: Path) -> None:
    mail = desk.drafted()
    desk.approve(mail)
    backup = saved(desk, tmp_path)
    desk.work()
    assert len(desk.mailer.sent) == 1
    with restored(desk, tmp_path, backup) as again:
        again.work()
        assert len(desk.mailer.sent) == 1
        seen = again.mail(mail.id)
        assert (seen.state, seen.error) == (
            "InDoubt",
            "it left already, from a newer copy of this database",
        )
        again.work()
        assert len(desk.mailer.sent) == 1
        again.call("gtm.approvals.settle", id=mail.id, outcome="sent")
        assert again.mail(mail.id).state == "Sent"


def test_a_step_that_the_copy_plans_anew_is_known_by_step_and_person(
    desk: Desk, tmp_path: Path
) -> None:
    """The copy gives the second mail another id than the one it left under."""
    first = desk.drafted(HELLO, AGAIN)
    backup = saved(desk, tmp_path)
    for _ in range(2):
        desk.approve(desk.call("gtm.approvals.list").items[0])
        desk.work()
        desk.later(days=4)
        desk.work()
    assert len(desk.mailer.sent) == 2
    with restored(desk, tmp_path, backup) as again:
        again.approve(again.mail(first.id))
        again.work()
        again.call("gtm.approvals.settle", id=first.id, outcome="sent")
        again.later(days=4)
        again.work()
        [second] = again.call("gtm.approvals.list").items
        again.approve(second)
        again.work()
        assert again.mail(second.id).state == "InDoubt"
    assert len(desk.mailer.sent) == 2


def test_a_person_may_want_it_again(desk: Desk, tmp_path: Path) -> None:
    mail = desk.drafted()
    desk.approve(mail)
    backup = saved(desk, tmp_path)
    desk.work()
    with restored(desk, tmp_path, backup) as again:
        again.work()
        again.later(minutes=21)
        again.call("gtm.approvals.settle", id=mail.id, outcome="send_again", confirm=mail.to)
        again.work()
        assert again.mail(mail.id).state == "Sent"
    assert len(desk.mailer.sent) == 2


@pytest.mark.parametrize("late", [False, True], ids=["before the gate", "at the dot"])
def test_what_the_server_refused_for_now_leaves_later(desk: Desk, late: bool) -> None:
    """A mail that provably did not leave is not known to the journal."""
    mail = desk.drafted()
    desk.approve(mail)
    desk.mailer.late = late
    desk.mailer.script.append(NotSent("busy", scope="message", permanent=False, code=451))
    desk.work()
    assert desk.mailer.sent == []
    desk.until(mail.id)
    desk.work()
    assert desk.mail(mail.id).state == "Sent"
    assert len(desk.mailer.sent) == 1


def test_a_mail_for_another_person_or_step_is_its_own(desk: Desk) -> None:
    sequence = desk.sequence()
    for _ in range(2):
        desk.enrol(sequence, desk.contact())
    desk.work()
    for mail in box(desk):
        desk.approve(mail)
    desk.work()
    assert len({one.key for one in desk.mailer.sent}) == 2


def test_a_journal_that_cannot_be_written_lets_nothing_out(desk: Desk, tmp_path: Path) -> None:
    """The mail waits with the reason; no dot is written that nobody would know of."""
    (tmp_path / "state").write_text("a file where the folder should be")
    mail = desk.drafted()
    desk.approve(mail)
    Worker(desk.engine).tick()
    assert desk.mailer.sent == []
    [(state, why)] = query(desk, "SELECT state, error || blocked FROM mail")
    assert state == "approved"
    assert "the journal of what left cannot be used" in why


def test_the_journal_is_private_and_reads_what_others_write(tmp_path: Path) -> None:
    path = tmp_path / "state" / "left.journal"
    one, other = Journal(path), Journal(path)
    one.note("a", "k1")
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    assert other.has("a", "")
    assert other.has("b", "k1")
    assert not other.has("b", "")
    other.release("a")
    assert not one.has("a", "k1")


def test_a_journal_with_damage_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "left.journal"
    path.write_bytes(b"\xff\xfe\n+\n- \nnonsense here\n+ a k\n+ half")
    journal = Journal(path)
    assert journal.has("a", "")
    assert not journal.has("half", "")
    with path.open("ab") as file:
        file.write(b"way k2\n")
    assert journal.has("halfway", "k2")


def test_nothing_that_names_a_person_stands_in_it(desk: Desk, tmp_path: Path) -> None:
    mail = desk.drafted()
    desk.approve(mail)
    desk.work()
    text = (tmp_path / "state" / "left.journal").read_text()
    assert mail.id in text
    assert "grace" not in text.lower()
    assert "example" not in text

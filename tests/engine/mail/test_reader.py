"""The reader brings in what is new, goes on after trouble, and waits for nobody."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import datetime

import pytest

from rusvel_tui.engine.gtm.mail.classifying.verdict import MailKind
from rusvel_tui.engine.gtm.mail.reader import MailReader
from rusvel_tui.engine.ports import Arrived, InDoubt, MailboxFailed
from rusvel_tui.engine.worker import Worker
from tests.engine.mail.letters import raw, sent
from tests.factories import Desk, enrollment


class Pigeonhole:
    """A mailbox of the test: gives what lies in it, and fails when it is told to."""

    label = name = "pigeonhole"
    folders: tuple[str, ...] = ("INBOX",)

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.copies: set[str] = set()
        self.fault = ""
        self.fail_after = 1000
        self.looks = 0
        self.asked: list[int] = []

    def fetch(self, folder: str, place: dict[str, int], since: datetime) -> Iterator[Arrived]:
        self.looks += 1
        first = place.get("uid", 0)
        self.asked.append(first)
        for number, one in enumerate(self.messages[first:], first + 1):
            if self.fault or number > self.fail_after:
                break
            yield Arrived(one, len(one), {"uid": number})
        else:
            return
        raise MailboxFailed(self.fault or "cut off")

    def find_sent(self, message_ids: Sequence[str]) -> frozenset[str]:
        return frozenset(message_ids) & self.copies

    def check(self) -> str:
        return "there"

    def close(self) -> None: ...


@pytest.fixture
def box(desk: Desk) -> Pigeonhole:
    made = Pigeonhole()
    desk.engine.mailbox = made
    return made


def test_each_message_comes_in_once_and_the_place_is_kept(desk: Desk, box: Pigeonhole) -> None:
    box.messages = [raw(f"{n}", message_id=f"<{n}@x.example>") for n in range(3)]
    reader = MailReader(desk.engine, box)
    assert (reader.look(), reader.look()) == (3, 0)
    assert box.asked == [0, 3]
    assert len(desk.call("gtm.mail.list").items) == 3


def test_what_came_before_a_cut_counts_and_the_rest_comes_later(
    desk: Desk, box: Pigeonhole
) -> None:
    box.messages = [raw(f"{n}", message_id=f"<{n}@x.example>") for n in range(3)]
    box.fail_after = 2
    with pytest.raises(MailboxFailed, match="cut off"):
        MailReader(desk.engine, box).look()
    assert len(desk.call("gtm.mail.list").items) == 2
    box.fail_after = 1000
    assert MailReader(desk.engine, box).look() == 1
    assert box.asked == [0, 2]


def test_t_110_a_message_that_cannot_be_read_stops_no_other(desk: Desk, box: Pigeonhole) -> None:
    mail = sent(desk)
    box.messages = [b"", b"\xff\xfe\x00" * 50, raw("Yes.", In_Reply_To=mail.message_id)]
    assert MailReader(desk.engine, box).look() == 2
    assert enrollment(desk, mail.contact_id).reason == "replied"


def test_q_001_doubts_are_settled_by_copies_and_by_nothing_else(
    desk: Desk, box: Pigeonhole
) -> None:
    mails = []
    for number in range(2):
        executed = desk.enrol(desk.sequence(name=f"S{number}"), desk.contact())
        desk.work()
        mails.append(desk.mail(executed.job_id))
        desk.mailer.script.append(InDoubt("silence"))
        desk.approve(mails[-1])
        desk.work()
    box.copies = {mails[0].message_id}
    assert MailReader(desk.engine, box).settle_doubts() == 1
    assert [desk.mail(one.id).state for one in mails] == ["Sent", "InDoubt"]
    assert MailReader(desk.engine, box).settle_doubts() == 0


def test_the_worker_reads_before_it_works_so_that_an_answer_stops_a_mail(
    desk: Desk, box: Pigeonhole
) -> None:
    first = sent(desk)
    desk.later(days=3)
    box.messages = [raw("Yes.", In_Reply_To=first.message_id)]
    desk.work()
    assert len(desk.mailer.sent) == 1
    assert enrollment(desk, first.contact_id).reason == "replied"
    assert [one.kind for one in desk.call("gtm.mail.list").items] == [MailKind.HUMAN]


def test_a_mailbox_that_fails_holds_no_mail_up_and_is_named(desk: Desk, box: Pigeonhole) -> None:
    mail = desk.drafted()
    desk.approve(mail)
    box.fault, box.messages = "the mailbox is gone", [b"x"]
    worker = Worker(desk.engine)
    worker.until_idle()
    assert desk.mail(mail.id).state == "Sent"
    assert worker.reader is not None
    assert worker.reader.error == "the mailbox is gone"


def test_it_runs_beside_the_work_and_ends_with_it(desk: Desk, box: Pigeonhole) -> None:
    seen = threading.Event()
    fetch = box.fetch

    def noticed(*given: object) -> Iterator[Arrived]:
        seen.set()
        return fetch(*given)  # type: ignore[arg-type]  # handed on as it came

    box.fetch = noticed  # type: ignore[assignment,method-assign]  # to be told
    stop = threading.Event()
    with MailReader(desk.engine, box, every=0.01).beside(stop):
        assert seen.wait(20)
    assert not [one for one in threading.enumerate() if one.name == "mailbox"]

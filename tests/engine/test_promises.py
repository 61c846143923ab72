"""Ways around the promises that a review found, each closed."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.errors import Conflict, InvalidState, NotPermitted, StorageFull
from rusvel_tui.engine.ports import InDoubt
from rusvel_tui.engine.worker import Worker
from tests.factories import AGAIN, HELLO, Desk, enrollment, query


def test_an_edit_does_not_hide_that_the_address_had_the_step(desk: Desk) -> None:
    """Ann takes over Bob's address after Bob had step 1: no edit makes a second copy for it."""
    sequence = desk.sequence(HELLO)
    bob = desk.contact("Bob", "x@example.com")
    desk.enrol(sequence, bob)
    desk.work()
    desk.approve(desk.mail(query(desk, "SELECT id FROM mail")[0][0]))
    desk.work()
    ann = desk.contact("Ann", "a@example.com")
    job = desk.enrol(sequence, ann)
    desk.call("gtm.crm.delete_contact", contact_id=bob.contact_id)
    desk.call(
        "gtm.crm.update_contact",
        contact_id=ann.contact_id,
        emails=["x@example.com", "a@example.com"],
    )
    desk.work()
    edited = desk.call("gtm.approvals.edit", id=job.job_id, body="Hi Ann, other words about looms.")
    assert any("had this step already" in problem for problem in edited.problems)
    with pytest.raises(InvalidState):
        desk.approve(edited)
    assert len(desk.mailer.sent) == 1


@pytest.mark.parametrize(
    "name",
    ["gtm.outreach.gate_closed", "gtm.outreach.accepted", "job.claim", "gtm.approvals.unreject"],
)
def test_c_071_what_is_for_the_worker_cannot_be_called_by_name(desk: Desk, name: str) -> None:
    """Neither a program nor a person reaches the machinery by `call`."""
    with pytest.raises(NotPermitted, match="for the worker and for undo"):
        desk.engine.call(name, {})
    with desk.acting_as(Actor("assistant", human=False)), pytest.raises(NotPermitted):
        desk.engine.call(name, {})


def in_doubt(desk: Desk, *steps: dict[str, object]) -> str:
    mail = desk.drafted(*steps)
    desk.mailer.script.append(InDoubt("no answer"))
    desk.approve(mail)
    desk.work()
    desk.later(minutes=21)
    return mail.id


def again(desk: Desk, mail_id: str) -> None:
    address = desk.mail(mail_id).to
    desk.call("gtm.approvals.settle", id=mail_id, outcome="send_again", confirm=address)


def test_a_mail_that_may_have_arrived_keeps_its_place(desk: Desk) -> None:
    """Wanted again, then stopped: it ends as dead, so that the step is not free for the address."""
    mail_id = in_doubt(desk)
    again(desk, mail_id)
    desk.call("gtm.outreach.cancel_enrollment", enrollment_id=desk.mail(mail_id).enrollment_id)
    assert desk.mail(mail_id).state == "Dead"


def test_a_second_copy_needs_a_running_enrollment(desk: Desk) -> None:
    mail_id = in_doubt(desk)
    desk.call("gtm.outreach.cancel_enrollment", enrollment_id=desk.mail(mail_id).enrollment_id)
    with pytest.raises(Conflict, match="is over"):
        again(desk, mail_id)


def test_a_text_that_may_have_arrived_is_not_edited(desk: Desk) -> None:
    mail_id = in_doubt(desk)
    again(desk, mail_id)
    with pytest.raises(Conflict, match="may have arrived"):
        desk.call("gtm.approvals.edit", id=mail_id, body="Hi Grace, quite other words.")


def test_a_late_answer_of_the_server_prevents_the_second_copy(desk: Desk) -> None:
    """The worker that held the mail hears its 250 after a person wanted the mail sent again."""
    mail_id = in_doubt(desk, HELLO, AGAIN)
    again(desk, mail_id)
    ((owner, fence),) = query(desk, "SELECT 'gone', fence FROM job WHERE id = ?", mail_id)
    answer = desk.call(
        "gtm.outreach.accepted", job_id=mail_id, owner=owner, fence=fence, code=250, text="taken"
    )
    assert answer.done
    desk.work()
    assert (desk.mail(mail_id).state, len(desk.mailer.sent)) == ("Sent", 0)
    assert enrollment(desk, desk.mail(mail_id).contact_id).step == 2


def test_taking_back_a_rejection_leaves_a_paused_person_paused(desk: Desk) -> None:
    mail = desk.drafted()
    desk.call("gtm.outreach.pause_enrollment", enrollment_id=mail.enrollment_id)
    desk.call("gtm.approvals.reject", id=mail.id, reason="no")
    desk.call("undo")
    assert enrollment(desk, mail.contact_id).status == "Paused"


def test_a_worker_that_cannot_begin_says_so_and_tries_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first look at the file fails; the next one succeeds, and the work is done."""
    desk.enrol(desk.sequence(), desk.contact())
    worker, stop, tries = Worker(desk.engine), Event(), []

    def check() -> None:
        tries.append(worker.error)
        if len(tries) == 1:
            raise StorageFull("The disk is full.")

    monkeypatch.setattr(worker.engine, "check", check)
    thread = Thread(target=worker.run, args=(stop,), kwargs={"idle": 0.01})
    thread.start()
    while not worker.done and thread.is_alive():
        stop.wait(0.01)
    stop.set()
    thread.join()
    assert (tries, worker.done) == (["", "The disk is full."], 1)


def test_a_gap_between_mails_costs_one_look_each_time(desk: Desk) -> None:
    """Twelve approved mails with a minute between them: all leave, and the claims grow with their number only."""
    desk.set_policy(min_gap_seconds=60)
    sequence = desk.sequence(HELLO)
    jobs = [desk.enrol(sequence, desk.contact()).job_id for _ in range(12)]
    desk.work()
    for job_id in jobs:
        desk.approve(desk.mail(job_id))
    claims = 0
    for _ in range(13):
        claims += desk.work()
        desk.later(seconds=61)
    assert (len(desk.mailer.sent), claims <= 2 * len(jobs)) == (12, True)

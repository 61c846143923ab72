"""Conformance with the first design: from enrolling somebody to the second mail, arrow by arrow."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.adapters.mailers import MAILERS
from rusvel_tui.engine import jobs
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import InvalidInput, InvalidState
from rusvel_tui.engine.gtm.approvals.boxes import ApprovalView
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.engine.ports import Envelope, Mailer, Receipt
from rusvel_tui.engine.worker import Worker
from tests.factories import HELLO, START, Desk, box, enrollment, events, kinds
from tests.fakes import CannedDrafter, RecordingMailer


def claim(desk: Desk) -> jobs.ClaimedJob | None:
    """What a worker would take next."""
    return desk.engine.run(jobs.claim, jobs.Claim(owner="test")).job


def test_t_006_g_122_g_123_a_draft_is_held_and_nothing_leaves(desk: Desk) -> None:
    contact = desk.contact("Alice Example", "alice@example.com")
    mail = desk.drafted(contact=contact)
    assert desk.mailer.offered == []
    assert (mail.to, mail.state.value) == ("alice@example.com", "Held")
    assert mail.body == "Hi Alice, a word about looms."
    assert [job.state.value for job in desk.call("job.list").items] == ["AwaitingApproval"]


def test_t_007_g_034_g_125_g_127_c_130_a_yes_sends_one_mail_and_plans_the_next_step(
    desk: Desk,
) -> None:
    mail = desk.drafted()
    desk.approve(mail)
    desk.work()
    assert len(desk.mailer.sent) == 1
    assert desk.mail(mail.id).state.value == "Sent"
    following, first = desk.call("job.list").items
    assert (first.job_id, first.state.value) == (mail.id, "Succeeded")
    assert (following.kind, following.payload["step_index"]) == ("OutreachSend", 1)
    assert (following.state.value, following.run_at) == ("Queued", START + timedelta(days=3))


def test_t_010_the_recording_mailer_records_the_message(desk: Desk) -> None:
    envelope = Envelope("mail-1", "<1@acme.example>", "a@x.example", "b@y.example", b"Hi\r\n")
    assert desk.mailer.send(envelope, lambda: None).code == 250
    assert desk.mailer.sent == [envelope]


def test_t_011_g_101_one_mail_is_one_event(desk: Desk) -> None:
    mail = desk.drafted(contact=desk.contact("Alice Example", "alice@example.com"))
    desk.approve(mail)
    desk.work()
    desk.work()
    sent = events(desk, "gtm.email.sent")
    assert len(desk.mailer.sent) == len(sent) == 1
    about = {"to": "alice@example.com", "from": "ada@acme.example", "subject": "Hello"}
    assert about.items() <= sent[0].payload.items()


def test_g_100_g_126_the_sent_step_is_told_after_the_sent_mail(desk: Desk) -> None:
    contact = desk.contact()
    sequence = desk.sequence()
    job_id = desk.enrol(sequence, contact).job_id
    desk.work()
    desk.approve(desk.mail(job_id))
    desk.work()
    happened = [kind for kind in kinds(desk) if kind.endswith(".sent")]
    assert happened == ["gtm.email.sent", "gtm.outreach.sent"]
    told = events(desk, "gtm.outreach.sent")[0].payload
    expected = {
        "sequence_id": sequence.sequence_id,
        "contact_id": contact.contact_id,
        "step_index": 0,
        "status": "sent",
    }
    assert expected.items() <= told.items()


def test_t_020_g_003_g_120_g_121_g_124_the_whole_way_from_enrolling_to_the_second_step(
    desk: Desk,
) -> None:
    """The same job is taken twice: once to draft, once, after the yes, to send."""
    executed = desk.enrol(desk.sequence(), desk.contact())
    queued = desk.call("job.list").items
    assert [(j.job_id, j.payload["step_index"]) for j in queued] == [(executed.job_id, 0)]

    assert Worker(desk.engine).tick()
    waiting = desk.call("gtm.approvals.list").items
    assert [mail.id for mail in waiting] == [executed.job_id]
    assert claim(desk) is None

    desk.approve(waiting[0])
    assert Worker(desk.engine).tick()
    assert [envelope.mail_id for envelope in desk.mailer.sent] == [executed.job_id]

    open_jobs = desk.call("job.list", state="queued").items
    assert [job.payload["step_index"] for job in open_jobs] == [1]
    assert claim(desk) is None
    desk.later(days=3)
    taken = claim(desk)
    assert taken is not None
    assert taken.job_id == open_jobs[0].job_id != executed.job_id


def test_t_020_the_job_that_is_taken_again_has_the_same_id(desk: Desk) -> None:
    mail = desk.drafted()
    desk.approve(mail)
    taken = claim(desk)
    assert taken is not None
    assert (taken.job_id, taken.kind) == (mail.id, "OutreachSend")


def test_g_128_a_no_ends_the_job_and_the_run(desk: Desk) -> None:
    """In the first design the run stayed open for ever."""
    contact = desk.contact()
    mail = desk.drafted(contact=contact)
    desk.call("gtm.approvals.reject", id=mail.id, reason="Wrong person")
    assert [job.state.value for job in desk.call("job.list").items] == ["Cancelled"]
    run = enrollment(desk, contact.contact_id)
    assert (run.status.value, run.reason) == ("Cancelled", "rejected")
    assert events(desk, "gtm.outreach.rejected")[0].payload["reason"] == "Wrong person"


def test_g_059_a_pass_holds_or_completes(desk: Desk) -> None:
    """The two outcomes of the first design, and the third that it lacked: a mail that must wait."""
    seen = [desk.mail(desk.drafted().id)]
    desk.approve(seen[0])
    desk.set_policy(mailer="")
    desk.engine.mailer = None
    desk.work()
    seen.append(desk.mail(seen[0].id))
    desk.engine.mailer = desk.mailer
    desk.set_policy(mailer=desk.mailer.label)
    desk.work()
    seen.append(desk.mail(seen[0].id))
    assert [mail.box for mail in seen] == [Box.WAITING, Box.HELD, Box.SENT]


def test_g_058_without_a_mailer_nothing_pretends_to_send(desk: Desk) -> None:
    """The first design used its mock in production when no server was named."""
    desk.engine.mailer = None
    desk.set_policy(mailer="")
    mail = desk.drafted()
    desk.approve(mail)
    desk.work()
    held: list[ApprovalView] = box(desk, Box.HELD)
    assert [m.id for m in held] == [mail.id]
    assert held[0].blocked.startswith("no mailer is configured")
    assert [kind for kind in kinds(desk) if "sent" in kind] == []


def test_g_056_a_mailer_is_whatever_takes_an_envelope(desk: Desk) -> None:
    """One method that matters; the rest is its name and its end."""

    class Carrier:
        label = "carrier pigeon"
        taken: list[str] = []

        def send(self, envelope: Envelope, gate: object) -> Receipt:
            assert callable(gate)
            gate()
            self.taken.append(envelope.rcpt_to)
            return Receipt(250, "coo")

        def close(self) -> None:
            self.taken.clear()

    carrier: Mailer = Carrier()
    desk.engine.mailer = carrier
    mail = desk.drafted()
    desk.approve(mail)
    desk.work()
    assert Carrier.taken == [mail.to]
    assert {"smtp", "folder"} <= set(MAILERS)


def test_g_053_g_114_g_173_c_070_the_queue_holds_the_work_and_a_worker_does_it(desk: Desk) -> None:
    job_id = desk.enrol(desk.sequence(), desk.contact()).job_id
    taken = claim(desk)
    assert taken is not None
    assert (taken.job_id, taken.kind) == (job_id, "OutreachSend")


def test_g_015_g_172_the_drafter_gets_the_facts_and_its_words_are_held(desk: Desk) -> None:
    desk.drafted(contact=desk.contact("Grace Hopper"))
    brief = desk.drafter.briefs[0]
    assert (brief.sequence, brief.step_number, brief.step_count) == ("Intro", 1, 2)
    assert brief.fields["first_name"] == "Grace"


def test_g_010_an_engine_is_made_of_a_file_a_clock_a_drafter_and_a_mailer(
    tmp_path: Path, no_sync: None
) -> None:
    """Storage, events and jobs are one file; only the clock is needed besides."""
    drafter, mailer, clock = CannedDrafter(), RecordingMailer(), FixedClock(START)
    made = Engine(tmp_path / "full.db", clock=clock, drafter=drafter, mailer=mailer)
    assert (made.drafter, made.mailer, made.clock) == (drafter, mailer, clock)
    made.close()
    assert mailer.closed == 1
    bare = Engine(tmp_path / "bare.db", clock=clock)
    assert bare.call("session.create", {"name": "acme"}) == bare.call("session.show", {})
    bare.close()


def test_g_170_c_013_contacts_deals_and_sequences_outlive_the_process(desk: Desk) -> None:
    contact = desk.contact()
    deal = desk.call("gtm.crm.add_deal", contact_id=contact.contact_id, title="Rollout")
    sequence = desk.sequence()
    contact = desk.call("gtm.crm.get_contact", contact_id=contact.contact_id)
    path, clock = desk.engine.path, desk.engine.clock
    desk.engine.close()
    again = Engine(path, clock=clock)
    try:
        chosen = {"contact_id": contact.contact_id}
        assert again.call("gtm.crm.get_contact", chosen) == contact
        assert again.call("gtm.crm.list_deals", {}).items == (deal,)  # type: ignore[attr-defined]
        chosen = {"sequence_id": sequence.sequence_id}
        assert again.call("gtm.outreach.get_sequence", chosen) == sequence
    finally:
        again.close()


def test_g_064_q_066_another_channel_is_work_for_a_person_and_no_failed_job(desk: Desk) -> None:
    contact = desk.contact("Grace Hopper")
    step = {"delay_days": 0, "channel": "linkedin", "template": "Hi {{first_name}}"}
    job_id = desk.enrol(desk.sequence(step), contact).job_id
    desk.work()
    task = desk.call("gtm.crm.list_tasks").items[0]
    assert (task.body, task.contact_id) == ("Hi Grace", contact.contact_id)
    desk.call("gtm.outreach.complete_step", job_id=job_id)
    with pytest.raises(InvalidState):
        desk.call("gtm.outreach.complete_step", job_id=job_id)
    assert desk.mailer.offered == []


def test_q_017_no_model_is_asked_where_nothing_could_leave(desk: Desk) -> None:
    """Somebody who objected after they were enrolled costs no words; without an address nobody is enrolled."""
    drafter = CannedDrafter()
    desk.engine.drafter = drafter
    sequence = desk.sequence(HELLO)
    silent, objected, ada = desk.contact("Bo", ""), desk.contact("Cy"), desk.contact("Ada")
    with pytest.raises(InvalidInput, match="no address"):
        desk.enrol(sequence, silent)
    for person in (objected, ada):
        desk.enrol(sequence, person)
    desk.call("gtm.crm.suppress_contacts", contact_ids=[objected.contact_id], reason="asked")
    desk.work()
    assert [brief.fields["first_name"] for brief in drafter.briefs] == ["Ada"]

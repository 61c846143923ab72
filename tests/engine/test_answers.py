"""What each answer of the server means, and trouble before there is one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import StorageFull
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.engine.jobs import BACKOFF
from rusvel_tui.engine.ports import DrafterFailed, InDoubt, NotSent
from tests.factories import HELLO, Desk, box, enrollment, kinds, query


def refusal(scope: str = "recipient", *, permanent: bool = False, **more: Any) -> NotSent:
    return NotSent("said no", scope=scope, permanent=permanent, **more)


def approved(desk: Desk, *steps: dict[str, Any]) -> Any:
    mail = desk.drafted(*steps)
    desk.approve(mail)
    return mail


@pytest.mark.parametrize("late", [False, True])
def test_a_refusal_for_the_moment_is_tried_again_later(desk: Desk, late: bool) -> None:
    mail = approved(desk)
    desk.mailer.late = late
    for number in range(5):
        desk.mailer.script.append(refusal(code=451))
        before = desk.engine.clock.now()
        desk.work()
        seen = desk.mail(mail.id)
        assert (seen.state, seen.box, seen.error) == ("Approved", Box.QUEUED, "451 said no")
        wait = (seen.run_at - before).total_seconds()
        assert 0.8 * BACKOFF[number] - 1 <= wait <= 1.2 * BACKOFF[number] + 1
        assert desk.work() == 0
        desk.later(seconds=wait + 1)
    assert enrollment(desk, mail.contact_id).status == "Active"
    desk.work()
    assert len(desk.mailer.sent) == 1
    assert len({(e.message_id, e.raw) for e in desk.mailer.offered}) == 1


def test_after_the_last_try_a_mail_is_dead_and_seen(desk: Desk) -> None:
    mail = approved(desk)
    desk.mailer.script.extend(refusal(code=451) for _ in range(6))
    for _ in range(6):
        desk.work()
        desk.until(mail.id)
    assert desk.work() == 0
    seen = desk.mail(mail.id)
    assert (seen.state, seen.box, seen.error) == ("Dead", Box.FAILED, "451 said no")
    assert desk.call("job.list", state="failed").items[0].error == "451 said no"
    assert kinds(desk, "gtm.email") == ["gtm.email.failed"] * 6


@pytest.mark.parametrize("late", [False, True])
def test_a_refusal_for_good_ends_it(desk: Desk, late: bool) -> None:
    mail = approved(desk)
    desk.mailer.late = late
    desk.mailer.script.append(refusal(permanent=True, code=554))
    desk.work()
    seen = desk.mail(mail.id)
    assert (seen.state, seen.error, seen.reply) == ("Rejected", "554 said no", "554 said no")
    ended = enrollment(desk, mail.contact_id)
    assert (ended.status, ended.reason) == ("Cancelled", "refused")
    assert desk.call("gtm.crm.list_suppressed").items == ()
    assert desk.call("job.list", state="queued").items == ()


def test_a_dead_address_is_not_written_to_again(desk: Desk) -> None:
    mail = approved(desk)
    desk.mailer.script.append(refusal(permanent=True, code=550, hard_bounce=True))
    desk.work()
    assert enrollment(desk, mail.contact_id).reason == "bounced"
    [entry] = desk.call("gtm.crm.list_suppressed").items
    assert (entry.address, entry.reason) == ("grace1@example.com", "bounced: 550 said no")
    person = desk.call("gtm.crm.get_contact", contact_id=mail.contact_id)
    assert person.emails[0].invalid


def test_a_code_is_not_said_twice(desk: Desk) -> None:
    mail = approved(desk)
    desk.mailer.script.append(NotSent("550 no\r\nsuch user", scope="recipient", permanent=True, code=550))  # fmt: skip
    desk.work()
    assert desk.mail(mail.id).error == "550 no such user"


def test_trouble_with_the_connection_costs_no_try_and_holds_all_mails(desk: Desk) -> None:
    sequence = desk.sequence(HELLO)
    ids = [desk.enrol(sequence, desk.contact()).job_id for _ in range(2)]
    desk.work()
    for mail_id in ids:
        desk.approve(desk.mail(mail_id))
    for seconds in (30, 60, 120, 300, 900, 900):
        desk.mailer.script.append(refusal("connection"))
        desk.work()
        assert len(desk.mailer.sent) == 0
        held = box(desk, Box.HELD)
        assert {mail.id for mail in held} == set(ids)
        assert "cannot be reached: said no" in " ".join(mail.blocked for mail in held)
        assert desk.call("gtm.outreach.sender").retry_at == desk.engine.clock.now() + timedelta(
            seconds=seconds
        )
        desk.later(seconds=seconds + 1)
    assert len(desk.mailer.offered) == 6
    desk.work()
    assert len(desk.mailer.sent) == 2
    assert desk.call("gtm.outreach.sender").retry_at is None
    assert query(desk, "SELECT max(attempts) FROM job WHERE state = 'succeeded'") == [(1,)]


def test_trouble_with_the_account_waits_for_a_person(desk: Desk) -> None:
    mail = approved(desk)
    desk.mailer.script.append(refusal("account", permanent=True, code=535))
    desk.work()
    [held] = box(desk, Box.HELD)
    assert held.blocked == "sending is paused: 535 said no"
    sender = desk.call("gtm.outreach.sender")
    assert (sender.paused, sender.reason) == (True, "535 said no")
    desk.later(hours=9)
    desk.work()
    assert len(desk.mailer.offered) == 1
    desk.call("gtm.outreach.resume_sending")
    desk.work()
    assert desk.mail(mail.id).state == "Sent"


def test_five_refusals_in_a_row_pause_all_sending(desk: Desk) -> None:
    sequence = desk.sequence(HELLO)
    ids = [desk.enrol(sequence, desk.contact()).job_id for _ in range(7)]
    desk.work()
    desk.approve(desk.mail(ids[0]))
    desk.work()
    for mail_id in ids[1:]:
        desk.mailer.script.append(refusal(permanent=True, code=550))
        desk.approve(desk.mail(mail_id))
        desk.work()
    assert len(box(desk, Box.FAILED)) == 5
    [held] = box(desk, Box.HELD)
    assert held.blocked == "sending is paused: the last 5 mails were all refused"


def test_silence_after_the_dot_is_a_doubt_and_is_never_sent_again(desk: Desk) -> None:
    mail = approved(desk)
    desk.mailer.script.append(InDoubt("no answer\nin time"))
    desk.work()
    seen = desk.mail(mail.id)
    assert (seen.state, seen.box, seen.error) == ("InDoubt", Box.IN_DOUBT, "no answer in time")
    desk.later(days=30)
    assert desk.work() == 0
    assert len(desk.mailer.offered) == 1
    assert enrollment(desk, mail.contact_id).step == 1
    assert kinds(desk, "gtm.email") == ["gtm.email.in_doubt"]


def test_an_error_before_the_gate_is_tried_again(desk: Desk) -> None:
    mail = approved(desk)
    desk.mailer.script.append(RuntimeError("a bug"))
    desk.work()
    seen = desk.mail(mail.id)
    assert (seen.state, seen.error) == ("Approved", "RuntimeError: a bug")
    desk.later(hours=1)
    desk.work()
    assert desk.mail(mail.id).state == "Sent"


def test_an_error_behind_the_gate_is_a_doubt(desk: Desk) -> None:
    mail = approved(desk)
    desk.mailer.late = True
    desk.mailer.script.append(RuntimeError("a bug"))
    desk.work()
    seen = desk.mail(mail.id)
    assert (seen.state, seen.error) == ("InDoubt", "RuntimeError: a bug")


def test_without_a_mailer_nothing_says_sent_and_later_it_leaves(desk: Desk) -> None:
    """T-105, Q-006: held with the reason; configured later it leaves by itself."""
    desk.set_policy(mailer="")
    desk.engine.mailer = None
    mail = approved(desk)
    desk.work()
    [held] = box(desk, Box.HELD)
    assert held.blocked == "no mailer is configured: set RUSVEL_SMTP_HOST or RUSVEL_MAIL_FOLDER"
    assert not [kind for kind in kinds(desk) if kind.endswith("sent")]
    assert "Sent" not in held.model_dump_json()
    assert desk.call("gtm.status").mails["sent"] == 0
    desk.engine.mailer = desk.mailer
    desk.set_policy(mailer=desk.mailer.label)
    desk.work()
    assert desk.mail(mail.id).state == "Sent"
    assert kinds(desk, "gtm.outreach.blocked") == ["gtm.outreach.blocked"]


def test_without_a_sender_address_a_mail_waits(desk: Desk) -> None:
    desk.call("session.update", sender_email="")
    mail = approved(desk)
    desk.work()
    assert box(desk, Box.HELD)[0].blocked == "no sender address: set RUSVEL_SMTP_FROM"
    desk.set_policy(mail_from="desk@acme.example")
    desk.work()
    [changed] = box(desk, Box.CHANGED)
    assert (changed.from_, changed.changed_since) == (
        "desk@acme.example",
        "the sender address changed since the approval",
    )
    desk.approve(changed)
    desk.work()
    assert desk.mail(mail.id).state == "Sent"


def test_a_mailer_that_went_away_is_an_error_and_not_a_doubt(desk: Desk) -> None:
    mail = approved(desk)
    desk.engine.mailer = None
    desk.work()
    seen = desk.mail(mail.id)
    assert (seen.state, seen.error) == ("Approved", "EngineError: no mailer is configured")


def test_an_acceptance_is_recorded_as_soon_as_the_disk_has_room(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = approved(desk)
    full(desk, monkeypatch, times=3)
    desk.work()
    assert desk.mail(mail.id).state == "Sent"
    assert len(desk.mailer.sent) == 1


def test_an_acceptance_that_cannot_be_recorded_ends_as_a_doubt(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = approved(desk)
    monkeypatch.setattr("rusvel_tui.engine.gtm.outreach.mails.sending._INSIST", 5)
    full(desk, monkeypatch, times=5)
    desk.work()
    seen = desk.mail(mail.id)
    assert (seen.state, seen.error) == ("InDoubt", "StorageFull: full")


def full(desk: Desk, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """The disk is full for the next acceptances."""
    run, left = Engine.run, [times]

    def refuse(engine: Engine, operation: Any, command: Any) -> Any:
        if operation.name == "gtm.outreach.accepted" and left[0]:
            left[0] -= 1
            raise StorageFull("full")
        return run(engine, operation, command)

    monkeypatch.setattr(Engine, "run", refuse)


def test_a_drafter_that_fails_is_asked_again_and_then_seen(desk: Desk) -> None:
    desk.drafter.script.extend(DrafterFailed("no answer") for _ in range(6))
    executed = desk.enrol(desk.sequence(), desk.contact())
    for _ in range(6):
        desk.work()
        desk.later(days=2)
    seen = desk.mail(executed.job_id)
    assert (seen.state, seen.box) == ("Dead", Box.FAILED)
    assert seen.error == "EngineError: the draft failed: no answer"
    assert kinds(desk, "job") == [*["job.requeued"] * 5, "job.failed"]


def test_without_a_drafter_the_reason_is_said(desk: Desk) -> None:
    desk.engine.drafter = None
    executed = desk.enrol(desk.sequence(), desk.contact())
    desk.work()
    assert desk.mail(executed.job_id).error == "EngineError: no drafter is configured"

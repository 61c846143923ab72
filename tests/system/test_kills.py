"""T-100: a worker killed with SIGKILL at each point of the crash table ends as the table says."""

from __future__ import annotations

import signal
from dataclasses import dataclass

import pytest

from tests.system.helpers import ended, wait_for
from tests.system.story import LATER, Story

MINUTES_LATER, DAYS_LATER = "2400", "400000"


@dataclass(frozen=True)
class Row:
    """One row of the table: where it dies, what is on disk then, and how it ends."""

    number: int
    point: str
    mail: str
    job: str
    end: str
    copies: int
    attempts: int


TABLE = (
    Row(1, "before_claim", "approved", "queued", "sent", 1, 1),
    Row(2, "after_claim", "approved", "running", "sent", 1, 2),
    Row(3, "after_connect", "sending", "running", "sent", 1, 2),
    Row(4, "after_mail", "sending", "running", "sent", 1, 2),
    Row(5, "after_rcpt", "sending", "running", "sent", 1, 2),
    Row(6, "after_body", "sending", "running", "sent", 1, 2),
    Row(7, "after_intent", "committing", "running", "in_doubt", 0, 1),
    Row(8, "after_dot", "committing", "running", "in_doubt", 1, 1),
    Row(9, "after_250", "committing", "running", "in_doubt", 1, 1),
    Row(10, "in_finish", "committing", "running", "in_doubt", 1, 1),
    Row(11, "after_finish", "sent", "succeeded", "sent", 1, 1),
)


def kill(story: Story, point: str, *what: str, time: str = "0") -> None:
    process = story.process(*what, time=time, RUSVEL_CRASHPOINT=point)
    code, _, err = ended(process)
    assert (code, err) == (-signal.SIGKILL, "")


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.number}-{row.point}")
def test_q_001_q_003_a_killed_worker_neither_doubles_nor_loses_a_mail(
    story: Story, row: Row
) -> None:
    kill(story, row.point, "work")
    found = story.mail()
    assert (found.state, found.job) == (row.mail, row.job)
    story.do("work")
    if row.copies:
        wait_for(story.copies, "the mail on the server")
    for time in (MINUTES_LATER, MINUTES_LATER):  # nothing more happens by itself
        found = story.mail()
        assert (found.state, found.attempts) == (row.end, row.attempts)
        assert list(story.copies().values()) == [1] * row.copies
        story.do("work", time=time)
    following = story.query("SELECT state FROM mail WHERE position = 1")
    assert following == ([("scheduled",)] if row.end == "sent" else [])
    assert story.events("gtm.email.sent") == int(row.end == "sent")
    assert story.events("gtm.email.in_doubt") == int(row.end == "in_doubt")
    if row.end == "in_doubt":
        story.do("settle", story.mail_id(), "sent", time=MINUTES_LATER)
    the_next_step_follows(story)
    assert sum(story.copies().values()) == row.copies + 1


def the_next_step_follows(story: Story) -> None:
    assert (story.mail().state, story.mail().job) == ("sent", "succeeded")
    story.do("work", time=DAYS_LATER)
    [(digest,)] = story.query("SELECT digest FROM mail WHERE position = 1")
    story.do("approve", story.mail_id(1), digest, time=DAYS_LATER)
    story.do("work", time=DAYS_LATER)
    assert story.mail(1).state == "sent"


@pytest.mark.parametrize("story", ["held"], indirect=True)
@pytest.mark.parametrize(
    ("point", "state", "copies"), [("in_approve", "held", 0), ("after_approve", "approved", 1)]
)
def test_row_12_a_yes_counts_when_it_was_committed(
    story: Story, point: str, state: str, copies: int
) -> None:
    [(mail_id, digest)] = story.query("SELECT id, digest FROM mail")
    kill(story, point, "approve", mail_id, digest)
    assert story.mail().state == state
    story.do("work")
    assert sum(story.copies().values()) == copies
    if not copies:
        story.do("approve", mail_id, digest)
        story.do("work")
    assert list(story.copies().values()) == [1]


@pytest.fixture
def doubt(story: Story) -> str:
    """A story with a mail in doubt; its id."""
    kill(story, "after_250", "work")
    story.do("work")
    return story.mail_id()


def test_row_13_a_settlement_that_dies_settles_nothing(story: Story, doubt: str) -> None:
    kill(story, "in_settle", "settle", doubt, "sent", time=LATER)
    assert story.mail().state == "in_doubt"
    assert story.query("SELECT count(*) FROM mail WHERE position = 1") == [(0,)]
    story.do("settle", doubt, "sent")
    assert story.mail().state == "sent"


def test_row_13_two_who_settle_at_once_settle_once(story: Story, doubt: str) -> None:
    processes = [story.process("settle", doubt, "sent", time=LATER) for _ in range(2)]
    found = sorted(ended(process) for process in processes)
    assert [code for code, _, _ in found] == [0, 5]
    assert "The mail is sent and cannot become settled." in found[1][2]
    assert story.events("gtm.email.settled") == 1
    assert story.query("SELECT count(*) FROM activity") == [(1,)]
    assert story.mail(1).state == "scheduled"


@pytest.mark.parametrize("story", ["planned"], indirect=True)
def test_row_15_a_draft_that_was_not_stored_is_written_again(story: Story) -> None:
    kill(story, "after_draft", "work")
    assert (story.mail().state, story.mail().job) == ("drafting", "running")
    story.do("work")
    assert (story.mail().state, story.mail().job) == ("held", "awaiting_approval")
    assert story.events("gtm.outreach.drafted") == 1
    assert story.copies() == {}


def test_a_mail_whose_worker_dies_again_and_again_is_seen(story: Story) -> None:
    for number in range(6):
        kill(story, "after_body", "work", time=str(number * 300))
    story.do("work", time=MINUTES_LATER)
    assert (story.mail().state, story.mail().job) == ("dead", "failed")
    assert story.events("job.failed") == 1
    assert story.copies() == {}

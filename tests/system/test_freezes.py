"""A worker that is frozen past its lease: somebody else goes on, and it wakes without doing harm."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.system.driver import LEASE
from tests.system.helpers import ended, stopped, wait_for
from tests.system.story import Story

BEFORE_THE_INTENT = ("after_claim", "after_connect", "after_rcpt", "after_body")
BEHIND_IT = ("after_intent", "after_dot", "after_250")


@contextmanager
def frozen(story: Story, point: str, time: str = "0") -> Iterator[subprocess.Popen[str]]:
    """A worker that stops at a point and goes on at the end of the block."""
    process = story.process(
        "tick",
        time=time,
        RUSVEL_CRASHPOINT=f"stop:{point}",
        **{LEASE: "1" if time == "now" else "120"},
    )
    wait_for(lambda: stopped(process), f"the worker to stop at {point}")
    try:
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
    code, _, err = ended(process)
    assert (code, err) == (0, "")


@pytest.mark.parametrize("point", BEFORE_THE_INTENT)
def test_who_wakes_before_the_gate_finds_it_closed(story: Story, point: str) -> None:
    with frozen(story, point):
        story.do("work")
        assert story.mail().state == "sent"
    assert list(story.copies().values()) == [1]
    assert (story.mail().state, story.mail().attempts) == ("sent", 2)
    assert story.events("gtm.email.sent") == 1
    assert story.mail(1).state == "scheduled"


@pytest.mark.parametrize("point", BEHIND_IT)
def test_who_wakes_behind_the_gate_settles_the_doubt(story: Story, point: str) -> None:
    with frozen(story, point):
        story.do("work")
        assert story.mail().state == "in_doubt"
    assert list(story.copies().values()) == [1]
    assert (story.mail().state, story.mail().job) == ("sent", "succeeded")
    assert story.events("gtm.email.in_doubt") == 1
    assert story.events("gtm.email.sent") == 1
    assert story.mail(1).state == "scheduled"


def test_who_slept_between_the_intent_and_the_dot_writes_none(story: Story) -> None:
    """By the clock of the machine: the dot is not written after the lease, and the mail leaves once."""

    def given_up() -> bool:
        story.do("work", time="now")
        return story.mail().state == "in_doubt"

    story.due_now()
    with frozen(story, "after_intent", time="now"):
        wait_for(given_up, "the lease to run out")
        assert story.copies() == {}
    story.do("work", time="now")
    assert list(story.copies().values()) == [1]
    assert story.mail().state == "sent"


def test_a_yes_that_is_taken_back_reaches_who_slept(story: Story) -> None:
    with frozen(story, "after_body"):
        story.do("edit", story.mail_id())
        assert story.mail().state == "held"
    assert story.copies() == {}
    assert (story.mail().state, story.mail().job) == ("held", "awaiting_approval")

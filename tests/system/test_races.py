"""A yes, a no and an edit from processes of their own at the same moment: one wins, the others are told."""

from __future__ import annotations

import pytest

from tests.system.helpers import ended
from tests.system.story import Story

CONFLICT = 5
ROUNDS = 3


@pytest.mark.parametrize("story", ["held"] * ROUNDS, indirect=True)
def test_t_102_q_007_a_yes_and_an_edit_from_two_processes(story: Story) -> None:
    mail_id = story.mail_id()
    [(digest,)] = story.query("SELECT digest FROM mail WHERE id = ?", mail_id)
    people = [
        story.process("approve", mail_id, digest),
        story.process("edit", mail_id),
        story.process("approve", mail_id, digest),
        story.process("reject", mail_id),
    ]
    found = [ended(person) for person in people]
    codes = [code for code, _, _ in found]
    assert set(codes) <= {0, CONFLICT}
    assert all(err.strip() for code, _, err in found if code), "who lost is told"
    [(state, approved, digest_now, subject)] = story.query(
        "SELECT state, approved_digest, digest, subject FROM mail WHERE id = ?", mail_id
    )
    edited = codes[1] == 0
    assert (subject == "Another subject") == edited
    assert approved in (None, digest_now), "no yes to another text"
    assert state in ("approved", "held", "cancelled")
    if state == "approved":
        assert approved == digest, "the yes is to what was read"
        assert not edited
    assert codes[0] + codes[2] >= CONFLICT, "two do not say yes to the same draft"
    assert story.query("PRAGMA integrity_check") == [("ok",)]

"""A message is stored first, judged once, and what it means follows, however it is tied to somebody."""

from __future__ import annotations

import pytest

from rusvel_tui.engine.gtm.mail.classifying.verdict import MailKind
from tests.engine.mail.letters import arrives, raw, report, sent
from tests.factories import Desk, box, enrollment, events, query


def test_q_047_a_reply_stops_the_sequence_and_waits_for_an_answer(desk: Desk) -> None:
    mail = sent(desk)
    seen = arrives(desk, raw("Yes, tell me more.", In_Reply_To=mail.message_id))
    assert (seen.kind, seen.state, seen.linked_by.key) == (MailKind.HUMAN, "open", "thread")
    assert seen.contact_id == mail.contact_id
    ended = enrollment(desk, mail.contact_id)
    assert (ended.status, ended.reason) == ("Cancelled", "replied")
    assert seen.effect == "their sequence ended"

"""Commands in one write: every mail arrives, and every fault ends as it does one command at a time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.adapters.mailers.smtp_pipeline import _Reader
from rusvel_tui.engine.ports import Envelope
from tests.adapters.smtp_mail import mailer_for, open_gate, outcome
from tests.adapters.smtp_servers import DROP, SILENT, ScriptedServer
from tests.adapters.test_smtp_faults import FAULTS

OFFER = {"EHLO": b"250-scripted\r\n250-PIPELINING\r\n250 SIZE 1000000"}


def test_mails_in_one_write_each_arrive_whole(envelope: Envelope) -> None:
    with ScriptedServer(OFFER) as server:
        mailer = mailer_for(server)
        for _ in range(5):
            mailer.send(envelope, open_gate)
        mailer.close()
    assert server.connections == 1
    assert server.mails == [envelope.raw] * 5
    assert server.verbs()["DATA"] == 5


@pytest.mark.parametrize("name", [name for name in FAULTS if "EHLO" not in FAULTS[name][0]])
def test_each_fault_ends_as_it_does_one_command_at_a_time(name: str, envelope: Envelope) -> None:
    script, expected, copies = FAULTS[name]
    with ScriptedServer(OFFER | script) as server:
        assert outcome(server, envelope) == expected
        assert len(server.mails) == copies


@pytest.mark.parametrize("answer", [b"550 5.1.1 user unknown", DROP, SILENT, b"what?"])
def test_no_dot_follows_a_recipient_that_was_refused(envelope: Envelope, answer: bytes) -> None:
    """A server may say 354 after a refused recipient: the connection ends instead."""
    with ScriptedServer(OFFER | {"RCPT": answer}) as server:
        assert outcome(server, envelope) != "sent"
    assert server.mails == []


@given(st.lists(st.integers(1, 9), max_size=30), st.data())
def test_replies_are_cut_wherever_the_network_cuts(sizes: list[int], data: st.DataObject) -> None:
    said = b"250-one\r\n250 two\r\n354 go\r\n550 5.1.1 no\r\nhello\r\n"
    reader, at = _Reader(), 0
    for size in sizes:
        reader.data_received(said[at : at + size])
        at += size
    reader.data_received(said[at:])
    found = [reader._next() for _ in range(4)]
    assert [reply.code for reply in found if reply] == [250, 354, 550, -1]
    assert found[0] is not None
    assert found[0].message == "one\ntwo"
    assert reader._next() is None

"""A process that is killed in the middle of an answer: what was said is there, and the question can be asked again."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rusvel_tui.engine.agent.chat.reviving import Everything, recover
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.agent.proposals.proposals import ProposalId, approve
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.models import ChatRun
from tests.engine.agent.chat.talking import Talk, scripted
from tests.factories import Desk

ROOT = Path(__file__).parents[4]
ADD = {"tool": "gtm.crm.add_contact", "input": {"name": "Mary Shaw", "email": "mary@example.com"}}
ANSWER = """
import sys
from pathlib import Path
from threading import Event
from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine.agent.proposals.proposals import ProposalId, approve
from rusvel_tui.engine.chat_ports import Finished, ToolCall, Words
from rusvel_tui.engine.core import Engine
from tests.engine.agent.chat.talking import Playing, Talk
from tests.factories import START

clock = FixedClock(START)
engine = Engine(Path(sys.argv[1]), clock=clock)

def second():
    clock.wait(Event(), 1.0)

def hang():
    print("ready", flush=True)
    sys.stdin.read()

call = ToolCall("c", "gtm__crm__add_contact", {"name": "Mary Shaw", "email": "mary@example.com"})
words = [Words("one "), second, Words("two "), hang, Words("three"), Finished("end")]
talk = Talk(engine, Playing([call, Finished("tools")] if sys.argv[2] == "decided" else words))

def decide(proposal):
    engine.run(approve, ProposalId(proposal_id=proposal.proposal_id))
    hang()

talk._decide = decide
talk.ask("Count")
"""


@pytest.fixture
def killed(desk: Desk, request: pytest.FixtureRequest) -> Talk:
    """A talk in whose conversation another process was killed."""
    child = subprocess.Popen(
        [sys.executable, "-c", ANSWER, str(desk.engine.path), request.param],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        talk = scripted(desk.engine, "one two three")
        talk.conversation_id = ChatRun.get().conversation_id
        with pytest.raises(Conflict, match="still answering"):
            talk.ask("Another one meanwhile")
    finally:
        child.send_signal(signal.SIGKILL)
        child.communicate()
    return talk


@pytest.mark.parametrize("killed", ["words"], indirect=True)
def test_q_136_a_killed_answer_keeps_its_words_and_can_be_asked_again(
    desk: Desk, killed: Talk
) -> None:
    listed = desk.call("agent.chat.list_conversations").items[0]
    assert listed.state is RunState.FAILED, "seen before anybody writes it down"
    assert killed.show().runs[0].error == "interrupted"
    lost = desk.engine.run(recover, Everything()).items
    assert [(one.state, one.error) for one in lost] == [(RunState.FAILED, "interrupted")]
    assert killed.texts() == [("user", "Count", False), ("assistant", "one two", True)]
    assert killed.ask(retry=True).state is RunState.COMPLETED
    assert killed.texts()[-1] == ("assistant", "one two three", False)


@pytest.mark.parametrize("killed", ["decided"], indirect=True)
def test_q_136_a_change_that_was_made_before_the_kill_is_told_and_not_made_again(
    desk: Desk, killed: Talk
) -> None:
    assert killed.ask(retry=True).state is RunState.COMPLETED
    assert [one.name for one in desk.call("gtm.crm.list_contacts").items] == ["Mary Shaw"]
    told = desk.engine.chat_model.asked[-1].turns  # type: ignore[union-attr]
    assert "Mary Shaw" in told[-1].blocks[0].text
    assert not told[-1].blocks[0].failed


def test_two_at_once_in_one_conversation_are_kept_apart(desk: Desk) -> None:
    """The second process is told; the proposals of the first are decided by whoever comes first."""
    talk = scripted(desk.engine, [ADD], "Done.")
    run = talk.ask("Add Mary Shaw")
    other = Talk(desk.engine, talk.chat._model)
    other.conversation_id = talk.conversation_id
    with pytest.raises(Conflict, match="yes or no"):
        other.ask("Me too")
    card = talk.proposal()
    desk.engine.run(approve, ProposalId(proposal_id=card.proposal_id))
    assert other.go_on(run).state is RunState.COMPLETED
    with pytest.raises(Conflict):
        talk.go_on(run)

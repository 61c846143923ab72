"""Yes and no to proposals: what was seen is what is made, once, by a person, and `z` takes it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from rusvel_tui.engine.agent.proposals import deciding
from rusvel_tui.engine.agent.proposals.cards import (
    ApproveProposals,
    EditProposal,
    ListProposals,
    ProposalId,
    ProposalState,
    ProposalView,
    RejectProposal,
    target_of,
)
from rusvel_tui.engine.agent.proposals.deciding import approve, approve_many, edit, reject
from rusvel_tui.engine.agent.proposals.listing import list_proposals
from rusvel_tui.engine.agent.tools.catalogue import catalogue
from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound, NotPermitted
from rusvel_tui.engine.event_kinds import EVENT_KINDS
from rusvel_tui.engine.operation import OPERATIONS
from rusvel_tui.engine.undo import Undo, redo, undo
from tests.engine.agent.proposals.asking import PROGRAM, ask, everything, lines, seen, yes
from tests.factories import HELLO, Desk, events, kinds

CSV = "name,email\nAda Lovelace,ada@x.example\nGrace Hopper,grace@x.example\n"


def waiting(desk: Desk) -> int:
    return desk.engine.run(list_proposals, ListProposals(limit=1)).waiting


def people(desk: Desk) -> list[str]:
    return sorted(one.name for one in desk.call("gtm.crm.list_contacts", limit=100).items)


def pair(desk: Desk) -> tuple[str, str]:
    """A contact and a deal."""
    contact = desk.contact("Ada Lovelace").contact_id
    deal = desk.call("gtm.crm.add_deal", contact_id=contact, title="Looms", value="5000").deal_id
    return contact, deal


CHANGES: dict[str, Callable[[str, str], dict[str, Any]]] = {
    "gtm.crm.add_contact": lambda contact, deal: {"name": "Grace Hopper", "company": "Navy"},
    "gtm.crm.update_contact": lambda contact, deal: {"contact_id": contact, "title": "CTO"},
    "gtm.crm.advance_deal": lambda contact, deal: {"deal_id": deal, "stage": "Qualified"},
    "gtm.crm.tag_contacts": lambda contact, deal: {"contact_ids": [contact], "add": ["vip"]},
    "gtm.crm.add_note": lambda contact, deal: {"deal_id": deal, "body": "Likes looms."},
    "growth.kpi.record_kpi": lambda contact, deal: {"name": "MRR", "value": 12000},
    "gtm.outreach.create_sequence": lambda contact, deal: {"name": "Hello", "steps": [HELLO]},
    "gtm.outreach.create_email_draft": lambda contact, deal: {
        "contact_id": contact, "subject": "Hi", "body": "A word.",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_g_148_an_approved_call_reaches_the_engine_and_undo_takes_it_back(
    desk: Desk, name: str
) -> None:
    """One change of the person's own: made, taken back, made again."""
    card = ask(desk, name, **CHANGES[name](*pair(desk)))
    done = yes(desk, card)
    assert done.state is ProposalState.APPROVED
    assert done.result
    assert done.decided_by == "user"
    made = [one for one in events(desk) if one.id > events(desk, "agent.proposal.made")[0].id]
    assert {one.actor for one in made} == {"user"}
    assert done.undoable
    assert desk.engine.run(undo, Undo()).event_id == made[-1].id
    assert desk.engine.run(redo, Undo()).event_id > made[-1].id


@pytest.mark.parametrize("name", CHANGES)
def test_a_card_says_that_its_change_was_taken_back(desk: Desk, name: str) -> None:
    """`z`, redo and `z` again, however often; a change that somebody else makes says nothing about it."""
    card = yes(desk, ask(desk, name, **CHANGES[name](*pair(desk))))
    assert not card.taken_back
    desk.contact("Somebody Else")
    desk.engine.run(undo, Undo())
    assert not seen(desk, card).taken_back
    for _ in range(2):
        desk.engine.run(undo, Undo())
        assert seen(desk, card).standing == "Approved, taken back"
        desk.engine.run(redo, Undo())
        assert seen(desk, card).standing == "Approved"


def test_g_149_events_are_recorded_while_the_assistant_works(desk: Desk) -> None:
    yes(desk, ask(desk, "gtm.crm.add_contact", name="Grace Hopper"))
    assert kinds(desk, "gtm") == ["gtm.contact.added"]
    assert kinds(desk, "agent") == ["agent.proposal.made", "agent.proposal.approved"]


def test_what_changed_since_is_shown_before_it_is_made(desk: Desk) -> None:
    """The yes was to 5,000 becoming 6,000; somebody made it 9,000 meanwhile."""
    _, deal = pair(desk)
    card = ask(desk, "gtm.crm.update_deal", deal_id=deal, value="6000")
    desk.call("gtm.crm.update_deal", deal_id=deal, value="9000")
    with pytest.raises(Conflict, match="Look at it again"):
        yes(desk, card)
    fresh = seen(desk, card)
    assert fresh.state is ProposalState.WAITING
    assert fresh.stale
    assert lines(fresh) == [("value", "9,000.00 EUR", "6,000.00 EUR")]
    assert desk.call("gtm.crm.get_deal", deal_id=deal).value == "9000.00"
    with pytest.raises(Conflict, match="changed since you saw it"):
        yes(desk, card)
    assert yes(desk, fresh).stale == ""
    assert desk.call("gtm.crm.get_deal", deal_id=deal).value == "6000.00"


def test_what_cannot_be_made_any_more_waits_and_says_why(desk: Desk) -> None:
    contact, _ = pair(desk)
    card = ask(desk, "gtm.crm.update_contact", contact_id=contact, title="CTO")
    desk.call("gtm.crm.delete_contact", contact_id=contact)
    with pytest.raises(Conflict, match="no contact"):
        yes(desk, card)
    assert seen(desk, card).state is ProposalState.WAITING
    desk.engine.run(undo, Undo())
    assert yes(desk, seen(desk, card)).state is ProposalState.APPROVED


def test_what_is_not_touched_does_not_disturb(desk: Desk) -> None:
    """Another field of the same contact, an earlier proposal about it, and the time of day."""
    contact, _ = pair(desk)
    first = ask(desk, "gtm.crm.update_contact", contact_id=contact, title="CTO")
    second = ask(desk, "gtm.crm.tag_contacts", contact_ids=[contact], add=["vip"])
    third = ask(desk, "gtm.crm.add_task", contact_id=contact, subject="Call", due_at="in 2 hours")
    desk.call("gtm.crm.update_contact", contact_id=contact, notes="Likes looms.")
    desk.later(hours=3)
    assert all(yes(desk, card).state is ProposalState.APPROVED for card in (first, second, third))


def test_another_day_is_shown_before_it_is_made(desk: Desk) -> None:
    """What was due tomorrow is due on another day by now."""
    contact, _ = pair(desk)
    card = ask(desk, "gtm.crm.add_task", contact_id=contact, subject="Call", due_at="tomorrow 9:00")
    desk.later(days=1)
    with pytest.raises(Conflict):
        yes(desk, card)
    assert ("due", "", "Thu 26 Nov 2026 09:00") in lines(seen(desk, card))


def test_a_no_is_kept_with_its_reason_and_can_be_taken_back(desk: Desk) -> None:
    card = ask(desk, "gtm.crm.add_contact", name="Grace Hopper")
    said = RejectProposal(proposal_id=card.proposal_id, reason="we know\nher", version=card.version)
    done = desk.engine.run(reject, said)
    assert (done.state, done.error) == (ProposalState.REJECTED, "we know her")
    with pytest.raises(Conflict, match="rejected already"):
        yes(desk, seen(desk, card))
    desk.engine.run(undo, Undo())
    assert seen(desk, card).state is ProposalState.WAITING
    desk.engine.run(redo, Undo())
    assert seen(desk, card).state is ProposalState.REJECTED
    assert seen(desk, card).error == "we know her"


def test_an_edit_is_tried_and_still_needs_a_yes(desk: Desk) -> None:
    """As a form gives it: every value a text."""
    card = ask(desk, "growth.kpi.record_kpi", name="MRR", value=12000, unit="USD")
    data = {"name": "MRR", "value": "13000", "unit": "USD"}
    wanted = EditProposal(proposal_id=card.proposal_id, input=data, version=card.version)
    edited = desk.engine.run(edit, wanted)
    assert edited.title == "Record a reading of MRR: 13,000 USD"
    assert edited.call_key == card.call_key
    assert waiting(desk) == 1
    with pytest.raises(Conflict, match="changed since you saw it"):
        yes(desk, card)
    for wrong in ({"name": "MRR"}, {"name": "MRR", "value": "much"}):
        with pytest.raises(InvalidInput):
            desk.engine.run(edit, EditProposal(proposal_id=card.proposal_id, input=wrong))
    desk.engine.run(undo, Undo())
    assert seen(desk, card).input["value"] == 12000
    desk.engine.run(redo, Undo())
    assert yes(desk, seen(desk, card)).result["value"] == 13000


def test_several_are_made_one_by_one_and_what_cannot_is_told(desk: Desk) -> None:
    _, deal = pair(desk)
    cards = [
        ask(desk, "gtm.crm.add_contact", name="Grace Hopper"),
        ask(desk, "gtm.crm.update_deal", deal_id=deal, value="6000"),
        ask(desk, "gtm.crm.add_contact", name="Alan Turing"),
    ]
    desk.call("gtm.crm.update_deal", deal_id=deal, value="9000")
    wanted = tuple(ProposalId(proposal_id=one.proposal_id, version=one.version) for one in cards)
    done = desk.engine.run(approve_many, ApproveProposals(proposals=wanted))
    assert done.count == 2
    assert [one.title for one in done.refused] == [cards[1].title]
    assert people(desk) == ["Ada Lovelace", "Alan Turing", "Grace Hopper"]
    assert waiting(desk) == 1


def test_one_in_stages_is_made_once(desk: Desk) -> None:
    card = ask(desk, "gtm.crm.import_contacts", content=CSV)
    done = yes(desk, card)
    assert done.state is ProposalState.APPROVED
    assert done.result["created"] == 2
    assert people(desk) == ["Ada Lovelace", "Grace Hopper"]
    with pytest.raises(Conflict, match="approved already"):
        yes(desk, seen(desk, card))


def die_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends once the change has done its work, before anybody is told."""

    def target(name: str) -> Any:
        real = target_of(name)

        def handle(ctx: Any, wanted: Any) -> Any:
            real.handle(ctx, wanted)
            raise SystemExit

        return replace(real, handle=handle)

    monkeypatch.setattr(deciding, "target_of", target)


def test_a_yes_that_was_cut_off_waits_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can tell whether it was done: it says so, is not begun twice at once, and can be begun again."""
    card = ask(desk, "gtm.crm.import_contacts", content=CSV)
    with monkeypatch.context() as patch:
        die_at_the_end(patch)
        with pytest.raises(SystemExit):
            yes(desk, card)
    left = seen(desk, card)
    assert left.state is ProposalState.WAITING
    assert "nobody saw its end" in left.stale
    with pytest.raises(Conflict, match="a moment ago"):
        yes(desk, left)
    desk.later(minutes=11)
    assert yes(desk, left).state is ProposalState.APPROVED
    assert people(desk) == ["Ada Lovelace", "Grace Hopper"]


def test_one_in_stages_that_fails_says_why(desk: Desk) -> None:
    card = ask(desk, "gtm.crm.import_contacts", path="nowhere.csv")
    with pytest.raises((NotFound, InvalidInput)):
        yes(desk, card)
    assert seen(desk, card).state is ProposalState.FAILED
    assert seen(desk, card).error


PERSON = Actor("user")
Way = Callable[[Desk, ProposalView], object]


def _in_a_proposal(desk: Desk, card: ProposalView) -> object:
    return ask(desk, "agent.proposals.approve", proposal_id=card.proposal_id)


def _by_undo(desk: Desk, card: ProposalView) -> object:
    """The person said no; the program would have the card wait again."""
    desk.engine.actor = PERSON
    desk.engine.run(reject, RejectProposal(proposal_id=card.proposal_id))
    desk.engine.actor = PROGRAM
    return desk.engine.run(undo, Undo())


WAYS: dict[str, Way] = {
    "run": lambda desk, card: desk.engine.run(approve, ProposalId(proposal_id=card.proposal_id)),
    "call": lambda desk, card: desk.engine.call(approve.name, {"proposal_id": card.proposal_id}),
    "inside another": lambda desk, card: approve.handle(
        desk.engine._context(None, desk.engine), ProposalId(proposal_id=card.proposal_id)
    ),
    "many": lambda desk, card: desk.engine.call(
        approve_many.name, {"proposals": [{"proposal_id": card.proposal_id}]}
    ),
    "reject": lambda desk, card: desk.engine.run(
        reject, RejectProposal(proposal_id=card.proposal_id)
    ),
    "edit": lambda desk, card: desk.engine.run(
        edit, EditProposal(proposal_id=card.proposal_id, input={"name": "Mallory"})
    ),
    "in a proposal": _in_a_proposal,
    "undo": _by_undo,
}


@pytest.mark.parametrize("way", WAYS)
def test_no_program_ever_decides(desk: Desk, way: str) -> None:
    """Nothing leaves without a yes, and the yes is a person's: by every way that leads to a verdict."""
    card = ask(desk, "gtm.crm.add_contact", name="Grace Hopper")
    before = everything(desk)
    with desk.acting_as(PROGRAM), pytest.raises((NotPermitted, NotFound)):
        WAYS[way](desk, card)
    assert everything(desk) == before
    assert people(desk) == []


def test_the_verdicts_are_no_tools(desk: Desk) -> None:
    verdicts = [name for name in OPERATIONS if name.startswith("agent.")]
    assert approve.name in verdicts
    assert set(verdicts) & set(catalogue()) == set()
    assert not [name for name, one in catalogue().items() if one.human_only]


def test_t_118_every_event_of_proposals_is_recorded(desk: Desk) -> None:
    _, deal = pair(desk)
    card = ask(desk, "gtm.crm.update_deal", deal_id=deal, value="6000")
    data = {"deal_id": deal, "value": "7000"}
    desk.engine.run(edit, EditProposal(proposal_id=card.proposal_id, input=data))
    desk.call("gtm.crm.update_deal", deal_id=deal, value="9000")
    with pytest.raises(Conflict):
        yes(desk, seen(desk, card))
    yes(desk, seen(desk, card))
    refused = ask(desk, "gtm.crm.add_contact", name="Grace Hopper")
    desk.engine.run(reject, RejectProposal(proposal_id=refused.proposal_id))
    desk.engine.run(undo, Undo())
    failing = ask(desk, "gtm.crm.import_contacts", path="nowhere.csv")
    with pytest.raises((NotFound, InvalidInput)):
        yes(desk, failing)
    declared = {kind for kind in EVENT_KINDS if kind.startswith("agent.proposal.")}
    assert set(kinds(desk, "agent")) == declared

"""`rusvel proposals`: what the assistant and other programs want changed, and your verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rusvel_tui.commands import plain, queue_more
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser, Verbs, add_count, verbs
from rusvel_tui.engine.agent.proposals.cards import (
    EditProposal,
    ListProposals,
    ProposalId,
    ProposalPage,
    ProposalState,
    ProposalView,
    RejectProposal,
)
from rusvel_tui.engine.agent.proposals.listing import list_proposals, show_proposal
from rusvel_tui.engine.agent.proposals.proposals import approve, edit, reject
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.yaml_text import read_yaml


def define(parser: Parser) -> None:
    """`list | show | approve | reject | edit`."""
    choice = verbs(parser)
    listed = choice.add_parser("list", help="what waits for your yes, newest first")
    states = ", ".join(state.value for state in ProposalState)
    listed.add_argument("--state", metavar="STATE", default="Waiting", help=f"{states}, or all")
    add_count(listed)
    listed.set_defaults(run=run_list)
    _verb(choice, "show", "one proposal: what would change, and what is asked").set_defaults(
        run=run_show
    )
    yes = _verb(choice, "approve", "make the change, as your own")
    _add_version(yes)
    yes.set_defaults(run=run_approve)
    no = _verb(choice, "reject", "say no")
    no.add_argument("--reason", metavar="R", default="", help="why; the assistant reads it")
    _add_version(no)
    no.set_defaults(run=run_reject)
    text = _verb(choice, "edit", "ask for something else; it still needs your yes")
    text.add_argument(
        "--input", metavar="FILE", required=True, help="the input as JSON or YAML; `-` reads stdin"
    )
    _add_version(text)
    text.set_defaults(run=run_edit)


def _verb(choice: Verbs, name: str, summary: str) -> Parser:
    parser = choice.add_parser(name, help=summary)
    parser.add_argument("id", metavar="ID", help="the id that `proposals list` prints")
    return parser


def _add_version(parser: Parser) -> None:
    parser.add_argument(
        "--version",
        metavar="N",
        type=int,
        dest="seen",
        help="refuse unless it is this version still",
    )


def run_list(desk: Desk) -> None:
    """What waits, or what became of it."""
    state = desk.args.state
    wanted = {"state": None if state.casefold() == "all" else state, "limit": desk.args.count}
    page = desk.engine().run(list_proposals, ListProposals.model_validate(wanted))
    desk.out.view(page, lambda found: _table(found, desk))


def run_show(desk: Desk) -> None:
    """One proposal, whole."""
    view = desk.engine().run(show_proposal, ProposalId(proposal_id=desk.args.id))
    desk.out.view(view, lambda card: _whole(card, desk))


def run_approve(desk: Desk) -> None:
    """Make the change."""
    wanted = ProposalId(proposal_id=desk.args.id, version=desk.args.seen)
    _tell(desk, desk.engine().run(approve, wanted))


def run_reject(desk: Desk) -> None:
    """A no."""
    args = desk.args
    wanted = RejectProposal(proposal_id=args.id, version=args.seen, reason=args.reason)
    _tell(desk, desk.engine().run(reject, wanted))


def run_edit(desk: Desk) -> None:
    """Another input."""
    args = desk.args
    wanted = EditProposal(proposal_id=args.id, version=args.seen, input=_input(args.input))
    view = desk.engine().run(edit, wanted)
    desk.out.view(view, lambda card: _whole(card, desk))


def waiting_line(desk: Desk) -> Iterator[str]:
    """That proposals wait, for the listing of the queue; nothing when none does."""
    engine = desk.engine()
    if not engine.may(list_proposals.permission):
        return
    count = engine.run(list_proposals, ListProposals(limit=1)).waiting
    if count:
        many = f"{count} proposed changes wait" if count != 1 else "One proposed change waits"
        yield f"{many}: rusvel proposals list"


def _input(path: str) -> dict[str, Any]:
    text = queue_more.read_text(path)
    try:
        data = json.loads(text)
    except ValueError:
        data = read_yaml(text).data
    if not isinstance(data, dict):
        raise InvalidInput(
            "The input is not a JSON object, nor `name: value` lines.", field="input"
        )
    return data


def _tell(desk: Desk, card: ProposalView) -> None:
    back = " `rusvel undo` takes it back." if card.undoable else ""
    desk.out.view(card, lambda seen: (f"{seen.state.value}: {seen.title}.{back}",))


def _table(page: ProposalPage, desk: Desk) -> Iterator[str]:
    if not page.items:
        yield "Nothing is proposed."
        return
    rows = (
        (plain.when(card.created_at, desk.zone), card.origin, card.standing, card.title, card.proposal_id)
        for card in page.items
    )  # fmt: skip
    yield from plain.table(("when", "by", "state", "change", "id"), rows)
    if page.next:
        yield "There are more: use -n, or --json and the cursor."


def _whole(card: ProposalView, desk: Desk) -> Iterator[str]:
    yield card.title
    yield from plain.fields(
        (
            ("State", card.standing),
            ("Asked by", card.origin),
            ("When", plain.when(card.created_at, desk.zone)),
            ("You said", card.question),
            ("Decided", plain.when(card.decided_at, desk.zone)),
            ("Look at", card.stale),
            ("Why", card.error),
            ("Operation", card.operation),
            ("Version", card.version),
        )
    )
    if card.diff:
        yield ""
        rows = ((line.field, line.before or "-", line.after or "-") for line in card.diff)
        yield from plain.table(("field", "before", "after"), rows)
    yield ""
    yield from plain.outline(card.input, desk.zone)
    if card.state is ProposalState.WAITING:
        yield ""
        yield f"  rusvel proposals approve {card.proposal_id} --version {card.version}"

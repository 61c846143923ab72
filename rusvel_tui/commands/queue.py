"""`rusvel queue`: the mails that wait, and the verdicts on them."""

from __future__ import annotations

from collections.abc import Iterator

from rusvel_tui.commands import plain, queue_more
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser, Verbs, add_count, verbs
from rusvel_tui.commands.proposals import waiting_line
from rusvel_tui.commands.tables import listing
from rusvel_tui.engine.gtm.approvals.aftermath import Outcome, SettleDoubt, retry, settle_doubt
from rusvel_tui.engine.gtm.approvals.boxes import (
    ApprovalId,
    ApprovalPage,
    ApprovalView,
    ListApprovals,
    list_approvals,
)
from rusvel_tui.engine.gtm.approvals.detail import ApprovalDetail, show_approval
from rusvel_tui.engine.gtm.approvals.editing import Edit, edit
from rusvel_tui.engine.gtm.approvals.rejecting import Reject, Then, reject
from rusvel_tui.engine.gtm.approvals.verdicts import Approve, approve
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box


def define(parser: Parser) -> None:
    """`list | show | approve | reject | edit | settle | retry`."""
    choice = verbs(parser)
    listed = choice.add_parser(
        "list", help="the mails of a box; what waits for a verdict without one"
    )
    listed.add_argument("--box", metavar="BOX", help=f"one of {', '.join(Box)}")
    listed.add_argument(
        "--filter", metavar="F", default="", help="such as `source:invoice is:clean`"
    )
    add_count(listed)
    listed.set_defaults(run=run_list)
    _verb(choice, "show", "one mail, whole").set_defaults(run=run_show)
    yes = _verb(choice, "approve", "say yes to exactly this text")
    yes.add_argument("--digest", metavar="D", required=True, help="the digest that `show` prints")
    yes.set_defaults(run=run_approve)
    no = _verb(choice, "reject", "say no, with a reason")
    no.add_argument("--reason", metavar="R", required=True, help="why not")
    no.add_argument(
        "--then", metavar="NEXT", default="stop", help=f"{', '.join(Then)} (default: stop)"
    )
    no.set_defaults(run=run_reject)
    text = _verb(choice, "edit", "change a draft; it needs a new yes")
    text.add_argument("--subject", metavar="S", help="the new subject")
    text.add_argument("--body", metavar="FILE", help="a file with the new text; `-` reads stdin")
    text.set_defaults(run=run_edit)
    doubt = _verb(choice, "settle", "say what became of a mail in doubt")
    doubt.add_argument("--outcome", metavar="O", required=True, help=", ".join(Outcome))
    doubt.add_argument(
        "--confirm", metavar="ADDRESS", default="", help="the recipient, to send again"
    )
    doubt.set_defaults(run=run_settle)
    _verb(choice, "retry", "try a failed mail again").set_defaults(run=run_retry)
    queue_more.define_more(choice)


def _verb(choice: Verbs, name: str, summary: str) -> Parser:
    parser = choice.add_parser(name, help=summary)
    parser.add_argument("id", metavar="ID", help="the id that `queue list` prints")
    return parser


def run_list(desk: Desk) -> None:
    """The mails of a box."""
    args = desk.args
    wanted = {"box": args.box, "limit": args.count, "filter": args.filter}
    command = ListApprovals.model_validate(wanted)
    page = desk.engine().run(list_approvals, command)
    desk.out.view(page, lambda found: _listed(found, desk))


def _listed(page: ApprovalPage, desk: Desk) -> Iterator[str]:
    yield from listing(page.items, desk.zone, "Nothing waits here.")
    if not desk.args.box:
        yield from waiting_line(desk)


def run_show(desk: Desk) -> None:
    """One mail, whole."""
    view = desk.engine().run(show_approval, ApprovalId(id=desk.args.id))
    desk.out.view(view, lambda mail: _whole(mail, desk))


def run_approve(desk: Desk) -> None:
    """A yes to the text with that digest."""
    view = desk.engine().run(approve, Approve(id=desk.args.id, digest=desk.args.digest))
    desk.out.view(view, lambda mail: _approved(mail, desk))


def run_reject(desk: Desk) -> None:
    """A no."""
    args = desk.args
    command = Reject.model_validate({"id": args.id, "reason": args.reason, "then": args.then})
    _tell(desk, desk.engine().run(reject, command), "Rejected.")


def run_edit(desk: Desk) -> None:
    """A new subject or text."""
    body = None if desk.args.body is None else queue_more.read_text(desk.args.body)
    command = Edit(id=desk.args.id, subject=desk.args.subject, body=body)
    view = desk.engine().run(edit, command)
    desk.out.view(view, lambda mail: _edited(mail, desk))


def run_settle(desk: Desk) -> None:
    """A word on a mail in doubt."""
    args = desk.args
    command = SettleDoubt.model_validate(
        {"id": args.id, "outcome": args.outcome, "confirm": args.confirm}
    )
    _tell(desk, desk.engine().run(settle_doubt, command), "Settled.")


def run_retry(desk: Desk) -> None:
    """Another try."""
    _tell(desk, desk.engine().run(retry, ApprovalId(id=desk.args.id)), "It will be tried again.")


def _tell(desk: Desk, mail: ApprovalView, what: str) -> None:
    desk.out.view(mail, lambda seen: (f"{what} {seen.contact}: {seen.state.value}.",))


def _approved(mail: ApprovalView, desk: Desk) -> Iterator[str]:
    yield f"Approved: {mail.subject!r} to {mail.to}. A worker sends it from {_time(mail, desk)} on."
    yield "Until then `rusvel undo` takes it back."


def _edited(mail: ApprovalView, desk: Desk) -> Iterator[str]:
    yield "Edited. It needs your yes:"
    yield f"  rusvel queue approve {mail.id} --digest {mail.digest}"
    yield from (f"problem: {text}" for text in mail.problems)
    yield from (f"look at: {text}" for text in mail.warnings)


def _time(mail: ApprovalView, desk: Desk) -> str:
    return f"{mail.run_at.astimezone(desk.zone):%H:%M:%S}"


def _whole(mail: ApprovalDetail, desk: Desk) -> Iterator[str]:
    yield from plain.fields(
        (
            ("From", plain.mailbox(mail.from_name, mail.from_)),
            ("To", plain.mailbox(mail.to_name, mail.to)),
            ("Subject", mail.subject),
            ("Step", f"{mail.step} of {mail.steps}, {mail.sequence}" if mail.steps else ""),
            ("Kind", mail.source),
            ("Contact", ", ".join(filter(None, (mail.contact, mail.company)))),
            ("State", f"{mail.state.value}{f' ({mail.box.value})' if mail.box else ''}"),
            ("Drafted", f"{plain.when(mail.drafted_at, desk.zone)} by {mail.drafted_by}"),
            ("Sent", plain.when(mail.sent_at, desk.zone)),
            ("Not before", plain.when(mail.not_before, desk.zone)),
            ("Snoozed", plain.when(mail.snoozed_until, desk.zone)),
            ("Files", ", ".join(mail.attachments)),
            ("Deal", mail.deal),
            ("Note", mail.note),
            ("Server", mail.reply),
            ("Error", mail.error),
            ("Changed", mail.changed_since),
            ("Waits", "; ".join(mail.why)),
            ("Digest", mail.digest),
        )
    )
    yield from (f"problem: {text}" for text in mail.problems)
    yield from (f"look at: {text}" for text in mail.warnings)
    yield ""
    yield from mail.body.splitlines()
    if mail.footer:
        yield from ("", "--", *mail.footer.splitlines())

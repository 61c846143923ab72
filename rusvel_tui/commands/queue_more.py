"""More of `rusvel queue`: many at once, later, other words, closer looks, and mails of one's own."""

from __future__ import annotations

import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rusvel_tui.commands import plain
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser, Verbs
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.approvals.boxes import ApprovalId, ApprovalView
from rusvel_tui.engine.gtm.approvals.choosing import Sorted, SortOut, sort_out
from rusvel_tui.engine.gtm.approvals.drafts import (
    DraftTexts,
    ListVersions,
    UseVersion,
    list_versions,
    use_version,
)
from rusvel_tui.engine.gtm.approvals.files import KeepFile, keep_file_of
from rusvel_tui.engine.gtm.approvals.postponing import SetTime, Snooze, set_time, snooze, wake
from rusvel_tui.engine.gtm.approvals.proofs import (
    Because,
    RawMail,
    send_test,
    show_raw,
    show_why,
)
from rusvel_tui.engine.gtm.approvals.proposals import ProposeMail, propose_mail, withdraw
from rusvel_tui.engine.gtm.approvals.verdicts import (
    ApprovedMany,
    ApproveMany,
    approve_many,
    unapprove,
)
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.engine.gtm.outreach.mails.rewriting import Redraft, redraft
from rusvel_tui.engine.word_diff import word_diff

_SIGNS = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}


def define_more(choice: Verbs) -> None:
    """`approve-all | take-back | snooze | wake | time | redraft | texts | use | diff | why | raw | test | write | withdraw`."""
    many = choice.add_parser("approve-all", help="say yes to every sound draft; lists them first")
    many.add_argument("--box", metavar="BOX", help=f"only one of {', '.join(Box)}")
    many.add_argument("--filter", metavar="F", default="", help="such as `is:clean -is:first`")
    many.add_argument("--yes", action="store_true", help="do it; without, they are only listed")
    many.set_defaults(run=run_approve_all)
    _one(choice, "take-back", "take a yes back while the mail has not left").set_defaults(
        run=run_take_back
    )
    later = _one(choice, "snooze", "put a draft out of sight for a while")
    later.add_argument("until", metavar="UNTIL", help="tomorrow, mon 9:00, in 3 days")
    later.set_defaults(run=run_snooze)
    _one(choice, "wake", "bring a snoozed draft back").set_defaults(run=run_wake)
    time = _one(choice, "time", "choose when a mail may leave at the earliest")
    time.add_argument(
        "when", metavar="WHEN", help="tomorrow 9:00, mon; an empty text for its own time"
    )
    time.set_defaults(run=run_time)
    _define_words(choice)
    _one(choice, "why", "why this person, why now, which gates, which facts").set_defaults(
        run=run_why
    )
    _one(choice, "raw", "the message as mail servers see it").set_defaults(run=run_raw)
    _one(choice, "test", "send a mail to yourself").set_defaults(run=run_test)
    _define_own(choice)


def _define_words(choice: Verbs) -> None:
    anew = _one(choice, "redraft", "have a draft written anew")
    anew.add_argument("--wish", metavar="W", default="", help="what shall be different")
    anew.set_defaults(run=run_redraft)
    _one(choice, "texts", "every text that a draft had").set_defaults(run=run_texts)
    used = _one(choice, "use", "give a draft one of the texts that it had")
    used.add_argument("number", metavar="N", type=int, help="a number of `queue texts`")
    used.set_defaults(run=run_use)
    _one(choice, "diff", "what changed since the draft, word by word").set_defaults(run=run_diff)


def _define_own(choice: Verbs) -> None:
    own = choice.add_parser("write", help="put a mail of your own into the queue")
    own.add_argument("--to", metavar="ADDRESS", default="", help="whom to write to")
    own.add_argument("--contact", metavar="ID", help="whom it is for")
    own.add_argument("--subject", metavar="S", required=True, help="the subject")
    own.add_argument(
        "--body", metavar="FILE", required=True, help="a file with the text; `-` reads stdin"
    )
    own.add_argument(
        "--attach", metavar="FILE", action="append", default=[], help="goes along; more than once"
    )
    own.add_argument("--not-before", metavar="WHEN", default="", help="the earliest time")
    own.set_defaults(run=run_write)
    _one(choice, "withdraw", "take such a mail out of the queue").set_defaults(run=run_withdraw)


def _one(choice: Verbs, name: str, summary: str) -> Parser:
    parser = choice.add_parser(name, help=summary)
    parser.add_argument("id", metavar="ID", help="the id that `queue list` prints")
    return parser


def run_approve_all(desk: Desk) -> None:
    """Every sound draft, after a look at whom."""
    args = desk.args
    wanted: dict[str, Any] = {"filter": args.filter}
    if args.box:
        wanted |= {"box": args.box, "every": True}
    engine = desk.engine()
    found = engine.run(sort_out, SortOut.model_validate(wanted))
    if not args.yes or not found.ready:
        desk.out.view(found, _sorted)
        return
    desk.out.view(engine.run(approve_many, ApproveMany(mails=found.ready)), _approved)


def _sorted(found: Sorted) -> Iterator[str]:
    many = len(found.ready)
    yield f"{many} can be approved{f', {found.warned} of them with warnings' if found.warned else ''}."
    yield from (f"  {name}" for name in found.recipients)
    yield from (f"left out: {count} {why}" for why, count in found.left.items())
    if many:
        yield "Approve them with --yes."


def _approved(done: ApprovedMany) -> Iterator[str]:
    yield f"Approved: {done.count}. Until they leave `rusvel undo` takes all of them back."
    yield from (f"left out: {one.id}: {one.why}" for one in done.refused)


def run_take_back(desk: Desk) -> None:
    """The yes taken back."""
    _tell(desk, desk.engine().run(unapprove, _id(desk)), "Taken back.")


def run_snooze(desk: Desk) -> None:
    """Out of sight."""
    mail = desk.engine().run(snooze, Snooze(id=desk.args.id, until=desk.args.until))
    desk.out.view(
        mail, lambda seen: (f"Snoozed until {plain.when(seen.snoozed_until, desk.zone)}.",)
    )


def run_wake(desk: Desk) -> None:
    """In sight again."""
    _tell(desk, desk.engine().run(wake, _id(desk)), "It is back.")


def run_time(desk: Desk) -> None:
    """Another time."""
    mail = desk.engine().run(set_time, SetTime(id=desk.args.id, not_before=desk.args.when))
    desk.out.view(mail, lambda seen: (_when(seen, desk),))


def _when(mail: ApprovalView, desk: Desk) -> str:
    if mail.not_before is None:
        return "It leaves at its own time."
    return f"Not before {plain.when(mail.not_before, desk.zone)}."


def run_redraft(desk: Desk) -> None:
    """Written anew."""
    done = desk.engine().run(redraft, Redraft(id=desk.args.id, instruction=desk.args.wish))
    desk.out.view(done, lambda _: ("A worker writes it anew; `queue texts` keeps what it was.",))


def run_texts(desk: Desk) -> None:
    """Every text."""
    found = desk.engine().run(list_versions, ListVersions(id=desk.args.id))
    desk.out.view(found, lambda texts: _texts(texts, desk))


def run_use(desk: Desk) -> None:
    """One of them."""
    found = desk.engine().run(use_version, UseVersion(id=desk.args.id, number=desk.args.number))
    desk.out.view(found, lambda texts: _texts(texts, desk))


def _texts(found: DraftTexts, desk: Desk) -> Iterator[str]:
    for text in found.items:
        sign = "*" if text.current else " "
        asked = f": {text.instruction}" if text.instruction else ""
        yield f"{sign} {text.number}  {plain.when(text.created_at, desk.zone)}  {text.author}{asked}"
        yield f"     {text.subject}"


def run_diff(desk: Desk) -> None:
    """What changed."""
    found = desk.engine().run(list_versions, ListVersions(id=desk.args.id))
    desk.out.view(found, _diff)


def _diff(found: DraftTexts) -> Iterator[str]:
    current = next((text for text in found.items if text.current), None)
    drafted = next((text for text in reversed(found.items) if text.author != "person"), None)
    if current is None or drafted is None:
        yield "There is nothing to compare."
        return
    was, now = (f"{text.subject}\n\n{text.body}" for text in (drafted, current))
    pieces = word_diff(was, now)
    yield from "".join(_SIGNS[kind].format(text) for kind, text in pieces).splitlines()


def run_why(desk: Desk) -> None:
    """The reasons."""
    desk.out.view(desk.engine().run(show_why, _id(desk)), _why)


def _why(seen: Because) -> Iterator[str]:
    yield seen.now.headline
    yield from seen.person
    yield from seen.words
    yield from (f"{'yes' if gate.open else 'no '}  {gate.text}" for gate in seen.now.gates)
    yield from (f"fact: {fact.text} ({fact.source})" for fact in seen.facts)


def run_raw(desk: Desk) -> None:
    """The bytes."""

    def lines(raw: RawMail) -> list[str]:
        return raw.text.splitlines()

    desk.out.view(desk.engine().run(show_raw, _id(desk)), lines)


def run_test(desk: Desk) -> None:
    """A copy to oneself."""
    mail = desk.engine().run(send_test, _id(desk))
    desk.out.view(mail, lambda seen: (f"A worker sends a test to {seen.to}.",))


def run_write(desk: Desk) -> None:
    """A mail of one's own."""
    args, engine = desk.args, desk.engine()
    files = []
    for name in args.attach:
        kept = engine.run(keep_file_of, KeepFile(content_base64=b64encode(_bytes(name)).decode()))
        files.append({"name": Path(name).name, "sha256": kept.sha256})
    wanted = {"to": args.to, "contact_id": args.contact, "subject": args.subject}
    more = {"body": read_text(args.body), "attachments": files, "not_before": args.not_before}
    mail = engine.run(propose_mail, ProposeMail.model_validate(wanted | more))
    desk.out.view(mail, _written)


def _written(mail: ApprovalView) -> Iterator[str]:
    yield "It waits for your yes:"
    yield f"  rusvel queue approve {mail.id} --digest {mail.digest}"
    yield from (f"problem: {text}" for text in mail.problems)
    yield from (f"look at: {text}" for text in mail.warnings)


def run_withdraw(desk: Desk) -> None:
    """Out of the queue."""
    _tell(desk, desk.engine().run(withdraw, _id(desk)), "Withdrawn.")


def _id(desk: Desk) -> ApprovalId:
    return ApprovalId(id=desk.args.id)


def _tell(desk: Desk, mail: ApprovalView, what: str) -> None:
    desk.out.view(mail, lambda seen: (f"{what} {seen.contact}: {seen.state.value}.",))


def _bytes(name: str) -> bytes:
    path = Path(name)
    if not path.is_file():
        raise InvalidInput(f"{path} is no file.", field="attach")
    return path.read_bytes()


def read_text(name: str) -> str:
    """The text of a file, or of stdin."""
    if name == "-":
        return sys.stdin.read()
    path = Path(name)
    if path.is_dir():
        raise InvalidInput(f"{path} is a folder. Name a file with the text.", field="body")
    return path.read_text(encoding="utf-8")

"""`rusvel mail`: what came in, and taking it in."""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterator
from pathlib import Path

from rusvel_tui.commands import plain
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser, Verbs, add_count, verbs
from rusvel_tui.commands.tables import listing
from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.errors import EngineError, InvalidInput, NotConfigured
from rusvel_tui.engine.gtm.approvals.boxes import ApprovalView
from rusvel_tui.engine.gtm.mail.incoming.answering import AnswerMail, answer
from rusvel_tui.engine.gtm.mail.incoming.desk import mark_done
from rusvel_tui.engine.gtm.mail.incoming.listing import (
    IncomingDetail,
    ListIncoming,
    list_incoming,
    show_incoming,
)
from rusvel_tui.engine.gtm.mail.incoming.receiving import Ingested, IngestMail, ingest
from rusvel_tui.engine.gtm.mail.incoming.views import IncomingId, IncomingView

_LARGEST = 10_000_000
"""Octets of a message that are read; the text stands at the beginning."""


def define(parser: Parser) -> None:
    """`list | show | fetch | ingest | answer | done`."""
    choice = verbs(parser)
    listed = choice.add_parser("list", help="the messages that came in, newest first")
    listed.add_argument("--kind", metavar="KIND", help="human, auto_reply, opt_out, …")
    listed.add_argument("--open", action="store_true", help="only those that need you")
    add_count(listed)
    listed.set_defaults(run=run_list)
    _verb(choice, "show", "one message, whole").set_defaults(run=run_show)
    fetch = choice.add_parser("fetch", help="look at the mailbox once, now")
    fetch.set_defaults(run=run_fetch)
    take = choice.add_parser("ingest", help="take in one message, from stdin or from a file")
    take.add_argument(
        "file", metavar="FILE", nargs="?", default="-", help="a message as it came; - is stdin"
    )
    take.add_argument(
        "--mailbox", metavar="NAME", default="pipe", help="where it lies (default: pipe)"
    )
    take.set_defaults(run=run_ingest)
    reply = _verb(choice, "answer", "draft an answer; it waits in the queue for a yes")
    reply.add_argument("--body", metavar="FILE", required=True, help="your words; `-` reads stdin")
    reply.set_defaults(run=run_answer)
    _verb(choice, "done", "take a message off the list of today").set_defaults(run=run_done)


def _verb(choice: Verbs, name: str, summary: str) -> Parser:
    parser = choice.add_parser(name, help=summary)
    parser.add_argument("id", metavar="ID", help="the id that `mail list` prints")
    return parser


def run_list(desk: Desk) -> None:
    """What came in."""
    args = desk.args
    command = ListIncoming.model_validate(
        {"kind": args.kind, "open_only": args.open, "limit": args.count}
    )
    page = desk.engine().run(list_incoming, command)
    desk.out.view(page, lambda found: listing(found.items, desk.zone, "Nothing came in yet."))


def run_show(desk: Desk) -> None:
    """One message."""
    view = desk.engine().run(show_incoming, IncomingId(incoming_id=desk.args.id))
    desk.out.view(view, lambda message: _whole(message, desk))


def run_fetch(desk: Desk) -> None:
    """One look at the mailbox, with what was found."""
    from rusvel_tui.engine.gtm.mail.reader import MailReader
    from rusvel_tui.engine.ports import MailboxFailed

    engine = desk.engine(work=True, actor=Actor("worker", human=False))
    if engine.mailbox is None:
        raise NotConfigured(
            "No mailbox is configured. Set RUSVEL_IMAP_HOST with a log-in, or RUSVEL_MAILDIR_IN."
        )
    try:
        new = MailReader(engine, engine.mailbox).look()
    except MailboxFailed as error:
        raise EngineError(str(error)) from None
    if desk.out.json:
        desk.out.document({"new": new})
    else:
        desk.out.lines((f"New: {plain.many(new, 'message')}.",))


def run_ingest(desk: Desk) -> None:
    """One message from a pipe."""
    raw, size = _read(desk.args.file)
    coded = base64.b64encode(raw).decode()
    command = IngestMail(raw_base64=coded, mailbox=desk.args.mailbox, size=size)
    done = desk.engine().run(ingest, command)
    desk.out.view(done, _taken)


def run_answer(desk: Desk) -> None:
    """A draft in the same thread."""
    text = sys.stdin.read() if desk.args.body == "-" else _file(desk.args.body).decode("utf-8", "replace")  # fmt: skip
    draft = desk.engine().run(answer, AnswerMail(incoming_id=desk.args.id, body=text))
    desk.out.view(draft, _drafted)


def run_done(desk: Desk) -> None:
    """Dealt with."""
    view = desk.engine().run(mark_done, IncomingId(incoming_id=desk.args.id))
    desk.out.view(view, lambda seen: (f"Done: {_who(seen)}.",))


def _read(name: str) -> tuple[bytes, int]:
    """The message and its octets; of a very large one the rest is counted, not kept."""
    if name != "-":
        raw = _file(name)
        return raw[:_LARGEST], len(raw)
    stream = sys.stdin.buffer
    raw = stream.read(_LARGEST)
    size = len(raw)
    while part := stream.read(1_000_000):
        size += len(part)
    return raw, size


def _file(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise InvalidInput(f"{name} cannot be read: {error.strerror}.", field="file") from None


def _taken(done: Ingested) -> Iterator[str]:
    message = done.message
    kind = message.kind.value.replace("_", " ") if message.kind else "not judged yet"
    again = "" if done.new else " It was here already."
    yield f"{kind}: {message.subject!r} from {_who(message)}.{again}"
    if message.effect:
        yield f"What followed: {message.effect}."


def _drafted(draft: ApprovalView) -> Iterator[str]:
    yield f"Your answer {draft.subject!r} waits for a yes:"
    yield f"  rusvel queue approve {draft.id} --digest {draft.digest}"
    yield from (f"problem: {text}" for text in draft.problems)


def _who(message: IncomingView) -> str:
    return message.contact or plain.mailbox(message.from_name, message.from_address)


def _whole(message: IncomingDetail, desk: Desk) -> Iterator[str]:
    pairs = (
        ("From", plain.mailbox(message.from_name, message.from_address)),
        ("Contact", message.contact),
        ("Subject", message.subject),
        ("Came", plain.when(message.received_at, desk.zone)),
        ("Taken for", message.kind.value.replace("_", " ") if message.kind else "not judged yet"),
        ("Because", "; ".join(message.evidence)),
        ("What followed", message.effect),
    )
    yield from plain.fields((name, value) for name, value in pairs if value)
    yield ""
    yield from message.text.split("\n")
    for one in message.proposals:
        yield f"You may: {one.text} ({one.operation})"

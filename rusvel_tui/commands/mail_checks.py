"""The checks of the doctor about mail in and out, about the person's duties, and about what lost its other half."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from rusvel_tui.commands import plain
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.finding import Finding
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.events import ListEvents, list_events
from rusvel_tui.engine.gtm.outreach.mails.sender import WakeBlocked, show_sender
from rusvel_tui.engine.gtm.senders.senders import list_senders
from rusvel_tui.engine.operation import Input
from rusvel_tui.engine.orphans import check_index, find_orphans

_SKEW = timedelta(minutes=5)


def mailbox(desk: Desk) -> Iterator[Finding]:
    """Where answers are read."""
    from rusvel_tui.bootstrap import make_mailbox

    box = make_mailbox(desk.settings(sending=True))
    if box is None:
        text = "none: note answers by hand, or set RUSVEL_IMAP_HOST or RUSVEL_MAILDIR_IN, and they stop sequences by themselves."
        yield Finding("mailbox", "warn", text)
    else:
        yield Finding("mailbox", "ok", f"{box.label}{_without_formats()}")


def _without_formats() -> str:
    """What is missing without the extra."""
    from importlib.util import find_spec

    if find_spec("flufl") is not None and find_spec("flufl.bounce") is not None:
        return ""
    return "; odd formats of bounces are known with: pip install 'rusvel-tui[mail]'"


def footers(desk: Desk) -> Iterator[Finding]:
    """What the law and the mailbox providers want below a mail to strangers."""
    for one in desk.engine().run(list_senders, Input()).items:
        who = one.address or one.name or "the sender"
        if one.postal_address:
            yield Finding("footer", "ok", f"{who}: with a postal address")
        else:
            text = f"{who} has no postal address, which mails to strangers must bear: `rusvel call gtm.senders.update sender_id={one.sender_id} postal_address=…`"
            yield Finding("footer", "warn", text)
        yield _unsubscribe(who, one.unsubscribe_url)


def _unsubscribe(who: str, url: str) -> Finding:
    if not url:
        return Finding("unsubscribe", "ok", f"{who}: by mail (RFC 2369)")
    if url.startswith("https://") and "{token}" in url:
        return Finding("unsubscribe", "ok", f"{who}: by mail, and by one click (RFC 8058)")
    return Finding("unsubscribe", "fail", f"{who}: {url} needs https:// and {{token}} in it")


def clock(desk: Desk) -> Iterator[Finding]:
    """Whether the clock went back behind what was done."""
    engine = desk.engine()
    newest = engine.run(list_events, ListEvents(limit=1)).items
    now = engine.clock.now()
    if newest and newest[0].at > now + _SKEW:
        text = f"the newest event is of {plain.when(newest[0].at, desk.zone)}, and the clock says {plain.when(now, desk.zone)}. Set the clock right."
        yield Finding("clock", "warn", text)
    else:
        yield Finding("clock", "ok", plain.when(now, desk.zone))


def orphans(desk: Desk) -> Iterator[Finding]:
    """Rows that lost what they belong to."""
    found = desk.engine().run(find_orphans, Input()).items
    for one in found:
        yield Finding("orphans", "warn", f"{one.table} {one.row}: {one.what}")
    if not found:
        yield Finding("orphans", "ok", "everything has what it belongs to")


def search_index(desk: Desk) -> Iterator[Finding]:
    """Whether searching finds what is there."""
    state = desk.engine().run(check_index, Input())
    if state.fault:
        yield Finding(
            "search",
            "fail",
            f"the search index is damaged ({state.fault}). Mend it: rusvel doctor --fix",
        )
    else:
        yield Finding("search", "ok", "the index is whole" if state.checked else "not checked: the file is large")  # fmt: skip


def connections(desk: Desk) -> Iterator[Finding]:
    """What only a look outside can tell: the mailbox, and the DNS of the sender's domain."""
    yield from _reach_mailbox(desk)
    address = desk.engine().run(show_sender, WakeBlocked()).mail_from
    domain = address.rpartition("@")[2]
    if domain:
        yield from _domain(desk, domain)


def _reach_mailbox(desk: Desk) -> Iterator[Finding]:
    from rusvel_tui.bootstrap import make_mailbox
    from rusvel_tui.engine.ports import MailboxFailed

    try:
        box = make_mailbox(desk.settings(sending=True))
        if box is not None:
            yield Finding("mailbox", "ok", f"{box.label} can be read: {box.check()}")
    except (EngineError, MailboxFailed) as error:
        yield Finding("mailbox", "fail", str(error))


def _domain(desk: Desk, domain: str) -> Iterator[Finding]:
    from rusvel_tui.adapters import dns_lookup
    from rusvel_tui.commands.domain_checks import domain_findings

    selector = desk.settings(sending=True).smtp_dkim_selector
    wire = domain.encode("idna").decode()
    try:
        yield from domain_findings(wire, dns_lookup.txt, dns_lookup.mx, selector)
    except dns_lookup.NoAnswer:
        yield Finding("dns", "warn", f"{domain}: not checked, the DNS cannot be asked from here")

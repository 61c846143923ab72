"""Who writes a mail: the sender that a person chose for it, else its sequence's, else the session's default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rusvel_tui.engine.addresses import parse_address
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.models import Mail, Sender, Sequence
from rusvel_tui.engine.models.kept import kept
from rusvel_tui.engine.text import one_line

OPT_OUT = 'If you would rather not hear from me again, reply with "unsubscribe" and I will stop.'
"""Stands below every mail of a sequence whose sender has no sentence of its own."""
NO_OPT_OUT = "none"
"""For senders whose templates say it themselves."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a mail takes from its sender."""

    sender_id: str
    name: str
    address: str
    reply_to: str = ""
    postal_address: str = ""
    footer: str = ""
    html: bool = False
    unsubscribe_url: str = ""
    account: str = ""
    daily_cap: int | None = None
    min_gap_seconds: int | None = None

    def difference(self, mail: Mail) -> str:
        """What of the sender is no longer as it stands on the mail, in words; empty when nothing."""
        pairs = {
            "sender address": (self.address, mail.from_address),
            "sender name": (self.name, mail.from_name),
            "Reply-To": (self.reply_to, mail.reply_to),
            "footer": (self.footer, mail.footer),
            "HTML part": (self.html, bool(mail.html)),
        }
        return ", ".join(what for what, (now, then) in pairs.items() if now != then)


def identity_of(ctx: Context, mail: Mail) -> Identity:
    """Who writes that mail now; two queries at most."""
    cold = not mail.source_kind
    return _identity(ctx, _chosen(ctx, mail.sender_id, mail.sequence_id), cold=cold)


def session_identity(ctx: Context, sequence_id: str | None = None) -> Identity:
    """Who writes when nothing was chosen for a mail: the sequence's sender, else the default."""
    return _identity(ctx, _chosen(ctx, None, sequence_id), cold=True)


def _chosen(ctx: Context, sender_id: str | None, sequence_id: str | None) -> Sender:
    wanted = sender_id
    if wanted is None and sequence_id:
        wanted = next((chosen for (chosen,) in _sender_of(sequence_id)), None)
    living: dict[str, int] = dict(_living(ctx.session_id, wanted))
    row: Sender = Sender.find(
        wanted if wanted in living else next(key for key, default in living.items() if default)
    )
    return row


@kept
def _sender_of(sequence_id: Any) -> Any:
    return Sequence.select(Sequence.sender_id).where(Sequence.id == sequence_id)


@kept
def _living(session_id: Any, wanted: Any) -> Any:
    """That sender and the default one, as far as they are there, and which is the default."""
    there = (Sender.session_id == session_id) & Sender.deleted_at.is_null()
    which = (Sender.id == wanted) | (Sender.is_default == 1)
    return Sender.select(Sender.id, Sender.is_default).where(there & which)


def _identity(ctx: Context, row: Sender, *, cold: bool) -> Identity:
    return Identity(
        sender_id=row.id,
        name=row.name,
        address=row.address or (ctx.policy.mail_from if row.is_default else ""),
        reply_to=row.reply_to,
        postal_address=row.postal_address,
        footer=footer(row.opt_out, row.postal_address) if cold else "",
        html=bool(row.html),
        unsubscribe_url=row.unsubscribe_url,
        account=row.account,
        daily_cap=row.daily_cap,
        min_gap_seconds=row.min_gap_seconds,
    )


def footer(opt_out: str, postal_address: str) -> str:
    """What stands below a mail to somebody who did not ask for it: how to be left alone, and who writes from where."""
    sentence = "" if opt_out == NO_OPT_OUT else opt_out or OPT_OUT
    return "\n".join(filter(None, (sentence, postal_address)))


def default_sender(session_id: str) -> Sender:
    """The sender that a session has from its beginning, or the one that took its place."""
    found: Sender = Sender.get((Sender.session_id == session_id) & (Sender.is_default == 1))
    return found


def start_senders(session_id: str, name: str, address: str, now: datetime) -> None:
    """The first sender of a new session; without an address the setting's counts."""
    values = {"name": name, "address": address, "key": key_of(address), "is_default": 1}
    stamps = {"created_at": now, "updated_at": now}
    Sender.insert(id=session_id, session_id=session_id, **values, **stamps).execute()


ALL_SENDING = "sender"
"""The row of `sender_state` for all sending, and for the usual mail account."""


THIS_FILE = "file"
"""The row of `sender_state` about this very file: it was put back, and nobody resumed sending yet. It goes into no archive."""


def state_keys(sender_id: str, account: str) -> tuple[str, str, str, str]:
    """The rows of `sender_state` that hold a sender back: this file, all sending, its mail account, itself."""
    of_account = f"account:{account}" if account else ALL_SENDING
    return THIS_FILE, ALL_SENDING, of_account, f"sender:{sender_id}"


def key_of(address: str) -> str:
    return parse_address(address).key if address else ""


def clean_address(address: str, field: str) -> str:
    """The stored form; refuses what is no address, and names the field."""
    try:
        return parse_address(address).address if address else ""
    except InvalidInput as error:
        raise InvalidInput(str(error), field=field) from None


def clean_name(name: str, field: str) -> str:
    """A name for the From line; one that readers would decode into something else is refused."""
    line = one_line(name)
    if "=?" in line:
        raise InvalidInput("The name must not contain '=?'. Change it.", field=field)
    return line


def writes_as(sender: Sender) -> Any:
    """The condition that a mail's sender is this one."""
    of_sequence = Mail.sequence_id.in_(
        Sequence.select(Sequence.id).where(Sequence.sender_id == sender.id)
    )
    mine = (Mail.sender_id == sender.id) | (Mail.sender_id.is_null() & of_sequence)
    if sender.is_default:
        others = Sequence.select(Sequence.id).where(Sequence.sender_id.is_null(False))
        free = Mail.sequence_id.is_null() | Mail.sequence_id.not_in(others)
        mine = mine | (Mail.sender_id.is_null() & free)
    return (Mail.session_id == sender.session_id) & mine

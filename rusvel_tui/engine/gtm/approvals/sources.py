"""What can ask for a mail besides a sequence, and how it learns what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Literal

from rusvel_tui.engine.errors import InvalidInput

if TYPE_CHECKING:
    from rusvel_tui.engine.context import Context
    from rusvel_tui.engine.models import Mail

Happened = Literal["sent", "refused", "rejected", "given_up", "restored"]
"""`sent`: the server took it. `refused`: it never will. `rejected`, `given_up`: a person said no. `restored`: they
took that back, and it waits again."""


@dataclass(frozen=True, slots=True)
class MailNews:
    """What became of a mail, for whoever asked for it."""

    mail_id: str
    source_id: str
    occasion: str
    happened: Happened
    at: datetime
    to_address: str
    subject: str
    reason: str = ""


Listener = Callable[["Context", MailNews], None]
Refuser = Callable[["Mail"], str]


@dataclass(frozen=True, slots=True)
class SourceKind:
    """One kind of thing that asks for mails; `module` has a `mail_news(ctx, news)`, called in the same transaction, and may
    have a `mail_refusal(mail)`: why the mail is not wanted any more."""

    name: str
    label: str
    """What the inbox calls such a mail: `invoice`."""
    owed: bool = False
    """Whether the recipient expects it: then an opt-out from offers does not keep it from leaving."""
    module: str = ""


_INVOICES = "rusvel_tui.engine.gtm.invoices.sending.news"

SOURCES = {
    kind.name: kind
    for kind in (
        SourceKind("manual", "own mail"),
        SourceKind(
            "answer", "answer", owed=True, module="rusvel_tui.engine.gtm.mail.incoming.answering"
        ),
        SourceKind("invoice", "invoice", owed=True, module=_INVOICES),
        SourceKind("reminder", "reminder", module=_INVOICES),
        SourceKind("assistant", "proposal"),
        SourceKind("test", "test", owed=True),
    )
}
"""All there are; add yours here."""


def source_kind(name: str) -> SourceKind:
    """The kind of that name; raises `InvalidInput`."""
    if name not in SOURCES:
        known = ", ".join(sorted(SOURCES))
        raise InvalidInput(f"{name!r} asks for no mails. Known are: {known}.", field="source_kind")
    return SOURCES[name]


def refusal(mail: Mail) -> str:
    """Why what asked for the mail wants it no more: asked again right before it leaves; empty when it still does."""
    module = SOURCES[mail.source_kind].module if mail.source_kind in SOURCES else ""
    ask: Refuser | None = getattr(import_module(module), "mail_refusal", None) if module else None
    return ask(mail) if ask else ""


def tell(ctx: Context, mail: Mail, happened: Happened, reason: str = "") -> None:
    """Let what asked for the mail know what became of it; a step of a sequence is told by its own means."""
    module = SOURCES[mail.source_kind].module if mail.source_kind in SOURCES else ""
    if not module:
        return
    sent_at = mail.sent_at if happened == "sent" else None
    news = MailNews(
        mail.id,
        mail.source_id,
        mail.occasion,
        happened,
        sent_at or ctx.now,
        mail.to_address,
        mail.subject,
        reason,
    )
    listener: Listener = import_module(module).mail_news
    listener(ctx, news)

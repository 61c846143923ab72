"""The places where mail comes in, by name."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from rusvel_tui.engine.ports import Mailbox


def _lazily(module: str, name: str) -> Callable[..., Mailbox]:
    """A factory that imports its module when it is called: a mailbox costs nothing until it is read."""

    def make(*args: object, **options: object) -> Mailbox:
        mailbox: Mailbox = getattr(import_module(f"{__name__}.{module}"), name)(*args, **options)
        return mailbox

    return make


MAILBOXES: dict[str, Callable[..., Mailbox]] = {
    "imap": _lazily("imap", "ImapMailbox"),
    "maildir": _lazily("maildir", "MaildirMailbox"),
}
"""Every kind of mailbox there is."""

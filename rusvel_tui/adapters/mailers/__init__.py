"""The ways in which a mail can leave, by name."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from rusvel_tui.engine.ports import Mailer


def _lazily(module: str, name: str) -> Callable[..., Mailer]:
    """A factory that imports its module when it is called: a mailer costs nothing until it is used."""

    def make(*args: object, **options: object) -> Mailer:
        mailer: Mailer = getattr(import_module(f"{__name__}.{module}"), name)(*args, **options)
        return mailer

    return make


MAILERS: dict[str, Callable[..., Mailer]] = {
    "smtp": _lazily("smtp", "SmtpMailer"),
    "routing": _lazily("routing", "RoutingMailer"),
    "folder": _lazily("folder", "FolderMailer"),
    "journal": _lazily("journal", "JournalMailer"),
}
"""Every mailer there is; `routing` and `journal` stand before others."""

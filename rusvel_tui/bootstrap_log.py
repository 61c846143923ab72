"""Settings to the log file: where it is, how much goes in, and what never does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rusvel_tui.adapters.log_file import LogFile
from rusvel_tui.adapters.secret import Secret
from rusvel_tui.engine import log

if TYPE_CHECKING:
    from rusvel_tui.settings import Settings


def start_log(settings: Settings) -> Path:
    """Write faults into the log file from now on; where that is."""
    path = log_path()
    log.keep(LogFile(path, settings.log_level, secrets_of(settings)))
    return path


def log_path() -> Path:
    """The log file of this account."""
    from rusvel_tui.settings import state_path

    return state_path() / "rusvel.log"


def secrets_of(settings: Settings) -> tuple[Secret, ...]:
    """Every secret that is set, also those of the mail accounts and webhooks."""
    from rusvel_tui.settings import SECRETS

    own = (getattr(settings, name) for name in SECRETS)
    accounts = (account.password for account in settings.smtp_accounts.values())
    found = (*own, *accounts, *settings.webhooks.values())
    return tuple(one for one in found if isinstance(one, Secret) and one)

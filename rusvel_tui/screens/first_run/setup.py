"""What the guided start may change outside the database; whoever starts the dashboard says how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Setup:
    """The way to settings that lie in a file of the person's own."""

    config: Path
    """The file with the settings."""
    folder: Path
    """Where mails could be kept instead of being sent."""
    keep_mails_in: Callable[[Path], str]
    """Writes that setting and lets this desk follow it at once; what the mailer calls itself. Raises `EngineError`."""


SERVER = """smtp_host = "smtp.example.org"
smtp_username = "you@example.org"
smtp_password = "…"
daily_cap = 30
min_gap_seconds = 90
"""
"""The lines of a mail server, as an example, with limits that spare a new sender's name."""

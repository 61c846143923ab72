"""Places where a test may kill the process, named after the crash table; they do nothing in normal life."""

from __future__ import annotations

import os
import signal

CRASHPOINTS = (
    "before_claim",
    "after_claim",
    "after_connect",
    "after_mail",
    "after_rcpt",
    "after_body",
    "after_intent",
    "after_dot",
    "after_250",
    "in_finish",
    "after_finish",
    "after_draft",
    "in_approve",
    "after_approve",
    "in_settle",
)
"""Every point there is; a test kills at each of them."""


def crashpoint(name: str) -> None:
    """Kill (or freeze) this very process when RUSVEL_CRASHPOINT names this point; for tests of recovery only."""
    wanted = os.environ.get("RUSVEL_CRASHPOINT", "")
    if wanted == name:
        os.kill(os.getpid(), signal.SIGKILL)
    elif wanted == f"stop:{name}":
        os.kill(os.getpid(), signal.SIGSTOP)

"""Who makes an answer: a process of some machine, and whether it is still at it."""

from __future__ import annotations

import os
from datetime import timedelta

from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models import ChatRun

SILENT = timedelta(minutes=15)
"""After this long without a word the process that answered is gone."""
INTERRUPTED = "interrupted"
"""Why an answer failed whose process is gone."""


def owner_here() -> str:
    """This process, as an answer names who makes it."""
    return f"{os.uname().nodename}:{os.getpid()}"


def gone(ctx: Context, run: ChatRun) -> bool:
    """Whether nobody makes this answer any more, though it says so."""
    if run.state != RunState.RUNNING.key:
        return False
    return not _alive(run.owner) or ctx.now - run.updated_at >= SILENT


def _alive(owner: str) -> bool:
    """Whether the process of this machine that answers is there; of another machine nobody knows."""
    name, _, pid = owner.rpartition(":")
    if name != os.uname().nodename or not pid.isdigit():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

"""Where an answer of the assistant stands."""

from __future__ import annotations

from rusvel_tui.engine.spelled import Spelled


class RunState(Spelled):
    """Running until it is completed, failed or cancelled; waiting while a person decides."""

    RUNNING = "Running"
    WAITING = "Waiting"
    COMPLETED = "Completed"
    FAILED = "Failed"
    CANCELLED = "Cancelled"


OPEN = (RunState.RUNNING, RunState.WAITING)

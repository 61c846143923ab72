"""Every table, and nothing else. Rows never leave the engine: operations answer with views."""

from rusvel_tui.engine.models.crm import (
    Activity,
    Contact,
    ContactEmail,
    ContactPhone,
    Deal,
    StageMove,
    Suppression,
)
from rusvel_tui.engine.models.outreach import (
    Enrollment,
    Mail,
    SenderState,
    Sequence,
    SequenceVersion,
    Step,
)
from rusvel_tui.engine.models.system import Event, ImportRow, ImportRun, Job, Session, Setting

MODELS = (
    Session,
    Setting,
    Event,
    Job,
    ImportRun,
    ImportRow,
    Contact,
    ContactEmail,
    ContactPhone,
    Suppression,
    Deal,
    StageMove,
    Activity,
    Sequence,
    SequenceVersion,
    Step,
    Enrollment,
    Mail,
    SenderState,
)

__all__ = [
    "MODELS",
    "Activity",
    "Contact",
    "ContactEmail",
    "ContactPhone",
    "Deal",
    "Enrollment",
    "Event",
    "ImportRow",
    "ImportRun",
    "Job",
    "Mail",
    "SenderState",
    "Sequence",
    "SequenceVersion",
    "Session",
    "Setting",
    "StageMove",
    "Step",
    "Suppression",
]

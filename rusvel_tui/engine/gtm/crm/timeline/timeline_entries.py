"""What stands in a timeline."""

from __future__ import annotations

from datetime import datetime

from rusvel_tui.engine.operation import View
from rusvel_tui.engine.spelled import Spelled


class EntryKind(Spelled):
    """What kind of thing happened."""

    NOTE = "Note"
    TASK = "Task"
    CALL = "Call"
    MEETING = "Meeting"
    EMAIL_OUT = "EmailOut"
    EMAIL_IN = "EmailIn"
    BOUNCE = "Bounce"
    AUTO_REPLY = "AutoReply"
    OPT_OUT = "OptOut"
    STAGE_MOVE = "StageMove"
    ENROLLMENT = "Enrollment"
    INVOICE = "Invoice"
    PAYMENT = "Payment"
    EMPLOYER = "Employer"
    IMPORT = "Import"
    MERGE = "Merge"


class Target(View):
    """What an entry leads to: an activity, a mail, a deal, an enrollment, an invoice, a company, a contact or an
    import."""

    kind: str
    id: str


class TimelineEntry(View):
    """One thing that happened, or that is to be done."""

    id: str
    kind: EntryKind
    at: datetime
    """When it happened; of what is open, when it was planned."""
    title: str
    """What it was, in a line."""
    detail: str
    """The rest of its text; empty when the title says it all."""
    actor: str
    target: Target
    status: str = "done"
    """`open` for what is still to be done."""
    due_at: datetime | None = None
    outcome: str = ""
    duration_minutes: int | None = None
    contact_id: str | None = None
    contact: str = ""
    deal_id: str | None = None
    deal: str = ""


class TimelinePage(View):
    """A part of a timeline, newest first."""

    items: tuple[TimelineEntry, ...]
    next: str | None

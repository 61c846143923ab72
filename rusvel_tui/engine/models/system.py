"""Tables that every department shares: sessions, settings, the event log, the job queue, imports."""

from __future__ import annotations

from typing import Any

from peewee import AutoField, BigIntegerField, CompositeKey, IntegerField, TextField

from rusvel_tui.engine.models.base import Base, JsonField, UtcField, database


class Session(Base):
    """A workspace: its name, its money and its time zone. Who writes from it are its senders."""

    name = TextField()
    currency = TextField()
    timezone = TextField()
    metadata = JsonField(default=dict)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()


class Setting(Base):
    """One stored choice; an empty session means: for the whole file."""

    id: Any = None
    session_id = TextField(default="")
    key = TextField()
    value = JsonField()

    class Meta:
        database = database
        primary_key = CompositeKey("session_id", "key")


class Event(Base):
    """One thing that happened, written in the transaction of the change itself."""

    id: Any = AutoField()
    session_id = TextField()
    at = UtcField()
    kind = TextField()
    subject_id = TextField(default="")
    actor = TextField()
    payload = JsonField(default=dict)
    undo = JsonField(null=True)
    undo_of = BigIntegerField(null=True)
    undone_by = BigIntegerField(null=True)
    redo = IntegerField(default=0)


class Job(Base):
    """One piece of durable work: who holds it, until when, and how often it was tried."""

    session_id = TextField()
    kind = TextField()
    state = TextField(default="queued")
    payload = JsonField(default=dict)
    run_at = UtcField()
    priority = IntegerField(default=0)
    attempts = IntegerField(default=0)
    max_attempts = IntegerField(default=6)
    owner = TextField(null=True)
    lease_until = UtcField(null=True)
    fence = IntegerField(default=0)
    error = TextField(default="")
    unique_key = TextField(null=True)
    metadata = JsonField(default=dict)
    created_at = UtcField()
    started_at = UtcField(null=True)
    finished_at = UtcField(null=True)


class ImportRun(Base):
    """One import of one file: what it was, how it was read, how far it is, and what it did so far."""

    session_id = TextField()
    file_name = TextField()
    file_sha256 = TextField()
    preset = TextField()
    options = JsonField(default=dict)
    state = TextField(default="running")
    """`running`, `cancelled`, `done` or `undone`."""
    next_row = BigIntegerField(default=0)
    """How many of the planned contacts are written."""
    counts = JsonField(default=dict)
    total = BigIntegerField(default=0)
    """The rows of the file; 0 until they are read."""
    left_alone = JsonField(default=list)
    """Contacts that an undo could not take back, with the reason."""
    created_at = UtcField()
    updated_at = UtcField()


class ImportPlan(Base):
    """What each row of an imported file meets, so that an interrupted or repeated import meets the same."""

    id: Any = None
    import_id = TextField(primary_key=True)
    rows = JsonField(default=dict)
    """`numbers`, `contacts` and `outcomes` (their first letters) of all rows with a person, side by side."""


class ImportChunk(Base):
    """What one transaction of an import made: contacts with the mark of their data, opt-outs, companies."""

    id: Any = None
    import_id = TextField()
    first = BigIntegerField()
    created = JsonField(default=dict)
    suppressed = JsonField(default=list)
    companies = JsonField(default=list)

    class Meta:
        database = database
        primary_key = CompositeKey("import_id", "first")


class ImportChange(Base):
    """A contact that an import changed: how it was, and the mark of how the import left it."""

    id: Any = None
    import_id = TextField()
    contact_id = TextField()
    image = JsonField(default=dict)
    mark = BigIntegerField()

    class Meta:
        database = database
        primary_key = CompositeKey("import_id", "contact_id")

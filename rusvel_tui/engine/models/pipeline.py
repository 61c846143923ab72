"""Tables of the pipelines: what stages there are and what each is worth."""

from __future__ import annotations

from typing import Any

from peewee import CompositeKey, IntegerField, TextField

from rusvel_tui.engine.models.base import Base, JsonField, UtcField, database


class Pipeline(Base):
    """A way from first contact to won or lost; the oldest living one of a session is the usual one."""

    session_id = TextField()
    name = TextField()
    metadata = JsonField(default=dict)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()
    deleted_at = UtcField(null=True)


class PipelineStage(Base):
    """One stage of a pipeline; `key` is what deals and their history keep, and names one stage of a session."""

    id: Any = None
    session_id = TextField()
    key = TextField()
    pipeline_id = TextField()
    name = TextField()
    kind = TextField(default="open")
    probability = IntegerField(default=0)
    rot_days = IntegerField(null=True)
    """Days without contact after which a deal here is rotting; none: never."""
    position = IntegerField(default=0)
    requires = JsonField(default=list)
    task = TextField(default="")
    """What is planned for a deal that comes here, so many days later; nothing when empty."""
    task_days = IntegerField(default=1)
    removed_at = UtcField(null=True)

    class Meta:
        database = database
        primary_key = CompositeKey("session_id", "key")

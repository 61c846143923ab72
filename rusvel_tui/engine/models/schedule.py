"""The table of send schedules: when the sequences of a session work, and when one of them does."""

from __future__ import annotations

from peewee import IntegerField, TextField

from rusvel_tui.engine.models.base import Base, JsonField, UtcField


class SendSchedule(Base):
    """The rules of one sequence, or of all sequences of a session that have none of their own.

    The id is that of the sequence, or of the session.
    """

    session_id = TextField()
    sequence_id = TextField(null=True)
    rules = JsonField(default=dict)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()

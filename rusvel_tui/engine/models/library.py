"""The library of texts."""

from __future__ import annotations

from peewee import IntegerField, TextField

from rusvel_tui.engine.models.base import Base, UtcField


class TemplateText(Base):
    """A text to start from; `key` is its folded name, unique among the living ones of its kind."""

    session_id = TextField()
    kind = TextField()
    name = TextField()
    key = TextField()
    subject = TextField(default="")
    body = TextField()
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()
    deleted_at = UtcField(null=True)

"""Tables of finding: saved views. What the search index is made of has no models: triggers keep it."""

from __future__ import annotations

from peewee import IntegerField, TextField

from rusvel_tui.engine.models.base import Base, JsonField, UtcField


class SavedView(Base):
    """A filter with a name, and perhaps the digit that opens it."""

    session_id = TextField()
    kind = TextField()
    name = TextField()
    filter = TextField(default="")  # type: ignore[assignment]  # hides a shortcut of Peewee that nobody uses
    digit = IntegerField(null=True)
    metadata = JsonField(default=dict)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()

"""Tables beside the mail ledger: every text that a draft had."""

from __future__ import annotations

from peewee import IntegerField, TextField

from rusvel_tui.engine.models.base import Base, JsonField, UtcField


class DraftVersion(Base):
    """One text of a draft; the first is what was written for it, later ones are edits and redrafts."""

    mail_id = TextField()
    number = IntegerField()
    subject = TextField()
    body = TextField()
    author = TextField()
    """Who wrote it: the drafter's name, or `person`."""
    instruction = TextField(default="")
    """What the drafter was asked to change."""
    notes = JsonField(default=list)
    created_at = UtcField()


class DraftScratch(Base):
    """What somebody is typing into a draft, under the id of the mail: a killed editor loses nothing."""

    subject = TextField()
    body = TextField()
    seen = IntegerField()
    """The version of the mail when the editing began."""
    updated_at = UtcField()

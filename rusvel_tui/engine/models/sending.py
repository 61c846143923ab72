"""As whom mail leaves, what goes along with it, and which rules say yes to it."""

from __future__ import annotations

from typing import Any

from peewee import BlobField, IntegerField, TextField

from rusvel_tui.engine.models.base import Base, JsonField, UtcField


class Sender(Base):
    """One identity of a session; `key` is its folded address, unique among the living ones.

    `account` names a mail account of the settings, which hold all secrets; empty for the usual one.
    """

    session_id = TextField()
    name = TextField(default="")
    address = TextField(default="")
    key = TextField(default="")
    reply_to = TextField(default="")
    postal_address = TextField(default="")
    opt_out = TextField(default="")
    """The sentence that tells how to be left alone; empty for the usual one."""
    unsubscribe_url = TextField(default="")
    """An https address with `{token}` in it, for one click (RFC 8058)."""
    html = IntegerField(default=0)
    account = TextField(default="")
    daily_cap = IntegerField(null=True)
    min_gap_seconds = IntegerField(null=True)
    is_default = IntegerField(default=0)
    metadata = JsonField(default=dict)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()
    deleted_at = UtcField(null=True)


class ApprovalRule(Base):
    """What may leave without a look, up to so many mails in a day."""

    session_id = TextField()
    name = TextField()
    sequence_id = TextField(null=True)
    first_mails = IntegerField(default=0)
    warnings = IntegerField(default=0)
    by_model = IntegerField(default=0)
    daily_cap = IntegerField()
    created_by = TextField()
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()
    deleted_at = UtcField(null=True)


class Attachment(Base):
    """The bytes of a file that goes along with mails; each content is kept once in a session."""

    session_id = TextField()
    sha256 = TextField()
    size = IntegerField()
    data: Any = BlobField()
    created_at = UtcField()

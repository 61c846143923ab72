"""Tables of the CRM: people, their addresses, deals, and what was done."""

from __future__ import annotations

from typing import Any

from peewee import BigIntegerField, CompositeKey, IntegerField, TextField

from rusvel_tui.engine.models.base import Base, JsonField, UtcField, database


class Contact(Base):
    """A person (or a company without a person). `search` and `sort_name` are folded copies."""

    session_id = TextField()
    name = TextField(default="")
    first_name = TextField(default="")
    last_name = TextField(default="")
    sort_name = TextField(default="")
    search = TextField(default="")
    company = TextField(default="")
    """The employer's name as the list shows it; the same as that of `company_id` where there is one."""
    company_id = TextField(null=True)
    title = TextField(default="")
    country = TextField(default="")
    timezone = TextField(default="")
    """The zone that a person set; `zones.py` says which one counts when there is none."""
    profile = TextField(default="")
    source = TextField(default="")
    source_at = UtcField(null=True)
    tags = JsonField(default=list)
    links = JsonField(default=list)
    fields = JsonField(default=dict)
    notes = TextField(default="")
    metadata = JsonField(default=dict)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()
    deleted_at = UtcField(null=True)


class ContactEmail(Base):
    """One address of a contact; `key` is unique among the living contacts of a session."""

    session_id = TextField()
    contact_id = TextField()
    address = TextField()
    key = TextField()
    label = TextField(default="")
    position = IntegerField(default=0)
    opted_out_at = UtcField(null=True)
    invalid_at = UtcField(null=True)
    deleted_at = UtcField(null=True)


class ContactPhone(Base):
    """One phone number of a contact: as written, as digits, and in E.164 where its country is known."""

    session_id = TextField()
    contact_id = TextField()
    number = TextField()
    digits = TextField()
    e164 = TextField(default="")
    label = TextField(default="")
    position = IntegerField(default=0)


class Suppression(Base):
    """An address, a domain (`@example.org`) or the hash of an erased address that must not be written to."""

    id: Any = None
    session_id = TextField()
    key = TextField()
    reason = TextField()
    created_at = UtcField()
    source = TextField(default="")
    """Where the entry comes from: `by hand`, `mail`, `bounce`, `import`, `erased`."""

    class Meta:
        database = database
        primary_key = CompositeKey("session_id", "key")


class Deal(Base):
    """A sale in the making. Its status follows from its stage."""

    session_id = TextField()
    contact_id = TextField()
    company_id = TextField(null=True)
    title = TextField()
    value_minor = BigIntegerField(default=0)
    currency = TextField()
    stage = TextField(default="lead")
    stage_since = UtcField(null=True)
    rank = BigIntegerField(default=0)
    """The place in the column, smallest on top; there are gaps, so that one card moves alone."""
    probability = IntegerField(null=True)
    expected_close = TextField(default="")
    snoozed_until = TextField(default="")
    """The day from which the deal may count as rotting again."""
    tags = JsonField(default=list)
    fields = JsonField(default=dict)
    notes = TextField(default="")
    closed_reason = TextField(default="")
    closed_at = UtcField(null=True)
    metadata = JsonField(default=dict)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()
    deleted_at = UtcField(null=True)


class StageMove(Base):
    """One move of a deal from stage to stage."""

    deal_id = TextField()
    from_stage = TextField()
    to_stage = TextField()
    at = UtcField()
    actor = TextField()


class Activity(Base):
    """Something done, or to be done, with a person: a note, a task, a call, a meeting, a mail."""

    session_id = TextField()
    kind = TextField()
    status = TextField(default="done")
    subject = TextField(default="")
    body = TextField(default="")
    contact_id = TextField(null=True)
    deal_id = TextField(null=True)
    job_id = TextField(null=True)
    due_at = UtcField(null=True)
    at = UtcField()
    """When it was done; of what is open, when it was planned."""
    outcome = TextField(default="")
    notes = TextField(default="")
    """What was said or found when it was done; the body says what was to be done."""
    duration_minutes = IntegerField(null=True)
    actor = TextField(default="")
    """Who wrote it down."""
    metadata = JsonField(default=dict)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()
    deleted_at = UtcField(null=True)

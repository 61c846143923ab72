"""Tables around people: companies, employers over time, custom fields, duplicates and merges."""

from __future__ import annotations

from typing import Any

from peewee import CompositeKey, IntegerField, TextField

from rusvel_tui.engine.models.base import Base, JsonField, UtcField, database


class Company(Base):
    """An organisation; `key` is its folded name, unique among the living ones of a session."""

    session_id = TextField()
    name = TextField()
    key = TextField()
    domain = TextField(default="")
    website = TextField(default="")
    country = TextField(default="")
    timezone = TextField(default="")
    tags = JsonField(default=list)
    links = JsonField(default=list)
    fields = JsonField(default=dict)
    notes = TextField(default="")
    source = TextField(default="")
    metadata = JsonField(default=dict)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()
    deleted_at = UtcField(null=True)


class Employment(Base):
    """A time during which a person worked for a company; the present one has no end."""

    session_id = TextField()
    contact_id = TextField()
    company_id = TextField()
    title = TextField(default="")
    started_at = UtcField()
    ended_at = UtcField(null=True)


class FieldDefinition(Base):
    """A custom field: its name, its type and, for a choice, what can be chosen."""

    session_id = TextField()
    entity = TextField()
    key = TextField()
    label = TextField()
    type = TextField()
    choices = JsonField(default=list)
    position = IntegerField(default=0)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()


class NotDuplicate(Base):
    """Two contacts that look alike and that a person said are two people; the smaller id first."""

    id: Any = None
    session_id = TextField()
    first_id = TextField()
    second_id = TextField()
    created_at = UtcField()

    class Meta:
        database = database
        primary_key = CompositeKey("session_id", "first_id", "second_id")


class ContactMerge(Base):
    """A merge of two contacts, with all rows that it touched as they were before and after."""

    session_id = TextField()
    kept_id = TextField()
    merged_id = TextField()
    before = JsonField(default=dict)
    after = JsonField(default=dict)
    created_at = UtcField()
    undone_at = UtcField(null=True)

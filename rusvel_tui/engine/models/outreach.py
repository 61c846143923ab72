"""Tables of outreach: sequences in immutable versions, enrollments, and the mail ledger."""

from __future__ import annotations

from typing import Any

from peewee import BlobField, IntegerField, TextField

from rusvel_tui.engine.models.base import Base, JsonField, UtcField


class Sequence(Base):
    """A named series of steps; the steps live in its versions."""

    session_id = TextField()
    name = TextField()
    description = TextField(default="")
    """What it is for, in a line."""
    status = TextField(default="draft")
    pause_reason = TextField(default="")
    """Why it paused itself; empty when a person did, and when it runs."""
    bounces_since = UtcField(null=True)
    """When it last paused itself: mails of before then do not count against it again."""
    version_id = TextField()
    sender_id = TextField(null=True)
    rules = JsonField(default=dict)
    """Who may be enrolled, and what a colleague's reply means; not part of a version."""
    metadata = JsonField(default=dict)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()


class SequenceVersion(Base):
    """The steps as they were at one moment; never changed once somebody is enrolled."""

    sequence_id = TextField()
    number = IntegerField()
    created_at = UtcField()


class Step(Base):
    """One step of one version; `key` names the same step in every version of the sequence."""

    version_id = TextField()
    key = TextField()
    position = IntegerField()
    type = TextField()
    delay_days = IntegerField(default=0)
    delay_unit = TextField(default="days")
    channel = TextField()
    subject = TextField(default="")
    body = TextField(default="")
    instructions = TextField(default="")
    conditions = JsonField(default=list)
    """What must hold when the step is due, else it is skipped: `tag is not customer`."""
    branches = JsonField(default=list)
    """Where to go when it is done: `{"when": "outcome is no answer", "goto": "s4"}`, the first that holds."""
    variants = JsonField(default=list)
    """Other texts of a mail: `{"name": "a", "weight": 1, "subject": "", "body": ""}`."""
    metadata = JsonField(default=dict)


class Enrollment(Base):
    """One person's way through one version of a sequence; `run_no` counts deliberate repeats."""

    session_id = TextField()
    sequence_id = TextField()
    version_id = TextField()
    contact_id = TextField()
    deal_id = TextField(null=True)
    run_no = IntegerField(default=1)
    status = TextField(default="active")
    reason = TextField(default="")
    """Why it ended: a word of `ends.End`; `note` holds the words of whoever ended or paused it."""
    note = TextField(default="")
    position = IntegerField(default=0)
    job_id = TextField(null=True)
    """The job of the step at `position`."""
    since = UtcField(null=True)
    """From when the delay of that step counts: the moment at which the step before was done."""
    outcome = TextField(default="")
    """What came of the step before."""
    reply = TextField(default="")
    """How the person answered last: a word of `answers.Sentiment`; empty while they did not."""
    replied_at = UtcField(null=True)
    version = IntegerField(default=1)
    metadata = JsonField(default=dict)
    created_at = UtcField()
    updated_at = UtcField()
    ended_at = UtcField(null=True)


class Mail(Base):
    """The ledger: one row for each mail that may ever leave, with the id of its job. Never deleted.

    A mail that no step asked for has a `source_kind`, and neither sequence nor enrollment.
    """

    session_id = TextField()
    sequence_id = TextField(null=True)
    version_id = TextField(null=True)
    enrollment_id = TextField(null=True)
    contact_id = TextField(null=True)
    deal_id = TextField(null=True)
    source_kind = TextField(default="")
    """Who asked for it, by a name of `approvals.sources`; empty for a step of a sequence."""
    source_id = TextField(default="")
    occasion = TextField(default="")
    """Which of several mails about the same thing: `reminder 2`."""
    note = TextField(default="")
    """What the person should know before the verdict; never part of the mail."""
    not_before = UtcField(null=True)
    """The earliest time that a person chose for it."""
    snoozed_until = UtcField(null=True)
    """Until when it is out of sight."""
    run_no = IntegerField(default=1)
    position = IntegerField(default=0)
    step_key = TextField(default="")
    variant = TextField(default="")
    step_type = TextField()
    recipient_key = TextField()
    to_name = TextField(default="")
    to_address = TextField()
    from_name = TextField(default="")
    from_address = TextField(default="")
    sender_id = TextField(null=True)
    """Who writes it by a person's choice; without one the sequence's sender, or the session's."""
    reply_to = TextField(default="")
    subject = TextField(default="")
    body = TextField(default="")
    footer = TextField(default="")
    """What stands below the body: how to opt out, and the postal address."""
    html = IntegerField(default=0)
    """Whether an HTML alternative, made from the same text, goes along."""
    first_subject = TextField(default="")
    first_body = TextField(default="")
    attachments = JsonField(default=list)
    due_at = UtcField(null=True)
    """When the delay of its step ends; the windows of the sequence come on top."""
    due_zone = TextField(default="")
    """The zone by whose clock that was counted."""
    first_touch = IntegerField(default=0)
    """Whether nothing was written to the person in this enrollment before."""
    state = TextField(default="scheduled")
    blocked = TextField(default="")
    problems = JsonField(default=list)
    warnings = JsonField(default=list)
    drafted_by = TextField(default="")
    drafted_at = UtcField(null=True)
    edited_at = UtcField(null=True)
    digest = TextField(null=True)
    approved_digest = TextField(null=True)
    approved_by = TextField(default="")
    approved_at = UtcField(null=True)
    approved_rule = TextField(default="")
    """The rule that said yes; empty when a person did."""
    changed_since = TextField(default="")
    message_id = TextField()
    in_reply_to = TextField(default="")
    references: Any = JsonField(default=list, column_name="refs")
    raw: Any = BlobField(null=True)
    raw_sha256 = TextField(null=True)
    intent_at = UtcField(null=True)
    smtp_host = TextField(default="")
    reply_code = IntegerField(default=0)
    reply_text = TextField(default="")
    queue_id = TextField(default="")
    sent_at = UtcField(null=True)
    reply = TextField(default="")
    replied_at = UtcField(null=True)
    bounced_at = UtcField(null=True)
    settled_by = TextField(default="")
    error = TextField(default="")
    erased_at = UtcField(null=True)
    """When its person was erased: what it said and to whom is gone."""
    metadata = JsonField(default=dict)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()


class SenderState(Base):
    """Whether mail may leave at all: paused by a person or by trouble, and when to try again."""

    paused = IntegerField(default=0)
    reason = TextField(default="")
    failures = IntegerField(default=0)
    retry_at = UtcField(null=True)
    updated_at = UtcField()

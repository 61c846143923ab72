"""Tables of mail that comes in: the messages as they came, and how far each mailbox was read."""

from __future__ import annotations

from typing import Any

from peewee import BlobField, CompositeKey, IntegerField, TextField

from rusvel_tui.engine.models.base import Base, JsonField, UtcField, database


class IncomingMail(Base):
    """One message of one mailbox, stored before anything is made of it; what was made of it stands beside it."""

    session_id = TextField()
    mailbox = TextField()
    identity = TextField()
    """Its Message-ID, or the SHA-256 of its bytes when it has none that can be trusted to be one."""
    raw: Any = BlobField()
    size = IntegerField()
    """Octets as it came; more than those of `raw` when it was cut."""
    message_id = TextField(default="")
    references: Any = JsonField(default=list, column_name="refs")
    """The message ids of its thread, oldest first."""
    from_name = TextField(default="")
    from_address = TextField(default="")
    subject = TextField(default="")
    text = TextField(default="")
    """What a person sees of it, without control characters."""
    own_words = TextField(default="")
    """That without quotes and signature."""
    written_at = UtcField(null=True)
    """As the mail says; it may lie."""
    received_at = UtcField()
    classifier = IntegerField(default=0)
    """The version that judged it; 0 while nobody did, which is never the same as no reply."""
    kind = TextField(default="")
    verdict = JsonField(default=dict)
    mail_id = TextField(null=True)
    """The mail of ours that it answers or reports on."""
    contact_id = TextField(null=True)
    linked_by = TextField(default="")
    """How it was tied to the contact: a word of `linking.Link`."""
    state = TextField(default="new")
    """`new` until it was judged, `open` while it needs a person, then `done`."""
    activity_id = TextField(null=True)
    processed_at = UtcField(null=True)
    metadata = JsonField(default=dict)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()


class MailboxPlace(Base):
    """How far a folder of a mailbox was read. Only a hint: the identity of a message decides."""

    id: Any = None
    mailbox = TextField()
    folder = TextField()
    place = JsonField(default=dict)
    """What the adapter keeps: UIDVALIDITY and the last UID of IMAP."""
    updated_at = UtcField()

    class Meta:
        database = database
        primary_key = CompositeKey("mailbox", "folder")

"""Schema of mail that comes in, and of a suppression list that says where each entry comes from.

A message is stored as it came before anything is made of it. Older entries of the suppression list get a source from
their reason; what they keep from being written to stays the same. The ledger can forget a person who was erased.
"""

from __future__ import annotations

from sqlite3 import Connection

_MAILS = """
CREATE TABLE incoming_mail (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), mailbox TEXT NOT NULL,
  identity TEXT NOT NULL, raw BLOB NOT NULL, size INTEGER NOT NULL, message_id TEXT NOT NULL, refs TEXT NOT NULL,
  from_name TEXT NOT NULL, from_address TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL,
  own_words TEXT NOT NULL, written_at TEXT, received_at TEXT NOT NULL, classifier INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN
    ('','own','bounce_hard','bounce_soft','opt_out','auto_reply','human','unknown')),
  verdict TEXT NOT NULL, mail_id TEXT REFERENCES mail (id), contact_id TEXT REFERENCES contact (id),
  linked_by TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('new','open','done')),
  activity_id TEXT REFERENCES activity (id), processed_at TEXT, metadata TEXT NOT NULL, version INTEGER NOT NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
  CHECK ((state = 'new') = (processed_at IS NULL)));
CREATE UNIQUE INDEX incoming_once ON incoming_mail (mailbox, identity);
CREATE INDEX incoming_list ON incoming_mail (session_id, received_at, id);
CREATE INDEX incoming_open ON incoming_mail (session_id, received_at) WHERE state = 'open';
CREATE INDEX incoming_new ON incoming_mail (received_at) WHERE state = 'new';
CREATE INDEX incoming_contact ON incoming_mail (contact_id, received_at) WHERE contact_id IS NOT NULL;
CREATE INDEX incoming_message ON incoming_mail (session_id, message_id) WHERE message_id <> '';
CREATE INDEX incoming_bounced ON incoming_mail (mail_id) WHERE mail_id IS NOT NULL;
CREATE TABLE mailbox_place (
  mailbox TEXT NOT NULL, folder TEXT NOT NULL, place TEXT NOT NULL, updated_at TEXT NOT NULL,
  PRIMARY KEY (mailbox, folder));
CREATE INDEX mail_recipient ON mail (session_id, recipient_key) WHERE sent_at IS NOT NULL;
CREATE TRIGGER incoming_bytes_are_fixed BEFORE UPDATE OF raw, mailbox, identity ON incoming_mail
  WHEN length(NEW.raw) > 0
    AND (OLD.mailbox, OLD.identity, OLD.raw) IS NOT (NEW.mailbox, NEW.identity, NEW.raw)
BEGIN SELECT RAISE(ABORT, 'a stored message cannot change'); END;
"""

_SUPPRESSION = """
ALTER TABLE suppression ADD COLUMN source TEXT NOT NULL DEFAULT '';
UPDATE suppression SET source = CASE
  WHEN reason LIKE 'bounced%' THEN 'bounce' WHEN reason LIKE '%import%' THEN 'import'
  WHEN reason LIKE 'unsubscribed%' OR reason LIKE '%opted out%' THEN 'person' ELSE 'by hand' END;
"""

_ERASED = """
ALTER TABLE mail ADD COLUMN erased_at TEXT;
"""
_FIXED = ("mail_text_is_fixed", "mail_bytes_are_fixed", "mail_letter_is_fixed")
"""Triggers that keep a mail as it was approved; only erasing the person is let through, once."""

SQL = _MAILS + _SUPPRESSION + _ERASED


def loosen(connection: Connection) -> None:
    """Let the ledger forget whom a mail went to: its row stays, with what it was and when."""
    for name in _FIXED:
        found = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?"
        (sql,) = connection.execute(found, (name,)).fetchone()
        head, begin, body = sql.partition("BEGIN SELECT")
        condition = "AND (OLD.erased_at IS NOT NULL OR NEW.erased_at IS NULL)\n"
        connection.execute(f"DROP TRIGGER {name}")
        connection.execute(f"{head}{condition}{begin}{body}")

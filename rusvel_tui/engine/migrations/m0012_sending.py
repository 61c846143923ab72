"""Mail that goes out: several senders in a session, what a yes covers besides the text, rules that say yes, files.

The name and the address that a session wrote from become its first sender, which is its default. Older approvals stay
valid: what is new about a mail is empty on them, and their digest is the one they had.

A mail of the ledger came from a step until now; `source_kind` says what else asked for it: an invoice, an answer, a
person. Such a mail has no sequence, and may go to an address that belongs to no contact. Every text that a draft had is
kept, and what somebody is typing into it.
"""

from __future__ import annotations

_SENDERS = """
CREATE TABLE sender (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), name TEXT NOT NULL, address TEXT NOT NULL,
  key TEXT NOT NULL, reply_to TEXT NOT NULL DEFAULT '', postal_address TEXT NOT NULL DEFAULT '',
  opt_out TEXT NOT NULL DEFAULT '', unsubscribe_url TEXT NOT NULL DEFAULT '', html INTEGER NOT NULL DEFAULT 0,
  account TEXT NOT NULL DEFAULT '', daily_cap INTEGER CHECK (daily_cap >= 0),
  min_gap_seconds INTEGER CHECK (min_gap_seconds >= 0), is_default INTEGER NOT NULL DEFAULT 0,
  metadata TEXT NOT NULL DEFAULT '{}', version INTEGER NOT NULL DEFAULT 1, created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL, deleted_at TEXT);
CREATE UNIQUE INDEX sender_once ON sender (session_id, key) WHERE deleted_at IS NULL AND key <> '';
CREATE UNIQUE INDEX sender_default ON sender (session_id) WHERE is_default = 1;
INSERT INTO sender (id, session_id, name, address, key, is_default, created_at, updated_at)
  SELECT id, id, sender_name, sender_email, lower(sender_email), 1, created_at, updated_at FROM session;
ALTER TABLE session DROP COLUMN sender_name;
ALTER TABLE session DROP COLUMN sender_email;
ALTER TABLE sequence ADD COLUMN sender_id TEXT REFERENCES sender (id);
"""

_MAILS = """
ALTER TABLE mail ADD COLUMN sender_id TEXT REFERENCES sender (id);
ALTER TABLE mail ADD COLUMN reply_to TEXT NOT NULL DEFAULT '';
ALTER TABLE mail ADD COLUMN footer TEXT NOT NULL DEFAULT '';
ALTER TABLE mail ADD COLUMN html INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mail ADD COLUMN not_before TEXT;
ALTER TABLE mail ADD COLUMN approved_rule TEXT NOT NULL DEFAULT '';
CREATE INDEX mail_rule ON mail (approved_rule, approved_at) WHERE approved_rule <> '';
CREATE TRIGGER mail_letter_is_fixed BEFORE UPDATE OF reply_to, footer, html, not_before ON mail
  WHEN OLD.state IN ('approved','sending','committing','sent','in_doubt')
    AND NEW.state IN ('approved','sending','committing','sent','in_doubt')
    AND (OLD.reply_to, OLD.footer, OLD.html, OLD.not_before)
     IS NOT (NEW.reply_to, NEW.footer, NEW.html, NEW.not_before)
BEGIN SELECT RAISE(ABORT, 'an approved mail cannot change'); END;
"""

_FILES = """
CREATE TABLE attachment (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), sha256 TEXT NOT NULL,
  size INTEGER NOT NULL, data BLOB NOT NULL, created_at TEXT NOT NULL);
CREATE UNIQUE INDEX attachment_once ON attachment (session_id, sha256);
"""

_RULES = """
CREATE TABLE approval_rule (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), name TEXT NOT NULL,
  sequence_id TEXT REFERENCES sequence (id), first_mails INTEGER NOT NULL DEFAULT 0,
  warnings INTEGER NOT NULL DEFAULT 0, by_model INTEGER NOT NULL DEFAULT 0,
  daily_cap INTEGER NOT NULL CHECK (daily_cap > 0), created_by TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT);
CREATE INDEX approval_rule_session ON approval_rule (session_id) WHERE deleted_at IS NULL;
"""

_INDEXES = """
DROP INDEX mail_once;
DROP INDEX mail_step;
DROP INDEX mail_enrollment;
DROP INDEX mail_contact;
"""

_OPTIONAL = (
    ("sequence_id", "sequence"),
    ("version_id", "sequence_version"),
    ("enrollment_id", "enrollment"),
    ("contact_id", "contact"),
)
"""Columns of the ledger that were NOT NULL, and the tables they refer to."""

# SQLite cannot drop a NOT NULL; a column of the same name takes the place of the old one.
_LOOSEN = "".join(
    f"ALTER TABLE mail ADD COLUMN {name}_ TEXT REFERENCES {table} (id);\n"
    f"UPDATE mail SET {name}_ = {name};\n"
    f"ALTER TABLE mail DROP COLUMN {name};\n"
    f"ALTER TABLE mail RENAME COLUMN {name}_ TO {name};\n"
    for name, table in _OPTIONAL
)

_SOURCES = """
ALTER TABLE mail ADD COLUMN source_kind TEXT NOT NULL DEFAULT ''
  CHECK (source_kind <> '' OR (sequence_id IS NOT NULL AND enrollment_id IS NOT NULL AND contact_id IS NOT NULL));
ALTER TABLE mail ADD COLUMN source_id TEXT NOT NULL DEFAULT '';
ALTER TABLE mail ADD COLUMN occasion TEXT NOT NULL DEFAULT '';
ALTER TABLE mail ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE mail ADD COLUMN snoozed_until TEXT;
CREATE UNIQUE INDEX mail_once ON mail (sequence_id, run_no, step_key, recipient_key) WHERE state <> 'cancelled';
CREATE INDEX mail_step ON mail (sequence_id, step_key, version_id);
CREATE INDEX mail_enrollment ON mail (enrollment_id, position);
CREATE INDEX mail_contact ON mail (contact_id, state);
CREATE UNIQUE INDEX mail_of_source ON mail (session_id, source_kind, source_id, occasion)
  WHERE source_kind <> '' AND state <> 'cancelled';
CREATE INDEX mail_waiting ON mail (session_id, created_at, id) WHERE state = 'held';
"""

_DRAFTS = """
CREATE TABLE draft_version (
  id TEXT PRIMARY KEY, mail_id TEXT NOT NULL REFERENCES mail (id), number INTEGER NOT NULL,
  subject TEXT NOT NULL, body TEXT NOT NULL, author TEXT NOT NULL, instruction TEXT NOT NULL,
  notes TEXT NOT NULL, created_at TEXT NOT NULL);
CREATE UNIQUE INDEX draft_version_once ON draft_version (mail_id, number);
INSERT INTO draft_version SELECT lower(hex(randomblob(16))), id, 1, first_subject, first_body, drafted_by, '', '[]',
  coalesce(drafted_at, created_at) FROM mail WHERE drafted_by <> '';
INSERT INTO draft_version SELECT lower(hex(randomblob(16))), id, 2, subject, body, 'person', '', '[]',
  edited_at FROM mail WHERE edited_at IS NOT NULL AND drafted_by <> '';
CREATE TABLE draft_scratch (
  id TEXT PRIMARY KEY REFERENCES mail (id), subject TEXT NOT NULL, body TEXT NOT NULL, seen INTEGER NOT NULL,
  updated_at TEXT NOT NULL);
"""

_LETTERS = _INDEXES + _LOOSEN + _SOURCES + _DRAFTS

SQL = _SENDERS + _MAILS + _FILES + _RULES + _LETTERS

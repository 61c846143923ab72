"""Mail that goes out: several senders in a session, what a yes covers besides the text, rules that say yes, files.

The name and the address that a session wrote from become its first sender, which is its default. Older approvals stay
valid: what is new about a mail is empty on them, and their digest is the one they had.
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

SQL = _SENDERS + _MAILS + _FILES + _RULES

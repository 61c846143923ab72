"""Mails that no sequence asked for, mails that are out of sight for a while, and every text that a draft had.

A mail of the ledger came from a step until now; `source_kind` says what else asked for it: an invoice, an answer, a
person. Such a mail has no sequence, and may go to an address that belongs to no contact.
"""

from __future__ import annotations

INDEXES = """
DROP INDEX mail_once;
DROP INDEX mail_step;
DROP INDEX mail_enrollment;
DROP INDEX mail_contact;
"""

OPTIONAL = (
    ("sequence_id", "sequence"),
    ("version_id", "sequence_version"),
    ("enrollment_id", "enrollment"),
    ("contact_id", "contact"),
)
"""Columns of the ledger that were NOT NULL, and the tables they refer to."""

# SQLite cannot drop a NOT NULL; a column of the same name takes the place of the old one.
LOOSEN = "".join(
    f"ALTER TABLE mail ADD COLUMN {name}_ TEXT REFERENCES {table} (id);\n"
    f"UPDATE mail SET {name}_ = {name};\n"
    f"ALTER TABLE mail DROP COLUMN {name};\n"
    f"ALTER TABLE mail RENAME COLUMN {name}_ TO {name};\n"
    for name, table in OPTIONAL
)

SOURCES = """
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

DRAFTS = """
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

SQL = INDEXES + LOOSEN + SOURCES + DRAFTS

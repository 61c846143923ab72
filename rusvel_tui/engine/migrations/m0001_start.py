"""The first schema: sessions, events, jobs, the CRM, sequences and the mail ledger."""

from __future__ import annotations

TABLES = """
CREATE TABLE session (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, currency TEXT NOT NULL, timezone TEXT NOT NULL,
  sender_name TEXT NOT NULL, sender_email TEXT NOT NULL, metadata TEXT NOT NULL, version INTEGER NOT NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE UNIQUE INDEX session_name ON session (lower(name));

CREATE TABLE setting (
  session_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (session_id, key));

CREATE TABLE event (
  id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL,
  subject_id TEXT NOT NULL, actor TEXT NOT NULL, payload TEXT NOT NULL, undo TEXT, undo_of INTEGER,
  undone_by INTEGER, redo INTEGER NOT NULL);
CREATE INDEX event_session ON event (session_id, id);
CREATE INDEX event_kind ON event (session_id, kind, id);
CREATE INDEX event_subject ON event (subject_id, id);
CREATE INDEX event_undo ON event (session_id, id) WHERE undo IS NOT NULL;

CREATE TABLE job (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN
    ('queued','running','awaiting_approval','succeeded','failed','cancelled')),
  payload TEXT NOT NULL, run_at TEXT NOT NULL, priority INTEGER NOT NULL,
  attempts INTEGER NOT NULL CHECK (attempts >= 0), max_attempts INTEGER NOT NULL, owner TEXT, lease_until TEXT,
  fence INTEGER NOT NULL, error TEXT NOT NULL, unique_key TEXT, metadata TEXT NOT NULL,
  created_at TEXT NOT NULL, started_at TEXT, finished_at TEXT,
  CHECK ((state = 'running') = (owner IS NOT NULL AND lease_until IS NOT NULL)));
CREATE UNIQUE INDEX job_once ON job (unique_key)
  WHERE unique_key IS NOT NULL AND state IN ('queued','running','awaiting_approval');
CREATE INDEX job_key ON job (unique_key);
CREATE INDEX job_due ON job (state, run_at, priority, id);
CREATE INDEX job_lease ON job (lease_until) WHERE state = 'running';

CREATE TABLE import_run (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), file_name TEXT NOT NULL,
  file_sha256 TEXT NOT NULL, preset TEXT NOT NULL, state TEXT NOT NULL, next_row INTEGER NOT NULL,
  counts TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE INDEX import_run_file ON import_run (session_id, file_sha256);
CREATE TABLE import_row (
  import_id TEXT NOT NULL REFERENCES import_run (id), number INTEGER NOT NULL, contact_id TEXT NOT NULL,
  outcome TEXT NOT NULL, PRIMARY KEY (import_id, number));

CREATE TABLE contact (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), name TEXT NOT NULL,
  first_name TEXT NOT NULL, last_name TEXT NOT NULL, sort_name TEXT NOT NULL, search TEXT NOT NULL,
  company TEXT NOT NULL, title TEXT NOT NULL, timezone TEXT NOT NULL, profile TEXT NOT NULL,
  source TEXT NOT NULL, tags TEXT NOT NULL, links TEXT NOT NULL, fields TEXT NOT NULL, notes TEXT NOT NULL,
  metadata TEXT NOT NULL, version INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
  deleted_at TEXT);
CREATE INDEX contact_order ON contact (session_id, sort_name, id) WHERE deleted_at IS NULL;
CREATE INDEX contact_profile ON contact (session_id, profile) WHERE profile <> '';

CREATE TABLE contact_email (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL, contact_id TEXT NOT NULL REFERENCES contact (id),
  address TEXT NOT NULL, key TEXT NOT NULL, position INTEGER NOT NULL, opted_out_at TEXT, invalid_at TEXT,
  deleted_at TEXT);
CREATE UNIQUE INDEX contact_email_once ON contact_email (session_id, key) WHERE deleted_at IS NULL;
CREATE INDEX contact_email_contact ON contact_email (contact_id, position);

CREATE TABLE contact_phone (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL, contact_id TEXT NOT NULL REFERENCES contact (id),
  number TEXT NOT NULL, digits TEXT NOT NULL, position INTEGER NOT NULL);
CREATE INDEX contact_phone_contact ON contact_phone (contact_id, position);
CREATE INDEX contact_phone_digits ON contact_phone (session_id, digits);

CREATE TABLE suppression (
  session_id TEXT NOT NULL REFERENCES session (id), key TEXT NOT NULL, reason TEXT NOT NULL,
  created_at TEXT NOT NULL, PRIMARY KEY (session_id, key));

CREATE TABLE deal (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id),
  contact_id TEXT NOT NULL REFERENCES contact (id), title TEXT NOT NULL, value_minor INTEGER NOT NULL,
  currency TEXT NOT NULL, stage TEXT NOT NULL, rank INTEGER NOT NULL,
  probability INTEGER CHECK (probability BETWEEN 0 AND 100), expected_close TEXT NOT NULL, notes TEXT NOT NULL,
  closed_reason TEXT NOT NULL, closed_at TEXT, metadata TEXT NOT NULL, version INTEGER NOT NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT);
CREATE INDEX deal_board ON deal (session_id, stage, rank, id) WHERE deleted_at IS NULL;
CREATE INDEX deal_contact ON deal (contact_id);

CREATE TABLE stage_move (
  id TEXT PRIMARY KEY, deal_id TEXT NOT NULL REFERENCES deal (id), from_stage TEXT NOT NULL,
  to_stage TEXT NOT NULL, at TEXT NOT NULL, actor TEXT NOT NULL);
CREATE INDEX stage_move_deal ON stage_move (deal_id, at);

CREATE TABLE sequence (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), name TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('draft','active','paused','completed','archived')),
  version_id TEXT NOT NULL, metadata TEXT NOT NULL, version INTEGER NOT NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE UNIQUE INDEX sequence_name ON sequence (session_id, lower(name)) WHERE status <> 'archived';

CREATE TABLE sequence_version (
  id TEXT PRIMARY KEY, sequence_id TEXT NOT NULL REFERENCES sequence (id), number INTEGER NOT NULL,
  created_at TEXT NOT NULL, UNIQUE (sequence_id, number));

CREATE TABLE step (
  id TEXT PRIMARY KEY, version_id TEXT NOT NULL REFERENCES sequence_version (id), position INTEGER NOT NULL,
  type TEXT NOT NULL, delay_days INTEGER NOT NULL CHECK (delay_days >= 0), channel TEXT NOT NULL,
  subject TEXT NOT NULL, body TEXT NOT NULL, instructions TEXT NOT NULL, metadata TEXT NOT NULL,
  UNIQUE (version_id, position));

CREATE TABLE enrollment (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id),
  sequence_id TEXT NOT NULL REFERENCES sequence (id), version_id TEXT NOT NULL REFERENCES sequence_version (id),
  contact_id TEXT NOT NULL REFERENCES contact (id), deal_id TEXT REFERENCES deal (id), run_no INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('active','paused','completed','cancelled')), reason TEXT NOT NULL,
  position INTEGER NOT NULL, version INTEGER NOT NULL, metadata TEXT NOT NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL, ended_at TEXT);
CREATE UNIQUE INDEX enrollment_once ON enrollment (sequence_id, contact_id) WHERE status IN ('active','paused');
CREATE UNIQUE INDEX enrollment_run ON enrollment (sequence_id, contact_id, run_no);
CREATE INDEX enrollment_contact ON enrollment (contact_id, status);

CREATE TABLE activity (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), kind TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('open','done','cancelled')), subject TEXT NOT NULL, body TEXT NOT NULL,
  contact_id TEXT REFERENCES contact (id), deal_id TEXT REFERENCES deal (id), job_id TEXT REFERENCES job (id),
  due_at TEXT, at TEXT NOT NULL, outcome TEXT NOT NULL, metadata TEXT NOT NULL, version INTEGER NOT NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE INDEX activity_contact ON activity (contact_id, at, id);
CREATE INDEX activity_deal ON activity (deal_id, at, id);
CREATE INDEX activity_due ON activity (session_id, status, due_at) WHERE status = 'open';
CREATE UNIQUE INDEX activity_job ON activity (job_id) WHERE job_id IS NOT NULL;

CREATE TABLE mail (
  id TEXT PRIMARY KEY REFERENCES job (id), session_id TEXT NOT NULL REFERENCES session (id),
  sequence_id TEXT NOT NULL REFERENCES sequence (id), version_id TEXT NOT NULL REFERENCES sequence_version (id),
  enrollment_id TEXT NOT NULL REFERENCES enrollment (id), contact_id TEXT NOT NULL REFERENCES contact (id),
  deal_id TEXT REFERENCES deal (id), run_no INTEGER NOT NULL, position INTEGER NOT NULL, step_type TEXT NOT NULL,
  recipient_key TEXT NOT NULL, to_name TEXT NOT NULL, to_address TEXT NOT NULL, from_name TEXT NOT NULL,
  from_address TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, first_subject TEXT NOT NULL,
  first_body TEXT NOT NULL, attachments TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('scheduled','drafting','held','approved','sending','committing','sent',
    'in_doubt','rejected','dead','cancelled')),
  blocked TEXT NOT NULL, problems TEXT NOT NULL, warnings TEXT NOT NULL, drafted_by TEXT NOT NULL, drafted_at TEXT,
  edited_at TEXT, digest TEXT, approved_digest TEXT, approved_by TEXT NOT NULL, approved_at TEXT,
  changed_since TEXT NOT NULL, message_id TEXT NOT NULL UNIQUE, in_reply_to TEXT NOT NULL, refs TEXT NOT NULL,
  raw BLOB, raw_sha256 TEXT, intent_at TEXT, smtp_host TEXT NOT NULL, reply_code INTEGER NOT NULL,
  reply_text TEXT NOT NULL, queue_id TEXT NOT NULL, sent_at TEXT, settled_by TEXT NOT NULL, error TEXT NOT NULL,
  metadata TEXT NOT NULL, version INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
  CHECK (state NOT IN ('approved','sending','committing')
    OR (approved_digest IS NOT NULL AND digest IS NOT NULL AND approved_digest = digest)),
  CHECK (state <> 'committing' OR (raw_sha256 IS NOT NULL AND intent_at IS NOT NULL)));
CREATE UNIQUE INDEX mail_once ON mail (sequence_id, run_no, position, recipient_key) WHERE state <> 'cancelled';
CREATE INDEX mail_box ON mail (session_id, state, updated_at, id);
CREATE INDEX mail_enrollment ON mail (enrollment_id, position);
CREATE INDEX mail_contact ON mail (contact_id, state);
CREATE INDEX mail_intent ON mail (session_id, intent_at) WHERE intent_at IS NOT NULL;

CREATE TABLE sender_state (
  id TEXT PRIMARY KEY, paused INTEGER NOT NULL, reason TEXT NOT NULL, failures INTEGER NOT NULL, retry_at TEXT,
  updated_at TEXT NOT NULL);
"""

# What was approved is what leaves: the text of a mail with a yes cannot change, by whatever program.
TRIGGERS = """
CREATE TRIGGER mail_text_is_fixed BEFORE UPDATE OF to_name, to_address, recipient_key, from_name, from_address,
    subject, body, attachments, digest ON mail
  WHEN OLD.state IN ('approved','sending','committing','sent','in_doubt')
    AND NEW.state IN ('approved','sending','committing','sent','in_doubt')
    AND (OLD.to_name, OLD.to_address, OLD.recipient_key, OLD.from_name, OLD.from_address, OLD.subject, OLD.body,
         OLD.attachments, OLD.digest)
     IS NOT (NEW.to_name, NEW.to_address, NEW.recipient_key, NEW.from_name, NEW.from_address, NEW.subject,
             NEW.body, NEW.attachments, NEW.digest)
BEGIN SELECT RAISE(ABORT, 'an approved mail cannot change'); END;
CREATE TRIGGER mail_bytes_are_fixed BEFORE UPDATE OF raw, raw_sha256 ON mail
  WHEN OLD.state IN ('approved','sending','committing','sent','in_doubt')
    AND NEW.state IN ('approved','sending','committing','sent','in_doubt')
    AND OLD.raw IS NOT NULL AND (OLD.raw, OLD.raw_sha256) IS NOT (NEW.raw, NEW.raw_sha256)
BEGIN SELECT RAISE(ABORT, 'the bytes of an approved mail cannot change'); END;
CREATE TRIGGER mail_is_kept BEFORE DELETE ON mail
BEGIN SELECT RAISE(ABORT, 'the mail ledger is never deleted'); END;
"""

SQL = TABLES + TRIGGERS

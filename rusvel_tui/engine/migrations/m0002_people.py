"""Companies as records, employers over time, phones in E.164, custom fields, duplicates and merges."""

from __future__ import annotations

SQL = """
CREATE TABLE company (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), name TEXT NOT NULL, key TEXT NOT NULL,
  domain TEXT NOT NULL, website TEXT NOT NULL, country TEXT NOT NULL, timezone TEXT NOT NULL, tags TEXT NOT NULL,
  links TEXT NOT NULL, fields TEXT NOT NULL, notes TEXT NOT NULL, source TEXT NOT NULL, metadata TEXT NOT NULL,
  version INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT);
CREATE UNIQUE INDEX company_once ON company (session_id, key) WHERE deleted_at IS NULL;
CREATE INDEX company_domain ON company (session_id, domain) WHERE domain <> '';

ALTER TABLE contact ADD COLUMN company_id TEXT REFERENCES company (id);
ALTER TABLE contact ADD COLUMN country TEXT NOT NULL DEFAULT '';
ALTER TABLE contact ADD COLUMN source_at TEXT;
CREATE INDEX contact_company ON contact (company_id) WHERE company_id IS NOT NULL;

ALTER TABLE contact_email ADD COLUMN label TEXT NOT NULL DEFAULT '';
ALTER TABLE contact_phone ADD COLUMN label TEXT NOT NULL DEFAULT '';
ALTER TABLE contact_phone ADD COLUMN e164 TEXT NOT NULL DEFAULT '';

CREATE TABLE employment (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL, contact_id TEXT NOT NULL REFERENCES contact (id),
  company_id TEXT NOT NULL REFERENCES company (id), title TEXT NOT NULL, started_at TEXT NOT NULL, ended_at TEXT);
CREATE UNIQUE INDEX employment_now ON employment (contact_id) WHERE ended_at IS NULL;
CREATE INDEX employment_company ON employment (company_id, ended_at);

CREATE TABLE field_definition (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id),
  entity TEXT NOT NULL CHECK (entity IN ('contact','company','deal')), key TEXT NOT NULL, label TEXT NOT NULL,
  type TEXT NOT NULL CHECK (type IN ('text','number','date','choice','yes_no','url')), choices TEXT NOT NULL,
  position INTEGER NOT NULL, version INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE UNIQUE INDEX field_definition_key ON field_definition (session_id, entity, key);

CREATE TABLE not_duplicate (
  session_id TEXT NOT NULL REFERENCES session (id), first_id TEXT NOT NULL REFERENCES contact (id),
  second_id TEXT NOT NULL REFERENCES contact (id), created_at TEXT NOT NULL,
  PRIMARY KEY (session_id, first_id, second_id), CHECK (first_id < second_id));

CREATE TABLE contact_merge (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id),
  kept_id TEXT NOT NULL REFERENCES contact (id), merged_id TEXT NOT NULL REFERENCES contact (id),
  before TEXT NOT NULL, after TEXT NOT NULL, created_at TEXT NOT NULL, undone_at TEXT);
CREATE INDEX contact_merge_kept ON contact_merge (kept_id);
CREATE INDEX contact_merge_merged ON contact_merge (merged_id);

DROP INDEX contact_profile;
CREATE INDEX contact_profile ON contact (session_id, profile) WHERE profile <> '' AND deleted_at IS NULL;
CREATE INDEX contact_colleagues ON contact (session_id, company_id, sort_name, id)
  WHERE company_id IS NOT NULL AND name <> '' AND deleted_at IS NULL;
CREATE INDEX contact_phone_line ON contact_phone
  (session_id, CASE WHEN e164 <> '' THEN substr(e164, 2) ELSE digits END, contact_id);
CREATE INDEX contact_email_mailbox ON contact_email
  (session_id, CASE WHEN substr(key, instr(key, '@')) IN ('@gmail.com', '@googlemail.com')
    THEN replace(substr(key, 1, instr(replace(key, '@', '+'), '+') - 1), '.', '') || '@gmail.com'
    ELSE substr(key, 1, instr(replace(key, '@', '+'), '+') - 1) || substr(key, instr(key, '@')) END, contact_id)
  WHERE deleted_at IS NULL;
CREATE INDEX contact_email_domain ON contact_email
  (session_id, substr(key, instr(key, '@') + 1), contact_id) WHERE deleted_at IS NULL;
DROP INDEX enrollment_run;
CREATE INDEX enrollment_run ON enrollment (sequence_id, contact_id, run_no);
"""

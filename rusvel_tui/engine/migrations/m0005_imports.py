"""Imports as records: how a file was read, how far it is, and what is needed to take it back."""

from __future__ import annotations

SQL = """
ALTER TABLE import_run ADD COLUMN options TEXT NOT NULL DEFAULT '{}';
ALTER TABLE import_run ADD COLUMN total INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import_run ADD COLUMN left_alone TEXT NOT NULL DEFAULT '[]';
UPDATE import_run SET total = coalesce(json_extract(counts, '$.read'), 0);

CREATE TABLE import_plan (
  import_id TEXT PRIMARY KEY REFERENCES import_run (id), rows TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO import_plan (import_id, rows)
  SELECT import_id, json_object('numbers', json_group_array(number), 'contacts', json_group_array(contact_id),
    'outcomes', group_concat(substr(outcome, 1, 1), '')) FROM import_row GROUP BY import_id;
DROP TABLE import_row;

CREATE TABLE import_chunk (
  import_id TEXT NOT NULL REFERENCES import_run (id), first INTEGER NOT NULL, created TEXT NOT NULL,
  suppressed TEXT NOT NULL, companies TEXT NOT NULL, PRIMARY KEY (import_id, first)) WITHOUT ROWID;
INSERT INTO import_chunk (import_id, first, created, suppressed, companies)
  SELECT r.id, 0, json_group_object(c.id, 0), '[]', '[]'
  FROM contact c JOIN import_run r ON r.id = json_extract(c.metadata, '$.import_id') GROUP BY r.id;
CREATE TABLE import_change (
  import_id TEXT NOT NULL REFERENCES import_run (id), contact_id TEXT NOT NULL REFERENCES contact (id),
  image TEXT NOT NULL, mark INTEGER NOT NULL, PRIMARY KEY (import_id, contact_id)) WITHOUT ROWID;
"""
"""`import_plan.rows` holds row numbers, contacts and the first letters of the outcomes of all rows with a person, side by
side, and is made before the first write; `import_chunk` holds what one transaction created, contact to mark; `import_change` a changed contact as it was."""

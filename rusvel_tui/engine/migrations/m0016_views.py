"""Schema of saved views of whatever can be filtered: the list of kinds is the code's, not the table's."""

from __future__ import annotations

SQL = """
ALTER TABLE saved_view RENAME TO saved_view_before;
DROP INDEX saved_view_name;
DROP INDEX saved_view_order;
CREATE TABLE saved_view (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id),
  kind TEXT NOT NULL, name TEXT NOT NULL, filter TEXT NOT NULL,
  digit INTEGER CHECK (digit BETWEEN 1 AND 9), metadata TEXT NOT NULL,
  version INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
INSERT INTO saved_view (id, session_id, kind, name, filter, digit, metadata, version, created_at, updated_at)
  SELECT id, session_id, kind, name, filter, digit, metadata, version, created_at, updated_at FROM saved_view_before;
DROP TABLE saved_view_before;
CREATE UNIQUE INDEX saved_view_name ON saved_view (session_id, kind, lower(name));
CREATE INDEX saved_view_order ON saved_view (session_id, kind, digit);
"""

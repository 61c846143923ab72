"""The library of texts: templates of whole mails, and snippets to put into them."""

from __future__ import annotations

SQL = """
CREATE TABLE template_text (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id),
  kind TEXT NOT NULL CHECK (kind IN ('mail','snippet')), name TEXT NOT NULL, key TEXT NOT NULL,
  subject TEXT NOT NULL, body TEXT NOT NULL, version INTEGER NOT NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT);
CREATE UNIQUE INDEX template_text_name ON template_text (session_id, kind, key) WHERE deleted_at IS NULL;
"""

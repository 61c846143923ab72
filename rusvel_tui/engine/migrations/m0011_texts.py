"""What was written about people, companies and deals as an index of words, kept by triggers.

Notes of contacts and companies, titles and notes of deals, and subjects, bodies and notes of activities; it comes after
the steps that gave those tables all their columns. Words are found by their beginning, without case and accents.
When people were last in touch is asked of all of them at once by filters: that has an index of its own.
"""

from __future__ import annotations

TABLE = """
CREATE INDEX activity_touch ON activity (session_id, contact_id, at)
  WHERE status = 'done' AND deleted_at IS NULL AND kind IN ('call', 'email_in', 'email_out', 'meeting');
CREATE VIRTUAL TABLE text_search USING fts5 (
  title, body, content = '', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
"""
# A row without any text has no document until it gets one; from then on it keeps it.
_TRIGGERS = """
CREATE TRIGGER {kind}_text_is_found AFTER INSERT ON {kind} WHEN ({new}) <> ('', '') BEGIN
  INSERT INTO search_doc (session_id, kind, item_id) VALUES (NEW.session_id, '{kind}_text', NEW.id);
  INSERT INTO text_search (rowid, title, body) SELECT number, {new} FROM {new_doc};
END;
CREATE TRIGGER {kind}_text_is_found_anew AFTER UPDATE OF {columns} ON {kind} WHEN ({old}) IS NOT ({new}) BEGIN
  INSERT INTO text_search (text_search, rowid, title, body) SELECT 'delete', number, {old} FROM {old_doc};
  INSERT INTO search_doc (session_id, kind, item_id)
    SELECT NEW.session_id, '{kind}_text', NEW.id WHERE NOT EXISTS (SELECT 1 FROM {new_doc});
  INSERT INTO text_search (rowid, title, body) SELECT number, {new} FROM {new_doc};
END;
CREATE TRIGGER {kind}_text_is_lost AFTER DELETE ON {kind} BEGIN
  INSERT INTO text_search (text_search, rowid, title, body) SELECT 'delete', number, {old} FROM {old_doc};
  DELETE FROM search_doc WHERE kind = '{kind}_text' AND item_id = OLD.id;
END;
INSERT INTO search_doc (session_id, kind, item_id)
  SELECT session_id, '{kind}_text', id FROM {kind} WHERE ({row}) <> ('', '') ORDER BY id;
INSERT INTO text_search (rowid, title, body)
  SELECT s.number, {row} FROM search_doc s JOIN {kind} ON {kind}.id = s.item_id WHERE s.kind = '{kind}_text';
"""
_DOC = "search_doc WHERE kind = '{kind}_text' AND item_id = {row}.id"


def _found(kind: str, columns: str, texts: str) -> str:
    """The triggers of one table, and its rows put into the index; `texts` makes title and body of a `{row}`."""
    old, new, row = (texts.format(row=name) for name in ("OLD", "NEW", kind))
    old_doc, new_doc = (_DOC.format(kind=kind, row=name) for name in ("OLD", "NEW"))
    return _TRIGGERS.format(
        kind=kind, columns=columns, old=old, new=new, row=row, old_doc=old_doc, new_doc=new_doc
    )


SQL = (
    TABLE
    + _found("contact", "notes", "'', {row}.notes")
    + _found("company", "notes", "'', {row}.notes")
    + _found("deal", "title, notes", "{row}.title, {row}.notes")
    + _found("activity", "subject, body, notes",
             "{row}.subject, trim({row}.body || ' ' || {row}.notes)")
)  # fmt: skip

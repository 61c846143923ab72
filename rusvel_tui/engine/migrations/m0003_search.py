"""Names of people and companies as an index of three-letter pieces, kept by triggers; saved views.

Triggers keep it, so that whatever writes the tables is found, import in bulk or another program. Every thing
that can be found has a number in `search_doc`: FTS5 wants integers, and the hidden rowids of tables with a text
key may change in a VACUUM. The index holds no copy of the text (`content=''`); what it proposes is looked at again
in the row. Two blanks at the end make pieces of three out of the last letter and the last two.
"""

from __future__ import annotations

TABLES = """
CREATE TABLE search_doc (
  number INTEGER PRIMARY KEY, session_id TEXT NOT NULL, kind TEXT NOT NULL, item_id TEXT NOT NULL);
CREATE UNIQUE INDEX search_doc_item ON search_doc (kind, item_id);

CREATE VIRTUAL TABLE name_search USING fts5 (name, content = '', detail = none, tokenize = 'trigram');
CREATE VIRTUAL TABLE name_piece USING fts5vocab (name_search, row);

-- With what is searched and what its own condition asks: places, counts and words are read from the order alone.
DROP INDEX contact_order;
CREATE INDEX contact_order ON contact (session_id, sort_name, id, search, deleted_at) WHERE deleted_at IS NULL;
CREATE INDEX contact_email_blocked ON contact_email (session_id, contact_id)
  WHERE opted_out_at IS NOT NULL OR invalid_at IS NOT NULL;
CREATE INDEX contact_tags ON contact (session_id, tags) WHERE tags <> '[]' AND deleted_at IS NULL;

CREATE TABLE saved_view (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id),
  kind TEXT NOT NULL CHECK (kind IN ('contacts', 'companies', 'deals')), name TEXT NOT NULL, filter TEXT NOT NULL,
  digit INTEGER CHECK (digit BETWEEN 1 AND 9), metadata TEXT NOT NULL,
  version INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE UNIQUE INDEX saved_view_name ON saved_view (session_id, kind, lower(name));
CREATE INDEX saved_view_order ON saved_view (session_id, kind, digit);
"""

_TRIGGERS = """
CREATE TRIGGER {kind}_is_found AFTER INSERT ON {kind} BEGIN
  INSERT INTO search_doc (session_id, kind, item_id) VALUES (NEW.session_id, '{kind}', NEW.id);
  INSERT INTO name_search (rowid, name) SELECT number, {new} FROM search_doc WHERE kind = '{kind}' AND item_id = NEW.id;
END;
CREATE TRIGGER {kind}_is_found_anew AFTER UPDATE OF {columns} ON {kind} WHEN {old} IS NOT {new} BEGIN
  INSERT INTO name_search (name_search, rowid, name)
    SELECT 'delete', number, {old} FROM search_doc WHERE kind = '{kind}' AND item_id = OLD.id;
  INSERT INTO name_search (rowid, name) SELECT number, {new} FROM search_doc WHERE kind = '{kind}' AND item_id = NEW.id;
END;
CREATE TRIGGER {kind}_is_lost AFTER DELETE ON {kind} BEGIN
  INSERT INTO name_search (name_search, rowid, name)
    SELECT 'delete', number, {old} FROM search_doc WHERE kind = '{kind}' AND item_id = OLD.id;
  DELETE FROM search_doc WHERE kind = '{kind}' AND item_id = OLD.id;
END;
INSERT INTO search_doc (session_id, kind, item_id) SELECT session_id, '{kind}', id FROM {kind} ORDER BY id;
INSERT INTO name_search (rowid, name)
  SELECT s.number, {row} FROM search_doc s JOIN {kind} ON {kind}.id = s.item_id WHERE s.kind = '{kind}';
"""


def _found(kind: str, columns: tuple[str, ...], text: str) -> str:
    """The triggers of one table, and its rows put into the index; `text` makes the name of a `{row}`."""
    old, new, row = (text.format(row=name) for name in ("OLD", "NEW", kind))
    return _TRIGGERS.format(kind=kind, columns=", ".join(columns), old=old, new=new, row=row)


CONTACTS = _found("contact", ("search",), "{row}.search || '  '")
COMPANIES = _found("company", ("key", "domain"), "{row}.key || ' ' || lower({row}.domain) || '  '")

SQL = TABLES + CONTACTS + COMPANIES

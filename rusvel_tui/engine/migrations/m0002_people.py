"""Companies as records, employers over time, phones in E.164, custom fields, duplicates and merges.

The text that stood in a contact's company becomes the company of that folded name, in its most frequent spelling, and
an employment since the contact was made.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from sqlite3 import Connection

from rusvel_tui.engine.clock import moment
from rusvel_tui.engine.ids import new_id
from rusvel_tui.engine.text import fold

SQL = """
CREATE TABLE company (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), name TEXT NOT NULL, key TEXT NOT NULL,
  domain TEXT NOT NULL, website TEXT NOT NULL, country TEXT NOT NULL, timezone TEXT NOT NULL, tags TEXT NOT NULL,
  links TEXT NOT NULL, fields TEXT NOT NULL, notes TEXT NOT NULL, source TEXT NOT NULL, metadata TEXT NOT NULL,
  version INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT);
CREATE UNIQUE INDEX company_once ON company (session_id, key) WHERE deleted_at IS NULL;
CREATE INDEX company_key ON company (key);
CREATE INDEX company_domain ON company (session_id, domain) WHERE domain <> '';

ALTER TABLE contact ADD COLUMN company_id TEXT REFERENCES company (id);
ALTER TABLE contact ADD COLUMN country TEXT NOT NULL DEFAULT '';
ALTER TABLE contact ADD COLUMN source_at TEXT;
CREATE INDEX contact_company ON contact (company_id) WHERE company_id IS NOT NULL;
CREATE INDEX contact_homeless ON contact (session_id) WHERE company_id IS NULL AND company <> '';

ALTER TABLE contact_email ADD COLUMN label TEXT NOT NULL DEFAULT '';
ALTER TABLE contact_phone ADD COLUMN label TEXT NOT NULL DEFAULT '';
ALTER TABLE contact_phone ADD COLUMN e164 TEXT NOT NULL DEFAULT '';

CREATE TABLE employment (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL, contact_id TEXT NOT NULL REFERENCES contact (id),
  company_id TEXT NOT NULL REFERENCES company (id), title TEXT NOT NULL, started_at TEXT NOT NULL, ended_at TEXT);
CREATE UNIQUE INDEX employment_now ON employment (contact_id) WHERE ended_at IS NULL;
CREATE INDEX employment_contact ON employment (contact_id, ended_at);
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
  WHERE company_id IS NOT NULL AND deleted_at IS NULL;
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


def fill(connection: Connection) -> None:
    """Bring the rows of a file that is older than companies and E.164 up to date."""
    _make_companies(connection)
    _read_phones(connection)


def _make_companies(connection: Connection) -> None:
    people = defaultdict(list)
    rows = connection.execute(
        "SELECT session_id, company, id, title, created_at FROM contact"
        " WHERE company <> '' AND deleted_at IS NULL ORDER BY created_at, id"
    ).fetchall()
    for session_id, company, *person in rows:
        people[session_id, fold(company) or company].append((company, *person))
    for (session_id, key), staff in people.items():
        name = Counter(spelling for spelling, *_ in staff).most_common(1)[0][0]
        since = staff[0][3]
        company_id = new_id(moment(since))
        connection.execute(_COMPANY, (company_id, session_id, name, key, since, since))
        for _, contact_id, title, start in staff:
            employment = (new_id(moment(start)), session_id, contact_id, company_id, title, start)
            connection.execute(_EMPLOYMENT, employment)
            connection.execute(_LINK, (company_id, name, contact_id))


def _read_phones(connection: Connection) -> None:
    """International numbers get their E.164 form; others wait until somebody says the country."""
    from rusvel_tui.engine.gtm.crm.people.phones import read_phone

    rows = connection.execute(
        "SELECT id, number FROM contact_phone WHERE number LIKE '+%' OR number LIKE '00%'"
    ).fetchall()
    read = ((read_phone(number, "").e164, phone_id) for phone_id, number in rows)
    connection.executemany("UPDATE contact_phone SET e164 = ? WHERE id = ?", read)


_COMPANY = """
INSERT INTO company VALUES (?, ?, ?, ?, '', '', '', '', '[]', '[]', '{}', '', '', '{}', 1, ?, ?, NULL)"""
_EMPLOYMENT = "INSERT INTO employment VALUES (?, ?, ?, ?, ?, ?, NULL)"
_LINK = "UPDATE contact SET company_id = ?, company = ? WHERE id = ?"

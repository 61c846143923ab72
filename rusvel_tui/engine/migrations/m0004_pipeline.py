"""Pipelines whose stages are data, and deals with a company, tags, custom fields and the time in their stage."""

from __future__ import annotations

TABLES = """
CREATE TABLE pipeline (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), name TEXT NOT NULL,
  metadata TEXT NOT NULL, version INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
  deleted_at TEXT);
CREATE UNIQUE INDEX pipeline_name ON pipeline (session_id, lower(name)) WHERE deleted_at IS NULL;

CREATE TABLE pipeline_stage (
  session_id TEXT NOT NULL REFERENCES session (id), key TEXT NOT NULL,
  pipeline_id TEXT NOT NULL REFERENCES pipeline (id), name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('open','won','lost')),
  probability INTEGER NOT NULL CHECK (probability BETWEEN 0 AND 100),
  rot_days INTEGER CHECK (rot_days > 0), position INTEGER NOT NULL, requires TEXT NOT NULL,
  task TEXT NOT NULL DEFAULT '', task_days INTEGER NOT NULL DEFAULT 1 CHECK (task_days >= 0), removed_at TEXT,
  PRIMARY KEY (session_id, key));
CREATE INDEX pipeline_stage_order ON pipeline_stage (pipeline_id, position);

ALTER TABLE deal ADD COLUMN company_id TEXT REFERENCES company (id);
ALTER TABLE deal ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE deal ADD COLUMN fields TEXT NOT NULL DEFAULT '{}';
ALTER TABLE deal ADD COLUMN stage_since TEXT;
ALTER TABLE deal ADD COLUMN snoozed_until TEXT NOT NULL DEFAULT '';
DROP INDEX deal_board;
CREATE INDEX deal_board ON deal (session_id, stage, rank, id);
CREATE INDEX deal_company ON deal (company_id) WHERE company_id IS NOT NULL;

CREATE INDEX activity_next_deal ON activity (deal_id, due_at) WHERE status = 'open' AND deal_id IS NOT NULL;
CREATE INDEX activity_next_contact ON activity (contact_id, due_at) WHERE status = 'open' AND deal_id IS NULL;
CREATE INDEX activity_talk_deal ON activity (deal_id, at)
  WHERE status = 'done' AND deal_id IS NOT NULL AND kind IN ('call','meeting','email_in');
CREATE INDEX activity_talk_contact ON activity (contact_id, at)
  WHERE status = 'done' AND deal_id IS NULL AND kind IN ('call','meeting','email_in');
"""

# The pipeline that every session starts with bears the id of the session.
ROWS = """
INSERT INTO pipeline (id, session_id, name, metadata, version, created_at, updated_at)
  SELECT id, id, 'Sales', '{}', 1, created_at, created_at FROM session;
WITH start (key, name, kind, probability, rot_days, position) AS (VALUES
  ('lead', 'Lead', 'open', 10, 14, 0), ('qualified', 'Qualified', 'open', 25, 14, 1),
  ('proposal', 'Proposal', 'open', 50, 10, 2), ('negotiation', 'Negotiation', 'open', 75, 7, 3),
  ('won', 'Won', 'won', 100, NULL, 4), ('lost', 'Lost', 'lost', 0, NULL, 5))
INSERT INTO pipeline_stage (session_id, key, pipeline_id, name, kind, probability, rot_days, position, requires)
  SELECT session.id, start.key, session.id, start.name, start.kind, start.probability, start.rot_days,
    start.position, '[]' FROM session, start;

UPDATE deal SET company_id = (SELECT company_id FROM contact WHERE contact.id = deal.contact_id),
  stage_since = coalesce((SELECT max(at) FROM stage_move WHERE stage_move.deal_id = deal.id), created_at);
WITH place AS (SELECT id, row_number() OVER (PARTITION BY session_id, stage ORDER BY rank, id) AS number FROM deal)
UPDATE deal SET rank = place.number * 1048576 FROM place WHERE place.id = deal.id;
"""

SQL = TABLES + ROWS

"""When sequences work; when a mail is due and whether it is the first to a person; turns in the queue.

Mails of older files are due when their job is; the first one of an enrollment is the first touch.
"""

from __future__ import annotations

SQL = """
CREATE TABLE send_schedule (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id),
  sequence_id TEXT REFERENCES sequence (id), rules TEXT NOT NULL, version INTEGER NOT NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
  CHECK (id = coalesce(sequence_id, session_id)));

ALTER TABLE mail ADD COLUMN due_at TEXT;
ALTER TABLE mail ADD COLUMN due_zone TEXT NOT NULL DEFAULT '';
ALTER TABLE mail ADD COLUMN first_touch INTEGER NOT NULL DEFAULT 0 CHECK (first_touch IN (0,1));
UPDATE mail SET due_at = (SELECT run_at FROM job WHERE job.id = mail.id)
  WHERE state IN ('scheduled','drafting','held');
UPDATE mail SET first_touch = 1 WHERE NOT EXISTS (SELECT 1 FROM mail AS earlier
  WHERE earlier.enrollment_id = mail.enrollment_id AND earlier.position < mail.position AND earlier.state <> 'cancelled');

UPDATE job SET priority = 1 WHERE id IN (SELECT id FROM mail WHERE first_touch = 1)
  AND state IN ('queued','running','awaiting_approval');
CREATE INDEX enrollment_job ON enrollment (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX job_turn ON job (priority, run_at, id) WHERE state = 'queued';
"""

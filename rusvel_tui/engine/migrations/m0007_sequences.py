"""Steps with a key that lasts through versions, conditions, branches and variants; where each enrollment stands.

Steps of older files get the key of their place: `s1`, `s2`, …. Their mails were unique by place, so
they are unique by key. Words with which somebody ended an enrollment become its note.
"""

from __future__ import annotations

SQL = """
ALTER TABLE sequence ADD COLUMN rules TEXT NOT NULL DEFAULT '{}';

ALTER TABLE step ADD COLUMN key TEXT NOT NULL DEFAULT '';
ALTER TABLE step ADD COLUMN delay_unit TEXT NOT NULL DEFAULT 'days' CHECK (delay_unit IN ('days','working_days'));
ALTER TABLE step ADD COLUMN conditions TEXT NOT NULL DEFAULT '[]';
ALTER TABLE step ADD COLUMN branches TEXT NOT NULL DEFAULT '[]';
ALTER TABLE step ADD COLUMN variants TEXT NOT NULL DEFAULT '[]';
UPDATE step SET key = 's' || (position + 1);
CREATE UNIQUE INDEX step_key ON step (version_id, key);

ALTER TABLE enrollment ADD COLUMN job_id TEXT REFERENCES job (id);
ALTER TABLE enrollment ADD COLUMN since TEXT;
ALTER TABLE enrollment ADD COLUMN outcome TEXT NOT NULL DEFAULT '';
ALTER TABLE enrollment ADD COLUMN reply TEXT NOT NULL DEFAULT '';
ALTER TABLE enrollment ADD COLUMN replied_at TEXT;
ALTER TABLE enrollment ADD COLUMN note TEXT NOT NULL DEFAULT '';
UPDATE enrollment SET job_id = (SELECT id FROM job
  WHERE unique_key = 'step:' || enrollment.id || ':' || enrollment.position ORDER BY id DESC LIMIT 1);
UPDATE enrollment SET since = coalesce((SELECT created_at FROM job WHERE id = job_id), created_at);
UPDATE enrollment SET note = reason, reason = 'manual' WHERE reason NOT IN ('', 'finished', 'bounced', 'refused',
  'unsubscribed', 'won', 'lost', 'rejected', 'duplicate', 'deleted', 'manual', 'undone');
CREATE INDEX enrollment_version ON enrollment (version_id, position) WHERE status IN ('active','paused');

ALTER TABLE mail ADD COLUMN step_key TEXT NOT NULL DEFAULT '';
ALTER TABLE mail ADD COLUMN variant TEXT NOT NULL DEFAULT '';
ALTER TABLE mail ADD COLUMN reply TEXT NOT NULL DEFAULT '';
ALTER TABLE mail ADD COLUMN replied_at TEXT;
ALTER TABLE mail ADD COLUMN bounced_at TEXT;
UPDATE mail SET step_key = 's' || (position + 1);
DROP INDEX mail_once;
CREATE UNIQUE INDEX mail_once ON mail (sequence_id, run_no, step_key, recipient_key) WHERE state <> 'cancelled';
CREATE INDEX mail_step ON mail (sequence_id, step_key, version_id);
"""

"""What came of an activity, how long it took, who wrote it down, and its deletion that can be taken back."""

from __future__ import annotations

SQL = """
ALTER TABLE activity ADD COLUMN notes TEXT NOT NULL DEFAULT '';
ALTER TABLE activity ADD COLUMN duration_minutes INTEGER CHECK (duration_minutes >= 0);
ALTER TABLE activity ADD COLUMN actor TEXT NOT NULL DEFAULT '';
ALTER TABLE activity ADD COLUMN deleted_at TEXT;
UPDATE activity SET actor = COALESCE(
  (SELECT actor FROM event WHERE event.subject_id = activity.id AND event.kind = 'gtm.activity.added' LIMIT 1),
  (SELECT approved_by FROM mail WHERE mail.id = activity.job_id), '');

-- Something open stands in the timeline where it was planned, also when it was done and opened again.
UPDATE activity SET at = created_at WHERE status = 'open';

DROP INDEX activity_due;
CREATE INDEX activity_due ON activity (session_id, due_at, id) WHERE status = 'open' AND deleted_at IS NULL;
CREATE INDEX enrollment_deal ON enrollment (deal_id) WHERE deal_id IS NOT NULL;
CREATE INDEX mail_deal ON mail (deal_id) WHERE deal_id IS NOT NULL;
CREATE INDEX import_change_contact ON import_change (contact_id);
"""

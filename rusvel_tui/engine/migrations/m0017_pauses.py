"""What a sequence is for, why it paused itself and since when it counts anew; and indexes for its results.

An address that the server knew to be dead is a bounce like one that came back later: older refusals of that
kind get their moment.
"""

from __future__ import annotations

SQL = """
ALTER TABLE sequence ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE sequence ADD COLUMN bounces_since TEXT;
ALTER TABLE sequence ADD COLUMN pause_reason TEXT NOT NULL DEFAULT '';
UPDATE mail SET bounced_at = updated_at WHERE state = 'rejected' AND bounced_at IS NULL AND EXISTS
  (SELECT 1 FROM enrollment WHERE enrollment.id = mail.enrollment_id AND enrollment.reason = 'bounced');
CREATE INDEX activity_meeting ON activity (session_id, contact_id) WHERE kind = 'meeting';
"""

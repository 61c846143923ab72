"""Funnels, cohorts, KPIs, alerts, churn cases, subscriptions and the events of people.

Names and actors of events are kept once and counted, and moments are whole microseconds since 1970 (UTC): a million
events stay small, and the key of a row is the rule that one actor does one thing at one moment once. References are
checked at the commit, because what is taken back comes back in any order.
"""

from __future__ import annotations

SQL = """
CREATE TABLE growth_name (
  id INTEGER PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), name TEXT NOT NULL,
  UNIQUE (session_id, name));
CREATE TABLE growth_actor (
  id INTEGER PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), name TEXT NOT NULL,
  UNIQUE (session_id, name));
CREATE TABLE growth_batch (
  id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL REFERENCES session (id), at TEXT NOT NULL,
  source TEXT NOT NULL, count INTEGER NOT NULL);
CREATE TABLE growth_event (
  name_id INTEGER NOT NULL REFERENCES growth_name (id), actor_id INTEGER NOT NULL REFERENCES growth_actor (id),
  at INTEGER NOT NULL, value REAL, batch_id INTEGER NOT NULL REFERENCES growth_batch (id),
  PRIMARY KEY (name_id, actor_id, at)) WITHOUT ROWID;
CREATE INDEX growth_event_time ON growth_event (name_id, at, actor_id);
CREATE TABLE growth_removed_event (
  batch_id INTEGER NOT NULL REFERENCES growth_batch (id), name_id INTEGER NOT NULL, actor_id INTEGER NOT NULL,
  at INTEGER NOT NULL, value REAL, PRIMARY KEY (batch_id, name_id, actor_id, at)) WITHOUT ROWID;

CREATE TABLE funnel (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), name TEXT NOT NULL, key TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('counts','events')), period TEXT NOT NULL CHECK (period IN ('','day','week','month')),
  rules TEXT NOT NULL, version INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT);
CREATE UNIQUE INDEX funnel_once ON funnel (session_id, key) WHERE deleted_at IS NULL;
CREATE TABLE funnel_stage (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL, funnel_id TEXT NOT NULL REFERENCES funnel (id) DEFERRABLE INITIALLY DEFERRED, name TEXT NOT NULL,
  key TEXT NOT NULL, position INTEGER NOT NULL, metadata TEXT NOT NULL, deleted_at TEXT);
CREATE UNIQUE INDEX funnel_stage_once ON funnel_stage (funnel_id, key) WHERE deleted_at IS NULL;
CREATE INDEX funnel_stage_session ON funnel_stage (session_id);
CREATE TABLE funnel_count (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL, funnel_id TEXT NOT NULL REFERENCES funnel (id) DEFERRABLE INITIALLY DEFERRED,
  stage_id TEXT NOT NULL REFERENCES funnel_stage (id) DEFERRABLE INITIALLY DEFERRED, period TEXT NOT NULL, count INTEGER NOT NULL CHECK (count >= 0),
  source TEXT NOT NULL, updated_at TEXT NOT NULL, UNIQUE (stage_id, period));
CREATE INDEX funnel_count_period ON funnel_count (funnel_id, period);

CREATE TABLE cohort (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), name TEXT NOT NULL, key TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('survival','activity')), period TEXT NOT NULL CHECK (period IN ('day','week','month')),
  started TEXT NOT NULL, size INTEGER NOT NULL CHECK (size > 0), metadata TEXT NOT NULL, version INTEGER NOT NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT);
CREATE UNIQUE INDEX cohort_once ON cohort (session_id, key) WHERE deleted_at IS NULL;
CREATE TABLE cohort_activity (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL, cohort_id TEXT NOT NULL REFERENCES cohort (id) DEFERRABLE INITIALLY DEFERRED,
  period INTEGER NOT NULL CHECK (period > 0), active INTEGER NOT NULL CHECK (active >= 0), source TEXT NOT NULL,
  updated_at TEXT NOT NULL, UNIQUE (cohort_id, period));
CREATE INDEX cohort_activity_session ON cohort_activity (session_id);

CREATE TABLE kpi (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), name TEXT NOT NULL, key TEXT NOT NULL,
  unit TEXT NOT NULL, direction TEXT NOT NULL CHECK (direction IN ('up','down')), target REAL, source TEXT NOT NULL,
  metadata TEXT NOT NULL, version INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT);
CREATE UNIQUE INDEX kpi_once ON kpi (session_id, key) WHERE deleted_at IS NULL;
CREATE TABLE kpi_reading (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL, kpi_id TEXT NOT NULL REFERENCES kpi (id) DEFERRABLE INITIALLY DEFERRED, at TEXT NOT NULL,
  value REAL NOT NULL, note TEXT NOT NULL, source TEXT NOT NULL, version INTEGER NOT NULL, created_at TEXT NOT NULL);
CREATE UNIQUE INDEX kpi_reading_once ON kpi_reading (kpi_id, at);
CREATE TABLE kpi_correction (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL, reading_id TEXT NOT NULL, kpi_id TEXT NOT NULL REFERENCES kpi (id) DEFERRABLE INITIALLY DEFERRED,
  at TEXT NOT NULL, before REAL NOT NULL, after REAL NOT NULL, note TEXT NOT NULL, actor TEXT NOT NULL);
CREATE INDEX kpi_correction_reading ON kpi_correction (reading_id, at);

CREATE TABLE kpi_alert (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), kpi_id TEXT NOT NULL REFERENCES kpi (id) DEFERRABLE INITIALLY DEFERRED,
  name TEXT NOT NULL, rule TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('inactive','pending','firing')),
  since TEXT NOT NULL, value REAL, seen_at TEXT, snoozed_until TEXT, version INTEGER NOT NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT);
CREATE INDEX kpi_alert_kpi ON kpi_alert (kpi_id) WHERE deleted_at IS NULL;
CREATE INDEX kpi_alert_session ON kpi_alert (session_id) WHERE deleted_at IS NULL;
CREATE TABLE alert_notice (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), alert_id TEXT NOT NULL REFERENCES kpi_alert (id) DEFERRABLE INITIALLY DEFERRED,
  at TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, value REAL, text TEXT NOT NULL, quiet INTEGER NOT NULL,
  seen_at TEXT);
CREATE INDEX alert_notice_session ON alert_notice (session_id, id);

CREATE TABLE churn_case (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), key TEXT NOT NULL, name TEXT NOT NULL,
  facts TEXT NOT NULL, detected_at TEXT NOT NULL, ended_at TEXT, UNIQUE (session_id, key));
CREATE TABLE subscription_month (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), customer TEXT NOT NULL, key TEXT NOT NULL,
  month TEXT NOT NULL, mrr_minor INTEGER NOT NULL CHECK (mrr_minor >= 0), currency TEXT NOT NULL,
  source TEXT NOT NULL, updated_at TEXT NOT NULL, UNIQUE (session_id, key, month));
CREATE TABLE growth_run (
  session_id TEXT NOT NULL REFERENCES session (id), kind TEXT NOT NULL, period TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (session_id, kind, period));
"""

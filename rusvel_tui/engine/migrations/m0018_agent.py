"""Schema of the assistant: entities, configuration, conversations, proposals, hooks, schedules, workflows."""

from __future__ import annotations

SQL = """
CREATE TABLE agent_entity (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id),
  kind TEXT NOT NULL, name TEXT NOT NULL, slug TEXT NOT NULL, engine TEXT NOT NULL,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)), body TEXT NOT NULL, seed TEXT NOT NULL, metadata TEXT NOT NULL,
  version INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT);
CREATE UNIQUE INDEX agent_entity_slug ON agent_entity (session_id, kind, engine, slug) WHERE deleted_at IS NULL;

CREATE TABLE agent_config (
  id TEXT PRIMARY KEY, layer TEXT NOT NULL CHECK (layer IN ('global', 'department', 'session')),
  session_id TEXT REFERENCES session (id), department TEXT NOT NULL, settings TEXT NOT NULL, metadata TEXT NOT NULL,
  version INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
  CHECK ((layer = 'session') = (session_id IS NOT NULL)), CHECK ((layer = 'department') = (department <> '')));
CREATE UNIQUE INDEX agent_config_layer ON agent_config (layer, ifnull(session_id, ''), department);

CREATE TABLE conversation (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), department TEXT NOT NULL, title TEXT NOT NULL,
  metadata TEXT NOT NULL, version INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT);
CREATE INDEX conversation_newest ON conversation (session_id, department, updated_at);

CREATE TABLE chat_message (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id),
  conversation_id TEXT NOT NULL REFERENCES conversation (id), run_id TEXT NOT NULL, seq INTEGER NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('user', 'assistant')), blocks TEXT NOT NULL, words TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('complete', 'partial')), error TEXT NOT NULL, created_at TEXT NOT NULL);
CREATE UNIQUE INDEX chat_message_place ON chat_message (conversation_id, seq);

CREATE TABLE chat_run (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id),
  conversation_id TEXT NOT NULL REFERENCES conversation (id), department TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'waiting', 'completed', 'failed', 'cancelled')),
  agent TEXT NOT NULL, skill TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL, told TEXT NOT NULL,
  turns INTEGER NOT NULL, input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, cost_nano INTEGER NOT NULL,
  error TEXT NOT NULL, owner TEXT NOT NULL, metadata TEXT NOT NULL,
  version INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, ended_at TEXT);
CREATE INDEX chat_run_conversation ON chat_run (conversation_id, created_at);
CREATE UNIQUE INDEX chat_run_open ON chat_run (conversation_id) WHERE state IN ('running', 'waiting');

CREATE TABLE model_call (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), run_id TEXT NOT NULL, department TEXT NOT NULL,
  purpose TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL,
  input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, cache_read INTEGER NOT NULL,
  cache_write INTEGER NOT NULL, cost_nano INTEGER, at TEXT NOT NULL);
CREATE INDEX model_call_when ON model_call (session_id, at);
CREATE INDEX model_call_run ON model_call (run_id);

CREATE TABLE proposal (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), origin TEXT NOT NULL,
  conversation_id TEXT NOT NULL, run_id TEXT NOT NULL, call_key TEXT NOT NULL,
  operation TEXT NOT NULL, input TEXT NOT NULL, title TEXT NOT NULL, diff TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'rejected', 'failed')),
  result TEXT NOT NULL, error TEXT NOT NULL, decided_by TEXT NOT NULL, decided_at TEXT, metadata TEXT NOT NULL,
  version INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE UNIQUE INDEX proposal_key ON proposal (session_id, call_key);
CREATE INDEX proposal_waiting ON proposal (session_id, created_at) WHERE state = 'waiting';
CREATE INDEX proposal_run ON proposal (run_id);

CREATE TABLE hook_run (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), hook_id TEXT NOT NULL, event_id INTEGER NOT NULL,
  kind TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed')),
  attempts INTEGER NOT NULL, output TEXT NOT NULL, error TEXT NOT NULL, took_ms INTEGER NOT NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE UNIQUE INDEX hook_run_once ON hook_run (hook_id, event_id) WHERE event_id > 0;
CREATE INDEX hook_run_newest ON hook_run (session_id, created_at);

CREATE TABLE subscriber (id TEXT PRIMARY KEY, event_id INTEGER NOT NULL, updated_at TEXT NOT NULL);

CREATE TABLE schedule_fire (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), schedule_id TEXT NOT NULL, fire_at TEXT NOT NULL,
  since TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'missed')),
  error TEXT NOT NULL, output TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE UNIQUE INDEX schedule_fire_once ON schedule_fire (schedule_id, fire_at);

CREATE TABLE workflow_run (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), workflow_id TEXT NOT NULL, name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'waiting', 'completed', 'failed', 'cancelled')),
  position INTEGER NOT NULL, steps TEXT NOT NULL, data TEXT NOT NULL, log TEXT NOT NULL, error TEXT NOT NULL,
  metadata TEXT NOT NULL, version INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, ended_at TEXT);
CREATE INDEX workflow_run_newest ON workflow_run (session_id, created_at);
"""

"""Tables of the assistant: what it is told, conversations, what it proposes, and what runs by itself."""

from __future__ import annotations

from typing import Any

from peewee import BooleanField, IntegerField, TextField

from rusvel_tui.engine.models.base import Base, JsonField, UtcField


class AgentEntity(Base):
    """An agent, skill, rule, hook, workflow, schedule or MCP server; `engine` is a department, empty for all."""

    session_id = TextField()
    kind = TextField()
    name = TextField()
    slug = TextField()
    engine = TextField(default="")
    enabled = BooleanField(default=True)
    body = JsonField(default=dict)
    seed = TextField(default="")
    metadata = JsonField(default=dict)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()
    deleted_at = UtcField(null=True)


class AgentConfig(Base):
    """What one layer of the configuration says: `global`, `department` or `session`."""

    layer = TextField()
    session_id = TextField(null=True)
    department = TextField(default="")
    settings = JsonField(default=dict)
    metadata = JsonField(default=dict)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()


class Conversation(Base):
    """A chat with a department."""

    session_id = TextField()
    department = TextField()
    title = TextField(default="")
    metadata = JsonField(default=dict)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()
    deleted_at = UtcField(null=True)


class ChatMessage(Base):
    """What one side said: blocks of words, tool calls and results; `words` is folded text to search in."""

    session_id = TextField()
    conversation_id = TextField()
    run_id = TextField(default="")
    seq = IntegerField()
    role = TextField()
    blocks: Any = JsonField(default=list)
    words = TextField(default="")
    state = TextField(default="complete")
    error = TextField(default="")
    created_at = UtcField()


class ChatRun(Base):
    """One answer of the assistant, from the question to its end."""

    session_id = TextField()
    conversation_id = TextField()
    department = TextField()
    state = TextField(default="running")
    agent = TextField(default="")
    skill = TextField(default="")
    provider = TextField(default="")
    model = TextField(default="")
    told = JsonField(default=dict)
    turns = IntegerField(default=0)
    input_tokens = IntegerField(default=0)
    output_tokens = IntegerField(default=0)
    cost_nano = IntegerField(default=0)
    error = TextField(default="")
    owner = TextField(default="")
    metadata = JsonField(default=dict)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()
    ended_at = UtcField(null=True)


class ModelCall(Base):
    """One call of a model, with what it took; `cost_nano` is None where the price is not known."""

    session_id = TextField()
    run_id = TextField(default="")
    department = TextField(default="")
    purpose = TextField(default="chat")
    provider = TextField()
    model = TextField()
    input_tokens = IntegerField(default=0)
    output_tokens = IntegerField(default=0)
    cache_read = IntegerField(default=0)
    cache_write = IntegerField(default=0)
    cost_nano = IntegerField(null=True)
    at = UtcField()


class Proposal(Base):
    """A change that a program wants made and a person decides about."""

    session_id = TextField()
    origin = TextField()
    conversation_id = TextField(default="")
    run_id = TextField(default="")
    call_key = TextField()
    operation = TextField()
    input = JsonField(default=dict)
    title = TextField(default="")
    diff: Any = JsonField(default=list)
    state = TextField(default="waiting")
    result = JsonField(default=dict)
    error = TextField(default="")
    decided_by = TextField(default="")
    decided_at = UtcField(null=True)
    metadata = JsonField(default=dict)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()


class HookRun(Base):
    """One try of a hook at one event."""

    session_id = TextField()
    hook_id = TextField()
    event_id = IntegerField()
    kind = TextField()
    state = TextField(default="queued")
    attempts = IntegerField(default=0)
    output = TextField(default="")
    error = TextField(default="")
    took_ms = IntegerField(default=0)
    created_at = UtcField()
    updated_at = UtcField()


class Subscriber(Base):
    """How far somebody has read the event log; the id is its name."""

    event_id = IntegerField()
    updated_at = UtcField()


class ScheduleFire(Base):
    """One fire time of a schedule: there is one row for it, ever; one that was missed tells of all `since` another."""

    session_id = TextField()
    schedule_id = TextField()
    fire_at = UtcField()
    since = UtcField()
    state = TextField(default="queued")
    error = TextField(default="")
    output = TextField(default="")
    created_at = UtcField()
    updated_at = UtcField()


class WorkflowRun(Base):
    """One way through a workflow, resumable: `steps` is what it was when it began."""

    session_id = TextField()
    workflow_id = TextField()
    name = TextField()
    state = TextField(default="running")
    position = IntegerField(default=0)
    steps: Any = JsonField(default=list)
    data = JsonField(default=dict)
    log: Any = JsonField(default=list)
    error = TextField(default="")
    metadata = JsonField(default=dict)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()
    ended_at = UtcField(null=True)

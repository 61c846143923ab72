"""The configuration of the assistant: global, over it the department, over that the session."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models import AgentConfig
from rusvel_tui.engine.spelled import Spelled


class Layer(Spelled):
    """Where a value is written."""

    GLOBAL = "Global"
    DEPARTMENT = "Department"
    SESSION = "Session"


class AgentSettings(BaseModel):
    """How the assistant works; what is left out comes from the layer below."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    model: str | None = None
    """The model; empty for the provider's own."""
    effort: Literal["", "low", "medium", "high", "max"] | None = None
    """How hard it thinks: `low`, `medium`, `high`, `max`."""
    budget_usd: Decimal | None = Field(default=None, ge=0)
    """What one answer may cost, in US dollars."""
    monthly_budget_usd: Decimal | None = Field(default=None, ge=0)
    """What all answers of a session may cost in a month of its calendar; none sets no limit."""
    max_turns: int | None = Field(default=None, ge=1, le=50)
    """How often it may call tools before it must answer."""
    tone: str | None = Field(default=None, max_length=500)
    """How it shall sound, in your words."""
    allowed_tools: tuple[str, ...] | None = None
    """Patterns of the tools that it may use: `gtm.crm.*`."""
    denied_tools: tuple[str, ...] | None = None
    """Patterns of those it may not, whatever else allows them."""


DEFAULTS = AgentSettings(
    model="",
    effort="",
    budget_usd=Decimal("0.50"),
    max_turns=12,
    tone="",
    allowed_tools=("*",),
    denied_tools=(),
)
"""What holds where no layer says anything."""


class Resolved(BaseModel):
    """What holds, and which layer says so."""

    model_config = ConfigDict(frozen=True)

    settings: AgentSettings
    origins: dict[str, str]


def resolve(ctx: Context, department: str) -> Resolved:
    """What holds for a department in this session."""
    values = DEFAULTS.model_dump()
    origins = dict.fromkeys(values, "default")
    for layer in Layer:
        for name, value in stored(ctx, layer, department).items():
            values[name], origins[name] = value, layer.value
    return Resolved(settings=AgentSettings.model_validate(values), origins=origins)


def stored(ctx: Context, layer: Layer, department: str) -> dict[str, Any]:
    """What one layer says; a value that is known no more is passed over."""
    row = find(ctx, layer, department)
    known = AgentSettings.model_fields
    return {} if row is None else {n: v for n, v in row.settings.items() if n in known}


def names() -> tuple[str, ...]:
    """What can be set."""
    return tuple(AgentSettings.model_fields)


def find(ctx: Context, layer: Layer, department: str) -> AgentConfig | None:
    """The row of a layer."""
    query = AgentConfig.select().where(AgentConfig.layer == layer.key)
    if layer is Layer.DEPARTMENT:
        query = query.where(AgentConfig.department == department)
    if layer is Layer.SESSION:
        query = query.where(AgentConfig.session_id == ctx.session_id)
    row: AgentConfig | None = query.first()
    return row

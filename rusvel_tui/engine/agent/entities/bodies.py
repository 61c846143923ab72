"""What stands in an agent, a skill, a rule and an MCP server."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Body(BaseModel):
    """The part of an entity that is its kind's own; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class AgentBody(Body):
    """Another voice for a department: its prompt, its model, its tools."""

    instructions: str = Field(min_length=1, max_length=20_000)
    model: str = ""
    effort: str = Field(default="", pattern="^(|low|medium|high|max)$")
    allowed_tools: tuple[str, ...] = ()
    """Patterns; empty leaves those of the configuration."""
    denied_tools: tuple[str, ...] = ()
    max_turns: int | None = Field(default=None, ge=1, le=50)


class SkillBody(Body):
    """A text that `/name rest` stands for."""

    text: str = Field(min_length=1, max_length=20_000)
    """`{{input}}` is what follows the name; other places are named inputs: `/name topic=pricing`."""
    about: str = ""


class RuleBody(Body):
    """A sentence that is added to what the model is told."""

    text: str = Field(min_length=1, max_length=4_000)


class McpServerBody(Body):
    """A program whose tools the assistant may use."""

    command: str = Field(min_length=1)
    args: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    """Names of variables that it is given; never their values."""
    tools: tuple[str, ...] = ("*",)
    """Patterns of its tools that may be used."""
    trusted: tuple[str, ...] = ()
    """Patterns of those that run at once; every other call is a proposal."""

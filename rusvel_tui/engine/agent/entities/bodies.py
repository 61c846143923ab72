"""What stands in an agent, a skill, a rule and an MCP server."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from rusvel_tui.engine.agent.entities import placeholders
from rusvel_tui.engine.errors import InvalidInput

if TYPE_CHECKING:
    from rusvel_tui.engine.context import Context


class Body(BaseModel):
    """The part of an entity that is its kind's own; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    @property
    def reaches_out(self) -> bool:
        """Whether it starts a program or calls an address: then only a person makes it count."""
        return False

    def check(self, ctx: Context) -> None:
        """Raise `InvalidInput` for what its fields alone cannot tell: called before it is saved."""


class AgentBody(Body):
    """Another voice for a department: its prompt, its model, its tools."""

    instructions: str = Field(min_length=1, max_length=20_000)
    model: str = ""
    effort: Literal["", "low", "medium", "high", "max"] = ""
    allowed_tools: tuple[str, ...] = ()
    """Patterns; empty leaves those of the configuration."""
    denied_tools: tuple[str, ...] = ()
    max_turns: int | None = Field(default=None, ge=1, le=50)
    about: str = ""

    def check(self, ctx: Context) -> None:
        """Its tools must exist."""
        check_patterns(self.allowed_tools, "allowed_tools")
        check_patterns(self.denied_tools, "denied_tools")


class SkillBody(Body):
    """A text that `/name rest` stands for."""

    text: str = Field(min_length=1, max_length=20_000)
    """`{{input}}` is what follows the name; other places are named inputs: `/name topic=pricing`."""
    about: str = ""

    def check(self, ctx: Context) -> None:
        """Its places must be well formed."""
        placeholders.places(self.text)


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

    @property
    def reaches_out(self) -> bool:
        """It is a program."""
        return True

    def check(self, ctx: Context) -> None:
        """Variables are named; a value would be a secret in the database."""
        for name in self.env:
            if not _VARIABLE.fullmatch(name):
                said = (
                    "env names variables, such as GITHUB_TOKEN; their values stay where they are."
                )
                raise InvalidInput(said, field="env")


_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def check_patterns(patterns: Iterable[str], field: str) -> None:
    """Raise `InvalidInput` for a pattern that no tool fits: one that denies nothing would only seem to.

    What is no tool at all may be denied as well, not allowed.
    """
    from difflib import get_close_matches
    from fnmatch import fnmatchcase

    from rusvel_tui.engine.agent.tools.catalogue import catalogue
    from rusvel_tui.engine.operation import OPERATIONS

    tools = catalogue()
    known = OPERATIONS if field == "denied_tools" else tools
    for pattern in patterns:
        if pattern.startswith(OUTSIDE) or any(fnmatchcase(name, pattern) for name in known):
            continue
        near = get_close_matches(pattern, tools, n=2)
        hint = f" Did you mean {' or '.join(near)}?" if near else " `rusvel tools` lists them."
        raise InvalidInput(f"{field}: no tool is called {pattern!r}.{hint}", field=field)


OUTSIDE = "mcp__"
"""How the names of tools of MCP servers begin; they are known only while the server runs."""

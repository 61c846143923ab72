"""Other programs with tools (Model Context Protocol), by the name of the way to reach them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from rusvel_tui.engine.tool_ports import ToolSource


def _lazily(module: str, name: str) -> Callable[..., ToolSource]:
    """A factory that imports its module when it is called."""

    def make(*args: object, **options: object) -> ToolSource:
        made: ToolSource = getattr(import_module(f"{__name__}.{module}"), name)(*args, **options)
        return made

    return make


TOOL_SOURCES: dict[str, Callable[..., ToolSource]] = {"stdio": _lazily("stdio", "StdioToolSource")}
"""Every way there is; add yours here."""

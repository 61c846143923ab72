"""What the assistant asks of programs that bring tools of their own, and the plain data that both exchange."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class RemoteServer:
    """A program that offers tools."""

    name: str
    command: str
    args: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    """Names of variables that it is given, besides the harmless ones."""


@dataclass(frozen=True, slots=True)
class RemoteTool:
    """A tool as its server describes it: nothing of it is to be believed."""

    name: str
    summary: str = ""
    schema: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RemoteAnswer:
    """What a tool returned, as text; raw."""

    text: str
    failed: bool = False


class RemoteFailed(Exception):
    """The server did not start, died, or did not answer in time; the text says so in one sentence."""


class OpenServer(Protocol):
    """A server that runs."""

    tools: tuple[RemoteTool, ...]
    alive: bool
    """Whether it can still be asked."""

    def call(self, tool: str, data: dict[str, Any], stop: Event) -> RemoteAnswer:
        """Call a tool; raises `RemoteFailed`, also soon after `stop` is set."""

    def close(self) -> None:
        """End the server and what it started; never raises."""


class ToolSource(Protocol):
    """Starts servers."""

    def open(self, server: RemoteServer, stop: Event) -> OpenServer:
        """Start a server and ask it for its tools; raises `RemoteFailed`."""

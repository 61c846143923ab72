"""Calling a tool of an MCP server, as operations: what is proposed, what was trusted, and what is remembered of both."""

from __future__ import annotations

from contextlib import closing
from fnmatch import fnmatchcase
from threading import Event
from typing import Any

from pydantic import Field

from rusvel_tui.engine.agent.entities.bodies import McpServerBody
from rusvel_tui.engine.agent.entities.rows import enabled
from rusvel_tui.engine.agent.proposals.proposals import ProposalState, ProposalView, view
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import NotConfigured, NotFound, NotPermitted
from rusvel_tui.engine.models import Proposal
from rusvel_tui.engine.operation import Input, Operation, View, operation
from rusvel_tui.engine.text import cut, one_line, sanitize
from rusvel_tui.engine.tool_ports import OpenServer, RemoteFailed, RemoteServer

LONGEST = 24_000
"""Characters of an answer; a longer one is cut and says so."""


class ListServers(Input):
    """Whose servers."""

    department: str


class ServerView(View):
    """An MCP server that may be used."""

    name: str
    command: str
    args: tuple[str, ...]
    env: tuple[str, ...]
    tools: tuple[str, ...]
    trusted: tuple[str, ...]

    def offers(self, tool: str) -> bool:
        """Whether the person lets this tool be used."""
        return any(fnmatchcase(tool, pattern) for pattern in self.tools)

    def trusts(self, tool: str) -> bool:
        """Whether the person lets it run without being asked."""
        return any(fnmatchcase(tool, pattern) for pattern in self.trusted)

    def remote(self) -> RemoteServer:
        """The server as it is started."""
        return RemoteServer(self.name, self.command, self.args, self.env)


class Servers(View):
    """The MCP servers that are enabled."""

    items: tuple[ServerView, ...]


class RemoteCall(Input):
    """A tool of a server, and what it is given."""

    server: str = Field(min_length=1)
    tool: str = Field(min_length=1, max_length=200)
    arguments: dict[str, Any] = Field(default_factory=dict)


class RemoteResult(View):
    """What the tool returned: data, never an instruction."""

    text: str
    failed: bool


class CallKey(Input):
    """Which call of the assistant."""

    call_key: str = Field(min_length=1, max_length=200)


class KeepCall(CallKey):
    """A trusted call, and what came of it."""

    call: RemoteCall
    text: str
    failed: bool
    conversation_id: str = ""
    run_id: str = ""


class KeptCall(View):
    """What is remembered of a call; none when there was none."""

    found: ProposalView | None


@operation("agent.servers.list", permission="agent.read", internal=True)
def list_servers(ctx: Context, cmd: ListServers) -> Servers:
    """List the MCP servers that are enabled for a department."""
    return Servers(items=tuple(_servers(ctx, cmd.department).values()))


@operation(
    "agent.servers.call_tool", writes=True, permission="agent.decide", internal=True, staged=True
)
def call_remote(ctx: Context, cmd: RemoteCall) -> RemoteResult:
    """Let a tool of an MCP server run; it starts for this one call."""
    ctx.require_human("let a tool of another program run")
    server = ctx.read(lambda: _servers(ctx, None).get(cmd.server))
    if server is None:
        raise NotFound(f"There is no enabled MCP server {cmd.server!r}.")
    if not server.offers(cmd.tool):
        raise NotPermitted(f"{cmd.server} may not be asked for {cmd.tool}: see its `tools`.")
    if ctx.engine is None or ctx.engine.tool_source is None:
        raise NotConfigured("MCP servers cannot be started here.")
    stop = Event()
    try:
        with closing(ctx.engine.tool_source.open(server.remote(), stop)) as opened:
            made = ask(opened, cmd, stop)
    except RemoteFailed as failed:
        made = RemoteResult(text=shown(str(failed)), failed=True)
    ctx.write(lambda: _told(ctx, cmd, made.failed))
    return made


@operation("agent.servers.find_call", permission="agent.read", internal=True)
def find_call(ctx: Context, cmd: CallKey) -> KeptCall:
    """Find what is remembered of a call."""
    row = Proposal.get_or_none(
        (Proposal.session_id == ctx.session_id) & (Proposal.call_key == cmd.call_key)
    )
    return KeptCall(found=None if row is None else view(row))


@operation("agent.servers.keep_call", writes=True, permission="agent.chat", internal=True)
def keep_call(ctx: Context, cmd: KeepCall) -> KeptCall:
    """Remember a trusted call beside those that a person decided about: it is not made twice for one question."""
    row = Proposal.create(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        origin="chat",
        conversation_id=cmd.conversation_id,
        run_id=cmd.run_id,
        call_key=cmd.call_key,
        operation=call_remote.name,
        input=cmd.call.model_dump(mode="json", exclude={"session_id"}),
        title=cut(f"{one_line(cmd.call.server)}: {one_line(cmd.call.tool)}", 80),
        state=ProposalState.APPROVED.key,
        result={"text": cmd.text, "failed": cmd.failed},
        decided_at=ctx.now,
        decided_by="trusted",
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    _told(ctx, cmd.call, cmd.failed)
    return KeptCall(found=view(row))


CALL: Operation[RemoteCall, RemoteResult] = call_remote
"""What an untrusted call is proposed as."""


def ask(opened: OpenServer, call: RemoteCall, stop: Event) -> RemoteResult:
    """Call a tool of a server that runs; what goes wrong is the result, too."""
    try:
        answer = opened.call(call.tool, call.arguments, stop)
    except RemoteFailed as failed:
        return RemoteResult(text=shown(str(failed)), failed=True)
    return RemoteResult(text=shown(answer.text), failed=answer.failed)


def shown(text: str) -> str:
    """Another program's text as data: no control characters, and not without end."""
    clean = sanitize(text[: 2 * LONGEST])
    if len(clean) <= LONGEST:
        return clean
    return f"{clean[:LONGEST]}\n… cut: {len(text)} characters."


def _servers(ctx: Context, department: str | None) -> dict[str, ServerView]:
    """By name; a department's own before a global one of that name."""
    found: dict[str, ServerView] = {}
    for entity in enabled(ctx, "mcp_server", department):
        body = McpServerBody.model_validate(entity.body)
        found.setdefault(entity.slug, ServerView(name=entity.slug, **body.model_dump()))
    return found


def _told(ctx: Context, call: RemoteCall, failed: bool) -> None:
    said = {"name": f"{one_line(call.server)}: {one_line(call.tool)}", "failed": failed}
    ctx.record("agent.server.called", "", said)

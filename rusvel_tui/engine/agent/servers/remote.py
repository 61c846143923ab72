"""The MCP servers of one answer: started when tools are first wanted, asked while it lasts, ended with it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatchcase
from hashlib import sha256
from threading import Event
from typing import Any, NamedTuple

from rusvel_tui.engine.agent.chat import news
from rusvel_tui.engine.agent.chat.assembling import Prepared
from rusvel_tui.engine.agent.chat.conversations import RunView
from rusvel_tui.engine.agent.proposals.proposals import Propose, propose
from rusvel_tui.engine.agent.servers.operations import (
    CALL,
    CallKey,
    KeepCall,
    ListServers,
    RemoteCall,
    ServerView,
    ask,
    find_call,
    keep_call,
    list_servers,
)
from rusvel_tui.engine.agent.tools.calling import Outcome, outcome_of
from rusvel_tui.engine.chat_ports import NO_MODEL, Tool, ToolCall
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.text import cut, one_line
from rusvel_tui.engine.tool_ports import OpenServer, RemoteFailed, RemoteTool

PREFIX = "mcp__"
MOST_TOOLS = 128
"""Of one server: more would crowd out everything else that a model is told."""
LONGEST_SCHEMA = 20_000
_ABOUT = 500
_NO_OBJECT = ("anyOf", "oneOf", "allOf", "not", "if", "$schema")
"""What providers refuse at the top of a tool's schema."""
_LETTERS = re.compile(r"[^A-Za-z0-9_-]")
_WIRE = 64


class _Place(NamedTuple):
    """Where a tool is found."""

    server: ServerView
    tool: str


class RemoteTools:
    """The tools of the enabled MCP servers, for one answer; `close` ends the servers."""

    def __init__(self, engine: Engine, hear: Callable[[news.News], None], stop: Event) -> None:
        self._engine = engine
        self._hear = hear
        self._stop = stop
        self._servers: dict[str, ServerView] | None = None
        self._open: dict[str, OpenServer] = {}
        self._failed: dict[str, str] = {}
        self._places: dict[str, _Place] = {}
        self._tools: tuple[Tool, ...] | None = None

    def tools(self, told: Prepared) -> tuple[Tool, ...]:
        """All that the configuration allows; a server that does not start is told of, and left out."""
        if self._tools is None:
            listed = list(self._known(told.department).values())
            self._start(listed)
            self._tools = tuple(tool for one in listed for tool in self._listed(one, told))
        return self._tools

    def _start(self, servers: list[ServerView]) -> None:
        """Start them side by side: each takes its time, and nobody waits for their sum."""
        if servers:
            with ThreadPoolExecutor(len(servers), "mcp server") as threads:
                list(threads.map(self._try, servers))

    def _try(self, server: ServerView) -> None:
        try:
            self._opened(server)
        except RemoteFailed as failed:
            self._failed[server.name] = str(failed)

    def knows(self, tool: str) -> bool:
        """Whether a tool of that name would be found here."""
        return tool.startswith(PREFIX)

    def call(self, run: RunView, told: Prepared, call: ToolCall, key: str) -> Outcome:
        """Call a trusted tool, or propose the call; never raises for what the model did wrong."""
        try:
            place = self._place(told, call.tool)
            if isinstance(place, str):
                return Outcome(place, failed=True)
            wanted = RemoteCall(server=place.server.name, tool=place.tool, arguments=call.input)
            trusted = place.server.trusts(place.tool)
            return (
                self._at_once(run, place, wanted, key) if trusted else self._ask(run, wanted, key)
            )
        except EngineError as error:
            return Outcome(str(error), failed=True)

    def close(self) -> None:
        """End every server that was started; the next answer looks anew at what there is."""
        while self._open:
            self._open.popitem()[1].close()
        self._servers, self._tools = None, None
        self._places.clear()

    def _known(self, department: str) -> dict[str, ServerView]:
        if self._servers is None:
            found = self._engine.run(list_servers, ListServers(department=department))
            model = self._engine.chat_model
            able = model is not None and model.provider not in NO_MODEL
            self._servers = {one.name: one for one in found.items} if able else {}
        return self._servers

    def _listed(self, server: ServerView, told: Prepared) -> list[Tool]:
        if why := self._failed.pop(server.name, ""):
            self._hear(news.Warned(f"Without the MCP server {server.name}: {why}"))
            return []
        offered = self._open[server.name].tools
        wanted, found = [tool for tool in offered if server.offers(tool.name)], []
        if len(wanted) > MOST_TOOLS:
            said = f"The MCP server {server.name} has {len(wanted)} tools; {MOST_TOOLS} are used."
            self._hear(news.Warned(f"{said} Choose among them with its `tools`."))
        for one in wanted[:MOST_TOOLS]:
            name = _wire_name(server.name, one.name)
            if name not in self._places and _allowed(told, name) and _fits(one):
                self._places[name] = _Place(server, one.name)
                found.append(_tool(name, server, one))
        return found

    def _opened(self, server: ServerView) -> OpenServer:
        """The server, started when it does not run."""
        source = self._engine.tool_source
        if source is None:
            raise RemoteFailed("MCP servers cannot be started here.")
        if server.name not in self._open:
            self._open[server.name] = source.open(server.remote(), self._stop)
        return self._open[server.name]

    def _place(self, told: Prepared, wire: str) -> _Place | str:
        """The place of a tool, or why there is none. A call that waited is found without starting its server."""
        if wire in self._places:
            return self._places[wire]
        name, _, tool = wire.removeprefix(PREFIX).partition("__")
        server = self._known(told.department).get(name)
        if self._tools is not None or server is None or not server.offers(tool):
            return f"There is no tool {wire!r}."
        if not _allowed(told, wire):
            return f"{wire} is not allowed here."
        return _Place(server, tool)

    def _ask(self, run: RunView, wanted: RemoteCall, key: str) -> Outcome:
        made = self._engine.run(
            propose,
            Propose(
                operation=CALL.name,
                input=wanted.model_dump(mode="json", exclude={"session_id"}),
                call_key=key,
                conversation_id=run.conversation_id,
                run_id=run.run_id,
            ),
        )
        return outcome_of(made)

    def _at_once(self, run: RunView, place: _Place, wanted: RemoteCall, key: str) -> Outcome:
        """A trusted call, once for its key: an answer that waited for something else comes by here again."""
        if kept := self._engine.run(find_call, CallKey(call_key=key)).found:
            return Outcome(str(kept.result.get("text", "")), bool(kept.result.get("failed")))
        try:
            made = ask(self._opened(place.server), wanted, self._stop)
        except RemoteFailed as failed:
            return Outcome(str(failed), failed=True)
        if made.failed:
            self._drop(place.server.name)
        self._engine.run(
            keep_call,
            KeepCall(
                call_key=key,
                call=wanted,
                text=made.text,
                failed=made.failed,
                conversation_id=run.conversation_id,
                run_id=run.run_id,
            ),
        )
        return Outcome(made.text, made.failed)

    def _drop(self, name: str) -> None:
        """A server that died is started anew by the next call."""
        opened = self._open.get(name)
        if opened is not None and not opened.alive:
            del self._open[name]
            opened.close()


def _wire_name(server: str, tool: str) -> str:
    """`mcp__server__tool` in the letters that models take, and never longer than they take."""
    name = PREFIX + _LETTERS.sub("_", f"{server}__{tool}")
    if len(name) <= _WIRE:
        return name
    return f"{name[: _WIRE - 9]}_{sha256(tool.encode()).hexdigest()[:8]}"


def _allowed(told: Prepared, name: str) -> bool:
    """Whether the configuration lets the assistant use it: the same patterns as for operations."""
    spelled = (name, name.replace("__", "."))
    yes, no = told.settings.allowed_tools or (), told.settings.denied_tools or ()
    return any(fnmatchcase(one, pattern) for one in spelled for pattern in yes) and not any(
        fnmatchcase(one, pattern) for one in spelled for pattern in no
    )


def _fits(tool: RemoteTool) -> bool:
    return len(json.dumps(tool.schema)) <= LONGEST_SCHEMA


def _tool(name: str, server: ServerView, tool: RemoteTool) -> Tool:
    effect = "Runs at once." if server.trusts(tool.name) else "A person decides first."
    about = cut(one_line(tool.summary), _ABOUT) or tool.name
    said = f"From the MCP server {server.name}: {about} {effect}"
    return Tool(name, said, _schema(tool.schema))


def _schema(given: dict[str, Any]) -> dict[str, Any]:
    """An object, as models take it: one tool with another schema would have the whole question refused."""
    kept = {key: value for key, value in given.items() if key not in _NO_OBJECT}
    return {"properties": {}} | kept | {"type": "object"}

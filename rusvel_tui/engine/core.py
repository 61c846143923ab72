"""The engine: runs operations, and tells who asks what has changed since."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from copy import copy
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rusvel_tui.engine import departments, permissions
from rusvel_tui.engine.agent.ports import HookRunner
from rusvel_tui.engine.chat_ports import ChatModel
from rusvel_tui.engine.context import Actor, Context, Policy
from rusvel_tui.engine.db import Database, backup_name
from rusvel_tui.engine.errors import (
    Busy,
    EngineError,
    InvalidInput,
    NotFound,
    NotPermitted,
)
from rusvel_tui.engine.models import Event, Session
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import OPERATIONS, In, Operation, Out, View
from rusvel_tui.engine.ports import Clock, Drafter, Mailbox, Mailer, Printer
from rusvel_tui.engine.session_choice import pick_session
from rusvel_tui.engine.text import one_line
from rusvel_tui.engine.tool_ports import ToolSource


class Engine:
    """One open database with the ports that its work needs.

    `grants` are the permissions of whoever uses this engine; None means all of them.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Clock,
        drafter: Drafter | None = None,
        mailer: Mailer | None = None,
        printer: Printer | None = None,
        mailbox: Mailbox | None = None,
        chat_model: ChatModel | None = None,
        tool_source: ToolSource | None = None,
        hook_runners: Mapping[str, HookRunner] | None = None,
        policy: Policy | None = None,
        actor: Actor | None = None,
        session: str | None = None,
        read_only: bool = False,
        grants: frozenset[str] | None = None,
    ) -> None:
        self.clock = clock
        self.drafter = drafter
        self.mailer = mailer
        self.printer = printer
        self.mailbox = mailbox
        self.chat_model = chat_model
        self.tool_source = tool_source
        self.hook_runners = hook_runners or {}
        self.policy = policy or Policy()
        self.actor = actor or Actor("user")
        self.session = session
        self.grants = grants
        self._db = Database(path, read_only=read_only)
        self.committed = self._db.data_version
        """Answers a number that moves when anybody has committed; asking takes microseconds."""

    @property
    def path(self) -> Path:
        return self._db.path

    @property
    def read_only(self) -> bool:
        return self._db.read_only

    def run(self, operation: Operation[In, Out], command: In) -> Out:
        """Run one operation: a read on one consistent state, a write in one transaction with its events."""
        self._permit(operation)
        if operation.writes and not getattr(command, "dry_run", False):
            # Before anything is looked at: one in stages would reach the outside first.
            self._db.require_writable()
        if operation.staged:
            with self._db.connected():
                return operation.handle(self._context(command.session_id, self), command)
        if operation.writes:
            return self._db.write(
                lambda: operation.handle(self._context(command.session_id), command)
            )
        return self._db.read(lambda: operation.handle(self._context(command.session_id), command))

    def call(self, name: str, data: dict[str, Any]) -> View:
        """Run an operation by name on plain data; raises `InvalidInput` with the fields that are wrong.

        What the worker and undo write with is theirs alone: a name is all that a caller needs here.
        """
        operation = find_operation(name)
        if operation.internal and operation.writes:
            raise NotPermitted(f"{name} is for the worker and for undo; nobody else may call it.")
        view: View = self.run(operation, parse_input(operation, data))
        return view

    def may(self, permission: str) -> bool:
        """Whether whoever uses this engine has that permission."""
        return permissions.granted(self.grants, permission)

    def acting_as(self, actor: Actor) -> Engine:
        """The same engine in the hands of somebody else, who then stands in the log."""
        other = copy(self)
        other.actor = actor
        return other

    def connected(self) -> AbstractContextManager[Any]:
        """Keep this thread's connection open for a run of calls."""
        return self._db.connected()

    def still(self) -> AbstractContextManager[bool]:
        """Nothing of this process is being read or written: the moment to be stopped by a shell."""
        return self._db.still()

    def cursor(self) -> int:
        """The newest event; take it before the first read and follow from there."""
        return self._db.read(_newest_event)

    def follow(
        self, stop: threading.Event, since: int, *, every: float = 0.25
    ) -> Iterator[frozenset[str]]:
        """The topics (`gtm.contact`) of what was committed, by whomever, as it happens; ends when `stop` is set."""
        version = -1
        while not stop.is_set():
            topics: frozenset[str] = frozenset()
            with suppress(Busy):  # another program holds the file for long: look again later
                if (now := self._db.data_version()) != version:
                    since, topics = self._db.read(partial(_news, since))
                    version = now
            if topics:
                yield topics
            stop.wait(every)

    def check(self) -> None:
        """Read the whole file for damage; raises `StorageDamaged`."""
        self._db.check()

    def backup(self, target: Path) -> None:
        """Write a consistent private copy to a new file."""
        self._db.backup(target)

    def backup_before(self, what: str) -> Path:
        """Write a copy beside the database before something is done to it; where it is."""
        target = backup_name(self.path, what)
        self._db.backup(target)
        return target

    def close(self) -> None:
        if self.mailer is not None:
            self.mailer.close()
        if self.mailbox is not None:
            self.mailbox.close()
        self._db.close()

    def _permit(self, operation: Operation[Any, Any]) -> None:
        if operation.human_only and not self.actor.human:
            raise NotPermitted(f"Only a person may call {operation.name}.")
        permissions.require(self.grants, operation)

    def _context(self, session: str | None, engine: Engine | None = None) -> Context:
        wanted = session or self.session
        find = partial(_session, wanted)
        return Context(
            self.clock.now(), self.actor, self.policy, find, self._db, self.grants, engine=engine
        )


def find_operation(name: str) -> Operation[Any, Any]:
    """The operation of that name; the error names the nearest ones."""
    if name not in OPERATIONS:
        departments.load_area(name)
    if name not in OPERATIONS:
        departments.load()
    found = OPERATIONS.get(name)
    if found is None:
        from difflib import get_close_matches

        listed = [known for known, one in OPERATIONS.items() if not one.internal]
        near = get_close_matches(name, listed, n=2)
        hint = f" Did you mean {' or '.join(near)}?" if near else " `rusvel tools` lists them."
        raise NotFound(f"There is no operation {name!r}.{hint}")
    return found


def parse_input(operation: Operation[Any, Any], data: dict[str, Any]) -> Any:
    """Plain data as the operation's input; the first wrong field is named in the error."""
    try:
        return operation.input.model_validate(data)
    except ValidationError as error:
        raise readable(error) from None


def readable(error: ValidationError) -> InvalidInput:
    """A pydantic error as one sentence: `email: value is not …; nam: unknown field`."""
    parts, first = [], ""
    for item in error.errors(include_url=False, include_context=False, include_input=False):
        place = ".".join(str(part) for part in item["loc"] if not str(part).startswith("function-"))
        kind = str(item["type"])
        text = {"extra_forbidden": "unknown field", "missing": "is missing"}.get(
            kind, str(item["msg"])
        )
        text = text.removeprefix("Value error, ").rstrip(".")
        parts.append(f"{place}: {text}" if place else text)
        first = first or place
    return InvalidInput(one_line("; ".join(parts)) + ".", field=first)


def _session(wanted: str | None) -> Session:
    return pick_session(wanted)


def _newest_event() -> int:
    newest = tuples(Event.select(Event.id).order_by(Event.id.desc()).limit(1))
    return int(newest[0][0]) if newest else 0


def _news(since: int) -> tuple[int, frozenset[str]]:
    news = tuples(Event.select(Event.id, Event.kind).where(Event.id > since).order_by(Event.id))
    topics = frozenset(".".join(kind.split(".")[:2]) for _, kind in news)
    return (news[-1][0] if news else since), topics


__all__ = ["Engine", "EngineError", "find_operation", "parse_input", "readable"]

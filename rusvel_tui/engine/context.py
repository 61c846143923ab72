"""What an operation is given: the moment, the session, the actor, and the way to record what it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from rusvel_tui.engine import clock, ids
from rusvel_tui.engine.errors import NotPermitted
from rusvel_tui.engine.event_kinds import EVENT_KINDS
from rusvel_tui.engine.models import Event, Session
from rusvel_tui.engine.models.base import insert_row
from rusvel_tui.engine.operation import Input, Operation, View

if TYPE_CHECKING:
    from rusvel_tui.engine.core import Engine

Made = TypeVar("Made", bound=View)
Result = TypeVar("Result")


class Transactions(Protocol):
    """The two doors to the database."""

    def read(self, work: Callable[[], Result]) -> Result:
        """Run a function on one consistent state."""

    def write(self, work: Callable[[], Result]) -> Result:
        """Run a function in one write transaction, again when the file was busy."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. Only a human can say yes to a mail."""

    name: str
    human: bool = True


@dataclass(frozen=True, slots=True)
class Policy:
    """How mail may leave; from the settings."""

    undo_seconds: int = 60
    daily_cap: int | None = None
    """Mails that may leave in one local day of the session."""
    min_gap_seconds: int | None = None
    new_per_day: int | None = None
    """People who may be written to for the first time in one local day of the session."""
    ramp: int | None = None
    """Mails a day that a new sender begins with; from then on a fifth more than what was usual."""
    mail_from: str = ""
    """The sender address when the session has none."""
    mailer: str = ""
    """The label of the mailer; empty when none is configured."""
    mail_accounts: tuple[str, ...] | None = None
    """The mail accounts that senders can name besides the usual one; None when it does not matter by which a mail leaves."""
    mailboxes: tuple[str, ...] = ()
    """Further addresses of ours: those whose mail is read."""
    mail_poll_seconds: int = 60
    """Between two looks at the mailbox."""
    lease_seconds: int = 120
    backup_days: int = 0
    """Daily backups that are kept; with 0 none are made."""
    backup_folder: Path | None = None
    """Where they lie; beside the database when nothing is named."""


@dataclass(frozen=True, slots=True)
class Inverse:
    """The operation that takes a change back."""

    operation: str
    input: dict[str, Any]


@dataclass(slots=True)
class Context:
    """One call of one operation."""

    now: datetime
    actor: Actor
    policy: Policy
    find_session: Callable[[], Session]
    database: Transactions
    grants: frozenset[str] | None = None
    """The permissions of whoever called; None means all of them."""
    undo_of: int | None = None
    engine: Engine | None = None
    """For staged operations that have jobs done: they run operations of their own, outside any transaction."""
    recorded: list[int] = field(default_factory=list)
    _session: Session | None = None

    def read(self, work: Callable[[], Result]) -> Result:
        """Run a reading function of a staged operation on one consistent state."""
        return self.database.read(work)

    def write(self, work: Callable[[], Result]) -> Result:
        """Run one step of a staged operation in one transaction, events included."""
        return self.database.write(work)

    @property
    def session(self) -> Session:
        """The session of this call; raises `NotConfigured` when there is none."""
        if self._session is None:
            self._session = self.find_session()
        return self._session

    @property
    def session_id(self) -> str:
        return str(self.session.id)

    @property
    def zone(self) -> ZoneInfo:
        """The session's time zone."""
        return clock.zone(self.session.timezone)

    def new_id(self) -> str:
        return ids.new_id(self.now)

    def require_human(self, what: str) -> None:
        """Refuse anybody but a person."""
        if not self.actor.human:
            raise NotPermitted(
                f"Only a person can {what}. Do it in the dashboard or with `rusvel queue`."
            )

    def may(self, permission: str) -> bool:
        """Whether whoever called has that permission, too."""
        return self.grants is None or permission in self.grants

    def record(
        self,
        kind: str,
        subject_id: str,
        payload: dict[str, Any] | None = None,
        *,
        undo: Inverse | None = None,
        session_id: str | None = None,
    ) -> int:
        """Write the event of this change, in its transaction; `undo` makes `z` able to take it back."""
        if kind not in EVENT_KINDS:
            raise ValueError(f"{kind} is not in EVENT_KINDS")
        event = insert_row(
            Event,
            session_id=session_id if session_id is not None else self.session_id,
            at=self.now,
            kind=kind,
            subject_id=subject_id,
            actor=self.actor.name,
            payload=payload or {},
            undo=None if undo is None else {"operation": undo.operation, "input": undo.input},
            undo_of=self.undo_of,
            redo=0,
        )
        self.recorded.append(event)
        return event

    def call(self, operation: Operation[Any, Made], command: Input) -> Made:
        """Another operation inside this one: same transaction, same moment, same actor."""
        return operation.handle(self, command)

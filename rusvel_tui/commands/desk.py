"""What every command is given: its arguments, the settings, the engine, and where to print."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rusvel_tui.commands.output import Output
from rusvel_tui.engine.errors import EngineError, NotFound

if TYPE_CHECKING:
    from rusvel_tui.engine.context import Actor
    from rusvel_tui.engine.core import Engine
    from rusvel_tui.settings import Loaded, Settings


class Desk:
    """One run of one command."""

    def __init__(self, args: Any, environ: Mapping[str, str]) -> None:
        self.args = args
        self.environ = environ
        self.out = Output(json=args.json)
        self._engine: Engine | None = None

    @cached_property
    def loaded(self) -> Loaded:
        """The settings with where they come from and what is wrong with them."""
        from rusvel_tui.settings import load

        return load(
            self.environ,
            {name: getattr(self.args, name) for name in ("db", "session", "now", "ascii")},
        )

    def settings(self, *, sending: bool = False) -> Settings:
        """The settings; raises `InvalidInput` for one that this command needs and cannot use."""
        return self.loaded.require(sending=sending)

    @property
    def path(self) -> Path:
        """The database file."""
        from rusvel_tui.settings import data_path

        return self.settings().db or data_path() / "rusvel.db"

    def engine(
        self, *, create: bool = False, work: bool = False, actor: Actor | None = None
    ) -> Engine:
        """The engine of this run. Without `create` a missing file stays missing."""
        if self._engine is None:
            from rusvel_tui.bootstrap import build

            settings = self.settings(sending=work)
            self._require_file(create=create)
            self._engine = build(
                settings,
                path=self.path,
                actor=actor or self._actor(),
                read_only=self.args.read_only,
                work=work,
            )
        return self._engine

    def _actor(self) -> Actor | None:
        """What a hook starts acts as the hook, never as the person: it says no yes, and calls no hook."""
        if not self.environ.get("RUSVEL_HOOK_RUN"):
            return None
        from rusvel_tui.engine.agent.hooks.runs import HOOK

        return HOOK

    def adopt(self, engine: Engine) -> Engine:
        """Use this engine from here on, and close it at the end."""
        self.close()
        self._engine = engine
        return engine

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone of the session, for people; UTC when there is no session."""
        from rusvel_tui.engine.sessions import ListSessions, show_session

        try:
            return ZoneInfo(self.engine().run(show_session, ListSessions()).timezone)
        except EngineError:
            return ZoneInfo("UTC")

    def close(self) -> None:
        """Close what was opened."""
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()

    def _require_file(self, *, create: bool) -> None:
        if self.path.exists():
            return
        if not create or self.args.read_only:
            raise NotFound(
                f"There is no database at {self.path} yet. Create it with its first session: "
                "rusvel session create NAME"
            )
        self.make_folder()

    def make_folder(self) -> None:
        """Make the usual folder of databases; one that somebody named is theirs to make."""
        if self.loaded.settings.db is None:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)

"""Settings to adapters to engine: the only module that knows both sides.

An engine for reading or for a single command gets no drafter and no mailer: only a worker needs them,
and only then are their libraries imported.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rusvel_tui.adapters.clock import FixedClock, SystemClock
from rusvel_tui.engine.addresses import parse_address
from rusvel_tui.engine.context import Actor, Policy
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError, InvalidInput, NotConfigured

if TYPE_CHECKING:
    from rusvel_tui.engine.ports import Drafter, Mailer
    from rusvel_tui.settings import Settings

_NOBODY = "rusvel@localhost.localdomain"
"""The sender when no mail can leave this machine."""


@dataclass(frozen=True, slots=True)
class Route:
    """How mail leaves, and as whom."""

    kind: str = ""
    """The name of the mailer in its registry; empty when mail cannot leave."""
    label: str = ""
    """What the mailer calls itself; known without importing it."""
    sender: str = ""
    host: str = ""
    port: int = 0
    tls: str = ""


def route(settings: Settings) -> Route:
    """The way that the settings describe; raises `NotConfigured` or `InvalidInput` when they cannot work."""
    if settings.smtp_host and settings.mail_folder:
        raise NotConfigured(
            "RUSVEL_SMTP_HOST and RUSVEL_MAIL_FOLDER are both set. Unset one: mails are sent or kept, not both."
        )
    if settings.mail_folder:
        label = f"folder {settings.mail_folder.name}/ (no mail leaves)"
        return Route("folder", label, _sender(settings) or _NOBODY)
    if not settings.smtp_host:
        return Route(sender=_sender(settings))
    return _smtp_route(settings)


def _smtp_route(settings: Settings) -> Route:
    from rusvel_tui.adapters.mailers.smtp_account import Account, Timeouts, is_loopback

    if settings.smtp_username and not settings.smtp_password:
        raise NotConfigured(
            "RUSVEL_SMTP_USERNAME is set and RUSVEL_SMTP_PASSWORD is not. Set both, or neither."
        )
    local = is_loopback(settings.smtp_host)
    tls = settings.smtp_tls or (
        "tls" if settings.smtp_port == 465 else "plain" if local else "starttls"
    )
    port = settings.smtp_port or (465 if tls == "tls" else 587)
    account = Account(
        settings.smtp_host,
        port,
        settings.smtp_username,
        settings.smtp_password,
        tls,
        settings.smtp_ca_file,
        Timeouts(),
    )
    account.check(force_plain=settings.smtp_force_plain)
    sender = _sender(settings) or (_NOBODY if local else "")
    return Route("smtp", f"smtp {settings.smtp_host}:{port}", sender, settings.smtp_host, port, tls)


def _sender(settings: Settings) -> str:
    """The address to send from, as far as the settings name one."""
    if settings.smtp_from:
        try:
            return parse_address(settings.smtp_from).address
        except InvalidInput as error:
            raise InvalidInput(f"RUSVEL_SMTP_FROM: {error}", field="RUSVEL_SMTP_FROM") from None
    try:
        return parse_address(settings.smtp_username).address
    except InvalidInput:
        return ""


def build(
    settings: Settings,
    *,
    path: Path,
    actor: Actor | None = None,
    session: str | None = None,
    read_only: bool = False,
    now: datetime | None = None,
    work: bool = False,
) -> Engine:
    """An engine over that file; with `work` it can draft and send.

    Mail settings that cannot work are refused only then: without `work` they count as no mailer.
    """
    way = _route_for(settings, work=work)
    fixed = now or settings.now
    return Engine(
        path,
        clock=FixedClock(fixed) if fixed else SystemClock(),
        drafter=make_drafter(settings) if work else None,
        mailer=make_mailer(settings, way) if work else None,
        policy=Policy(
            undo_seconds=settings.undo_seconds,
            daily_cap=settings.daily_cap,
            min_gap_seconds=settings.min_gap_seconds,
            mail_from=way.sender,
            mailer=way.label,
        ),
        actor=actor,
        session=session or settings.session or None,
        read_only=read_only,
    )


def _route_for(settings: Settings, *, work: bool) -> Route:
    try:
        return route(settings)
    except EngineError:
        if work:
            raise
        return Route()


def make_mailer(settings: Settings, way: Route) -> Mailer | None:
    """The mailer of that way; none when there is no way."""
    if not way.kind:
        return None
    from rusvel_tui.adapters.mailers import MAILERS

    if way.kind == "folder":
        return MAILERS["folder"](settings.mail_folder)
    return MAILERS["smtp"](
        way.host,
        way.port,
        settings.smtp_username,
        settings.smtp_password,
        tls=way.tls,
        force_plain=settings.smtp_force_plain,
        ca_file=settings.smtp_ca_file,
    )


def make_drafter(settings: Settings) -> Drafter:
    """Templates; with a key a model, and templates when it is not there."""
    raise NotImplementedError

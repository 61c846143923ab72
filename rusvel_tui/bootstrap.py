"""Settings to adapters to engine: with `bootstrap_assistant` the only module that knows both sides.

An engine for reading or for a single command gets no drafter and no mailer: only a worker needs them,
and only then are their libraries imported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rusvel_tui.adapters.clock import FixedClock, SystemClock
from rusvel_tui.bootstrap_assistant import (
    make_drafter,
    make_hook_runners,
    make_model,
    make_tool_source,
)
from rusvel_tui.bootstrap_log import start_log
from rusvel_tui.engine.addresses import parse_address
from rusvel_tui.engine.context import Actor, Policy
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError, InvalidInput, NotConfigured
from rusvel_tui.engine.permissions import parse_grants

if TYPE_CHECKING:
    from rusvel_tui.adapters.mailers.smtp_account import Account
    from rusvel_tui.engine.ports import Clock, Mailbox, Mailer, Printer
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
    """The address of a session that has none of its own."""
    account: Account | None = None
    folder: Path | None = None


def route(settings: Settings) -> Route:
    """The way that the settings describe; raises `NotConfigured` or `InvalidInput` when they cannot work."""
    if settings.smtp_host and settings.mail_folder:
        raise NotConfigured(
            "RUSVEL_SMTP_HOST and RUSVEL_MAIL_FOLDER are both set. Unset one: mails are sent or kept, not both."
        )
    sender = _sender(settings)
    if settings.mail_folder:
        folder = settings.mail_folder
        return Route(
            "folder", f"folder {folder.name}/ (no mail leaves)", sender or _NOBODY, folder=folder
        )
    if not settings.smtp_host:
        return Route(sender=sender)
    account = _account(settings, local=_is_local(settings.smtp_host))
    if not sender and _is_local(account.host):
        sender = _NOBODY
    return Route("smtp", f"smtp {account.host}:{account.port}", sender, account)


def _is_local(host: str) -> bool:
    from rusvel_tui.adapters.mailers.smtp_account import is_loopback

    return is_loopback(host)


def _account(settings: Settings, *, local: bool) -> Account:
    """The mail server with the defaults that follow from its host and port."""
    from rusvel_tui.adapters.mailers.smtp_account import Account, Timeouts

    if settings.smtp_username and not settings.smtp_password:
        raise NotConfigured(
            "RUSVEL_SMTP_USERNAME is set and RUSVEL_SMTP_PASSWORD is not. Set both, or neither."
        )
    tls = "tls" if settings.smtp_port == 465 else "plain" if local else "starttls"
    tls = settings.smtp_tls or tls
    account = Account(
        host=settings.smtp_host,
        port=settings.smtp_port or (465 if tls == "tls" else 587),
        username=settings.smtp_username,
        password=settings.smtp_password,
        tls=tls,
        ca_file=settings.smtp_ca_file,
        timeouts=Timeouts(),
    )
    account.check(force_plain=settings.smtp_force_plain)
    return account


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
    start_log(settings)
    return Engine(
        path,
        clock=make_clock(settings, now),
        drafter=make_drafter(settings) if work else None,
        mailer=make_mailer(settings, way) if work else None,
        printer=make_printer(settings),
        mailbox=make_mailbox(settings) if work else None,
        chat_model=make_model(settings),
        tool_source=make_tool_source(),
        hook_runners=make_hook_runners(settings),
        policy=_policy(settings, way),
        actor=actor,
        session=session or settings.session or None,
        read_only=read_only,
        grants=parse_grants(settings.permissions),
    )


def make_clock(settings: Settings, now: datetime | None = None) -> Clock:
    """The time of this machine, or the fixed one that was asked for."""
    fixed = now or settings.now
    return FixedClock(fixed) if fixed else SystemClock()


def _policy(settings: Settings, way: Route) -> Policy:
    """How mail may leave."""
    return Policy(
        undo_seconds=settings.undo_seconds,
        daily_cap=settings.daily_cap,
        min_gap_seconds=settings.min_gap_seconds,
        new_per_day=settings.new_per_day,
        ramp=settings.ramp,
        mail_from=way.sender,
        mailer=way.label,
        mail_accounts=tuple(settings.smtp_accounts) if way.kind == "smtp" else None,
        mailboxes=_own_mailboxes(settings),
        mail_poll_seconds=settings.mail_poll_seconds,
        backup_days=settings.backup_days,
        backup_folder=settings.backup_folder,
    )


def reroute(engines: Iterable[Engine], settings: Settings, keep: Callable[[], None]) -> None:
    """Let a running desk send another way, once `keep` has made that way last; nothing changes when either refuses."""
    way = route(settings)
    mailer = make_mailer(settings, way)
    keep()
    for engine in engines:
        engine.mailer, engine.policy = mailer, _policy(settings, way)


def _route_for(settings: Settings, *, work: bool) -> Route:
    try:
        return route(settings)
    except EngineError:
        if work:
            raise
        return Route()


def make_mailer(settings: Settings, way: Route) -> Mailer | None:
    """The mailer of that way; none when there is no way."""
    from rusvel_tui.adapters.mailers import MAILERS

    if way.folder:
        return MAILERS["folder"](way.folder)
    if not way.account:
        return None
    usual = _smtp(settings, way.account)
    others = {name: _smtp(settings, account) for name, account in _accounts(settings).items()}
    mailer = MAILERS["routing"](usual, others) if others else usual
    return MAILERS["journal"](mailer, _journal_path())


def _journal_path() -> Path:
    """The file that knows what left: beside no database, so that no backup of one takes it back."""
    from platformdirs import user_state_path

    return user_state_path("rusvel", appauthor=False) / "left.journal"


def _smtp(settings: Settings, account: Account) -> Mailer:
    from rusvel_tui.adapters.mailers import MAILERS

    return MAILERS["smtp"](
        account.host,
        account.port,
        account.username,
        account.password,
        tls=account.tls,
        force_plain=settings.smtp_force_plain,
        ca_file=account.ca_file,
        dkim=(settings.smtp_dkim_key_file, settings.smtp_dkim_selector),
    )


def _accounts(settings: Settings) -> dict[str, Account]:
    """The mail accounts that senders may name."""
    found = {}
    for name, given in settings.smtp_accounts.items():
        own = {f"smtp_{field}": getattr(given, field) for field in type(given).model_fields}
        found[name] = _account(settings.model_copy(update=own), local=_is_local(given.host))
    return found


def make_mailbox(settings: Settings) -> Mailbox | None:
    """Where answers are read; none when nothing is configured. Raises `NotConfigured` when it cannot work."""
    from rusvel_tui.adapters.mailboxes import MAILBOXES

    if settings.imap_host and settings.maildir_in:
        raise NotConfigured("RUSVEL_IMAP_HOST and RUSVEL_MAILDIR_IN are both set. Unset one.")
    if settings.maildir_in:
        return MAILBOXES["maildir"](settings.maildir_in)
    if not settings.imap_host:
        return None
    from rusvel_tui.adapters.mailboxes.imap_account import ImapAccount
    from rusvel_tui.adapters.mailers.smtp_account import is_loopback

    local = is_loopback(settings.imap_host)
    tls = "starttls" if settings.imap_port == 143 else "plain" if local else "tls"
    tls = settings.imap_tls or tls
    account = ImapAccount(
        host=settings.imap_host,
        port=settings.imap_port or (993 if tls == "tls" else 143),
        username=settings.imap_username or settings.smtp_username,
        password=settings.imap_password or settings.smtp_password,
        tls=tls,
        ca_file=settings.imap_ca_file or settings.smtp_ca_file,
        folders=tuple(filter(None, (name.strip() for name in settings.imap_folders.split(",")))),
        sent=settings.imap_sent,
    )
    account.check()
    return MAILBOXES["imap"](account)


def _own_mailboxes(settings: Settings) -> tuple[str, ...]:
    """The addresses that the log-ins name: mail from them is ours."""
    named = (settings.imap_username, settings.smtp_username)
    return tuple(address for address in named if "@" in address)


def make_printer(settings: Settings) -> Printer:
    """What makes PDFs; its library is imported when the first one is made."""
    from rusvel_tui.adapters.printers import PRINTERS

    return PRINTERS["typst"](settings.invoice_template, settings.fonts)


def reach(way: Route) -> None:
    """Connect, encrypt and log in without sending anything; raises `NotSent` with the reason."""
    if not way.account:
        return
    import asyncio

    from rusvel_tui.adapters.mailers.smtp_session import Session

    async def knock(session: Session) -> None:
        try:
            await session.open()
            await session.quit()
        finally:
            session.drop()

    asyncio.run(knock(Session(way.account)))


def time_now() -> datetime:
    """The time of this machine, for what begins before there is an engine."""
    return SystemClock().now()

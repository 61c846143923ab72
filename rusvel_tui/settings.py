"""Everything a person can configure: one model, filled from the environment and from `config.toml`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, Field, ValidationError

from rusvel_tui.adapters.secret import Secret
from rusvel_tui.engine.described import Described, descriptions
from rusvel_tui.engine.errors import InvalidInput, NotConfigured
from rusvel_tui.settings_types import File, Hidden, MailAccount, Moment


class Settings(Described):
    """The settings. A field's variable is `RUSVEL_` and its name in upper case, but for the two of Anthropic."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        arbitrary_types_allowed=True,
        hide_input_in_errors=True,
    )

    db: File | None = None
    """The database file. Default: `rusvel.db` in the data folder of your account."""
    session: str = ""
    """The session to work in. Default: the one chosen by `rusvel session use`."""
    now: Moment | None = None
    """A fixed time instead of the clock, for demos and tests: 2026-11-21T09:30:00Z."""
    ascii: bool | None = None
    """Draw with ASCII characters alone. Default: where the locale is C."""
    private: bool = False
    """Begin in privacy mode: names, addresses and amounts are masked on the screen. Default: off."""
    permissions: str = ""
    """What may be done here, for a guest: `*.read, crm.sequences.manage`. Default: everything."""
    backup_days: int = Field(default=14, ge=0, le=3650)
    """Daily backups that are kept; 0 makes none. Default: 14."""
    backup_folder: File | None = None
    """Where daily backups lie. Default: a folder beside the database, named after it."""
    log_level: Literal["off", "error", "warning", "info"] = "warning"
    """What goes into the log file, which holds faults, no words of yours: `off`, `error`, `warning` or `info`. Default: warning."""
    undo_seconds: int = Field(default=60, ge=0, le=86_400)
    """Seconds between your yes and the sending, in which you can take it back. Default: 60."""
    daily_cap: int | None = Field(default=None, ge=0)
    """Mails that may leave in one day of the session's time zone. Default: no limit."""
    min_gap_seconds: int | None = Field(default=None, ge=0)
    """Seconds between two mails. Default: none."""
    new_per_day: int | None = Field(default=None, ge=0)
    """People whom you write to for the first time in one day. Default: no limit."""
    ramp: int | None = Field(default=None, ge=1)
    """Mails that a new sender may send in a day; then a fifth more than what was usual in the last two weeks. Default: no ramp."""
    smtp_host: str = ""
    """The mail server that your mails leave by."""
    smtp_port: int | None = Field(default=None, ge=1, le=65_535)
    """Its port. Default: 587, and 465 with `tls`."""
    smtp_username: str = ""
    """The log-in name. RUSVEL_SMTP_USER means the same."""
    smtp_password: Hidden = Secret("")
    """The password of the log-in."""
    smtp_from: str = ""
    """The sender address of a session that has none. Default: the log-in name, if it is an address."""
    smtp_tls: Literal["starttls", "tls", "plain"] | None = None
    """`starttls`, `tls` or `plain`. Default: `tls` on port 465, `plain` on this machine, else `starttls`."""
    smtp_ca_file: File | None = None
    """A file with the certificates to trust besides those of the system."""
    smtp_force_plain: bool = False
    """Allow `plain` to another machine: the mails can be read on the way."""
    smtp_accounts: dict[str, MailAccount] = Field(default_factory=dict)
    """Other mail accounts, for senders that name one. In `config.toml` only: `[smtp_accounts.sales]`, then host, username, …"""
    smtp_dkim_key_file: File | None = None
    """A private key to sign mails with (DKIM), for those who deliver themselves."""
    smtp_dkim_selector: str = ""
    """The name of that key in DNS: `mail2026` stands for mail2026._domainkey."""
    mail_folder: File | None = None
    """A Maildir to write mails to instead of sending them: nothing leaves."""
    imap_host: str = ""
    """The server of the mailbox that answers come to."""
    imap_port: int | None = Field(default=None, ge=1, le=65_535)
    """Its port. Default: 993, and 143 without `tls`."""
    imap_username: str = ""
    """The log-in name; RUSVEL_IMAP_USER means the same. Default: that of the mail server."""
    imap_password: Hidden = Secret("")
    """The password of that log-in. Default: that of the mail server."""
    imap_tls: Literal["tls", "starttls", "plain"] | None = None
    """`tls`, `starttls` or `plain`. Default: `starttls` on port 143, `plain` on this machine, else `tls`."""
    imap_ca_file: File | None = None
    """A file with the certificates to trust besides those of the system."""
    imap_folders: str = "INBOX"
    """The folders to read, with commas between them."""
    imap_sent: str = ""
    """The folder with what you sent. Default: the one that the server calls so."""
    maildir_in: File | None = None
    """A Maildir to read answers from, instead of a server."""
    mail_poll_seconds: int = Field(default=60, ge=5, le=86_400)
    """Seconds between two looks at the mailbox. Default: 60."""
    invoice_template: File | None = None
    """Your own template of PDFs, in typst. Default: the one that `rusvel invoices template` writes."""
    keymap: File | None = None
    """The file with your own keys. Default: `keymap.toml` beside `config.toml`."""
    fonts: File | None = None
    """A folder with fonts for PDFs, besides those that come along."""
    anthropic_api_key: Hidden = Secret("")
    """Lets a model write the drafts and answer as the assistant. Without it templates and patterns do."""
    anthropic_base_url: str = ""
    """Another address of the Messages API. Default: the provider's own."""
    model: str = ""
    """The model that writes the drafts and answers as the assistant. Default: the one that the provider names."""
    hook_commands: bool = False
    """Allows hooks that run commands on this machine. Default: they are off."""
    hook_plain_http: bool = False
    """Allows hooks to post to other machines over plain http. Default: https only."""
    hook_secret: Hidden = Secret("")
    """Signs what hooks post: the header X-Rusvel-Signature holds the HMAC-SHA256 of the body."""
    model_script: File | None = None
    """A file with the answers of the assistant, for demonstrations and tests: no model is asked."""

    api_token: Hidden = Secret("")
    """What a script must show to `rusvel serve`, as a bearer token: 16 characters or more."""
    webhooks: dict[str, Hidden] = Field(default_factory=dict)
    """Services that may post to /hooks/NAME, each with the secret it signs with. In `config.toml` only: `[webhooks]`, then NAME = "secret"."""


ALIASES = {"RUSVEL_SMTP_USER": "smtp_username", "RUSVEL_IMAP_USER": "imap_username"}
"""Other names of variables."""
_OF_HOOKS = ("RUSVEL_HOOK_RUN", "RUSVEL_HOOK_NAME", "RUSVEL_HOOK_EVENT", "RUSVEL_HOOK_EVENT_ID")
OTHERS = ("RUSVEL_CONFIG", "RUSVEL_DEBUG", "RUSVEL_CRASHPOINT", *_OF_HOOKS)
"""Known variables that are no settings: the place of `config.toml`, tracebacks, and a switch of the tests."""
SECRETS = (
    "smtp_password",
    "imap_password",
    "anthropic_api_key",
    "hook_secret",
    "smtp_accounts",
    "api_token",
    "webhooks",
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings with what there is to say about them."""

    settings: Settings
    origins: dict[str, str]
    """Where each field comes from that is not the default."""
    problems: dict[str, str] = field(default_factory=dict)
    """A sentence for each field whose value cannot be used; such a field has its default."""
    unknown: tuple[str, ...] = ()
    """Variables that look like settings and are none."""

    def require(self, *, sending: bool) -> Settings:
        """The settings; raises `InvalidInput` for a wrong one. One about mail counts for sending only."""
        for name, problem in self.problems.items():
            if sending or not concerns_sending(name):
                raise InvalidInput(problem, field=variable(name))
        return self.settings


def meaning(name: str) -> str:
    """What a field means, in sentences for a person."""
    return descriptions(Settings).get(name, "")


def variable(name: str) -> str:
    """The environment variable of a field."""
    return name.upper() if name.startswith("anthropic_") else f"RUSVEL_{name.upper()}"


def concerns_sending(name: str) -> bool:
    """Whether only a worker needs this field."""
    return name.startswith(("smtp_", "imap_", "mail_", "maildir_", "anthropic_", "model"))


def config_path(environ: Mapping[str, str]) -> Path:
    """Where `config.toml` is looked for."""
    if named := environ.get("RUSVEL_CONFIG"):
        return Path(named).expanduser()
    from platformdirs import user_config_path

    return user_config_path("rusvel", appauthor=False) / "config.toml"


def keymap_path(settings: Settings, environ: Mapping[str, str]) -> Path:
    """Where the file of a person's own keys is looked for."""
    return settings.keymap or config_path(environ).parent / "keymap.toml"


def load(environ: Mapping[str, str], options: Mapping[str, str | None] | None = None) -> Loaded:
    """The settings from `config.toml`, over it the environment, over that the command line's options."""
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    given = ((f"--{name}", name, value) for name, value in (options or {}).items())
    for origin, name, value in (*_from_file(environ), *_from_environment(environ), *given):
        if value is not None and value != "":
            values[name], origins[name] = value, origin
    problems: dict[str, str] = {}
    try:
        settings = Settings(**values)
    except ValidationError as error:
        problems = dict(_sentences(error, origins))
        settings = Settings(**{name: v for name, v in values.items() if name not in problems})
    return Loaded(settings, origins, problems, _unknown(environ))


def _from_environment(environ: Mapping[str, str]) -> Iterator[tuple[str, str, Any]]:
    for alias, name in ALIASES.items():
        yield alias, name, environ.get(alias)
    for name in Settings.model_fields:
        yield variable(name), name, environ.get(variable(name))


def _from_file(environ: Mapping[str, str]) -> Iterator[tuple[str, str, Any]]:
    path = config_path(environ)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if "RUSVEL_CONFIG" in environ:
            raise NotConfigured(f"RUSVEL_CONFIG names {path}, and there is no such file.") from None
        return
    except (OSError, UnicodeError) as error:
        raise NotConfigured(f"{path} cannot be read: {error}.") from None
    values = _parsed(path, text)
    _check_private(path, values)
    yield from ((str(path), name, value) for name, value in values.items())


def _parsed(path: Path, text: str) -> dict[str, Any]:
    import tomllib

    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"{path} is not valid TOML: {error}.") from None
    for name in values:
        if name not in Settings.model_fields:
            raise InvalidInput(
                f"{path}: there is no setting {name!r}. `rusvel config` lists them.", field=name
            )
    return values


def _check_private(path: Path, values: Mapping[str, Any]) -> None:
    """Refuse a file with secrets that others on this machine can read."""
    held = [name for name in SECRETS if values.get(name)]
    if held and os.name == "posix" and path.stat().st_mode & 0o077:
        raise NotConfigured(
            f"{path} holds {held[0]} and others can read it. Make it yours alone: chmod 600 {path}"
        )


def _sentences(error: ValidationError, origins: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for item in error.errors(include_url=False, include_context=False, include_input=False):
        name = str(item["loc"][0])
        reason = str(item["msg"]).removeprefix("Value error, ").rstrip(".")
        place = origins[name]
        what = place if place.startswith(("--", "RUSVEL_", "ANTHROPIC_")) else f"{name} in {place}"
        yield name, f"{what} is wrong: {reason}."


def _unknown(environ: Mapping[str, str]) -> tuple[str, ...]:
    known = {*map(variable, Settings.model_fields), *ALIASES, *OTHERS}
    return tuple(
        sorted(name for name in environ if name.startswith("RUSVEL_") and name not in known)
    )


def data_path() -> Path:
    """The folder of your databases."""
    from platformdirs import user_data_path

    return user_data_path("rusvel", appauthor=False)


def state_path() -> Path:
    """The folder of what the program remembers between two runs: no data, and nothing that a backup needs."""
    from platformdirs import user_state_path

    return user_state_path("rusvel", appauthor=False)

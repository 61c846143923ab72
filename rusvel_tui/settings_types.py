"""Types of settings: how a text from a file or the environment becomes a file, a moment, a secret, a mail account."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from rusvel_tui.adapters.secret import Secret
from rusvel_tui.engine.clock import parse_moment
from rusvel_tui.engine.errors import InvalidInput


def _moment(value: Any) -> Any:
    """A time as a person types it; a plain ValueError, so that the message names the variable."""
    try:
        return parse_moment(value) if isinstance(value, str) else value
    except InvalidInput as error:
        raise ValueError(str(error)) from None


def _file(value: Any) -> Any:
    if isinstance(value, str) and "://" in value:
        raise ValueError("name a file, not an address")
    return Path(value).expanduser() if isinstance(value, str) else value


def _secret(value: Any) -> Any:
    return Secret(value) if isinstance(value, str) else value


Hidden = Annotated[Secret, BeforeValidator(_secret)]
File = Annotated[Path, BeforeValidator(_file)]
Moment = Annotated[datetime, BeforeValidator(_moment)]


class MailAccount(BaseModel):
    """Another mail account, for senders that name it: a table `[smtp_accounts.NAME]` of `config.toml`."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, arbitrary_types_allowed=True, hide_input_in_errors=True
    )

    host: str
    port: int | None = Field(default=None, ge=1, le=65_535)
    username: str = ""
    password: Hidden = Secret("")
    tls: Literal["starttls", "tls", "plain"] | None = None
    ca_file: File | None = None

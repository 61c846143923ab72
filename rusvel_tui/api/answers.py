"""What HTTP answers: views as JSON, and what went wrong as one sentence with its status."""

from __future__ import annotations

import logging
from typing import Any

from pydantic import BaseModel, ValidationError
from starlette.responses import JSONResponse, Response

from rusvel_tui.engine.core import readable
from rusvel_tui.engine.errors import (
    Busy,
    Conflict,
    EngineError,
    InvalidInput,
    NotConfigured,
    NotFound,
    NotPermitted,
    StorageDamaged,
    StorageFull,
)

_log = logging.getLogger("rusvel.api")
_STATUSES: tuple[tuple[type[EngineError], int], ...] = (
    (StorageDamaged, 500),
    (StorageFull, 507),
    (Busy, 503),
    (NotFound, 404),
    (InvalidInput, 422),
    (Conflict, 409),
    (NotPermitted, 403),
    (NotConfigured, 503),
)
"""The first that fits counts."""


class Refused(Exception):
    """A request that is not passed on: its status, and why."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


def answer(made: Any, status: int = 200) -> Response:
    """A view, or plain data, as JSON; an answer that is one already stays it."""
    if isinstance(made, Response):
        return made
    data = made.model_dump(mode="json", by_alias=True) if isinstance(made, BaseModel) else made
    return JSONResponse(data, status_code=status, headers={"Cache-Control": "no-store"})


def refusal(error: Exception) -> Response:
    """What went wrong: `{"error": …, "field": …}`; of a surprise only its kind, the rest is for the log."""
    if isinstance(error, ValidationError):
        error = readable(error)
    if isinstance(error, Refused):
        return _error(error.status, error.text)
    if isinstance(error, EngineError):
        status = next((code for kind, code in _STATUSES if isinstance(error, kind)), 500)
        return _error(status, str(error), getattr(error, "field", ""))
    if isinstance(error, OverflowError | RecursionError | UnicodeError):
        return _error(422, "The input holds a number, a nesting or a text that cannot be used.")
    _log.error("%s inside rusvel", type(error).__name__, exc_info=error)
    return _error(500, f"Something is wrong inside rusvel ({type(error).__name__}).")


def _error(status: int, text: str, field: str = "") -> Response:
    headers = {"Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if status == 503:
        headers["Retry-After"] = "1"
    return JSONResponse({"error": text, "field": field}, status_code=status, headers=headers)

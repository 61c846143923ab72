"""The HTTP application: its routes, and what stands before them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rusvel_tui import __version__
from rusvel_tui.api.aliases import alias_routes
from rusvel_tui.api.answers import Refused, refusal
from rusvel_tui.api.calling import call_routes
from rusvel_tui.api.chat import chat_routes
from rusvel_tui.api.guard import Guard
from rusvel_tui.api.incoming import webhook_routes
from rusvel_tui.api.openapi import document
from rusvel_tui.api.routing import HTTP, Call, Desk, route
from rusvel_tui.api.unsubscribing import unsubscribe_routes
from rusvel_tui.engine import departments
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import NotConfigured

SHORTEST = 16
"""Characters of a token."""
_SECRET = "RUSVEL_API_TOKEN"  # noqa: S105 - the name of a variable


def make_app(engine: Engine, token: str, webhooks: Mapping[str, str] | None = None) -> Starlette:
    """The application over an engine; raises `NotConfigured` without a token, or with a short one."""
    if len(token) < SHORTEST:
        said = "is not set" if not token else "is too short"
        raise NotConfigured(
            f"{_SECRET} {said}: scripts have to show it. Set it to {SHORTEST} characters or more, for example with: "
            f"export {_SECRET}=$(python3 -c 'import secrets; print(secrets.token_urlsafe(32))')"
        )
    departments.load()
    desk = Desk(engine.acting_as(HTTP), dict(webhooks or {}))
    return Starlette(
        routes=routes(desk),
        middleware=[Middleware(Guard, token=token)],
        exception_handlers={HTTPException: _unknown},
    )


def routes(desk: Desk) -> list[Route]:
    """Every route there is."""
    return [
        route(desk, "GET", "/health", _health),
        route(desk, "GET", "/openapi.json", lambda _: _document()),
        *chat_routes(desk),
        *alias_routes(desk),
        *call_routes(desk),
        *unsubscribe_routes(desk),
        *webhook_routes(desk),
    ]


def _health(call: Call) -> dict[str, str]:
    """Whether the database can be read."""
    call.desk.engine.cursor()
    return {"status": "ok", "version": __version__}


@cache
def _document() -> dict[str, Any]:
    return document()


async def _unknown(_request: Request, error: Exception) -> Response:
    """There is no such address, or not with that method."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    texts = {
        404: "There is no such address. GET /openapi.json lists them.",
        405: "Not with that method.",
    }
    return refusal(Refused(status, texts.get(status, "This cannot be answered.")))

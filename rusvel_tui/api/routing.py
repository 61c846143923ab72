"""From a request to a function and back: the body read with a limit, the work in a thread, errors as sentences."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rusvel_tui.api.answers import Refused, answer, refusal
from rusvel_tui.api.guard import LARGEST
from rusvel_tui.engine import log
from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.operation import View

HTTP = Actor("http", human=False)
"""A script with the token: it may change data, and can never say yes."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes work with."""

    engine: Engine
    """In the hands of `HTTP`."""
    webhooks: dict[str, str]
    """The secret of each service that may post."""


class Call(NamedTuple):
    """One request, read."""

    desk: Desk
    path: dict[str, str]
    query: dict[str, Any]
    body: bytes
    headers: dict[str, str]

    @property
    def data(self) -> dict[str, Any]:
        """The body as a JSON object; nothing at all is an empty one."""
        return json_object(self.body)

    def run(self, operation: str, data: dict[str, Any]) -> View:
        """Call an operation, in the session that `?session=` names."""
        session = self.query.get("session")
        given = data | ({"session_id": session} if session else {})
        return self.desk.engine.call(operation, given)


Work = Callable[[Call], Any]


def route(desk: Desk, method: str, path: str, work: Work, status: int = 200) -> Route:
    """A route that works in a thread and answers with what comes of it."""

    async def endpoint(request: Request) -> Response:
        try:
            call = await read(desk, request)
            return answer(await run_in_threadpool(partial(work, call)), status)
        except Exception as error:  # noqa: BLE001 - the last border: a script gets a sentence
            log.failed(f"http {method} {path}", error)
            return refusal(error)

    return Route(path, endpoint, methods=[method])


async def read(desk: Desk, request: Request) -> Call:
    """The request with its body; raises `Refused` for one that is too large."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise Refused(413, f"A request may have {LARGEST} bytes at the most.")
    names = request.query_params.keys()
    query = {name: _single(request.query_params.getlist(name)) for name in names}
    path = {name: str(value) for name, value in request.path_params.items()}
    return Call(desk, path, query, bytes(body), dict(request.headers))


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object in some bytes; raises `Refused`."""
    if not body.strip():
        return {}
    try:
        data = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Refused(400, f"The body is not valid JSON: {error}.") from None
    if not isinstance(data, dict):
        raise Refused(400, 'The body must be a JSON object such as {"name": "Ada"}.')
    return data


def _single(values: list[str]) -> Any:
    return values[0] if len(values) == 1 else values


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")

"""Webhooks: what another service posts to `/hooks/NAME` becomes one event, when its signature is right.

The signature is the HMAC-SHA256 of the body with the secret of that name, in hex. Nothing is known without a secret.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Any

from rusvel_tui.api.answers import Refused
from rusvel_tui.api.routing import Call, Desk, json_object, route
from rusvel_tui.engine.webhooks import Delivery, Received, receive

SIGNATURES = ("x-rusvel-signature", "x-hub-signature-256")
IDS = ("x-rusvel-delivery", "x-github-delivery", "webhook-id")
LARGEST = 64_000
"""Bytes of a delivery: it stays in the log."""
_NOBODY = b"nobody knows this name"


def webhook_routes(desk: Desk) -> list[Any]:
    """The route."""
    return [route(desk, "POST", "/hooks/{name}", deliver, 202)]


def deliver(call: Call) -> Received:
    """Keep a delivery; the answer comes when it is kept, so that one without an answer can be sent again."""
    _verify(call)
    if len(call.body) > LARGEST:
        raise Refused(413, f"A delivery may have {LARGEST} bytes at the most.")
    wanted = Delivery(
        name=call.path["name"],
        delivery_id=_first(call, IDS)[:200] or sha256(call.body).hexdigest(),
        payload=json_object(call.body),
        session_id=call.query.get("session"),
    )
    return call.desk.engine.run(receive, wanted)


def _verify(call: Call) -> None:
    """Raise `Refused` for an unknown name like for a wrong signature: nobody learns which names there are."""
    secret = call.desk.webhooks.get(call.path["name"], "").encode()
    wanted = hmac.new(secret or _NOBODY, call.body, sha256).hexdigest()
    shown = _first(call, SIGNATURES).removeprefix("sha256=")
    if not hmac.compare_digest(wanted.encode(), shown.lower().encode()) or not secret:
        raise Refused(401, "The signature is missing or wrong.")


def _first(call: Call, names: tuple[str, ...]) -> str:
    return next((call.headers[name] for name in names if call.headers.get(name)), "")

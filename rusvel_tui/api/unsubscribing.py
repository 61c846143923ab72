"""The address behind `List-Unsubscribe`: one POST, by a mail program or by the button of a page (RFC 8058).

A GET changes nothing: scanners of mail follow every link. Nothing on the page tells who the link is of.
"""

from __future__ import annotations

from html import escape
from typing import Any

from starlette.responses import HTMLResponse, Response

from rusvel_tui.api.routing import Call, Desk, route
from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.gtm.outreach.enrolling.by_link import (
    LinkToken,
    find_link,
    unsubscribe_by_link,
)

_BY_LINK = Actor("recipient", human=False)
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}}
button{{font:inherit;padding:.5rem 1rem}}</style></head>
<body><h1>{title}</h1><p>{text}</p>{more}</body></html>
"""
_BUTTON = '<form method="post"><button name="List-Unsubscribe" value="One-Click">Stop writing to me</button></form>'


def unsubscribe_routes(desk: Desk) -> list[Any]:
    """The page, and what its button does."""
    return [
        route(desk, "GET", "/unsubscribe/{token}", show),
        route(desk, "POST", "/unsubscribe/{token}", unsubscribe),
    ]


def show(call: Call) -> Response:
    """A page with a button."""
    try:
        _find(call)
    except NotFound:
        return _unknown()
    return _page("No more mail?", "With this button nobody writes to you from here again.", _BUTTON)


def unsubscribe(call: Call) -> Response:
    """Write to this address no more; as often as it is asked."""
    try:
        mail = _find(call)
    except NotFound:
        return _unknown()
    engine = call.desk.engine.acting_as(_BY_LINK)
    engine.run(unsubscribe_by_link, LinkToken(token=mail.mail_id, session_id=mail.session_id))
    return _page("Done", "Nobody writes to you from here again.")


def _find(call: Call) -> Any:
    token = call.path["token"]
    if not 1 <= len(token) <= 100:
        raise NotFound("This link is not known here.")
    return call.desk.engine.run(find_link, LinkToken(token=token))


def _unknown() -> Response:
    text = "This link is not known here. Answer the mail instead, and say that you want no more."
    return _page("Unknown link", text, status=404)


def _page(title: str, text: str, more: str = "", *, status: int = 200) -> Response:
    page = _PAGE.format(title=escape(title), text=escape(text), more=more)
    return HTMLResponse(page, status_code=status, headers=_HEADERS)

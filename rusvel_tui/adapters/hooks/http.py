"""Hooks that are addresses: the event is posted as JSON. Redirects are not followed."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from socket import SHUT_RDWR
from threading import Event, Timer
from urllib.parse import SplitResult, urlsplit

from rusvel_tui import __version__
from rusvel_tui.adapters.mailers.smtp_account import is_loopback
from rusvel_tui.adapters.secret import Secret
from rusvel_tui.engine.agent.ports import CUT, MOST_OUTPUT, HookCall, HookFailed

_PLACE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_OURS = ("RUSVEL_", "ANTHROPIC_")
"""Variables that never leave: they hold the keys of this program."""
_PASSING = frozenset((408, 425, 429))


class HttpRunner:
    """Posts to https, and to http on this machine; with `plain` to http anywhere."""

    def __init__(
        self,
        *,
        plain: bool = False,
        signing: Secret | str = "",
        secrets: Sequence[Secret] = (),
        environ: Mapping[str, str] = os.environ,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._plain = plain
        self._signing = Secret.of(signing)
        self._secrets = (*secrets, self._signing)
        self._environ = environ
        self._trust = trust

    def run(self, call: HookCall, stop: Event) -> str:
        """The answer's text; it fails unless the status begins with 2."""
        filled: list[Secret] = []
        place = self._place(_PLACE.sub(lambda m: self._value(m[1], filled), call.action))
        try:
            status, reason, text, target = self._exchange(place, call)
        except (OSError, HTTPException) as error:
            why = str(error) or type(error).__name__
            raise HookFailed(self._clean(f"{place.hostname}: {why}", filled)) from None
        output = self._clean(text, filled)
        if 300 <= status < 400:
            raise HookFailed(_redirect(place, target), output=output, passing=False)
        if not 200 <= status < 300:
            again = status in _PASSING or status >= 500
            text = self._clean(f"{place.hostname} answered {status} {reason}".rstrip(), filled)
            raise HookFailed(text, output=output, passing=again)
        return output

    def _value(self, name: str, filled: list[Secret]) -> str:
        """The value of a variable that an address names, so that its secret part is written nowhere."""
        if name.startswith(_OURS):
            raise HookFailed(f"An address cannot use {name}.", passing=False)
        value = self._environ.get(name, "")
        if not value:
            raise HookFailed(f"The address needs {name}, and it is not set.", passing=False)
        filled.append(Secret(value))
        return value

    def _place(self, action: str) -> SplitResult:
        try:
            place = urlsplit(action.strip())
            _ = place.port
        except ValueError:
            raise HookFailed("This is no address.", passing=False) from None
        if place.scheme not in ("http", "https") or not place.hostname:
            raise HookFailed("The address must begin with https://.", passing=False)
        if place.username or place.password:
            raise HookFailed("Leave user and password out of the address.", passing=False)
        if place.scheme == "http" and not (self._plain or is_loopback(place.hostname)):
            raise HookFailed(
                "Plain http reaches this machine only. Use https, or set RUSVEL_HOOK_PLAIN_HTTP=1.",
                passing=False,
            )
        return place

    def _exchange(self, place: SplitResult, call: HookCall) -> tuple[int, str, str, str]:
        """Post and read; a timer ends what takes too long, also a server that sends one byte now and then."""
        connection = self._connection(place, call.timeout)
        connection.connect()
        line, late = connection.sock, Event()  # kept here: the connection gives it to the answer

        def over() -> None:
            late.set()
            with suppress(OSError):
                line.shutdown(SHUT_RDWR)

        timer = Timer(call.timeout, over)
        timer.daemon = True
        timer.start()
        try:
            target = (place.path or "/") + (f"?{place.query}" if place.query else "")
            connection.request("POST", target, call.payload.encode(), self._headers(call))
            with connection.getresponse() as answer:
                text = _text(answer)
        except (OSError, HTTPException):
            if late.is_set():
                raise TimeoutError(f"no answer within {call.timeout:g} s") from None
            raise
        finally:
            timer.cancel()
            connection.close()
        if late.is_set():
            raise TimeoutError(f"no whole answer within {call.timeout:g} s")
        return answer.status, answer.reason, text, answer.headers.get("Location", "")

    def _connection(self, place: SplitResult, timeout: float) -> HTTPConnection:
        host = place.hostname or ""
        if place.scheme == "http":
            return HTTPConnection(host, place.port, timeout=timeout)
        context = self._trust or ssl.create_default_context()
        return HTTPSConnection(host, place.port, timeout=timeout, context=context)

    def _headers(self, call: HookCall) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"rusvel/{__version__}",
            "Idempotency-Key": call.run_id,
            "X-Rusvel-Event": call.kind,
        }
        if self._signing:
            key = self._signing.reveal().encode()
            signed = hmac.new(key, call.payload.encode(), hashlib.sha256).hexdigest()
            headers["X-Rusvel-Signature"] = f"sha256={signed}"
        return headers

    def _clean(self, text: str, filled: Sequence[Secret]) -> str:
        for secret in (*self._secrets, *filled):
            text = secret.masked_in(text)
        return text


def _text(answer: HTTPResponse) -> str:
    raw = answer.read(4 * MOST_OUTPUT + 1)
    text = raw.decode("utf-8", "replace")
    return text[:MOST_OUTPUT] + (CUT if len(text) > MOST_OUTPUT else "")


def _redirect(place: SplitResult, target: str) -> str:
    """Why the answer is none; only the host of the target is named, the rest may be somebody's."""
    try:
        host = urlsplit(target).hostname or place.hostname
    except ValueError:
        host = "elsewhere"
    return f"{place.hostname} sends on to {host}. Redirects are not followed: enter the address that answers."

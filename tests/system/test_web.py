"""`rusvel web`: who may open the desk in a browser, what a window gets, and how it ends."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyte
import pytest
from aiohttp import (
    ClientSession,
    ClientWebSocketResponse,
    CookieJar,
    WSMsgType,
    WSServerHandshakeError,
)

from tests.system.helpers import python, wait_for
from tests.system.processes import desks

WINDOW = "/ws?width=120&height=36"


@contextmanager
def serving(path: Path, home: dict[str, str]) -> Iterator[tuple[str, str]]:
    """A server over a file: its place, and the address with the secret; ended by ctrl-c, which is a good end."""
    process = python("-m", "rusvel_tui", "--db", str(path), "web", "--port", "0", **home)
    try:
        assert process.stderr
        said = process.stderr.readline()
        found = re.match(
            r"Open ((http://127\.0\.0\.1:\d+)/\?token=[\w-]{32}) Ctrl-C ends it\.", said
        )
        assert found, said + process.stderr.read()
        yield found[2], found[1]
        process.send_signal(signal.SIGINT)
        assert (*process.communicate(timeout=60), process.returncode) == ("", "", 0)
    finally:
        process.kill()
        process.communicate()


def browser() -> ClientSession:
    """A browser without cookies yet; it keeps them for addresses without a name, too."""
    return ClientSession(cookie_jar=CookieJar(unsafe=True))


async def test_a_window_is_a_desk_that_ends_with_it(home: dict[str, str], sample: Path) -> None:
    """The address with its secret opens the page, the page opens a desk, keys reach it, and whoever lacks one of them gets nothing."""
    with serving(sample, home) as (place, address):
        screen = pyte.Screen(120, 36)
        async with browser() as stranger, browser() as person:
            for path in ("/", "/?token=guessed", "/static/js/textual.js", WINDOW):
                answer = await stranger.get(f"{place}{path}")
                assert (answer.status, "rusvel web" in await answer.text()) == (403, True)
            page = await person.get(address)
            assert (page.status, page.url.query_string) == (200, "")
            assert "default-src 'self'" in page.headers["Content-Security-Policy"]
            assert f"{place.replace('http', 'ws')}/ws" in await page.text()
            assert (await person.get(f"{place}/", headers={"Host": "evil.example"})).status == 403
            with pytest.raises(WSServerHandshakeError, match="403"):
                await person.ws_connect(f"{place}{WINDOW}", origin="http://evil.example")
            assert len(desks(sample)) == 1
            async with person.ws_connect(f"{place}{WINDOW}", origin=place) as window:
                await _until(window, screen, "Need")
                await window.send_json(["stdin", "gi"])
                await _until(window, screen, "waits for your yes")
                assert len(desks(sample)) == 2
            wait_for(lambda: len(desks(sample)) == 1, "the desk of the window to end")
            async with person.ws_connect(f"{place}{WINDOW}", origin=place) as window:
                await _until(window, pyte.Screen(120, 36), "Need")
    wait_for(lambda: desks(sample) == [], "the desk of the last window to end")


async def _until(window: ClientWebSocketResponse, screen: pyte.Screen, wanted: str) -> None:
    """Read what the desk draws until it shows the words."""
    stream = pyte.ByteStream(screen)
    while wanted not in "\n".join(screen.display):
        message = await window.receive(timeout=60)
        assert message.type is WSMsgType.BINARY, message
        stream.feed(message.data)

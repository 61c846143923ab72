"""Answers by a model of the Anthropic Messages API, piece by piece, with tools.

The service is listened to in a thread of its own: whoever asks can stop at once, whatever the network does.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any

from rusvel_tui.adapters import ai_service
from rusvel_tui.adapters.models.anthropic_events import Assembly
from rusvel_tui.adapters.models.anthropic_request import request
from rusvel_tui.adapters.secret import Secret
from rusvel_tui.engine.chat_ports import ModelFailed, Piece, Question

DEFAULT_MODEL = ai_service.DEFAULT_MODEL
_LOOK = 0.05
"""Seconds after which somebody who waits for the next piece looks whether they shall stop."""

_BROKE_OFF = "the AI service broke off in its answer"


class AnthropicModel:
    """Asks one question at a time; trying again is the business of whoever asks."""

    provider = "anthropic"

    def __init__(
        self,
        api_key: Secret | str,
        *,
        base_url: str | None = None,
        model: str = DEFAULT_MODEL,
        timeout: float = 60.0,
    ) -> None:
        self.name = model
        self._api_key = Secret.of(api_key)
        self._base_url = base_url
        self._timeout = timeout

    def stream(self, question: Question, stop: Event) -> Iterator[Piece]:
        """The answer as it comes; raises `ModelFailed`."""
        if not self._api_key:
            raise ModelFailed("there is no AI key: set ANTHROPIC_API_KEY")
        if stop.is_set():
            return
        call = _Call(self._api_key, self._base_url, self._timeout, request(question, self.name))
        with closing(call):
            while not stop.is_set():
                try:
                    heard = call.pieces.get(timeout=_LOOK)
                except Empty:
                    continue
                if isinstance(heard, ModelFailed):
                    raise heard
                if heard is None:
                    return
                yield heard
            if spent := call.answer.so_far():
                yield spent


class _Call:
    """One request, heard in a thread; `pieces` ends with None or with why it failed."""

    def __init__(
        self, api_key: Secret, base_url: str | None, timeout: float, asked: dict[str, Any]
    ) -> None:
        self.pieces: SimpleQueue[Piece | ModelFailed | None] = SimpleQueue()
        self.answer = Assembly(asked["model"])
        self._api_key = api_key
        self._base_url = base_url
        self._timeout = timeout
        self._asked = asked
        self._open: list[Any] = []
        self._over = Event()
        Thread(target=self._run, name="rusvel-anthropic", daemon=True).start()

    def close(self) -> None:
        """Hang up, in the middle of the answer too: what is not heard any more is not paid for."""
        self._over.set()
        for one in reversed(self._open):
            with suppress(Exception):  # the other thread reads from it
                _wake(one)
            with suppress(Exception):
                one.close()

    def _run(self) -> None:
        try:
            self._listen()
            self.pieces.put(None)
        except ModelFailed as failed:
            failed.spent = self.answer.so_far()
            self.pieces.put(failed)
        except Exception as error:  # noqa: BLE001 - whatever it is, the one who waits is told
            self.pieces.put(ModelFailed(ai_service.unusable(error)))

    def _listen(self) -> None:
        import anthropic  # takes over a second, paid with the first question
        import httpx2

        try:
            self._hear_out()
        except anthropic.APITimeoutError:
            raise ModelFailed(ai_service.silent(self._timeout)) from None
        except anthropic.APIConnectionError:
            raise ModelFailed(ai_service.UNREACHABLE, passing=True) from None
        except anthropic.APIStatusError as error:
            meaning = ai_service.meaning(
                ai_service.status_of(error.body, error.status_code), error.body
            )
            wait = ai_service.pause(error.response.headers, 0.0)
            raise ModelFailed(meaning.text, passing=meaning.passing, wait=wait) from None
        except httpx2.TimeoutException:
            raise ModelFailed(ai_service.silent(self._timeout)) from None
        except (httpx2.HTTPError, httpx2.StreamError):
            raise ModelFailed(_BROKE_OFF, passing=True) from None

    def _hear_out(self) -> None:
        from anthropic import Anthropic, DefaultHttpxClient

        client = Anthropic(
            api_key=self._api_key.reveal(),
            base_url=self._base_url,
            timeout=self._timeout,
            max_retries=0,
            http_client=DefaultHttpxClient(follow_redirects=False),
        )
        self._open.append(client)
        with client:
            events = client.messages.create(**self._asked, stream=True)
            self._open.append(events)
            for event in events:
                if self._over.is_set():
                    return
                for piece in self.answer.take(event):
                    self.pieces.put(piece)
        if not self.answer.complete:
            raise ModelFailed(_BROKE_OFF, passing=True)


def _wake(stream: Any) -> None:
    """End the reading of a thread: closing a socket alone leaves whoever waits on it waiting."""
    network = stream.response.extensions["network_stream"]
    network.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

"""Streamed answers of the stand-in for the Messages API: the events of a reply, as the service sends them."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any


@dataclass
class Stream:
    """How a streamed answer goes on, besides its blocks."""

    cut_after: int | None = None
    """Pieces after which the connection is gone."""
    error_after: int | None = None
    """Pieces after which the service gives up with an event of its own."""
    error: str = "overloaded_error"
    hold_after: int | None = None
    """Pieces after which nothing comes until `go`."""
    go: threading.Event = field(default_factory=threading.Event)
    usage: dict[str, int] = field(default_factory=dict)


def send(
    http: BaseHTTPRequestHandler,
    request: dict[str, Any],
    blocks: list[dict[str, Any]],
    stop_reason: str,
    stream: Stream,
) -> None:
    """The whole answer as server-sent events, or what there is of it."""
    http.send_response(200)
    http.send_header("content-type", "text/event-stream")
    http.send_header("transfer-encoding", "chunked")
    http.send_header("connection", "close")
    http.end_headers()
    sent = 0
    for event in _events(request, blocks, stop_reason, stream.usage):
        if event["type"] == "content_block_delta":
            if sent == stream.cut_after:
                http.wfile.flush()
                http.connection.shutdown(socket.SHUT_RDWR)
                http.close_connection = True
                return
            if sent == stream.error_after:
                body = {"type": stream.error, "message": "sorry"}
                _write(http, {"type": "error", "error": body})
                http.wfile.write(b"0\r\n\r\n")
                return
            if sent == stream.hold_after:
                stream.go.wait(30)
            sent += 1
        if not _write(http, event):
            return
    http.wfile.write(b"0\r\n\r\n")


def _events(
    request: dict[str, Any], blocks: list[dict[str, Any]], stop_reason: str, usage: dict[str, int]
) -> Iterator[dict[str, Any]]:
    counts = {"input_tokens": 100, "output_tokens": 1} | usage
    message = {
        "id": "msg_1", "type": "message", "role": "assistant", "model": request["model"], "content": [],
        "stop_reason": None, "stop_sequence": None, "usage": counts,
    }  # fmt: skip
    yield {"type": "message_start", "message": message}
    yield {"type": "ping"}
    for index, block in enumerate(blocks):
        yield from _block(index, block)
    done = {"stop_reason": stop_reason, "stop_sequence": None}
    yield {
        "type": "message_delta",
        "delta": done,
        "usage": {"output_tokens": usage.get("output_tokens", 20)},
    }
    yield {"type": "message_stop"}


def _block(index: int, block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if block["type"] == "text":
        empty: dict[str, Any] = {"type": "text", "text": ""}
        deltas = [{"type": "text_delta", "text": f"{word} "} for word in block["text"].split()]
    else:
        empty = {"type": "tool_use", "id": block["id"], "name": block["name"], "input": {}}
        raw = block["raw"] if "raw" in block else json.dumps(block["input"])
        halves = (raw[: len(raw) // 2], raw[len(raw) // 2 :])
        deltas = [{"type": "input_json_delta", "partial_json": half} for half in halves]
    yield {"type": "content_block_start", "index": index, "content_block": empty}
    for delta in deltas:
        yield {"type": "content_block_delta", "index": index, "delta": delta}
    yield {"type": "content_block_stop", "index": index}


def _write(http: BaseHTTPRequestHandler, event: dict[str, Any]) -> bool:
    """Whether somebody still listens."""
    text = f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()
    try:
        http.wfile.write(f"{len(text):x}\r\n".encode() + text + b"\r\n")
        http.wfile.flush()
    except OSError:
        return False
    return True

"""What commands print: one JSON document, or plain aligned text for a person."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from rusvel_tui.engine.text import one_line, sanitize

if TYPE_CHECKING:
    from rusvel_tui.engine.operation import View

    Shown = TypeVar("Shown", bound=View)

# What JSON leaves as it is and a terminal may act on: DEL, C1, line separators, bidi controls, tags.
_ACTIVE = re.compile(
    "[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]"
)


class Output:
    """Prints results to stdout and remarks to stderr; nothing reaches a terminal that it could act on."""

    def __init__(self, *, json: bool) -> None:
        self.json = json

    def view(self, view: Shown, show: Callable[[Shown], Iterable[str]]) -> None:
        """A view: whole as JSON, or as the lines that `show` makes of it."""
        if self.json:
            self.document(view.model_dump(mode="json", by_alias=True))
        else:
            self.lines(show(view))

    def document(self, data: Any) -> None:
        """The one JSON document; a list has a `next`, even when there is none."""
        if isinstance(data, dict) and "items" in data:
            data = {**data, "next": data.get("next")}
        print(json_text(data, indent=2))

    def lines(self, lines: Iterable[str]) -> None:
        """Text for a person."""
        for line in lines:
            print(printable(sanitize(line), sys.stdout.encoding))
        sys.stdout.flush()

    def piece(self, text: str) -> None:
        """The next piece of a text that comes bit by bit."""
        print(printable(sanitize(text), sys.stdout.encoding), end="", flush=True)

    def note(self, text: str) -> None:
        """A remark beside the result."""
        print(printable(one_line(text), sys.stderr.encoding), file=sys.stderr, flush=True)

    def picture(self, text: str) -> None:
        """Lines beside the result in which the columns matter."""
        for line in text.splitlines():
            print(printable(sanitize(line), sys.stderr.encoding), file=sys.stderr, flush=True)


def json_text(data: Any, *, indent: int | None = None) -> str:
    """JSON that is safe to look at: readable letters, every active character as its escape."""
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    text = json.dumps(data, ensure_ascii=not utf8, indent=indent)
    return _ACTIVE.sub(_escaped, text)


def printable(text: str, encoding: str | None) -> str:
    """The text with what the terminal's encoding lacks as question marks."""
    name = encoding or "ascii"
    return text.encode(name, "replace").decode(name)


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]

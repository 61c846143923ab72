"""HTML as the lines that a person sees: hidden text is left out, quoted text bears `>`."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BREAKS = frozenset(
    ["p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "section", "article", "dd", "dt", "pre"]
)  # fmt: skip
_SILENT = frozenset(["script", "style", "title", "template", "noscript", "svg", "object", "select"])
_EMPTY = frozenset(
    ["br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "wbr", "track", "param"]
)  # fmt: skip
_QUOTE_CLASSES = re.compile(
    r"\b(?:gmail_quote|gmail_attr|yahoo_quoted|protonmail_quote|moz-cite-prefix|zmail_extra|tutanota_quote|x_gmail_quote)\b"
)
_QUOTE_IDS = re.compile(r"^(?:x_)?(?:divrplyfwdmsg|appendonsend|mail-editor-reference-message)")
_HIDDEN = re.compile(
    r"display:none|visibility:hidden|font-size:0(?:px|pt|em|rem|%)?(?:;|$|!)|mso-hide:all"
    r"|opacity:0(?:\.0+)?(?:;|$|!)|(?:max-)?height:0(?:px)?(?:;|$|!)|(?:max-)?width:0(?:px)?(?:;|$|!)"
)
_MAX_DEPTH = 200


def html_to_text(html: str) -> str:
    """The visible text, one line for each block; in time that grows with the length alone."""
    reader = _Reader()
    reader.feed(_UNCLOSED.sub(" ", _without_comments(html)))
    reader.close()
    return reader.text()


_UNCLOSED = re.compile(r"<(?![^<>]{1,4000}>)")
"""A bracket that opens no tag: the parser would look for the end of it again and again."""


def _without_comments(html: str) -> str:
    """Nobody sees a comment; what one that is never closed hides is not seen either."""
    pieces, at = [], 0
    while (start := html.find("<!--", at)) >= 0:
        pieces.append(html[at:start])
        end = html.find("-->", start + 4)
        at = end + 3 if end >= 0 else len(html)
    return "".join((*pieces, html[at:]))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[list[str]] = [[]]
        self._quoted: list[bool] = [False]
        self._open: list[tuple[str, bool, bool]] = []
        """The open elements: name, whether hidden, whether quoted."""
        self._body_quoted = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if self._is_rest_quoted(values):
            self._break()
            self._body_quoted = True
        if tag in _BREAKS:
            self._break()
        if tag in _EMPTY:
            return
        hidden, quoted = self._state()
        hidden = hidden or tag in _SILENT or _is_hidden(values)
        quoted = (
            quoted or tag == "blockquote" or bool(_QUOTE_CLASSES.search(values.get("class", "")))
        )
        if quoted and not self._state()[1]:
            self._break()
        if len(self._open) < _MAX_DEPTH:
            self._open.append((tag, hidden, quoted))

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _, _ in self._open]
        if tag in names:
            at = len(names) - 1 - names[::-1].index(tag)
            was_quoted = self._state()[1]
            del self._open[at:]
            if tag in _BREAKS or was_quoted != self._state()[1]:
                self._break()

    def handle_data(self, data: str) -> None:
        hidden, quoted = self._state()
        if hidden:
            return
        words = re.sub(r"\s+", " ", data)
        if words.strip() or self._lines[-1]:
            self._lines[-1].append(words)
            self._quoted[-1] = self._quoted[-1] or quoted or self._body_quoted

    def text(self) -> str:
        lines = ("".join(pieces).strip() for pieces in self._lines)
        marked = (
            f"> {line}" if quoted else line
            for line, quoted in zip(lines, self._quoted, strict=True)
        )
        return re.sub(r"\n{3,}", "\n\n", "\n".join(marked)).strip()

    def _state(self) -> tuple[bool, bool]:
        return self._open[-1][1:] if self._open else (False, False)

    def _break(self) -> None:
        if self._lines[-1]:
            self._lines.append([])
            self._quoted.append(False)

    def _is_rest_quoted(self, values: dict[str, str]) -> bool:
        """Outlook opens its quote with a marked element and closes it nowhere."""
        return bool(_QUOTE_IDS.match(values.get("id", "").lower()))


def _is_hidden(values: dict[str, str]) -> bool:
    style = re.sub(r"\s+", "", values.get("style", "").lower())
    if "hidden" in values or (values.get("aria-hidden") == "true" and "display" in style):
        return True
    return bool(style) and (bool(_HIDDEN.search(style)) or _is_invisible(style, values))


def _is_invisible(style: str, values: dict[str, str]) -> bool:
    """White on white: letters in the colour of what is behind them."""
    colour = re.search(r"(?:^|;)color:([^;!]+)", style)
    behind = re.search(r"background(?:-color)?:([^;!]+)", style)
    return colour is not None and behind is not None and colour[1] == behind[1]

"""From tokens to a tree: `OR` binds least, then what stands side by side, then the minus."""

from __future__ import annotations

from rusvel_tui.engine.filters.faults import Fault
from rusvel_tui.engine.filters.lexer import Mark, Token, tokens
from rusvel_tui.engine.filters.syntax import And, Node, Not, Or, Place

DEEPEST = 20
"""Parentheses and minuses inside each other."""


def parse(text: str) -> Node:
    """The tree of a filter; an empty one is an `And` of nothing. Raises `Fault`."""
    parser = _Parser(list(tokens(text)), len(text))
    tree = parser.either(0)
    if (left := parser.next) is not None:
        raise Fault("This parenthesis was never opened.", left.place)
    return tree


class _Parser:
    def __init__(self, found: list[Token], length: int) -> None:
        self._tokens = found
        self._at = 0
        self._end = Place(length, length)

    @property
    def next(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def either(self, depth: int) -> Node:
        """Groups with `OR` between them."""
        parts = [self._together(depth)]
        while (mark := self._take("OR")) is not None:
            if parts[-1] == And():
                raise Fault("Nothing stands before this OR.", mark.place)
            parts.append(self._together(depth))
            if parts[-1] == And():
                raise Fault("Nothing follows this OR.", mark.place)
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _together(self, depth: int) -> Node:
        parts: list[Node] = []
        while (token := self.next) is not None:
            if isinstance(token, Mark) and token.kind in (")", "OR"):
                break
            parts.append(self._one(token, depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self, token: Token, depth: int) -> Node:
        self._at += 1
        if not isinstance(token, Mark):
            return token
        if depth >= DEEPEST:
            raise Fault(f"More than {DEEPEST} groups inside each other.", token.place)
        return self._group(token, depth) if token.kind == "(" else self._turned(token, depth)

    def _turned(self, minus: Mark, depth: int) -> Node:
        token = self.next
        if token is None or (isinstance(token, Mark) and token.kind in (")", "OR")):
            raise Fault("Nothing follows the minus.", minus.place)
        return Not(self._one(token, depth + 1))

    def _group(self, opened: Mark, depth: int) -> Node:
        inside = self.either(depth + 1)
        if self._take(")") is None:
            raise Fault("This parenthesis is not closed.", opened.place)
        if inside == And():
            raise Fault("There is nothing between the parentheses.", opened.place)
        return inside

    def _take(self, kind: str) -> Mark | None:
        """The mark that comes next, if it is of this kind."""
        token = self.next
        if not isinstance(token, Mark) or token.kind != kind:
            return None
        self._at += 1
        return token

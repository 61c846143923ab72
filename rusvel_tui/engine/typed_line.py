"""An operation as people type it: its name, then fields as `name=value`. Pure; every part knows where it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn, get_args

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.operation import Operation

_OPEN = {"[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Word:
    """A field of the line; without `=` it is only a beginning of its name."""

    text: str
    """As it is typed."""
    start: int
    """The column of its first character, from 0."""
    name: str
    value: str | None
    """Without its quotes; None before there is an `=`."""
    whole: bool
    """False while a quote or a bracket is open."""

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def value_start(self) -> int:
        """The column of the first character behind the `=`."""
        return self.start + len(self.name) + 1


@dataclass(frozen=True, slots=True)
class TypedLine:
    """The name of an operation, and what follows it."""

    operation: str
    words: tuple[Word, ...]

    def word(self, name: str) -> Word | None:
        """The field of that name."""
        return next((word for word in self.words if word.name == name), None)


def read_line(line: str) -> TypedLine:
    """The parts of a line; nothing is refused, since people look while they type."""
    parts = list(_parts(line))
    if not parts:
        return TypedLine("", ())
    return TypedLine(parts[0][1], tuple(_word(start, text, whole) for start, text, whole in parts[1:]))  # fmt: skip


def fields_of(operation: Operation[Any, Any], line: TypedLine) -> dict[str, Any]:
    """The input of an operation as plain data; raises `InvalidInput` with the field that cannot be read."""
    data: dict[str, Any] = {}
    for word in line.words:
        if word.value is None:
            known = word.name in operation.input.model_fields
            hint = f"{word.name} needs a value: {word.name}=…" if known else f"“{word.text}” is no field; write name=value"  # fmt: skip
            raise InvalidInput(f"{hint}.", field=word.name)
        if not word.whole:
            raise InvalidInput(f"{word.name}: a quote or a bracket is not closed.", field=word.name)
        data[word.name] = field_value(operation, word.name, word.value)
    return data


def field_value(operation: Operation[Any, Any], name: str, text: str) -> Any:
    """A list, an object or null as JSON where the field is more than text. Numbers stay text: nothing is rounded."""
    found = operation.input.model_fields.get(name)
    if found is None or _is_text(found.annotation):
        return text
    if text == "null":
        return None
    return read_json(text, name) if text[:1] in _OPEN else text


def read_json(text: str, what: str) -> Any:
    """A value of JSON; raises `InvalidInput` that names `what`."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except ValueError as error:
        raise InvalidInput(f"{what} is not valid JSON: {error}.", field=what) from None


def quoted(value: str) -> str:
    """A value as it is typed: in quotes where it has blanks."""
    if value and not set(value) & set(" \t'\"") and value[0] not in _OPEN:
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _is_text(annotation: Any) -> bool:
    return annotation is str or set(get_args(annotation)) == {str, type(None)}


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _word(start: int, text: str, whole: bool) -> Word:
    name, equals, value = text.partition("=")
    return Word(text, start, name, _unquoted(value) if equals else None, whole)


def _unquoted(value: str) -> str:
    """What stands between the quotes around a whole value."""
    quote = value[:1]
    if quote not in ("'", '"'):
        return value
    inner = value[1:-1] if len(value) > 1 and value.endswith(quote) else value[1:]
    return inner.replace('\\"', '"').replace("\\\\", "\\") if quote == '"' else inner


def _parts(line: str) -> Iterator[tuple[int, str, bool]]:
    """Pieces between blanks that are not inside quotes or brackets, with their columns, and whether they are whole."""
    start, nesting = -1, _Nesting()
    for at, sign in enumerate(line):
        if start < 0 and not sign.isspace():
            start = at
        elif start >= 0 and sign.isspace() and not nesting.is_open:
            yield start, line[start:at], True
            start = -1
        if start >= 0:
            nesting.take(sign, begins=line[at - 1 : at] == "=")
    if start >= 0:
        yield start, line[start:], not nesting.is_open


class _Nesting:
    """Which quotes and brackets are open; they count where a value begins, and quotes inside of brackets."""

    def __init__(self) -> None:
        self._quote, self._escaped = "", False
        self._closing: list[str] = []

    @property
    def is_open(self) -> bool:
        return bool(self._quote or self._closing)

    def take(self, sign: str, *, begins: bool) -> None:
        """The next sign of the line."""
        if self._quote:
            self._in_quotes(sign)
        elif self._closing and sign == self._closing[-1]:
            self._closing.pop()
        elif begins or self._closing:
            self._quote = sign if sign in ("'", '"') else ""
            self._closing += _OPEN.get(sign, "")

    def _in_quotes(self, sign: str) -> None:
        if self._escaped:
            self._escaped = False
        elif sign == "\\":
            self._escaped = self._quote == '"'
        elif sign == self._quote:
            self._quote = ""

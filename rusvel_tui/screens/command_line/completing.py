"""What can follow in a `:` line: names of actions and operations, fields, and their values. Runs in a thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from rusvel_tui.actions import Offer, shown
from rusvel_tui.engine import departments
from rusvel_tui.engine.operation import OPERATIONS, Operation
from rusvel_tui.engine.typed_line import TypedLine, Word, quoted, read_line
from rusvel_tui.widgets.hint_lines import LineHint

MOST = 200
"""Ways to go on that are offered at once."""
Value = tuple[str, str]
"""A value and what it is."""
Values = Callable[[Operation[Any, Any], str, str], Iterable[Value]]
"""Operation, field and what is typed of the value: values that are known."""
Words = Mapping[str, Callable[[str], Iterable[Value]]]
"""For the command of an action: the words that it can take."""


class Completer:
    """Made when the line is opened: the offers are those of the page that it was opened over."""

    def __init__(self, offers: Sequence[Offer], words: Words, values: Values) -> None:
        self._offers, self._words, self._values = offers, words, values

    def hints(self, text: str) -> list[LineHint]:
        """What can follow this text; nothing while there is none."""
        if not text.strip():
            return []
        line = read_line(text)
        if "." in line.operation and " " in text.strip(" ") + text[-1:]:
            departments.load()
            if (operation := OPERATIONS.get(line.operation)) is not None:
                return list(self._fields(operation, line, text))[:MOST]
        found = [*self._command_words(text), *self._names(text), *_operations(text)]
        return list({hint.line: hint for hint in found if hint.line != text}.values())[:MOST]

    def _command_words(self, text: str) -> Iterator[LineHint]:
        """The words of a command that takes one: `theme nord`."""
        for command, find in self._words.items():
            start, typed = f"{command} ", text.removeprefix(f"{command} ")
            if text.startswith(start):
                for value, about in find(typed):
                    if value.casefold().startswith(typed.casefold()):
                        yield LineHint(f"{start}{value}", value, about)

    def _names(self, text: str) -> Iterator[LineHint]:
        """Commands that begin with the text, then those that hold all of its words."""
        typed = " ".join(text.casefold().split())
        hints = [
            LineHint(
                one.action.command + (" " if one.action.takes else ""),
                f"{one.action.command} {one.action.takes}".strip(),
                f"{one.action.help}  {shown(one.action.keys)}",
            )
            for one in self._offers
        ]
        begins = [hint for hint in hints if hint.label.startswith(typed)]
        yield from sorted(begins, key=lambda hint: hint.label)
        yield from (
            h for h in hints if h not in begins and all(w in h.label for w in typed.split())
        )

    def _fields(
        self, operation: Operation[Any, Any], line: TypedLine, text: str
    ) -> Iterator[LineHint]:
        """The values of the field that is typed, else the fields that are not there yet, those it needs first."""
        word = next((one for one in line.words if one.end == len(text)), None)
        if word is not None and word.value is not None and (not word.whole or text[-1] != " "):
            yield from self._of_value(operation, word, text)
            return
        begun = word.name if word is not None else ""
        before = text[: word.start] if word is not None else text if text[-1] == " " else f"{text} "
        given = {one.name for one in line.words if one is not word}
        for field in _described(operation):
            if field.name not in given and field.name.startswith(begun):
                yield LineHint(f"{before}{field.name}=", f"{field.name}=", field.about)

    def _of_value(
        self, operation: Operation[Any, Any], word: Word, text: str
    ) -> Iterator[LineHint]:
        """Choices of the field that begin with what is typed, then what the desk knows."""
        before, typed = text[: word.value_start], word.value or ""
        field = next((one for one in _described(operation) if one.name == word.name), None)
        choices = [(choice, "") for choice in (field.choices if field else ())]
        fits = [one for one in choices if one[0].casefold().startswith(typed.casefold())]
        for value, about in (
            *fits,
            *(() if choices else self._values(operation, word.name, typed)),
        ):
            yield LineHint(f"{before}{quoted(value)} ", value, about or (field.about if field else ""))  # fmt: skip


class Described:
    """A field of an operation as the line shows it."""

    def __init__(self, name: str, kind: str, meaning: str, default: str, *, required: bool) -> None:
        self.name = name
        self.required = required
        self.choices = _choices(kind)
        need = "needed" if required else f"{default} unless given" if default else ""
        about = " · ".join(part for part in (need, meaning or kind) if part)
        self.about = about


def _described(operation: Operation[Any, Any]) -> list[Described]:
    from rusvel_tui.help.operation_text import fields

    found = [
        Described(one.name, one.type, one.meaning, one.default, required=one.required)
        for one in fields(operation)
    ]
    return sorted(found, key=lambda one: not one.required)


def _choices(kind: str) -> tuple[str, ...]:
    """The words that a field takes; `a|b` in the schema's words."""
    if "boolean" in kind:
        return ("yes", "no")
    return tuple(dict.fromkeys(kind.split("|"))) if "|" in kind else ()


def _operations(text: str) -> Iterator[LineHint]:
    """Operations whose name, or a part of it, begins with the text."""
    typed = text.strip().casefold()
    if " " in typed or len(typed) < 2:
        return
    departments.load()
    names = sorted(name for name, one in OPERATIONS.items() if not one.internal)
    begins = [name for name in names if name.startswith(typed)]
    inside = [name for name in names if name not in begins and f".{typed}" in f".{name}"]
    inside += [name for name in names if name not in (*begins, *inside) and len(typed) > 2 and typed in name]  # fmt: skip
    for name in (*begins, *inside):
        yield LineHint(f"{name} ", name, " ".join(OPERATIONS[name].summary.split()))

"""The merge language of mails: `{{field}}`, `{{field|fallback}}`, `{{#field}}…{{/field}}`, and nothing else.

There is no logic, values are never expanded again, and a field without a value is reported, never left as a hole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rusvel_tui.engine.errors import InvalidInput

MERGE_FIELDS: tuple[tuple[str, str], ...] = (
    ("name", "the whole name of the person"),
    ("first_name", "the given name"),
    ("last_name", "the family name"),
    ("company", "where the person works"),
    ("title", "the job title"),
    ("email", "the address the mail goes to"),
    ("sender_name", "your name"),
    ("sender_email", "your address"),
    ("sequence", "the name of the sequence"),
)
"""Every field that each contact has, with what it means; `custom.KEY` is a custom field of the contact."""
CUSTOM_PREFIX = "custom."
MAX_TEMPLATE = 64 * 1024
"""The longest template, in bytes of UTF-8."""
MAX_OUTPUT = 256 * 1024
"""The longest text a template may become, in bytes of UTF-8."""

_TAG = re.compile(r"\{\{([#/]?)([^{}\n|]*)(?:\|([^{}\n]*))?\}\}")
_NAME = re.compile(r"[A-Za-z]\w*(?:\.\w+)?")


class TemplateError(InvalidInput):
    """The template is not well formed; `line` and `column` count from 1."""

    def __init__(self, source: str, at: int, message: str) -> None:
        self.line = source.count("\n", 0, at) + 1
        self.column = at - (source.rfind("\n", 0, at) + 1) + 1
        super().__init__(f"Line {self.line}, column {self.column}: {message}", field="template")


@dataclass(frozen=True, slots=True)
class Field:
    """A place where a value goes."""

    name: str
    fallback: str | None
    source: str
    at: int


@dataclass(frozen=True, slots=True)
class Block:
    """Text that stands only when the field has a value."""

    name: str
    at: int
    parts: tuple[str | Field, ...]


Part = str | Field | Block


@dataclass(frozen=True, slots=True)
class Template:
    """A well-formed template."""

    source: str
    parts: tuple[Part, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """The names it uses, each once, in order of appearance."""
        return tuple(dict.fromkeys(name for name, _ in _uses(self.parts)))


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a template became for one person."""

    text: str
    missing: tuple[str, ...]
    """Fields that are unknown, or empty without a fallback; their tags still stand in the text."""
    used_fallback: tuple[str, ...]


def parse(text: str) -> Template:
    """The template behind a text; raises `TemplateError` for anything that is not the language."""
    source = text.replace("\r\n", "\n").replace("\r", "\n")
    if _size(source) > MAX_TEMPLATE:
        raise InvalidInput(
            f"The template is longer than {MAX_TEMPLATE // 1024} KB. Shorten it.", field="template"
        )
    parts: list[Part] = []
    opened: tuple[str, int] | None = None
    inner: list[str | Field] = []
    for token in _tokens(source):
        if isinstance(token, str | Field):
            (inner if opened else parts).append(token)
            continue
        kind, name, at = token
        if kind == "#":
            if opened:
                raise TemplateError(
                    source, at, f"{{{{#{opened[0]}}}}} is still open; blocks cannot be nested."
                )
            opened = (name, at)
        elif not opened or opened[0] != name:
            raise TemplateError(source, at, f"{{{{/{name}}}}} closes a block that is not open.")
        else:
            parts.append(Block(name, opened[1], tuple(inner)))
            opened, inner = None, []
    if opened:
        raise TemplateError(
            source, opened[1], f"{{{{#{opened[0]}}}}} is never closed. Add {{{{/{opened[0]}}}}}."
        )
    return Template(source, tuple(parts))


def check(text: str, known_fields: Iterable[str]) -> Template:
    """The parsed template, when it uses known fields only; else a `TemplateError` with the nearest name."""
    template = parse(text)
    known = list(known_fields)
    for name, at in _uses(template.parts):
        if name not in known:
            raise TemplateError(
                template.source, at, f"there is no field {name!r}.{suggestion(name, known)}"
            )
    return template


def suggestion(name: str, known: Iterable[str]) -> str:
    """` Did you mean …?` for the known field that looks most like the name, or nothing."""
    from difflib import get_close_matches  # 11 ms, paid after a mistake only

    folded = re.sub(r"[^\w.]+", "_", name.strip().lower())
    near = get_close_matches(folded, list(known), n=1, cutoff=0.6)
    return f" Did you mean {near[0]!r}?" if near else ""


def render(template: Template, fields: Mapping[str, str]) -> Rendered:
    """The text for one person; a line that holds nothing but vanished blocks goes with them.

    A custom field that the person lacks counts as empty; any other field that is not given is unknown.
    """
    state = _Rendering(fields)
    text = _lines(state.pieces(template.parts))
    if _size(text) > MAX_OUTPUT:
        raise InvalidInput(
            f"The text is longer than {MAX_OUTPUT // 1024} KB. Shorten the template or the values."
        )
    return Rendered(text, tuple(state.missing), tuple(state.used_fallback))


class _Rendering:
    """One pass over the parts; remembers what was missing."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = fields
        self.missing: dict[str, None] = {}
        self.used_fallback: dict[str, None] = {}

    def pieces(self, parts: Iterable[Part]) -> Iterator[str | None]:
        """Texts, and None where a tag of a block stood."""
        for part in parts:
            if isinstance(part, str):
                yield part
            elif isinstance(part, Field):
                yield self._value(part)
            else:
                yield None
                if self._known(part.name) and self.fields.get(part.name, "").strip():
                    yield from self.pieces(part.parts)
                    yield None

    def _known(self, name: str) -> bool:
        known = name in self.fields or name.startswith(CUSTOM_PREFIX)
        if not known:
            self.missing[name] = None
        return known

    def _value(self, field: Field) -> str:
        value = self.fields.get(field.name, "")
        if value.strip():
            return value
        if self._known(field.name) and field.fallback is not None:
            self.used_fallback[field.name] = None
            return field.fallback
        self.missing[field.name] = None
        return field.source


def _lines(pieces: Iterable[str | None]) -> str:
    """Joins the pieces; a line of block tags only is dropped, and one of two blank lines around it."""
    lines: list[tuple[str, bool]] = [("", False)]
    for piece in pieces:
        text, tagged = lines[-1]
        if piece is None:
            lines[-1] = (text, True)
            continue
        first, *more = piece.split("\n")
        lines[-1] = (text + first, tagged)
        lines.extend((line, False) for line in more)
    kept: list[str] = []
    after_drop = False
    for text, tagged in lines:
        blank = not text.strip()
        drop = blank and (tagged or (after_drop and not (kept and kept[-1].strip())))
        if not drop:
            kept.append(text)
        after_drop = tagged and blank
    return "\n".join(kept)


def _tokens(source: str) -> Iterator[str | Field | tuple[str, str, int]]:
    """Texts, fields, and block tags as (`#` or `/`, name, offset)."""
    end = 0
    for match in _TAG.finditer(source):
        yield from _plain(source, end, match.start())
        end = match.end()
        kind, name, fallback = match[1], match[2].strip(), match[3]
        _check_tag(source, match)
        if kind:
            yield kind, name, match.start()
        else:
            yield Field(
                name, fallback.strip() if fallback is not None else None, match[0], match.start()
            )
    yield from _plain(source, end, len(source))


def _plain(source: str, start: int, end: int) -> Iterator[str]:
    text = source[start:end]
    for braces, message in (
        ("{{", "this {{ has no }} on its line."),
        ("}}", "this }} has no {{ before it."),
    ):
        if (at := text.find(braces)) >= 0:
            raise TemplateError(source, start + at, message)
    if text:
        yield text


def _check_tag(source: str, tag: re.Match[str]) -> None:
    kind, name, fallback = tag[1], tag[2].strip(), tag[3]
    at = tag.start()
    if source[at - 1 : at] == "{" or source[tag.end() : tag.end() + 1] == "}":
        raise TemplateError(source, at, "a tag has two braces on each side, not more.")
    if not name:
        raise TemplateError(source, at, "the tag names no field.")
    if not _NAME.fullmatch(name):
        known = [known for known, _ in MERGE_FIELDS]
        raise TemplateError(source, at, f"{name!r} is not a field name.{suggestion(name, known)}")
    if fallback is not None and kind:
        raise TemplateError(source, at, "a block has no fallback.")
    if fallback is not None and not fallback.strip():
        hint = f"write {{{{#{name}}}}}…{{{{/{name}}}}} for text that may vanish."
        raise TemplateError(source, at, f"the fallback is empty; {hint}")


def _uses(parts: Iterable[Part]) -> Iterator[tuple[str, int]]:
    for part in parts:
        if not isinstance(part, str):
            yield part.name, part.at
        if isinstance(part, Block):
            yield from _uses(part.parts)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))

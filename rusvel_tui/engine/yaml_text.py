"""YAML for people: written with blocks, read as texts with their places, so that what is wrong has a line.

Only the plain part of YAML 1.2: mappings, lists and texts. Every value stays a text; what reads it decides
about its type. Anchors, aliases and tags are refused: nothing in a file of ours needs them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import TYPE_CHECKING, Any

from rusvel_tui.engine.errors import InvalidInput

if TYPE_CHECKING:
    from ruamel.yaml import YAML
    from ruamel.yaml.nodes import MappingNode, Node

MAX_TEXT = 512 * 1024
"""The longest file, in characters."""
_DEEPEST = 8
_PLAIN = {
    f"tag:yaml.org,2002:{name}"
    for name in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp", "value", "merge")
}
"""The types of plain values; a tag that asks for anything else is not followed."""

Path = tuple[str | int, ...]


@dataclass(slots=True)
class Placed:
    """A document as plain data, and the line and column of every part of it, counted from 1."""

    data: Any = None
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def place(self, path: Sequence[str | int]) -> str:
        """`Line 12, column 5: `, of the part or of the nearest one around it."""
        here = tuple(path)
        while here and here not in self.places:
            here = here[:-1]
        line, column = self.places.get(here, (1, 1))
        return f"Line {line}, column {column}: "


def read_yaml(text: str) -> Placed:
    """The document behind a text; raises `InvalidInput` with line and column."""
    if len(text) > MAX_TEXT:
        raise InvalidInput(f"The text is longer than {MAX_TEXT // 1024} KB.", field="text")
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"Line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise InvalidInput(f"{where}{error.problem or error.context}.", field="text") from None
    except (YAMLError, RecursionError, ValueError) as error:
        what = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise InvalidInput(f"This is not YAML: {what.splitlines()[0]}.", field="text") from None
    found = Placed()
    if root is not None:
        found.data = _read(found, root, ())
    return found


def _read(found: Placed, node: Node, path: Path) -> Any:
    """One part as plain data; its place is noted."""
    from ruamel.yaml.nodes import MappingNode, SequenceNode

    found.places[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
    if len(path) > _DEEPEST:
        raise InvalidInput(f"{found.place(path)}this is nested too deeply.", field="text")
    if node.anchor is not None:
        raise InvalidInput(f"{found.place(path)}anchors and aliases are not read.", field="text")
    if str(node.tag) not in _PLAIN:
        raise InvalidInput(
            f"{found.place(path)}tags such as {node.tag} are not read.", field="text"
        )
    if isinstance(node, MappingNode):
        return _mapping(found, node, path)
    if isinstance(node, SequenceNode):
        return [_read(found, child, (*path, at)) for at, child in enumerate(node.value)]
    return None if str(node.tag).endswith(":null") else str(node.value)


def _mapping(found: Placed, node: MappingNode, path: Path) -> dict[str, Any]:
    from ruamel.yaml.nodes import ScalarNode

    made: dict[str, Any] = {}
    for key, value in node.value:
        inner = (*path, str(key.value))
        found.places[inner] = (key.start_mark.line + 1, key.start_mark.column + 1)
        if not isinstance(key, ScalarNode) or inner[-1] in made:
            said = "stands here twice" if isinstance(key, ScalarNode) else "is not a name"
            raise InvalidInput(f"{found.place(inner)}{inner[-1]!r} {said}.", field="text")
        made[str(inner[-1])] = _read(found, value, inner)
    return made


def write_yaml(document: Any) -> str:
    """Plain data as text, in its own order; what has several lines stands as a block."""
    out = StringIO()
    _writer().dump(_blocks(document), out)
    return out.getvalue()


def _blocks(value: Any) -> Any:
    """The same data with texts of several lines marked as blocks."""
    from ruamel.yaml.scalarstring import LiteralScalarString

    if isinstance(value, dict):
        return {key: _blocks(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_blocks(part) for part in value]
    if isinstance(value, str) and "\n" in value:
        return LiteralScalarString(value if value.endswith("\n") else f"{value}\n")
    return value


def _writer() -> YAML:
    from ruamel.yaml import YAML

    writer = YAML(pure=True)
    writer.allow_unicode = True
    writer.width = 1 << 20
    writer.indent(mapping=2, sequence=4, offset=2)
    return writer

"""`rusvel call`: any operation by its name, with its fields as `key=value` or as JSON."""

from __future__ import annotations

import json
import sys
from typing import Any, NoReturn, get_args

from rusvel_tui.commands import plain
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser
from rusvel_tui.engine.core import find_operation, parse_input
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.operation import Operation

_CREATING = ("session.create",)
"""The operations that may begin a database."""


def define(parser: Parser) -> None:
    """`OPERATION [key=value …] [--input JSON | --input -]`."""
    parser.mixes_words = True
    parser.add_argument(
        "operation", metavar="OPERATION", help="its name; `rusvel tools` lists them"
    )
    parser.add_argument(
        "pairs",
        metavar="key=value",
        nargs="*",
        default=[],
        type=pair,
        help="a field; lists and objects as JSON",
    )
    parser.add_argument(
        "--input", metavar="JSON", help="all fields as one JSON object; `-` reads stdin"
    )
    parser.set_defaults(run=run)


def run(desk: Desk) -> None:
    """Run the operation and print its view."""
    args = desk.args
    operation = find_operation(args.operation)
    data = _object(args.input) if args.input is not None else {}
    data |= {key: _value(operation, key, text) for key, text in args.pairs}
    command = parse_input(operation, data)
    works = operation.permission == "jobs.work"
    view = desk.engine(create=operation.name in _CREATING, work=works).run(operation, command)
    desk.out.view(view, lambda made: plain.outline(made.model_dump(by_alias=True), desk.zone))


def pair(word: str) -> tuple[str, str]:
    """A word of the command line as a name and its value."""
    key, equals, text = word.partition("=")
    if not key or not equals:
        raise ValueError
    return key, text


pair.__name__ = "key=value pair"  # argparse names it in its message


def _object(text: str) -> dict[str, Any]:
    """The object of `--input`."""
    raw = sys.stdin.read() if text == "-" else text
    data = _json(raw, "--input")
    if not isinstance(data, dict):
        raise InvalidInput('--input must be a JSON object such as {"name": "Ada"}.', field="input")
    return data


def _value(operation: Operation[Any, Any], key: str, text: str) -> Any:
    """A list, an object or null as JSON where the field is more than text. Numbers stay text: nothing is rounded."""
    found = operation.input.model_fields.get(key)
    if found is None or _is_text(found.annotation):
        return text
    if text == "null":
        return None
    return _json(text, key) if text[:1] in ("[", "{") else text


def _is_text(annotation: Any) -> bool:
    return annotation is str or set(get_args(annotation)) == {str, type(None)}


def _json(text: str, what: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except ValueError as error:
        raise InvalidInput(f"{what} is not valid JSON: {error}.", field=what) from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")

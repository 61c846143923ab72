"""`rusvel call`: any operation by its name, with its fields as `key=value` or as JSON."""

from __future__ import annotations

import sys
from typing import Any

from rusvel_tui.commands import plain
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser
from rusvel_tui.engine.core import find_operation, parse_input
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.typed_line import field_value, read_json

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
    data |= {key: field_value(operation, key, text) for key, text in args.pairs}
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
    data = read_json(raw, "--input")
    if not isinstance(data, dict):
        raise InvalidInput('--input must be a JSON object such as {"name": "Ada"}.', field="input")
    return data

"""The word list: every command, option, operation, field and topic, as plain data."""

from __future__ import annotations

import argparse
import json
from typing import Any

from rusvel_tui.commands.parsing import GLOBALS, Parser, inner, make_parser
from rusvel_tui.commands.tools import listed
from rusvel_tui.engine.event_kinds import EVENT_KINDS
from rusvel_tui.help.topics import TOPICS
from rusvel_tui.settings import Settings, variable


def text() -> str:
    """The list as JSON, one entry a line, so that changes are easy to read."""
    root = make_parser()
    parts = {
        "commands": {name: node(parser) for name, parser in inner(root).items()},
        "everywhere": options(root, everywhere=True),
        "operations": {one.name: _fields(one.input.model_json_schema()) for one in listed()},
        "topics": [topic.name for topic in TOPICS],
        "events": list(EVENT_KINDS),
        "settings": [variable(name) for name in Settings.model_fields],
    }
    return "{\n" + ",\n".join(f'"{name}": {_lines(part)}' for name, part in parts.items()) + "\n}\n"


def node(parser: Parser) -> dict[str, Any]:
    """A command: its verbs, its options, the words that it takes."""
    found: dict[str, Any] = {}
    if verbs := inner(parser):
        found["verbs"] = {name: node(verb) for name, verb in verbs.items()}
    if named := options(parser):
        found["options"] = named
    if words := [w for one in parser._get_positional_actions() for w in _choices(one)]:
        found["words"] = words
    return found


def options(parser: Parser, *, everywhere: bool = False) -> dict[str, Any]:
    """The options with what may follow: nothing (None), anything (an empty list), or one of some words."""
    return {
        one.option_strings[-1]: None if one.nargs == 0 else _choices(one)
        for one in parser._get_optional_actions()
        if (one.dest in (*GLOBALS, "version")) == everywhere and one.dest != "help"
    }


def _choices(action: argparse.Action) -> list[str]:
    if isinstance(action, argparse._SubParsersAction) or not action.choices:
        return []
    return [str(choice) for choice in action.choices]


def _fields(schema: dict[str, Any]) -> dict[str, list[str]]:
    kinds = schema.get("$defs", {})
    return {
        name: _words(field, kinds)
        for name, field in schema.get("properties", {}).items()
        if name != "session_id"
    }


def _words(field: dict[str, Any], kinds: dict[str, Any]) -> list[str]:
    if "$ref" in field:
        return _words(kinds[str(field["$ref"]).rpartition("/")[2]], kinds)
    if field.get("type") == "boolean":
        return ["true", "false"]
    return [
        *map(str, field.get("enum", ())),
        *(word for part in field.get("anyOf", ()) for word in _words(part, kinds)),
    ]


def _lines(part: Any) -> str:
    if not isinstance(part, dict):
        return json.dumps(part)
    entries = (f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in part.items())
    return "{\n" + ",\n".join(entries) + "\n}"

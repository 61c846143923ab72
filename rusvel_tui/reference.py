"""The reference page, written from the code: `python -m rusvel_tui.reference > docs/reference.md`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from rusvel_tui.commands.parsing import GLOBALS, Parser, make_parser
from rusvel_tui.commands.tools import listed
from rusvel_tui.engine.event_kinds import EVENT_KINDS
from rusvel_tui.engine.gtm.outreach.sequences.steps import STEP_KINDS
from rusvel_tui.engine.templates import MERGE_FIELDS
from rusvel_tui.settings import ALIASES, Settings, variable


def reference() -> str:
    """The whole page as Markdown."""
    parts = (_commands(), _settings(), _operations(), _words())
    return "\n".join(line for part in parts for line in ("", *part)).lstrip() + "\n"


def _commands() -> Iterator[str]:
    yield "# Reference"
    yield ""
    yield "Written from the code by `python -m rusvel_tui.reference > docs/reference.md`; do not edit."
    yield ""
    yield "## Commands"
    yield ""
    yield "```"
    top = make_parser()
    top.fill()
    yield "rusvel" + "".join(f" {option}" for option in _options(top, everywhere=True))
    for name, parser in _children(top):
        parser.fill()
        for verb, inner in [*_children(parser)] or [("", parser)]:
            inner.fill()
            words = [f"rusvel {name} {verb}".strip(), *_positionals(inner)]
            yield " ".join([*words, *_options(inner)])
    yield "```"


def _children(parser: Parser) -> Iterator[tuple[str, Parser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def _positionals(parser: Parser) -> Iterator[str]:
    for action in parser._get_positional_actions():
        if not isinstance(action, argparse._SubParsersAction):
            optional = action.nargs in ("?", "*")
            yield f"[{action.metavar}]" if optional else str(action.metavar)


def _options(parser: Parser, *, everywhere: bool = False) -> Iterator[str]:
    for action in parser._get_optional_actions():
        if action.dest not in ("help", "version") and (action.dest in GLOBALS) == everywhere:
            value = f" {action.metavar}" if action.metavar else ""
            option = f"{action.option_strings[-1]}{value}"
            yield option if action.required else f"[{option}]"


def _settings() -> Iterator[str]:
    yield "## Settings"
    yield ""
    yield "By environment variable, or in `config.toml` by the name without `RUSVEL_` in lower case."
    yield ""
    yield "| variable | meaning |"
    yield "|---|---|"
    also = {name: alias for alias, name in ALIASES.items()}
    for name, field in Settings.model_fields.items():
        names = f"`{variable(name)}`" + (f", `{also[name]}`" if name in also else "")
        yield f"| {names} | {field.description} |"


def _operations() -> Iterator[str]:
    yield "## Operations"
    yield ""
    yield "For `rusvel call`; `rusvel tools NAME` shows the fields of one."
    yield ""
    yield "| name | what it does | |"
    yield "|---|---|---|"
    for operation in listed():
        who = "only people" if operation.human_only else "writes" if operation.writes else "reads"
        summary = " ".join(operation.summary.partition("\n\n")[0].split())
        yield f"| `{operation.name}` | {summary} | {who} |"


def _words() -> Iterator[str]:
    yield "## Merge fields"
    yield ""
    yield from (f"- `{{{{{name}}}}}`: {meaning}" for name, meaning in MERGE_FIELDS)
    yield "- `{{custom.KEY}}`: a custom field of the contact"
    yield ""
    yield "## Step types"
    yield ""
    yield from (f"- `{kind.type.value}`: {kind.summary}" for kind in STEP_KINDS.values())
    yield ""
    yield "## Events"
    yield ""
    yield from (f"- `{kind}`: {meaning}" for kind, meaning in EVENT_KINDS.items())


if __name__ == "__main__":
    sys.stdout.write(reference())

"""Every command with its arguments and options, and the exit codes."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from rusvel_tui.commands import COMMANDS
from rusvel_tui.commands.parsing import GLOBALS, Parser, inner, make_parser
from rusvel_tui.engine import errors
from rusvel_tui.reference.markdown import code, sentence, table

USAGE, INTERRUPTED = 2, 130
EXIT_CODES: dict[int, str] = {
    0: "Done.",
    1: "Failed: a full disk, a server that does not answer, a fault of rusvel. The sentence on stderr says what.",
    USAGE: "The command line is not understood.",
    errors.NotFound.exit_code: errors.NotFound.__doc__ or "",
    errors.InvalidInput.exit_code: (errors.InvalidInput.__doc__ or "").partition(";")[0] + ".",
    errors.Conflict.exit_code: (errors.Conflict.__doc__ or "").partition(";")[0] + ".",
    errors.NotConfigured.exit_code: (errors.NotConfigured.__doc__ or "").partition(";")[0] + ".",
    errors.NotPermitted.exit_code: errors.NotPermitted.__doc__ or "",
    INTERRUPTED: "Stopped with ctrl-c.",
}
"""What a command answers to the shell; 128 and the number of a signal when one ended it."""


def lines() -> Iterator[str]:
    """The page."""
    top = make_parser()
    yield "`rusvel` without a command opens the dashboard. Everywhere, before or after the command:"
    yield ""
    inner(top)
    yield from _options(top, everywhere=True)
    yield ""
    yield "## Exit codes"
    yield ""
    yield from table(("code", "meaning"), ((str(n), text) for n, text in EXIT_CODES.items()))
    for command in COMMANDS:
        parser = inner(top)[command.name]
        yield from ("", f"## {command.name}", "", sentence(command.summary))
        for verb, found in inner(parser).items() or [("", parser)]:
            yield from _one(f"{command.name} {verb}".strip(), found, parser)


def _one(name: str, parser: Parser, above: Parser) -> Iterator[str]:
    parser.fill()
    words = [f"rusvel {name}", *positionals(parser), *option_words(parser)]
    yield from ("", f"### {name}", "") if parser is not above else ("",)
    if parser is not above:
        yield from (sentence(verb_help(above, name.rpartition(" ")[2])), "")
    yield from ("```", " ".join(words), "```")
    if told := [*_arguments(parser), *_options(parser)]:
        yield from ("", *told)


def verb_help(parser: Parser, verb: str) -> str:
    """The line of a verb in the help of its command."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for choice in action._choices_actions:
                if choice.dest == verb:
                    return str(choice.help or "")
    return ""


def positionals(parser: Parser) -> Iterator[str]:
    """The arguments of a command, those that may be left out in brackets."""
    for action in parser._get_positional_actions():
        if not isinstance(action, argparse._SubParsersAction):
            optional = action.nargs in ("?", "*")
            yield f"[{action.metavar}]" if optional else str(action.metavar)


def option_words(parser: Parser, *, everywhere: bool = False) -> Iterator[str]:
    """The options of a command as its usage has them."""
    for action in named(parser, everywhere=everywhere):
        option = f"{action.option_strings[-1]}{value_of(action)}"
        yield option if action.required else f"[{option}]"


def named(parser: Parser, *, everywhere: bool = False) -> Iterator[argparse.Action]:
    """The options of a command, or those that count everywhere."""
    for action in parser._get_optional_actions():
        if action.dest not in ("help", "version") and (action.dest in GLOBALS) == everywhere:
            yield action


def value_of(action: argparse.Action) -> str:
    """What follows an option, with a blank before it."""
    if action.nargs == 0:
        return ""
    return f" {action.metavar or '|'.join(map(str, action.choices or [action.dest.upper()]))}"


def help_of(action: argparse.Action) -> str:
    """The help of an argument with its default filled in."""
    text = str(action.help or "")
    return text % {"default": action.default} if "%(default)s" in text else text.replace("%%", "%")


def _arguments(parser: Parser) -> Iterator[str]:
    for action in parser._get_positional_actions():
        if not isinstance(action, argparse._SubParsersAction):
            yield f"- {code(str(action.metavar))}: {sentence(help_of(action))}"


def _options(parser: Parser, *, everywhere: bool = False) -> Iterator[str]:
    for action in named(parser, everywhere=everywhere):
        name = f"{', '.join(action.option_strings)}{value_of(action)}"
        yield f"- {code(name)}: {sentence(help_of(action))}"

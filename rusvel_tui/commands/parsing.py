"""The command line as argparse sees it: cheap at the start, the same global options everywhere."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NoReturn, TypeAlias

from rusvel_tui import __version__
from rusvel_tui.commands import COMMANDS, Command

Verbs: TypeAlias = "argparse._SubParsersAction[Parser]"
GLOBALS = ("db", "session", "now", "ascii", "json", "read_only")


class Parser(argparse.ArgumentParser):
    """A parser that gets its arguments at its first use: only the command that is called costs anything."""

    def __init__(self, *, define: Callable[[Parser], None] | None = None, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)
        self._define = define
        self._filled = False
        self.mixes_words = False
        """Whether words may stand on both sides of an option; argparse takes them in one run only."""

    def fill(self) -> None:
        """Give the parser its arguments, once."""
        if not self._filled:
            self._filled = True
            if self._define:
                self._define(self)
            _add_globals(self)

    def parse_known_args(  # type: ignore[override]  # the stub has overloads that say the same
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """Fills the parser first."""
        self.fill()
        if self.mixes_words:
            self.mixes_words = False  # it comes back here twice: for the options, and for the words
            return super().parse_known_intermixed_args(args, namespace)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """One sentence, and where help is."""
        why = message.partition(" (choose from")[0]
        print(f"{why[:1].upper()}{why[1:]}. See: {self.prog} --help", file=sys.stderr)
        sys.exit(2)


def make_parser() -> Parser:
    """The parser of the whole command line."""
    parser = Parser(
        prog="rusvel",
        description="The go-to-market desk in your terminal. Without a command it opens the dashboard.",
        epilog="The dashboard ends with 0 by q, and with 128 and the signal (130, 143, 129 for a lost line) when one ends it; "
        "what its worker has in hands is finished or given back. ctrl+z rests it, fg goes on.",
    )
    parser.add_argument("--version", action="version", version=f"rusvel {__version__}")
    parser.set_defaults(
        **dict.fromkeys(("db", "session", "now", "ascii")), json=False, read_only=False
    )
    parser.set_defaults(run=_dashboard)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser)
    for command in COMMANDS:
        summary = f"{command.summary[:1].upper()}{command.summary[1:]}."
        commands.add_parser(
            command.name, help=command.summary, description=summary, define=_definer(command)
        )
    return parser


def inner(parser: Parser) -> dict[str, Parser]:
    """The commands or verbs of a parser, by name."""
    parser.fill()
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def command_help(words: Sequence[str]) -> str:
    """The help of a command or verb, as `--help` prints it; empty when there is none of that name."""
    parser = make_parser()
    for word in words:
        found = inner(parser).get(word)
        if found is None:
            return ""
        parser = found
    parser.fill()
    return parser.format_help()


def verbs(parser: Parser) -> Verbs:
    """Sub-commands, one of which must be named."""
    return parser.add_subparsers(metavar="VERB", required=True, parser_class=Parser)


def add_count(parser: Parser, default: int = 50) -> None:
    """`-n N`: how many lines a listing prints at most."""
    parser.add_argument(
        "-n",
        dest="count",
        metavar="N",
        type=int,
        default=default,
        help="how many (default: %(default)s)",
    )


def _definer(command: Command) -> Callable[[Parser], None]:
    def define(parser: Parser) -> None:
        parser.set_defaults(command=command.name)
        import_module(f"rusvel_tui.commands.{command.module}").define(parser)

    return define


def _dashboard(desk: Any) -> int:
    from rusvel_tui.commands.dashboard import run

    return run(desk)


def _add_globals(parser: Parser) -> None:
    """The options that count before and after the command; SUPPRESS lets the inner parser keep the outer's word."""
    group = parser.add_argument_group("everywhere")
    add = group.add_argument
    add("--db", metavar="PATH", default=argparse.SUPPRESS, help="the database file (RUSVEL_DB)")
    add(
        "--session",
        metavar="NAME",
        default=argparse.SUPPRESS,
        help="the workspace (RUSVEL_SESSION)",
    )
    add(
        "--now",
        metavar="TIME",
        default=argparse.SUPPRESS,
        help="a fixed time instead of the clock (RUSVEL_NOW)",
    )
    add("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON document")
    add(
        "--ascii",
        action="store_const",
        const="1",
        default=argparse.SUPPRESS,
        help="draw the dashboard with ASCII characters (RUSVEL_ASCII)",
    )
    add("--read-only", action="store_true", default=argparse.SUPPRESS, help="change nothing")

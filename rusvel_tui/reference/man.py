"""The manual page, in the language of man pages."""

from __future__ import annotations

from collections.abc import Iterator

from rusvel_tui import __version__
from rusvel_tui.commands import COMMANDS
from rusvel_tui.commands.parsing import Parser, inner, make_parser
from rusvel_tui.help.topics import TOPICS
from rusvel_tui.reference.commands import (
    EXIT_CODES,
    help_of,
    named,
    option_words,
    positionals,
    value_of,
)
from rusvel_tui.reference.markdown import sentence
from rusvel_tui.settings import Settings, meaning, variable


def page() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield '.\\" Written from the code by `make docs`; do not edit.'
    yield f'.TH RUSVEL 1 "" "rusvel {__version__}" "User Commands"'
    yield ".SH NAME"
    yield r"rusvel \- the go-to-market desk of one person, in the terminal"
    yield ".SH SYNOPSIS"
    yield ".B rusvel"
    yield "[options] [command] [arguments]"
    yield ".SH DESCRIPTION"
    yield "Contacts, deals, outreach sequences, invoices and growth in one SQLite file."
    yield "Without a command it opens the dashboard."
    yield "Mails are drafted, wait in an inbox until you say yes, and leave over your own mail server."
    top = make_parser()
    inner(top)
    yield ".SH OPTIONS"
    yield from _options(top, everywhere=True)
    yield ".SH COMMANDS"
    for command in COMMANDS:
        yield from _command(command.name, command.summary, inner(top)[command.name])
    yield ".SH EXIT STATUS"
    yield from _pairs((str(number), text) for number, text in EXIT_CODES.items())
    yield ".SH ENVIRONMENT"
    yield from _pairs((variable(name), meaning(name)) for name in Settings.model_fields)
    yield ".SH TOPICS"
    yield escaped("rusvel help TOPIC shows a text about each of these:")
    yield from _pairs((topic.name, sentence(topic.summary)) for topic in TOPICS)


def _command(name: str, summary: str, parser: Parser) -> Iterator[str]:
    yield f".SS {escaped(name)}"
    yield escaped(sentence(summary))
    for verb, found in inner(parser).items() or [("", parser)]:
        found.fill()
        words = [*positionals(found), *option_words(found)]
        yield ".PP"
        yield rf"\fBrusvel {escaped(f'{name} {verb}'.strip())}\fR {escaped(' '.join(words))}".rstrip()
        yield from _options(found)


def _options(parser: Parser, *, everywhere: bool = False) -> Iterator[str]:
    yield from _pairs(
        (f"{', '.join(one.option_strings)}{value_of(one)}", sentence(help_of(one)))
        for one in named(parser, everywhere=everywhere)
    )


def _pairs(pairs: Iterator[tuple[str, str]]) -> Iterator[str]:
    for name, text in pairs:
        yield ".TP"
        yield rf"\fB{escaped(name)}\fR"
        yield escaped(text)


def escaped(text: str) -> str:
    """Text in which nothing is taken for a command of the page."""
    plain = text.replace("\\", r"\e").replace("-", r"\-").replace("…", "...").replace("`", "")
    return rf"\&{plain}" if plain.startswith((".", "'")) else plain

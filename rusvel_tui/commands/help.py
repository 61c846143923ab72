"""`rusvel help`: topics, and what any name means."""

from __future__ import annotations

from collections.abc import Iterator

from rusvel_tui.commands import COMMANDS
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser, command_help
from rusvel_tui.help import topics


def define(parser: Parser) -> None:
    """`[TOPIC]`, or words of the command line."""
    parser.add_argument(
        "words",
        metavar="TOPIC",
        nargs="*",
        help="a topic, an operation, an event, a setting or a command; none lists the topics",
    )
    parser.set_defaults(run=run)


def run(desk: Desk) -> None:
    """Print the text; needs no database."""
    name = " ".join(desk.args.words)
    if not name:
        _list(desk)
        return
    text = _text(name)
    if desk.out.json:
        desk.out.document({"name": name, "text": text})
    else:
        desk.out.lines(text.splitlines())


def _text(name: str) -> str:
    if topic := topics.find(name):
        return topic.text + _options_line(topic.name)
    if found := command_help(name.removeprefix("rusvel ").split()):
        return found
    from rusvel_tui.help.looking_up import look_up

    return look_up(name)


def _options_line(name: str) -> str:
    """Where the options are, when a command is called like the topic."""
    is_command = any(command.name == name for command in COMMANDS)
    return f"\nThe command and its options: `rusvel {name} --help`.\n" if is_command else ""


def _list(desk: Desk) -> None:
    if desk.out.json:
        items = [{"name": one.name, "summary": one.summary} for one in topics.TOPICS]
        desk.out.document({"items": items})
    else:
        desk.out.lines(_lines())


def _lines() -> Iterator[str]:
    width = max(len(one.name) for one in topics.TOPICS)
    yield from (f"{one.name:{width}}  {one.summary}" for one in topics.TOPICS)
    yield ""
    yield "Read one: rusvel help start. An operation, an event, a setting or a command has its text"
    yield "there, too: rusvel help gtm.crm.add_contact, rusvel help queue approve."

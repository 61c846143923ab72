"""`rusvel watch`: prints what happens, as it happens, whoever does it."""

from __future__ import annotations

from rusvel_tui.commands import feed
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.output import json_text
from rusvel_tui.commands.parsing import Parser
from rusvel_tui.commands.stopping import stopped_by_signals


def define(parser: Parser) -> None:
    """No arguments of its own; with `--json` every line is a document."""
    parser.set_defaults(run=run)


def run(desk: Desk) -> None:
    """Follow the log until stopped."""
    engine = desk.engine()
    zone, since = desk.zone, engine.cursor()
    desk.out.note("Watching. Ctrl-C ends it.")
    with stopped_by_signals() as stop:
        for event in feed.news(engine, stop, since):
            if desk.out.json:
                print(json_text(event.model_dump(mode="json", by_alias=True)), flush=True)
            else:
                desk.out.lines((feed.line(event, zone),))

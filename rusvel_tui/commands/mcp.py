"""`rusvel mcp`: the desk as tools of another assistant, over stdin and stdout."""

from __future__ import annotations

import logging
import signal
import sys
from threading import current_thread, main_thread

from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser
from rusvel_tui.engine.errors import NotConfigured


def define(parser: Parser) -> None:
    """`[--allow PATTERN …]`."""
    parser.add_argument(
        "--allow",
        metavar="PATTERN",
        nargs="+",
        action="extend",
        default=[],
        help="offer the tools with these names or permissions: gtm.crm.*, crm.read, *.manage "
        "(default: *.read); what changes data waits in the inbox",
    )
    parser.set_defaults(run=run)


def run(desk: Desk) -> None:
    """Serve until the client is gone; stdout belongs to the protocol."""
    try:
        from rusvel_tui import mcp
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0].startswith("rusvel"):
            raise
        raise NotConfigured(
            "`rusvel mcp` needs one more package: pip install 'rusvel-tui[mcp]'."
        ) from None
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="rusvel mcp: %(message)s")
    if current_thread() is main_thread():
        # The library reads stdin in a thread that cannot be woken: Ctrl-C ends the process, which holds nothing open.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    engine = desk.engine()
    mcp.serve(engine, mcp.offered(engine, desk.args.allow))

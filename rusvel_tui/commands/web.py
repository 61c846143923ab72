"""`rusvel web`: the dashboard in a browser, on this machine unless you say otherwise, and never without its secret."""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING

from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser
from rusvel_tui.engine.errors import InvalidInput, NotConfigured, NotPermitted

if TYPE_CHECKING:
    from rusvel_tui.web import WebDesk

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def define(parser: Parser) -> None:
    """`[--host H [--allow-network]] [--port P]`."""
    parser.epilog = (
        "Open the address that it prints: it has a secret of this run, so nobody else can open your desk. Each window is "
        "a desk of its own over the same file, and closing it ends it. From another machine, ssh -L 8766:127.0.0.1:8766 "
        "brings the desk to you encrypted; --allow-network does not."
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)"
    )
    parser.add_argument("--port", type=int, default=8766, help="default: %(default)s; 0: any")
    parser.add_argument(
        "--allow-network", action="store_true", help="allow a --host that other machines reach"
    )
    parser.set_defaults(run=run)


def run(desk: Desk) -> None:
    """Answer until stopped."""
    args = desk.args
    if args.host not in LOOPBACK and not args.allow_network:
        raise NotPermitted(
            f"--host {args.host} lets other machines reach this desk, and without encryption. Use `ssh -L` "
            "instead, or add --allow-network if you trust everybody on the way."
        )
    made = _library()
    desk.engine(
        create=True, work=not args.read_only
    )  # what is wrong is said here, not in a browser
    desk.close()
    listener = _listen(args.host, args.port)
    try:
        serving = made(_words(desk), listener)
        serving.run(lambda: desk.out.note(f"Open {serving.address} Ctrl-C ends it."))
    finally:
        listener.close()


def _words(desk: Desk) -> list[str]:
    """The dashboard as a command of its own, with what this one was told."""
    args = desk.args
    words = [sys.executable, "-m", "rusvel_tui", "--db", str(desk.path)]
    words += ["--read-only"] if args.read_only else []
    for name in ("session", "now"):
        words += [f"--{name}", value] if (value := getattr(args, name)) else []
    return words


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port < 65_536:
        raise InvalidInput(f"There is no port {port}. Choose another --port.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        why = error.strerror or error
        raise InvalidInput(
            f"Nobody can listen on {host} port {port}: {why}. Choose another --port."
        ) from None


def _library() -> type[WebDesk]:
    try:
        from rusvel_tui.web import WebDesk
    except ModuleNotFoundError:
        raise NotConfigured(
            "`rusvel web` needs one more package: pip install 'rusvel-tui[web]'."
        ) from None
    return WebDesk

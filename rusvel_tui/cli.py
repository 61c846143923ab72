"""The `rusvel` command: everything after the version is imported when it is needed."""

from __future__ import annotations

import sys


def main(argv: list[str] | None = None) -> int:
    """Run one command line; the exit code says how it went."""
    words = sys.argv[1:] if argv is None else argv
    if words == ["--version"]:
        from rusvel_tui import __version__

        print(f"rusvel {__version__}")
        return 0
    from rusvel_tui.commands.running import run

    return run(words)

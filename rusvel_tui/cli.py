"""The `rusvel` command: everything after the version is imported when it is needed."""

from __future__ import annotations

import gc
import sys


def main(argv: list[str] | None = None) -> int:
    """Run one command line; the exit code says how it went."""
    words = sys.argv[1:] if argv is None else argv
    if words == ["--version"]:
        from rusvel_tui import __version__

        print(f"rusvel {__version__}")
        return 0
    if words[:2] == ["completion", "--words"]:
        # A shell waits for this with every press of Tab.
        from rusvel_tui.completion.matching import candidates

        print("\n".join(candidates(words[3:])))
        return 0
    # Imports alone make a great many objects; looking through them for garbage is a tenth of the start-up.
    gc.set_threshold(250_000, 20, 20)
    from rusvel_tui.commands.running import run

    return run(words)

"""The dashboard until its first picture: `python -m tests.system.first_picture FILE …` writes there what was imported by then."""

from __future__ import annotations

import sys
from pathlib import Path

from rusvel_tui.app import RusvelApp
from rusvel_tui.cli import main

if __name__ == "__main__":
    told, *words = sys.argv[1:]
    go_on = RusvelApp._begin

    def begin(self: RusvelApp) -> None:
        Path(told).write_text("\n".join(sorted(sys.modules)), encoding="utf-8")
        go_on(self)

    RusvelApp._begin = begin  # type: ignore[method-assign]
    sys.exit(main(words))

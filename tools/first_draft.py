"""`python -m tools.first_draft`: what the README's quick start says, word for word, and how long it takes.

A clean clone of the newest commit, an empty home, a real terminal: `make run`, `g i`, `a`. It prints the seconds
from the clone to the first approved draft, and ends with 1 when the draft is not approved in the end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.system.terminals import Terminal

ROOT = Path(__file__).parents[1]
LIMIT = 600.0
"""Seconds after which a step is given up."""


def main() -> int:
    """Go the way, print a line for each step, and look whether the yes is in the database."""
    begun = time.monotonic()

    def tell(step: str) -> None:
        print(f"{time.monotonic() - begun:7.1f} s  {step}", flush=True)

    with tempfile.TemporaryDirectory(prefix="first-draft-") as folder:
        home, clone = Path(folder, "home"), Path(folder, "clone")
        home.mkdir()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        tell("cloned")
        environment = {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        _look_and_say_yes(clone, environment, tell)
        if approved := _approved(clone, environment):
            tell(f"sure: {approved} is approved in the database")
            return 0
        print("No draft is approved.", file=sys.stderr)
        return 1


def _look_and_say_yes(
    clone: Path, environment: dict[str, str], tell: Callable[[str], None]
) -> None:
    """`make run`, then the keys of the quick start."""
    with Terminal(["make", "-C", str(clone), "run"], environment) as terminal:
        terminal.until("Setting up", LIMIT)
        tell("`make run` is setting up")
        terminal.until(": command", LIMIT)
        tell("the dashboard is there")
        terminal.press("g")
        terminal.press("i")
        terminal.until("waits for your yes")
        tell("a draft is there to read")
        terminal.press("a")
        terminal.until("pproved")
        tell("the first draft is approved")
        terminal.press("q")


def _approved(clone: Path, environment: dict[str, str]) -> str:
    """The subject of a mail with a yes, as the command line tells it."""
    program = str(clone / ".venv/bin/rusvel")
    made = _json(environment, program, "demo", "--json")
    words = ("--db", str(made["db"]), "queue", "list", "--box", "queued", "--json")
    items = _json(environment, program, *words)["items"]
    return str(items[0]["subject"]) if items else ""


def _json(environment: dict[str, str], *words: str) -> dict[str, Any]:
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    sys.exit(main())

"""Text in the person's own editor, with the dashboard out of the way meanwhile."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from rusvel_tui.widgets.desk_app import shut_to_guest


def edit_text(app: App[Any], text: str, *, suffix: str = ".txt") -> str | None:
    """The text as the editor left it; None when it could not run or gave up. Raises nothing.

    Nothing may escape from inside `suspend()`: it would leave the terminal stuck.
    """
    if shut_to_guest(app):
        return None
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory(prefix="rusvel-") as folder:
        path = Path(folder) / f"mail{suffix}"
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        failed = ""
        try:
            with app.suspend():
                failed = _run([*shlex.split(command), str(path)])
        except SuspendNotSupported:
            failed = "the terminal cannot be handed over here"
        if failed:
            app.notify(
                f"The editor did not run: {failed}. Set EDITOR.", severity="error", markup=False
            )
            return None
        return path.read_text(encoding="utf-8", errors="replace")


def _run(command: list[str]) -> str:
    """What went wrong, or nothing."""
    try:
        done = subprocess.run(command, check=False)  # noqa: S603 - the person's own setting
    except (OSError, ValueError) as error:
        return str(error)
    return f"{command[0]} ended with {done.returncode}" if done.returncode else ""

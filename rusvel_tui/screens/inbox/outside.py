"""A draft in the person's own editor: the file stays until its text is the draft's, whatever happens meanwhile."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from rusvel_tui.widgets.desk_app import shut_to_guest


def folder() -> Path:
    """Where texts lie while they are edited: for this user alone, and over restarts."""
    from platformdirs import user_state_path

    path = user_state_path("rusvel") / "drafts"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def file_of(mail_id: str) -> Path:
    """The file of one mail."""
    return folder() / f"{mail_id}.txt"


def left_behind(mail_id: str) -> str:
    """What an editor wrote for a mail and nobody took over; empty when there is nothing."""
    path = file_of(mail_id)
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def forget(mail_id: str) -> None:
    """The text is the draft's now."""
    file_of(mail_id).unlink(missing_ok=True)


def edit_outside(app: App[Any], mail_id: str, text: str) -> str | None:
    """The text as the editor left it; None when it could not run, failed, or nothing was changed.

    The file is kept, but for an editor that changed nothing: `forget` removes it once the text is stored. Nothing may
    escape from inside `suspend()`: it would leave the terminal stuck.
    """
    if shut_to_guest(app):
        return None
    path = file_of(mail_id)
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    failed = ""
    try:
        with app.suspend():
            failed = _run([*shlex.split(command), str(path)])
    except SuspendNotSupported:
        failed = "the terminal cannot be handed over here"
    edited = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    if failed:
        kept = f" What you wrote is kept in {path}." if edited != text else ""
        said = f"The draft stays as it is: {failed}.{kept}"
        app.notify(said, severity="error", markup=False, timeout=8)
    if edited == text:
        forget(mail_id)
    return None if failed or edited == text or not edited.strip() else edited


def _run(command: list[str]) -> str:
    """What went wrong, or nothing."""
    try:
        done = subprocess.run(command, check=False)  # noqa: S603 - the person's own setting
    except (OSError, ValueError) as error:
        return f"the editor did not run ({error}); set EDITOR"
    return f"{command[0]} ended with {done.returncode}" if done.returncode else ""

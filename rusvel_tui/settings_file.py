"""Writes one setting into `config.toml`; everything else in the file stays as its owner wrote it."""

from __future__ import annotations

import json
import os
import tempfile
import tomllib
from pathlib import Path

from rusvel_tui.engine.errors import Conflict, NotConfigured


def write_setting(path: Path, name: str, value: str) -> None:
    """Add a setting as the first line of the file, which is made for its owner alone where there is none.

    Raises `Conflict` when the file has that setting already, `NotConfigured` when it cannot be read or written.
    The file is replaced as a whole: whoever reads meanwhile gets the old one or the new one.
    """
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
        if name in tomllib.loads(before):
            raise Conflict(f"{path} sets {name} already. Change it there.")
        text = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # as TOML wants it
        line = f"{name} = {text}\n"
        if tomllib.loads(line + before)[name] != value:
            raise NotConfigured(f"{name} cannot be written to {path}.")
        _replace(path, line + before, mode)
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise NotConfigured(f"{path} cannot be changed: {error}.") from None


def _replace(path: Path, text: str, mode: int) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), mode)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise

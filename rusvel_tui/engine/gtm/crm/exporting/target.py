"""The file of an export: whole or not there, never over another one without a word, readable by its owner only."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound, NotPermitted
from rusvel_tui.engine.text import blanked


def check_target(path: Path, *, overwrite: bool) -> None:
    """Refuse a place where the file cannot be, before anything is read."""
    if blanked(str(path)) != str(path):
        raise InvalidInput(
            "The name of the file holds a line break or a control character.", field="path"
        )
    if not path.parent.is_dir():
        raise NotFound(f"The folder {path.parent} does not exist. Create it, or name another file.")
    if path.is_dir():
        raise InvalidInput(f"{path} is a folder. Name a file.", field="path")
    if path.exists() and not overwrite:
        raise Conflict(f"{path} exists already. Name a new file, or say that it may be replaced.")


def write_new(path: Path, parts: Iterable[str], *, overwrite: bool) -> int:
    """Write the parts as UTF-8 beside the file and put it in place when all is there; its size in bytes."""
    return write_new_bytes(path, (part.encode() for part in parts), overwrite=overwrite)


def write_new_bytes(path: Path, parts: Iterable[bytes], *, overwrite: bool) -> int:
    """Write the parts beside the file and put it in place when all is there; its size in bytes."""
    draft = path.with_name(f".{path.name}.part-{os.getpid()}")
    try:
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise NotPermitted(f"{path} cannot be written: {error.strerror}.") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
            size = os.fstat(file.fileno()).st_size
        _put(draft, path, overwrite=overwrite)
    finally:
        draft.unlink(missing_ok=True)
    return size


def _put(draft: Path, path: Path, *, overwrite: bool) -> None:
    try:
        if overwrite:
            draft.replace(path)
        else:
            path.hardlink_to(draft)  # fails when somebody made that file meanwhile
    except FileExistsError:
        raise Conflict(f"{path} exists already. Name a new file.") from None
    except OSError as error:
        raise NotPermitted(f"{path} cannot be written: {error.strerror}.") from None

"""One run of the command line: parse, do, and turn whatever goes wrong into a sentence and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

from rusvel_tui.commands.parsing import make_parser

_INTERRUPTED = 130
"""128 and the number of SIGINT, as shells have it."""


def run(words: list[str], environ: Mapping[str, str] = os.environ) -> int:
    """Run these words; nothing but help, usage and the version comes here without the engine."""
    os.umask(0o077)
    # Looking for plug-ins of pydantic reads the metadata of every installed package.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        args = make_parser().parse_args(words)
    except SystemExit as stop:
        return int(stop.code or 0)
    return _guarded(args, environ)


def _guarded(args: Any, environ: Mapping[str, str]) -> int:
    from rusvel_tui.commands.desk import Desk

    desk = Desk(args, environ)
    try:
        try:
            return int(args.run(desk) or 0)
        finally:
            desk.close()
            sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output has gone; Python would complain when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:  # the last border: a person gets a sentence
        if environ.get("RUSVEL_DEBUG"):
            raise
        _log(desk, error)
        sentence, code = explain(error)
        desk.out.note(sentence)
        desk.out.picture(getattr(error, "picture", ""))
        return code


def _log(desk: Any, error: Exception) -> None:
    """Keep a fault in the log file, with its place."""
    from contextlib import suppress

    from rusvel_tui.bootstrap_log import start_log
    from rusvel_tui.engine import log

    with suppress(
        Exception
    ):  # settings that cannot be read name no log; the sentence follows anyway
        start_log(desk.loaded.settings)
    log.failed(f"command {getattr(desk.args, 'command', 'dashboard')}", error)


def explain(error: Exception) -> tuple[str, int]:
    """What went wrong as a sentence for a person, and the exit code for it."""
    from pydantic import ValidationError

    from rusvel_tui.engine.core import readable
    from rusvel_tui.engine.errors import EngineError, InvalidInput

    if isinstance(error, ValidationError):
        error = readable(error)
    if isinstance(error, EngineError):
        return str(error), error.exit_code
    if isinstance(error, UnicodeError):
        return "The input holds bytes that are no text in UTF-8.", InvalidInput.exit_code
    if isinstance(error, (OverflowError, RecursionError)):
        return "The input holds a number or a nesting that is too large.", InvalidInput.exit_code
    if isinstance(error, OSError):
        return _explain_os(error)
    return (
        f"Something is wrong inside rusvel ({type(error).__name__}: {error}). "
        "Please report it; its place is in the log file, which `rusvel doctor` names.",
        1,
    )


def _explain_os(error: OSError) -> tuple[str, int]:
    from rusvel_tui.engine.errors import NotFound, NotPermitted

    what = f"{error.filename}: " if error.filename else ""
    sentence = f"{what}{error.strerror or error}."
    if isinstance(error, FileNotFoundError):
        return sentence, NotFound.exit_code
    return sentence, NotPermitted.exit_code if isinstance(error, PermissionError) else 1

"""Hooks that are command lines: run by `sh` in a process group of their own, with a small environment."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import IO

from rusvel_tui.adapters.secret import Secret
from rusvel_tui.engine.agent.ports import CUT, MOST_OUTPUT, HookCall, HookFailed

HARMLESS = ("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TZ", "TMPDIR", "TERM")
"""Variables that a command is given besides its own; none of ours, and no key of anybody."""
_SLICE = 0.1
"""Seconds between two looks whether it has to stop."""
_SHELL = "/bin/sh"


class CommandRunner:
    """Runs command lines, where the settings allow it."""

    def __init__(
        self,
        *,
        allowed: bool = False,
        secrets: Sequence[Secret] = (),
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._allowed = allowed
        self._secrets = secrets
        self._environ = environ

    def run(self, call: HookCall, stop: Event) -> str:
        """What the command printed; it fails with any exit code but 0. Whatever it leaves running is ended."""
        if not self._allowed:
            raise HookFailed(
                "Command hooks are off. Set RUSVEL_HOOK_COMMANDS=1 to allow them.", passing=False
            )
        with tempfile.TemporaryFile() as told:
            told.write(call.payload.encode())
            told.seek(0)
            process = self._start(call, told)
        kept = _Kept(process)
        try:
            why = _wait(process, call.timeout, stop)
        finally:
            _end_group(process)
        output = self._clean(kept.text())
        if why:
            raise HookFailed(why, output=output)
        if process.returncode:
            raise HookFailed(f"The command ended with {process.returncode}.", output=output)
        return output

    def _start(self, call: HookCall, told: IO[bytes]) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(  # noqa: S603 - the person wrote this command and allowed it
                [_SHELL, "-c", call.action],
                stdin=told,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=self._environment(call),
                cwd=Path.home(),
                start_new_session=True,
            )
        except OSError as error:
            raise HookFailed(f"The command could not be started: {error}.") from None

    def _environment(self, call: HookCall) -> dict[str, str]:
        """What the command may know: nothing that is secret, also when it stands in our own environment."""
        usual = {
            name: value
            for name, value in self._environ.items()
            if name in HARMLESS or name.startswith("LC_")
        }
        return usual | {
            "RUSVEL_HOOK_RUN": call.run_id,
            "RUSVEL_HOOK_NAME": call.hook,
            "RUSVEL_HOOK_EVENT": call.kind,
            "RUSVEL_HOOK_EVENT_ID": str(call.event_id),
        }

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            text = secret.masked_in(text)
        return text


class _Kept:
    """The beginning of what a process prints; the rest is read and dropped, so that it never has to wait."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._bytes = bytearray()
        self._more = False
        self._pipe = process.stdout
        self._thread = Thread(target=self._read, name="hook-output", daemon=True)
        self._thread.start()

    def text(self) -> str:
        """All that was kept, after the process has ended."""
        self._thread.join(timeout=2.0)
        text = self._bytes.decode("utf-8", "replace")
        return text[:MOST_OUTPUT] + (CUT if self._more or len(text) > MOST_OUTPUT else "")

    def _read(self) -> None:
        pipe = self._pipe
        assert pipe is not None  # noqa: S101 - it was opened as a pipe
        with pipe, suppress(OSError):
            while piece := pipe.read1(65_536):  # type: ignore[attr-defined]
                room = 4 * MOST_OUTPUT - len(self._bytes)
                self._bytes += piece[:room]
                self._more = self._more or len(piece) > room


def _wait(process: subprocess.Popen[bytes], seconds: float, stop: Event) -> str:
    """Wait for the end; why it must be ended before, empty when it ended by itself."""
    left = seconds
    while left > 0:
        try:
            process.wait(min(_SLICE, left))
        except subprocess.TimeoutExpired:
            left -= _SLICE
        else:
            return ""
        if stop.is_set():
            return "Stopped, because rusvel ends."
    return f"It took longer than {seconds:g} s and was ended."


def _end_group(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()

"""What the system tests share: processes that are waited for, never slept for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import TypeVar

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
"""Seconds after which a condition that does not come true fails the test."""


def wait_for(condition: Callable[[], T], what: str, patience: float = PATIENCE) -> T:
    """Poll until the condition holds; its value."""
    pause = Event()
    for _ in range(int(patience / 0.01)):
        if found := condition():
            return found
        pause.wait(0.01)
    raise AssertionError(f"waited in vain for {what}")


def python(*arguments: str, **settings: str) -> subprocess.Popen[str]:
    """A Python process of its own with the project on its path and no other settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    coverage = {name: value for name, value in os.environ.items() if name.startswith("COV")}
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=kept | coverage | {"PYTHONPATH": str(ROOT)} | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str], patience: float = 2 * PATIENCE) -> tuple[int, str, str]:
    """Wait for a process: its code, output and errors. One that takes too long is killed."""
    try:
        out, err = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
    return process.returncode, out, err


def stopped(process: subprocess.Popen[str]) -> bool:
    """Whether the process was frozen by SIGSTOP; it stays to be waited for."""
    assert process.poll() is None, f"it ended instead: {ended(process)}"
    found = os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT)
    return found is not None and found.si_pid == process.pid

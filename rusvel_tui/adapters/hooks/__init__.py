"""What runs hooks, by their type. A prompt is answered by the assistant's model and needs none of these."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from threading import Event

from rusvel_tui.engine.agent.ports import HookCall, HookRunner


def _lazily(module: str, name: str) -> Callable[..., HookRunner]:
    """A factory that imports its module when it is called: a runner costs nothing until it is used."""

    def make(*args: object, **options: object) -> HookRunner:
        runner: HookRunner = getattr(import_module(f"{__name__}.{module}"), name)(*args, **options)
        return runner

    return make


RUNNERS: dict[str, Callable[..., HookRunner]] = {
    "command": _lazily("command", "CommandRunner"),
    "http": _lazily("http", "HttpRunner"),
}
"""Every runner there is; add yours here."""


class Later:
    """A runner that is made when it first runs: a command that runs no hook does not pay for it."""

    def __init__(self, name: str, **options: object) -> None:
        self._name = name
        self._options = options
        self._made: HookRunner | None = None

    def run(self, call: HookCall, stop: Event) -> str:
        """What the real one says."""
        self._made = self._made or RUNNERS[self._name](**self._options)
        return self._made.run(call, stop)

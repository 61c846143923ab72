"""The ways in which a document becomes a PDF, by name."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from rusvel_tui.engine.ports import Printer


def _lazily(module: str, name: str) -> Callable[..., Printer]:
    """A factory that imports its module when it is called."""

    def make(*args: object, **options: object) -> Printer:
        printer: Printer = getattr(import_module(f"{__name__}.{module}"), name)(*args, **options)
        return printer

    return make


PRINTERS: dict[str, Callable[..., Printer]] = {"typst": _lazily("typst", "TypstPrinter")}
"""Every printer there is."""

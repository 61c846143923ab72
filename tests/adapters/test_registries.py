"""No mailer and no drafter is written and then forgotten in its registry."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import pytest

from rusvel_tui.adapters import drafters, hooks, mailers, mcp, models, printers


def classes(package: ModuleType, suffix: str) -> Iterator[str]:
    """The modules of the package that define a public class with that ending."""
    for found in iter_modules(package.__path__):
        module = import_module(f"{package.__name__}.{found.name}")
        for name, value in vars(module).items():
            if (
                isinstance(value, type)
                and name.endswith(suffix)
                and value.__module__ == module.__name__
            ):
                yield found.name


@pytest.mark.parametrize(
    ("package", "suffix", "listed"),
    [
        (mailers, "Mailer", set(mailers.MAILERS)),
        (drafters, "Drafter", set(drafters.DRAFTERS)),
        (models, "Model", set(models.MODELS)),
        (printers, "Printer", set(printers.PRINTERS)),
        (mcp, "ToolSource", set(mcp.TOOL_SOURCES)),
        (hooks, "Runner", set(hooks.RUNNERS)),
    ],
)
def test_what_is_written_is_listed(package: ModuleType, suffix: str, listed: set[str]) -> None:
    assert set(classes(package, suffix)) == listed

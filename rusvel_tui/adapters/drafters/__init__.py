"""The ways in which a mail gets its first text, by name."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from rusvel_tui.engine.ports import Drafter


def _lazily(module: str, name: str) -> Callable[..., Drafter]:
    """A factory that imports its module when it is called: a drafter costs nothing until it is used."""

    def make(*args: object, **options: object) -> Drafter:
        drafter: Drafter = getattr(import_module(f"{__name__}.{module}"), name)(*args, **options)
        return drafter

    return make


DRAFTERS: dict[str, Callable[..., Drafter]] = {
    "template": _lazily("template", "TemplateDrafter"),
    "anthropic": _lazily("anthropic", "AnthropicDrafter"),
    "fallback": _lazily("fallback", "FallbackDrafter"),
}
"""Every drafter there is; `fallback` joins two others."""

"""The models that the assistant can talk with, by the name of their provider."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from rusvel_tui.engine.chat_ports import ChatModel


def _lazily(module: str, name: str) -> Callable[..., ChatModel]:
    """A factory that imports its module when it is called: a model costs nothing until it is asked."""

    def make(*args: object, **options: object) -> ChatModel:
        model: ChatModel = getattr(import_module(f"{__name__}.{module}"), name)(*args, **options)
        return model

    return make


MODELS: dict[str, Callable[..., ChatModel]] = {
    "anthropic": _lazily("anthropic", "AnthropicModel"),
    "offline": _lazily("offline", "OfflineModel"),
    "scripted": _lazily("scripted", "ScriptedModel"),
}
"""Every provider there is; add yours here."""

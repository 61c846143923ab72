"""What the settings say about models, hooks and MCP servers, as adapters: a part of `bootstrap`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rusvel_tui.engine.agent.ports import HookRunner
    from rusvel_tui.engine.chat_ports import ChatModel
    from rusvel_tui.engine.ports import Drafter
    from rusvel_tui.engine.tool_ports import ToolSource
    from rusvel_tui.settings import Settings


def make_drafter(settings: Settings) -> Drafter:
    """Templates; with a key a model, and templates where it is not wanted or does not answer."""
    from rusvel_tui.adapters.drafters import DRAFTERS

    template = DRAFTERS["template"]()
    if not settings.anthropic_api_key:
        return template
    model = DRAFTERS["anthropic"](settings.anthropic_api_key, **_service(settings))
    return DRAFTERS["fallback"](model, template)


def make_model(settings: Settings) -> ChatModel:
    """Who answers as the assistant: a script, a model where there is a key, else patterns.

    The library of a model is imported with the first question.
    """
    from rusvel_tui.adapters.models import MODELS

    if settings.model_script:
        return MODELS["scripted"](settings.model_script)
    if not settings.anthropic_api_key:
        return MODELS["offline"]()
    return MODELS["anthropic"](settings.anthropic_api_key, **_service(settings))


def make_hook_runners(settings: Settings) -> dict[str, HookRunner]:
    """What runs hooks; whatever they print is shown without our secrets."""
    from rusvel_tui.adapters.hooks import Later

    named = (settings.smtp_password, settings.imap_password, settings.anthropic_api_key)
    secrets = (*named, *(account.password for account in settings.smtp_accounts.values()))
    return {
        "command": Later(
            "command", allowed=settings.hook_commands, secrets=(*secrets, settings.hook_secret)
        ),
        "http": Later(
            "http",
            plain=settings.hook_plain_http,
            signing=settings.hook_secret,
            secrets=secrets,
        ),
    }


def make_tool_source() -> ToolSource:
    """What starts MCP servers for the assistant; its library is imported with the first one."""
    from rusvel_tui.adapters.mcp import TOOL_SOURCES
    from rusvel_tui.settings import SECRETS, variable

    return TOOL_SOURCES["stdio"]({variable(name) for name in SECRETS})


def _service(settings: Settings) -> dict[str, str]:
    """The address and the model, where they are not the usual ones."""
    options = {"base_url": settings.anthropic_base_url, "model": settings.model}
    return {name: value for name, value in options.items() if value}

"""The lines above a conversation and in an empty one: who answers, what it cost, what can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from rusvel_tui.engine.agent.chat.conversations import RunView
from rusvel_tui.engine.agent.spending import WARN_AT
from rusvel_tui.engine.chat_ports import ChatModel
from rusvel_tui.engine.manifests.manifest import Department
from rusvel_tui.widgets.charts.drawn import Line
from rusvel_tui.widgets.chat.markdown_lines import READABLE
from rusvel_tui.widgets.chat.runs import wrap_runs
from rusvel_tui.widgets.plain import cells, fit

WITHOUT_MODEL = ("offline", "")
"""Providers that are no model: what they answer is worked out by rules."""


def model_words(model: ChatModel | None) -> str:
    """Which model answers."""
    if model is None:
        return "no model answers here"
    if model.provider in WITHOUT_MODEL:
        return "no model set up: simple answers"
    return model.name if model.name == model.provider else f"{model.provider} {model.name}"


def spent_words(runs: Sequence[RunView]) -> str:
    """What a conversation took: tokens and US dollars."""
    if not runs:
        return ""
    taken = sum(run.input_tokens for run in runs)
    given = sum(run.output_tokens for run in runs)
    cost = sum((Decimal(run.cost_usd) for run in runs), Decimal(0))
    return f"{tokens(taken)} tokens in, {tokens(given)} out · {dollars(cost)}"


def dollars(cost: Decimal) -> str:
    """An amount that may be very small."""
    return f"${cost:.2f}" if cost >= 1 else f"${cost:.4f}".rstrip("0").rstrip(".")


def tokens(count: int) -> str:
    """A count in few cells: `940`, `12.4k`."""
    return str(count) if count < 1000 else f"{count / 1000:.1f}k"


def caption(department: Department, model: ChatModel | None, runs: Sequence[RunView]) -> list[str]:
    """Parts of the line above the conversation, the most important first."""
    name = department.name.removesuffix(" Department")
    newest = runs[-1] if runs else None
    agent = f"@{newest.agent}" if newest is not None and newest.agent else ""
    return [
        part
        for part in (budget_words(newest), name, agent, model_words(model), spent_words(runs))
        if part
    ]


def budget_words(run: RunView | None) -> str:
    """A warning when an answer used up most of what it may cost."""
    budget = run.told.get("settings", {}).get("budget_usd") if run is not None else None
    if run is None or not budget or Decimal(run.cost_usd) < Decimal(budget) * WARN_AT:
        return ""
    return f"! ${Decimal(run.cost_usd):.2f} of ${Decimal(budget):.2f} used"


def first_lines(
    department: Department, model: ChatModel | None, guest: bool, width: int
) -> list[Line]:
    """What an empty conversation says: what this is, and what can be asked with one key."""
    room = min(width, READABLE)
    lines: list[Line] = [(), ((department.name, "strong"),)]
    lines += [*wrap_runs([(department.description, "muted")], room), ()]
    if guest:
        said = "You are a guest here: conversations can be read, not led."
        return [*lines, *wrap_runs([(said, "warn")], room)]
    widest = max((cells(action.name) for action in department.quick_actions), default=0)
    for number, action in enumerate(department.quick_actions, 1):
        start = fit(action.prompt.partition(".")[0], max(0, room - widest - 5))
        lines.append(((f"{number}  ", "accent"), (fit(action.name, widest + 2), ""), (start, "muted")))  # fmt: skip
    lines.append(())
    for key, does in _KEYS:
        lines.append(((f"{key}  ", "accent"), (does, "muted")))
    for said in (_PROMISE, *([_WITHOUT] if model is None or model.provider in WITHOUT_MODEL else [])):  # fmt: skip
        lines += [(), *wrap_runs([(said, "muted")], room)]
    return lines


_KEYS = (
    ("i", "write your own question"),
    ("d", "ask the other department"),
    ("w", "what the assistant is told: agents, skills, rules, hooks, schedules"),
    ("t", "what it may call"),
)
_PROMISE = "It reads by itself. What changes data is shown to you first; sending and deleting stay with you."
_WITHOUT = (
    "○ No model is set up: simple questions are answered by rules. Set ANTHROPIC_API_KEY for more."
)

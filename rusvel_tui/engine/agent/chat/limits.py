"""The limits of one answer: how often it may ask the model, and what it may cost."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from rusvel_tui.engine.agent.chat import news
from rusvel_tui.engine.agent.chat.conversations import RunView
from rusvel_tui.engine.agent.chat.listening import Broken
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.agent.config.layers import AgentSettings
from rusvel_tui.engine.chat_ports import Heard

WARN_AT = Decimal("0.8")
"""The part of the budget at which the person is told."""


class Limits:
    """Asked before every call of the model."""

    def __init__(self, settings: AgentSettings, hear: Callable[[news.News], None]) -> None:
        self._settings = settings
        self._hear = hear
        self._warned = False

    def before(self, run: RunView) -> None:
        """Raises `Broken` when the answer has used up its turns or its money."""
        most = self._settings.max_turns or 1
        if run.turns >= most:
            raise Broken(RunState.FAILED, f"stopped after {most} turns (max_turns)", Heard())
        budget = self._settings.budget_usd
        if budget is None:
            return
        spent = Decimal(run.cost_usd)
        if spent and spent >= budget:
            text = f"stopped: the budget of ${budget} for one answer is used up (budget_usd)"
            raise Broken(RunState.FAILED, text, Heard())
        if spent and not self._warned and spent >= budget * WARN_AT:
            self._warned = True
            self._hear(news.Warned(f"${spent} of ${budget} for this answer are used."))

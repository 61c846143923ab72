"""The limits of one answer: how often it may call tools, and what it may cost."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from rusvel_tui.engine.agent.chat import news
from rusvel_tui.engine.agent.chat.conversations import RunView
from rusvel_tui.engine.agent.chat.listening import Broken
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.agent.config.layers import AgentSettings
from rusvel_tui.engine.agent.spending import NANO, WARN_AT
from rusvel_tui.engine.chat_ports import Heard


class Limits:
    """Asked before every call of the model, and told after it."""

    def __init__(
        self,
        settings: AgentSettings,
        hear: Callable[[news.News], None],
        month: Callable[[], int],
    ) -> None:
        """`month` tells what this month cost so far, in billionths of a dollar."""
        self._most = settings.max_turns or 1
        self._budget = settings.budget_usd
        self._monthly = settings.monthly_budget_usd
        self._month = month
        self._hear = hear
        self._told: set[str] = set()

    def before(self, run: RunView) -> bool:
        """Whether tools may still be called; raises `Broken` when nothing may be asked any more."""
        if run.turns > self._most:
            raise Broken(RunState.FAILED, self.enough, Heard())
        if self._budget is not None and self._spent(run) >= self._budget and run.cost_nano:
            text = f"stopped: the budget of ${self._budget} for one answer is used up (budget_usd)"
            raise Broken(RunState.FAILED, text, Heard())
        if self._monthly is not None and self._month_spent() >= self._monthly:
            text = f"stopped: the budget of ${self._monthly} for this month is used up (monthly_budget_usd)"
            raise Broken(RunState.FAILED, text, Heard())
        return run.turns < self._most

    def after(self, run: RunView, heard: Heard) -> None:
        """Say when most of the budget is used, and when nobody knows what an answer costs."""
        if heard.finished is not None and heard.finished.cost_nano is None:
            self._warn("price", f"What {run.model} costs is not known: the budget is not watched.")
        if (
            self._budget is not None
            and run.cost_nano
            and self._spent(run) >= self._budget * WARN_AT
        ):
            used = f"{_short(self._spent(run))} of ${self._budget}"
            self._warn("budget", f"{used} for this answer are used.")
        if self._monthly is not None and self._month_spent() >= self._monthly * WARN_AT:
            used = f"{_short(self._month_spent())} of ${self._monthly}"
            self._warn("month", f"{used} for this month are used.")

    @property
    def enough(self) -> str:
        """Why an answer ends that called tools too often."""
        return f"stopped after {self._most} turns (max_turns)"

    def _spent(self, run: RunView) -> Decimal:
        return Decimal(run.cost_nano) / NANO

    def _month_spent(self) -> Decimal:
        return Decimal(self._month()) / NANO

    def _warn(self, about: str, text: str) -> None:
        """Once for each thing to warn about."""
        if about not in self._told:
            self._told.add(about)
            self._hear(news.Warned(text))


def _short(amount: Decimal) -> str:
    """Dollars without the zeros at the end."""
    return "$" + f"{amount:.4f}".rstrip("0").rstrip(".")

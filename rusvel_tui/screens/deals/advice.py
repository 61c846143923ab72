"""Advice on a deal: where it stands, what to do next and why, and one key for each thing that can be done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from textual import work

from rusvel_tui.actions import Action
from rusvel_tui.engine.core import Engine, find_operation
from rusvel_tui.engine.gtm.crm.advice.deal_summary import (
    DealSummary,
    GetDealSummary,
    get_deal_summary,
)
from rusvel_tui.engine.gtm.crm.advice.next_step import (
    NextStep,
    RecommendNextStep,
    recommend_next_step,
)
from rusvel_tui.engine.gtm.crm.advice.suggestions import Suggestion
from rusvel_tui.screens.deals.moves import DealMoves
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.screens.shared.review import Review
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose

ASK = "m"
"""The key that asks the model: it takes a while, and costs."""
ADVICE_ACTIONS = (
    Action("deals.advise", "A", "Advice", "advise", "advise", "What to do next and why, and keys that do it."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Advised:
    """What was advised, and what of it a key can do."""

    step: NextStep
    summary: DealSummary

    @property
    def options(self) -> tuple[Suggestion, ...]:
        return (self.step.suggestion, *(one.suggestion for one in self.step.alternatives))


class DealAdvising(DealMoves):
    """The board, with advice on the card under the cursor."""

    @work(exit_on_error=False)
    async def action_advise(self) -> None:
        """Show what to do next; a digit does it, `m` lets the model look at it."""
        card = self.board.current
        think = False
        while card is not None:
            found = await attempt(self, partial(read_advice, self.engine, card.id, think=think))
            if found is None:
                return
            keys = {str(n): one.text for n, one in enumerate(found.options, 1)}
            more = {ASK: "asks the model"} if has_model(self.engine) and not think else {}
            dialog = Review(card.title, tuple(advice_blocks(found)), _answers(keys) | more)
            key = await self.app.push_screen_wait(dialog)
            if key != ASK:
                self._take(found, key)
                return
            think = True

    def _take(self, found: Advised, key: str) -> None:
        """Do what was chosen; what is only looked at is gone to."""
        if not key:
            return
        chosen = found.options[int(key) - 1]
        operation = find_operation(chosen.operation)
        if chosen.operation == "gtm.approvals.show":
            self.visit("inbox", str(chosen.input["id"]))
        elif not operation.writes:
            self.visit("contacts", found.summary.stakeholders[0].contact_id)
        else:
            back = " It waits in the inbox." if operation.held else ""
            said = f"{chosen.text}: done.{back} z to undo."
            self.run(operation, chosen.input, lambda _: self.say(said))


def has_model(engine: Engine) -> bool:
    """Whether there is a model to ask."""
    from rusvel_tui.engine.chat_ports import NO_MODEL

    model = engine.chat_model
    return model is not None and model.provider not in NO_MODEL and not engine.read_only


def read_advice(engine: Engine, deal_id: str, *, think: bool = False) -> Advised:
    """The advice on a deal; raises `EngineError`. Runs in a thread."""
    with engine.connected():
        step = engine.run(recommend_next_step, RecommendNextStep(deal_id=deal_id, think=think))
        summary = engine.run(get_deal_summary, GetDealSummary(deal_id=deal_id, think=think))
    return Advised(step, summary)


def advice_blocks(found: Advised) -> Iterator[Block]:
    """What to do, why, what it rests on, and what they said."""
    step, summary = found.step, found.summary
    yield Prose(summary.situation)
    yield Prose(summary.last_interaction, "muted")
    yield Heading("Next step")
    yield Fact("1", step.recommendation, "strong")
    yield Fact("", step.reasoning)
    yield Fact("", f"→ {step.suggestion.text}", "muted")
    for number, one in enumerate(step.alternatives, 2):
        yield Fact(str(number), one.recommendation)
        yield Fact("", f"→ {one.suggestion.text}", "muted")
    yield from _stated(summary)
    yield Heading("What it rests on")
    for signal in step.signals:
        words = f": {signal.evidence}" if signal.evidence and signal.evidence not in signal.text else ""  # fmt: skip
        yield Fact(signal.kind, f"{signal.text}{words}")
    if summary.missing:
        yield Fact("missing", ", ".join(summary.missing), "warn")
    for note in filter(None, dict.fromkeys((step.note, summary.note))):
        yield Prose(note, "warn")
    yield Prose(f"By {'fixed rules' if step.by == 'rules' else step.by}.", "muted")


def _stated(summary: DealSummary) -> Iterator[Block]:
    for title, stated, tone in (
        ("They need", summary.needs, ""),
        ("What keeps them back", summary.objections, "warn"),
    ):
        if stated:
            yield Heading(title)
            for one in stated:
                yield Fact(one.kind, f"“{one.words}”  {one.source}", tone)


def _answers(keys: dict[str, str]) -> dict[str, str]:
    """The digits with a word each: the whole of it stands above."""
    return {key: "does it" if key == "1" else "does that" for key in keys}

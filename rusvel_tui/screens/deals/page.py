"""The deals page: the pipeline as one board."""

from __future__ import annotations

from functools import partial

from textual import on, work

from rusvel_tui.actions import Action
from rusvel_tui.engine.gtm.crm.deals.deal_inputs import DealId
from rusvel_tui.engine.gtm.crm.deals.deal_record import get_deal
from rusvel_tui.engine.gtm.crm.deals.deal_views import DealView
from rusvel_tui.engine.gtm.crm.deals.deals import delete_deal
from rusvel_tui.engine.gtm.crm.deals.forecast import Forecast, forecast
from rusvel_tui.engine.gtm.crm.pipelines.pipeline_views import AllPipelines
from rusvel_tui.engine.gtm.crm.pipelines.pipelines import list_pipelines
from rusvel_tui.engine.gtm.crm.pipelines.stages import Stage
from rusvel_tui.engine.when_text import DAYS
from rusvel_tui.screens.deals.advice import ADVICE_ACTIONS, DealAdvising
from rusvel_tui.screens.deals.cards import amount
from rusvel_tui.screens.deals.forecast import forecast_blocks, forecast_title
from rusvel_tui.screens.deals.forms import edit_deal, snooze
from rusvel_tui.screens.deals.pipeline_form import edit_pipeline
from rusvel_tui.screens.deals.record import deal_blocks, read_deal
from rusvel_tui.screens.deals.why import why_blocks
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.screens.shared.dialogs import Reader
from rusvel_tui.screens.shared.subjects import Subject
from rusvel_tui.screens.shared.viewed import VIEW_ACTIONS
from rusvel_tui.screens.timeline.jots import create_task
from rusvel_tui.widgets.board import Board
from rusvel_tui.widgets.line_input import Question

_LETTERS = {Stage.WON: ",m w", Stage.LOST: ",m x"}
"""Second keys for the stages that close a deal."""


def _to_stage(number: int, stage: Stage) -> Action:
    """`m` and a digit: the card goes there."""
    asks = "; asks why" if stage is Stage.LOST else ""
    keys = f"m {number}{_LETTERS.get(stage, '')}"
    do, help_ = f"stage('{stage.value}')", f"Move the card to {stage.value}{asks}."
    return Action(
        f"deals.to_{stage.key}", keys, stage.value, do, f"move {stage.key}", help_, "Move to"
    )


class DealsPage(DealAdvising):
    """Verbs on deals."""

    TOPICS = frozenset({"gtm.deal", "gtm.contact", "gtm.activity", "gtm.pipeline"})
    ABOUT = "What may be sold, from lead to won. A card moves with H L, or with m and the number of a stage."
    ACTIONS = (
        Action("deals.edit", "e", "Edit", "edit", "edit", "Change the deal.", foot=True),
        Action("deals.task", "t", "Next step", "task", "task", "Plan what is to be done next.", foot=True),
        Action("deals.why", "w", "Why", "why", "why", "Why it is so likely, and why it does or does not count as quiet.", foot=True),
        *ADVICE_ACTIONS,
        Action("deals.forecast", "F", "Forecast", "forecast", "forecast", "What may come in, by month.", foot=True),
        Action("deals.snooze", "s", "Snooze", "snooze", "snooze", "Let it rest until a day, without counting as quiet.", takes="DAY"),
        Action("deals.enrol", "S", "Enrol", "enrol", "enrol", "Start a sequence for the deal's contact."),
        Action("deals.invoice", "I", "Invoice", "invoice", "invoice", "Write the invoice of a deal that is won, or the quote of one that is open."),
        Action("deals.contact", "O", "Contact", "contact", "contact", "Go to the deal's contact."),
        Action("deals.delete", "D", "Delete", "delete", "delete", "Delete the deal; z brings it back."),
        Action("deals.pipeline", "P", "Pipeline", "pipeline", "pipeline", "Show another pipeline."),
        Action("deals.stages", "C", "Stages", "stages", "stages", "Add, rename, reorder and remove stages."),
        Action("deals.export", "W", "Export", "export", "export", "Write the deals of all pipelines that fit the filter to a CSV file.", takes="FILE"),
        *VIEW_ACTIONS,
        *(_to_stage(number, stage) for number, stage in enumerate(Stage, 1)),
    )  # fmt: skip

    @property
    def subject(self) -> Subject | None:
        """The deal under the cursor."""
        card = self.board.current
        return None if card is None else Subject("", card.who, card.id, card.title)

    def action_stage(self, name: str) -> None:
        """Move the card to a stage."""
        state = self.board.state
        if self.board.current is not None and state.lanes[state.at].id != name:
            self.board.send_to(name)

    @on(Board.Opened)
    @work(exit_on_error=False)
    async def _opened(self, event: Board.Opened) -> None:
        record = await attempt(self, partial(read_deal, self.engine, event.card.id))
        if record is not None:
            blocks = deal_blocks(record, self.engine.clock.now(), self.zone)
            self.app.push_screen(Reader(record.deal.title, blocks))

    @work(exit_on_error=False)
    async def action_edit(self) -> None:
        if (deal := await self._current()) is not None:
            await edit_deal(self, deal)

    @work(exit_on_error=False)
    async def action_task(self) -> None:
        if self.subject is not None:
            await create_task(self)

    @work(exit_on_error=False)
    async def action_why(self) -> None:
        """The factors behind probability and health."""
        if (card := self.board.current) is not None:
            order = DealId(deal_id=card.id)
            deal = await attempt(self, partial(self.engine.run, get_deal, order))
            if deal is not None:
                self.app.push_screen(Reader(deal.title, why_blocks(deal)))

    @work(exit_on_error=False)
    async def action_forecast(self) -> None:
        wanted = Forecast(pipeline=self.pipeline)
        view = await attempt(self, partial(self.engine.run, forecast, wanted))
        if view is not None:
            self.app.push_screen(Reader(forecast_title(view), forecast_blocks(view), look="broad"))

    @work(exit_on_error=False)
    async def action_snooze(self, day: str = "") -> None:
        """Let the deal rest until a day; an empty answer wakes it."""
        card = self.board.current
        if card is None:
            return
        hint = f"{DAYS} Enter alone ends the rest"
        text = day or await self.ask_line(
            Question("snooze deal", f"{card.title} rests until: ", hint=hint)
        )
        if text is not None:
            await snooze(self, card.id, text)

    @work(exit_on_error=False)
    async def action_pipeline(self) -> None:
        """Another pipeline on the board; with a single one, its stages."""
        found = await attempt(self, partial(self.engine.run, list_pipelines, AllPipelines()))
        if found is None:
            return
        if len(found.items) == 1:
            await edit_pipeline(self, self.pipeline)
            return
        names = {str(n): pipeline.name for n, pipeline in enumerate(found.items[:9], 1)}
        if (key := await self.ask_key("Pipeline", names)) is not None:
            self.pipeline = names[key]
            self.load()

    @work(exit_on_error=False)
    async def action_stages(self) -> None:
        await edit_pipeline(self, self.pipeline)

    @work(exit_on_error=False)
    async def action_enrol(self) -> None:
        from rusvel_tui.screens.sequences.enrol import enrol

        if (deal := await self._current()) is not None:
            who = deal.contact_name or deal.company
            await enrol(self, (deal.contact_id,), who, deal.deal_id)

    @work(exit_on_error=False)
    async def action_invoice(self) -> None:
        from rusvel_tui.screens.invoices.billing import bill_deal

        if (deal := await self._current()) is not None:
            await bill_deal(self, deal)

    @work(exit_on_error=False)
    async def action_contact(self) -> None:
        if (deal := await self._current()) is not None:
            self.visit("contacts", deal.contact_id)

    @work(exit_on_error=False)
    async def action_export(self, path: str = "") -> None:
        from rusvel_tui.screens.importing.export_dialog import What, export

        await export(self, self.KIND, path, What(filter=self.filter_text))

    @work(exit_on_error=False)
    async def action_delete(self) -> None:
        deal = await self._current()
        if deal is None:
            return
        detail = f"{amount(deal)}, in {deal.stage}."
        if await self.confirm(f"Delete {deal.title}?", detail=detail, yes="Delete"):
            order = DealId(deal_id=deal.deal_id)
            self.run(delete_deal, order, lambda _: self.say(f"Deleted {deal.title}. z to undo."))

    async def _current(self) -> DealView | None:
        """The deal under the cursor as it is now."""
        card = self.board.current
        if card is None:
            return None
        return await attempt(self, partial(self.engine.run, get_deal, DealId(deal_id=card.id)))

"""The growth page: seven parts, each with a list, its charts and its numbers; what is done is in `verbs`."""

from __future__ import annotations

from textual import on, work

from rusvel_tui.actions import Action
from rusvel_tui.screens.growth import verbs
from rusvel_tui.screens.growth.growth_parts import GrowthParts
from rusvel_tui.screens.growth.parts import PARTS
from rusvel_tui.screens.growth.trend import RANGES
from rusvel_tui.widgets.open_list import OpenList


class GrowthPage(GrowthParts):
    """Verbs on what is measured."""

    TOPICS = frozenset(
        {"growth.funnel", "growth.cohort", "growth.kpi", "growth.events", "growth.churn", "growth.alert",
         "growth.subscription", "gtm.deal", "gtm.invoice", "gtm.email", "gtm.enrollment"}
    )  # fmt: skip
    ABOUT = (
        "Funnels, cohorts and KPIs, with what the numbers allow to say and what they do not. "
        "Deals, mails and invoices are counted by themselves."
    )
    ACTIONS = (
        Action("growth.record", "n", "Record", "verb('record')", "record", "Record a reading, a count of a funnel, or who of a cohort is active.", foot=True),
        Action("growth.new", "N", "New", "verb('new')", "new measure", "Make a funnel, a cohort, a KPI or an alert, by the part in front.", foot=True),
        Action("growth.edit", "e", "Edit", "verb('edit')", "edit", "Change what is under the cursor.", foot=True),
        Action("growth.delete", "D", "Delete", "verb('delete')", "delete", "Delete what is under the cursor; z brings it back."),
        Action("growth.alert", "A", "Alert", "verb('alert')", "alert", "Be told when this KPI crosses a value."),
        Action("growth.acknowledge", "a", "Seen", "alert_verb('acknowledge')", "acknowledge", "Say that you have seen this alert."),
        Action("growth.snooze", "s", "Snooze", "alert_verb('snooze')", "snooze", "Keep this alert quiet until a day."),
        Action("growth.rows", "r", "Rows", "open", "rows", "Show the rows behind the chart.", foot=True),
        Action("growth.import", "M", "Import", "bring", "import growth", "Read readings, counts, events, cohorts or subscriptions from a CSV file.", takes="FILE"),
        Action("growth.write", "W", "Write file", "write", "write chart", "Write the chart to a file: .csv or .svg.", takes="FILE"),
        Action("growth.more", "greater_than_sign", "Longer", "range(1)", "longer", "Draw more readings."),
        Action("growth.less", "less_than_sign", "Shorter", "range(-1)", "shorter", "Draw fewer readings."),
        Action("growth.next", "right_square_bracket", "Next part", "turn(1)", "next part", "Go to the next part.", "View"),
        Action("growth.previous", "left_square_bracket", "Previous part", "turn(-1)", "previous part", "Go to the part before.", "View"),
        *(
            Action(f"growth.part_{n}", str(n), part.title, f"part('{part.id}')", f"part {part.id}", f"Show {part.title}.", "View")
            for n, part in enumerate(PARTS, 1)
        ),
    )  # fmt: skip

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The keys of alerts and of the line are there where they act."""
        if action == "range":
            return self.part.plot
        return action != "alert_verb" or self.part.id == "alerts"

    def action_range(self, by: int) -> None:
        """Draw more or fewer of the newest readings."""
        self.span = min(max(self.span + by, 0), len(RANGES) - 1)
        self.draw()

    @on(OpenList.Opened)
    def action_open(self) -> None:
        """The rows behind the chart."""
        self.action_verb("rows")

    @work(exit_on_error=False)
    async def action_verb(self, name: str) -> None:
        """Do something with the part in front, or the row under the cursor."""
        await verbs.VERBS[name](self)

    def action_alert_verb(self, name: str) -> None:
        """Do something with the alert under the cursor."""
        self.action_verb(name)

    @work(exit_on_error=False)
    async def action_bring(self, path: str = "") -> None:
        from rusvel_tui.screens.growth.files import bring

        await bring(self, path)

    @work(exit_on_error=False)
    async def action_write(self, path: str = "") -> None:
        from rusvel_tui.screens.growth.files import write

        await write(self, path)

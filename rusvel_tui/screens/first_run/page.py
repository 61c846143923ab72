"""The guided start: five steps to a first approved draft. Each can be skipped, and all of it can be left and found again."""

from __future__ import annotations

from textual import on, work
from textual.app import ComposeResult
from textual.widgets import Static

from rusvel_tui.actions import Action
from rusvel_tui.screens.first_run.steps import STEPS, Facts, GuideStep, read_facts
from rusvel_tui.screens.page import AnyList, Page, Rows
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.text_view import Block, Heading, Prose, TextView

HOW = "enter does a step · n passes it over · esc leaves; :welcome comes back"


class WelcomePage(Page[Facts]):
    """A list of steps with how each stands; Enter does one."""

    TOPICS = frozenset({
        "gtm.contact", "gtm.sequence", "gtm.outreach", "gtm.email", "gtm.sender",
    })  # fmt: skip
    ABOUT = "The guided start: from an empty desk to a first approved draft. Every step can wait."
    ACTIONS = (
        Action("welcome.skip", "n", "Skip", "skip", "skip", "Pass this step over; it can be done later.", foot=True),
        Action("welcome.leave", "T", "To work", "leave", "leave", "Leave the guide, for the list of today.", foot=True),
    )  # fmt: skip

    facts = Facts()

    def compose(self) -> ComposeResult:
        yield Static(
            "Welcome to rusvel. Five short steps to a first approved draft.", classes="caption"
        )
        yield OpenList(
            (
                Column[GuideStep]("", lambda step: sign(step, self.facts)[0], width=6, tone=lambda step: sign(step, self.facts)[1]),
                Column[GuideStep]("Step", lambda step: step.title, width=18),
                Column[GuideStep]("So far", lambda step: step.stands(self.facts), width=24, grow=1, most=80, tone="muted"),
            ),
            id="guide",
            key=lambda step: step.id,
        )  # fmt: skip
        yield TextView(id="guide-about")

    @property
    def steps(self) -> OpenList[GuideStep]:
        return self.query_one("#guide", OpenList)

    def read(self) -> Facts:
        return read_facts(self.engine)

    def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:
        return Rows(len(STEPS), STEPS[first : first + count])

    def show(self, view: Facts) -> None:
        """Show how the steps stand; the cursor goes on to the first that is open where one was just done."""
        before, self.facts = self.facts, view
        self.steps.refresh()
        newly = any(step.done(view) and not step.done(before) for step in STEPS)
        if newly:
            self._to_next(0)
        self._describe(self.steps.current)

    def _to_next(self, start: int) -> None:
        """Put the cursor on the first open step from there on."""
        left = (n for n, step in enumerate(STEPS) if n >= start and not step.done(self.facts))
        self.steps.cursor = next(left, len(STEPS) - 1)

    @on(PagedList.Highlighted)
    def _highlighted(self, event: PagedList.Highlighted) -> None:
        self._describe(event.row)

    def _describe(self, step: GuideStep | None) -> None:
        if step is None:
            return
        done = all(one.done(self.facts) for one in STEPS)
        self.query_one("#guide-about", TextView).show(tuple(about(step, done=done)))

    @on(OpenList.Opened)
    def _opened(self, event: OpenList.Opened) -> None:
        self._do(event.row)

    @work(exit_on_error=False)
    async def _do(self, step: GuideStep) -> None:
        from rusvel_tui.screens.first_run.doing import DOING

        if step.id != "session" and not self.facts.session:
            self.say("First a desk: Enter on the first step makes one.")
            return
        await DOING[step.id](self)

    def action_begin(self) -> None:
        """The first step at once: there is nothing else to do on a desk without a session."""
        self._do(STEPS[0])

    def action_skip(self) -> None:
        """Go on to the next open step."""
        self._to_next(self.steps.cursor + 1)

    def action_leave(self) -> None:
        """To the list of today; what is done stays done."""
        if not self.facts.session and not self.engine.read_only:
            self.complain("Nothing can be kept without a desk. :welcome makes one.")
        self.visit("today")

    def back(self) -> bool:
        self.action_leave()
        return True


def sign(step: GuideStep, facts: Facts) -> tuple[str, str]:
    """How a step stands as a sign, and its tone."""
    return ("✓ done", "good") if step.done(facts) else ("○", "accent")


def about(step: GuideStep, *, done: bool) -> list[Block]:
    """What a step is for, and the keys."""
    end = [Heading("All done"), Prose("T goes to the list of today: what needs you stands there.")]
    return [
        Heading(step.title),
        Prose(step.about),
        *(end if done else ()),
        Prose(""),
        Prose(HOW, "muted"),
    ]

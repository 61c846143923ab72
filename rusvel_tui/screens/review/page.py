"""The review of a week: its numbers against the week before, what slipped, what comes, and habits."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.widgets import Static

from rusvel_tui.actions import Action
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.review.week import ReviewWeek, WeekReview, review_week
from rusvel_tui.engine.gtm.review.weeks import HELP
from rusvel_tui.engine.sessions import ListSessions, show_session
from rusvel_tui.screens.page import AnyList, Page, Rows
from rusvel_tui.screens.review.rows import ReviewRow, review_rows
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.desk_app import shut_to_guest
from rusvel_tui.widgets.line_input import Question
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.plain import plain

Shown = tuple[WeekReview, ZoneInfo]


class ReviewPage(Page[Shown]):
    """One list of four parts; Enter goes to where a line is dealt with."""

    TOPICS = frozenset({
        "gtm.outreach", "gtm.sequence", "gtm.activity", "gtm.contact", "gtm.deal", "gtm.mail", "gtm.invoice",
        "growth.subscription",
    })  # fmt: skip
    ABOUT = "A week against the one before, what slipped, what comes in the next seven days, and habits. Enter goes there."
    ACTIONS = (
        Action("review.before", "h,left", "Week before", "turn(-1)", "week before", "Look at the week before.", foot=True),
        Action("review.after", "l,right", "Week after", "turn(1)", "week after", "Look at the week after.", foot=True),
        Action("review.week", "w", "Week", "week", "week", "Look at any week.", takes="[WEEK]"),
        Action("review.copy", "y", "Copy", "copy", "copy", "Copy the review as Markdown.", foot=True),
        Action("review.write", "W", "Write", "write", "write", "Write the review to a Markdown file.", takes="[FILE]", foot=True),
    )  # fmt: skip

    week = ""
    """The week that is shown; the last whole one when empty."""
    review: WeekReview | None = None
    rows: tuple[ReviewRow, ...] = ()

    def compose(self) -> ComposeResult:
        yield Static(id="review-caption", classes="caption", markup=False)
        yield OpenList(
            (
                Column[ReviewRow]("", lambda row: row.part, width=9, tone="strong"),
                Column[ReviewRow]("What", lambda row: row.what, width=20, grow=2, most=64),
                Column[ReviewRow]("This week", lambda row: row.now, width=14, align="right"),
                Column[ReviewRow]("Week before", lambda row: row.before, width=14, align="right", drop=1, tone="muted"),
                Column[ReviewRow]("", lambda row: row.more, width=16, grow=3, most=60, tone=lambda row: row.tone),
            ),
            id="review-lines",
            key=lambda row: row.id,
            empty="Counting the week …",
        )  # fmt: skip

    def read(self) -> Shown:
        zone = ZoneInfo(self.engine.run(show_session, ListSessions()).timezone)
        return self.engine.run(review_week, ReviewWeek(week=self.week)), zone

    def show(self, view: Shown) -> None:
        self.review, zone = view
        self.rows = review_rows(self.review, zone)
        self.query_one("#review-caption", Static).update(plain(caption(self.review)))
        self.lines.reload()

    @property
    def lines(self) -> OpenList[ReviewRow]:
        return self.query_one("#review-lines", OpenList)

    def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:
        return Rows(len(self.rows), self.rows[first : first + count])

    @on(OpenList.Opened)
    def _opened(self, event: OpenList.Opened) -> None:
        row: ReviewRow = event.row
        if row.page:
            self.visit(row.page, row.item_id)

    def action_turn(self, by: int) -> None:
        """Another week."""
        if self.review is None:
            return
        day = self.review.first + timedelta(weeks=by)
        if day > self.engine.clock.now().date():
            self.say("That week has not begun.")
            return
        self.week = day.isoformat()
        self.load()

    @work(exit_on_error=False)
    async def action_week(self, week: str = "") -> None:
        """A week by name."""
        wanted = week or await self.ask_line(Question("week", "Week: ", "last", hint=HELP))
        if not wanted:
            return
        try:
            await asyncio.to_thread(self.engine.run, review_week, ReviewWeek(week=wanted))
        except EngineError as error:
            self.complain(str(error))
            return
        self.week = wanted
        self.load()

    def action_copy(self) -> None:
        """The text to the clipboard of the terminal."""
        if self.review is not None:
            self.app.copy_to_clipboard(self.review.markdown)
            self.say(f"Copied: the review of {self.review.week} as Markdown.")

    @work(exit_on_error=False)
    async def action_write(self, path: str = "") -> None:
        """The text to a file; an existing one is kept."""
        if (review := self.review) is None or shut_to_guest(self.app):
            return
        name = f"review-{review.week}.md"
        path = path or await self.ask_line(Question("write review", "Write to: ", name)) or ""
        if not path:
            return
        try:
            await asyncio.to_thread(_write_new, path, review.markdown)
        except OSError as error:
            self.complain(f"{path} was not written: {error.strerror or error}.")
        else:
            self.say(f"Written: {path}")


def _write_new(path: str, text: str) -> None:
    with Path(path).expanduser().open("x", encoding="utf-8") as file:
        file.write(text)


def caption(review: WeekReview) -> str:
    """`Week 2026-W47 · 16 Nov to 22 Nov 2026, against 2026-W46`."""
    so_far = " so far" if review.running else ""
    days = f"{review.first:%d %b} to {review.last:%d %b %Y}"
    return f"Week {review.week} · {days}{so_far}, against {review.before}"

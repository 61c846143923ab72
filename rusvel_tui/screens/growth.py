"""Growth: what is measured, and the counts that the desk keeps by itself."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult

from rusvel_tui.engine.growth.overview import GrowthStatus
from rusvel_tui.engine.growth.overview import status as growth_status
from rusvel_tui.engine.gtm.overview import GtmStatus, StageCount
from rusvel_tui.engine.gtm.overview import status as gtm_status
from rusvel_tui.engine.operation import Input
from rusvel_tui.screens.page import Page
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose, TextView

BAR = 24
"""Cells of the longest bar."""


@dataclass(frozen=True, slots=True)
class Growth:
    """Both departments' numbers."""

    growth: GrowthStatus
    gtm: GtmStatus


class GrowthPage(Page[Growth]):
    """Numbers as text."""

    TOPICS = frozenset({"gtm.deal", "gtm.contact", "gtm.sequence", "gtm.outreach", "gtm.email"})
    ABOUT = "Funnels, cohorts and KPIs; and what the desk counts without being asked."

    def compose(self) -> ComposeResult:
        yield TextView(id="numbers")

    def read(self) -> Growth:
        return Growth(self.engine.run(growth_status, Input()), self.engine.run(gtm_status, Input()))

    def show(self, view: Growth) -> None:
        self.query_one("#numbers", TextView).show(
            (*measure_blocks(view.growth), *count_blocks(view.gtm))
        )


def measure_blocks(view: GrowthStatus) -> tuple[Block, ...]:
    """What somebody decided to measure."""
    return (
        Heading("What you measure"),
        Fact("Funnels", f"{view.funnels} · how many go from one stage to the next"),
        Fact("Cohorts", f"{view.cohorts} · whether those who began together stay"),
        Fact("KPIs", f"{view.kpis} · one number over time, with a target and an alert"),
        Prose("For a script: rusvel growth status --json, rusvel gtm status --json", "muted"),
    )


def count_blocks(view: GtmStatus) -> tuple[Block, ...]:
    """What the desk counts by itself."""
    most = max((stage.deals for stage in view.deals), default=0) or 1
    return (
        Heading("What the desk counts by itself"),
        Fact("Contacts", str(view.contacts)),
        *(Fact(stage.stage, _bar(stage, most), stage.stage.lower()) for stage in view.deals),
        Fact("Sequences", _counts(view.sequences)),
        Fact("Enrollments", _counts(view.enrollments)),
        Fact("Mails", _counts(view.mails)),
    )


def _bar(stage: StageCount, most: int) -> str:
    """`━━━━ 4 · 1200.00 EUR`."""
    bar = "━" * -(-stage.deals * BAR // most)
    return " · ".join(part for part in (f"{bar} {stage.deals}".strip(), *stage.sums) if part)


def _counts(counts: dict[str, int]) -> str:
    """`3 active, 1 paused`."""
    there = [f"{count} {name.replace('_', ' ').lower()}" for name, count in counts.items() if count]
    return ", ".join(there) or "none"

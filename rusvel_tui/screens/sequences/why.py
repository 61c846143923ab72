"""Why not yet: the answer in one sentence, the moment on both clocks, and every gate on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from rusvel_tui.engine.gtm.outreach.mails.mail_states import SPOKEN
from rusvel_tui.engine.gtm.outreach.timing.explain import (
    Clock,
    Explain,
    Explanation,
    GateView,
    explain,
)
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.screens.shared.dialogs import Reader
from rusvel_tui.screens.shared.moments import when
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose

_ORIGINS = {
    "set": "the contact's own",
    "country": "from the country",
    "phone": "from the phone number",
    "company": "from the company",
    "sequence": "set for the sequence",
}
"""Where a zone is known from, in words."""


_STATES = {state.value: words for state, words in SPOKEN.items()}


async def show_why(
    page: Page[Any], step_id: str, zone: ZoneInfo, more: Sequence[Block] = ()
) -> None:
    """Say why a mail or a step has not gone out yet; `step_id` is that of a mail, a job or an enrollment."""
    seen = await attempt(page, partial(page.engine.run, explain, Explain(id=step_id)))
    if seen is not None:
        blocks = (*why_blocks(seen, zone), *more)
        page.app.push_screen(Reader(f"Why not yet: {seen.contact}", blocks))


def why_blocks(seen: Explanation, zone: ZoneInfo) -> Iterator[Block]:
    """Everything there is to say, the answer first."""
    yield Prose(seen.headline, "strong")
    yield Prose("")
    if seen.sequence:
        yield Fact("Sequence", f"{seen.sequence}, step {seen.step}")
    yield Fact("State", _STATES.get(seen.state, seen.state))
    if seen.next_time is not None:
        yield Fact("Earliest" if seen.at_the_earliest else "Goes on", when(seen.next_time, zone))
    for text in dict.fromkeys(map(_shown, seen.clocks)):
        yield Fact("", text, "muted")
    if seen.gates:
        yield Heading("What it must pass")
        for gate in seen.gates:
            yield _passed(gate, zone)


def _shown(clock: Clock) -> str:
    """`Tue 01 Dec 09:00 for Ada (Asia/Tokyo, from the country)`."""
    origin = _ORIGINS.get(clock.origin, clock.origin)
    if clock.origin == "session":
        return f"{clock.shows} {clock.zone}, your own zone"
    return f"{clock.shows} for {clock.whose} ({clock.zone}, {origin})"


def _passed(gate: GateView, zone: ZoneInfo) -> Block:
    sign, tone = ("✓", "") if gate.open else ("–", "warn") if gate.opens else ("✗", "bad")
    return Prose(f"{sign} {gate.text}{_opens(gate, zone)}", tone)


def _opens(gate: GateView, zone: ZoneInfo) -> str:
    """When a gate opens by itself, where its words do not say so."""
    if gate.open or gate.opens is None or f"{gate.opens.astimezone(zone):%H:%M}" in gate.text:
        return ""
    return f" · opens {when(gate.opens, zone)}"

"""Short letters that a rule drafts: plain words and what is known, nothing made up. A person reads them before they leave. Pure."""

from __future__ import annotations

from rusvel_tui.engine.gtm.crm.advice.facts import DealFacts
from rusvel_tui.engine.gtm.crm.advice.phrases import Said, quotes
from rusvel_tui.engine.gtm.crm.timeline.timeline_entries import TimelineEntry
from rusvel_tui.engine.text import cut, one_line

Letter = tuple[str, str]
"""Subject and body."""
_AGREED = 3
"""So many sentences of a meeting's notes go into its summary."""


def hello(facts: DealFacts) -> Letter:
    """The first words to somebody."""
    return (
        cut(facts.deal.title, 80),
        f"{_dear(facts)}\n\nI would like to talk with you about {facts.deal.title}. Would a call of 20 minutes suit you this week?",
    )


def again(facts: DealFacts) -> Letter:
    """A question after a silence, that refers to what was last said."""
    heard = facts.heard
    before = (
        f"we last talked on {heard.at.astimezone(facts.zone):%-d %B}" if heard else "I wrote to you"
    )
    wish = _wish(heard)
    about = f" You said: “{wish}”" if wish else ""
    return (
        cut(facts.deal.title, 80),
        f"{_dear(facts)}\n\n{before} about {facts.deal.title}.{about}\n\nIs it still of interest? If so, which day suits you for the next step? If not, a short no helps me, too.",
    )


def after_meeting(facts: DealFacts, meeting: TimelineEntry) -> Letter:
    """The summary of a meeting: of its notes what they asked for, and nothing that was noted about them."""
    day = meeting.at.astimezone(facts.zone)
    noted = [wish.text for wish in quotes(meeting.detail, Said.NEED)][:_AGREED]
    points = "\n".join(f"- {cut(one_line(line), 200)}" for line in noted)
    said = f"What I noted:\n{points}" if points else "Thank you for your time."
    return (
        cut(f"{meeting.title}: summary", 80),
        f"{_dear(facts)}\n\nthank you for the meeting on {day:%-d %B}.\n\n{said}\n\nDid I miss anything? Which day suits you for the next step?",
    )


def _wish(heard: TimelineEntry | None) -> str:
    wish = (
        next(quotes(heard.detail, Said.NEED), None)
        if heard and heard.kind.value == "EmailIn"
        else None
    )
    return cut(wish.text, 120) if wish else ""


def _dear(facts: DealFacts) -> str:
    return f"Hi {one_line(facts.first_name)},"

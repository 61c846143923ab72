"""What the numbers of a sequence say to a person, and what to do about it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from rusvel_tui.engine.beta import share_interval
from rusvel_tui.engine.gtm.outreach.results.guard import LEAST, LIMIT
from rusvel_tui.engine.gtm.outreach.results.numbers import Count
from rusvel_tui.engine.gtm.outreach.sequences.variants import ENOUGH
from rusvel_tui.engine.operation import View
from rusvel_tui.engine.spelled import Spelled

LOW_REPLIES = 0.05
"""A reply rate that is surely below this is low."""


class Alarm(Spelled):
    """What a warning is about."""

    PAUSED = "paused"
    BOUNCES = "bounces"
    REPLIES = "replies"


class Finding(View):
    """Something that goes badly, with its number, and what to do."""

    about: Alarm
    text: str
    advice: str


def warnings(count: Count, pause_reason: str) -> Iterator[Finding]:
    """The warnings about a sequence, the worst first."""
    if pause_reason:
        yield Finding(
            about=Alarm.PAUSED,
            text=f"Paused itself: {pause_reason}.",
            advice="Check the other addresses, end the people whose address is doubtful, then resume it.",
        )
    elif count.bounced >= LEAST and count.bounced >= LIMIT * count.tried:
        yield Finding(
            about=Alarm.BOUNCES,
            text=f"{_part(count.bounced, count.tried)} came back.",
            advice=f"Check where the addresses come from. It pauses itself at {LIMIT:.0%} of its last mails.",
        )
    if is_low(count.ripe_replied, count.ripe):
        high = share_interval(count.ripe_replied, count.ripe)[1]
        yield Finding(
            about=Alarm.REPLIES,
            text=f"{_part(count.ripe_replied, count.ripe)} were answered: surely less than {high:.1%}.",
            advice="Try a shorter first mail, another subject as a variant, or other people.",
        )


def is_low(replied: int, ripe: int) -> bool:
    """Whether the reply rate is low with 95 % certainty; nothing is said under a hundred mails."""
    return ripe >= ENOUGH and share_interval(replied, ripe)[1] < LOW_REPLIES


def summary(count: Count) -> str:
    """The reply rate in a sentence, with how sure it is."""
    if not count.sent:
        return "Nothing was sent yet."
    replied = min(count.replied, count.sent)
    low, high = share_interval(replied, count.sent)
    text = f"{_part(replied, count.sent)} were answered; the true rate lies between {low:.0%} and {high:.0%}."
    if count.sent < ENOUGH:
        return f"{text} Under {ENOUGH} mails that says little."
    return text


def _part(part: int, whole: int) -> str:
    return f"{part} of {whole} mails ({part / whole:.1%})" if whole else f"{part} mails"

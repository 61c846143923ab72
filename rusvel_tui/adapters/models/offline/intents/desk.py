"""The desk: what needs the person today, what waits in the inbox, and what can be asked."""

from __future__ import annotations

from rusvel_tui.adapters.models.offline.intent import Call, Intent, Plan, Said
from rusvel_tui.adapters.models.offline.wording import bullets, count, day, table


def _today(said: Said) -> Plan:
    page = yield Call("gtm.today", {"limit": 20})
    if page.failed:
        return page.sorry()
    if not page.items:
        return "Nothing needs you today."
    rows = [
        (one["need"], one["who"], one["what"], one["why"], day(one["at"])) for one in page.items
    ]
    return f"{count(len(rows), 'thing')} to do:\n\n{table(('Need', 'Who', 'What', 'Why', 'When'), rows)}"


def _inbox(said: Said) -> Plan:
    page = yield Call("gtm.approvals.list", {"limit": 15})
    if page.failed:
        return page.sorry()
    if not page.items:
        return "No mail waits for your yes."
    rows = [(one["to_name"] or one["to"], one["subject"], one["sequence"]) for one in page.items]
    more = " or more" if page.data.get("next") else ""
    shown = table(("To", "Subject", "Sequence"), rows)
    return (
        f"{count(len(rows), 'mail')}{more} wait for your yes. Approve them in the inbox:\n\n{shown}"
    )


def _help(said: Said) -> Plan:
    from rusvel_tui.adapters.models.offline.intents import INTENTS  # the list that this stands in

    yield from ()
    lines = bullets(one.example for one in INTENTS if one.example)
    return (
        f"No model is set up, so I answer by patterns. You can ask:\n\n{lines}\n\n"
        "Set ANTHROPIC_API_KEY for everything else."
    )


INTENTS = (
    Intent(
        "inbox",
        r"\b(inbox|approvals?)\b|\bwaits? for (me|my)\b|\bmails? (are )?waiting\b",
        "What waits in the inbox?",
        _inbox,
    ),
    Intent(
        "today",
        r"\btoday\b|\bneeds? me\b|\bto do\b|\bwhat('s| is) (up|next|due)\b|\bagenda\b|\btasks?\b",
        "What needs me today?",
        _today,
    ),
    Intent(
        "help",
        r"^\W*(help|/help|hi|hello|hey|what can you do|who are you|are you (there|a model|an ai))\b",
        "",
        _help,
    ),
)

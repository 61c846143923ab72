"""Deals: the pipeline, one deal in short, and what to do next about it."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any

from rusvel_tui.adapters.models.offline.intent import Call, Intent, Plan, Result, Said, ask
from rusvel_tui.adapters.models.offline.reading import quoted
from rusvel_tui.adapters.models.offline.wording import bullets, count, day, table

_SHOWN = 8
_ASKED = re.compile(
    r"(?i)\b(recommend|suggest|next|best|step|action|deal|deals|summari[sz]e|summary|brief|what|should|i|do|is|the|a|an|of|"
    r"for|on|about|with|my|our|me|please|give|show|tell|status|how|to|and|this|it|from|here)\b"
)


def _pipeline(said: Said) -> Plan:
    board = yield Call("gtm.crm.board")
    if board.failed:
        return board.sorry()
    data = board.data
    if not any(column["count"] for column in data["columns"]):
        return "There are no deals yet. Add one on the deals page with `n`."
    sums = " + ".join(data["sums"]) or "nothing"
    parts = [f"{data['pipeline']}: {count(data['open_deals'], 'open deal')}, {sums}."]
    parts += [_stage(column) for column in data["columns"] if column["count"]]
    if data["rotting"] or data["no_next_action"]:
        parts.append(
            f"{data['rotting']} were quiet for too long, {data['no_next_action']} have no next step."
        )
    return "\n\n".join(parts)


def _stage(column: dict[str, Any]) -> str:
    head = f"**{column['stage']}**: {count(column['count'], 'deal')}, {' + '.join(column['sums']) or 'no amount'}"
    if column["kind"] != "Open":
        return head
    rows = [
        (card["title"], card["who"] or card["company"], card["amount"], _next(card))
        for card in column["cards"][:_SHOWN]
    ]
    return f"{head}\n\n{table(('Deal', 'With', 'Amount', 'Next'), rows)}"


def _next(card: dict[str, Any]) -> str:
    planned = card["next"]
    text = f"{planned['subject']}, {day(planned['due'])}" if planned else "nothing planned"
    return f"{text} (quiet for {card['quiet_days']} days)" if card["rotting"] else text


def _recommend(said: Said) -> Plan:
    deal = yield from _deal(said)
    if isinstance(deal, str):
        return deal
    found = yield Call("gtm.crm.recommend_next_step", {"deal_id": deal["id"]})
    if found.failed:
        return found.sorry()
    data = found.data
    text = f"**{deal['title']}**: {data['recommendation']}\n\n{data['reasoning']}"
    signals = bullets(f"{one['text']}: {one['evidence']}" for one in data.get("signals", ())[:5])
    return f"{text}\n\n{signals}" if signals else text


def _summary(said: Said) -> Plan:
    deal = yield from _deal(said)
    if isinstance(deal, str):
        return deal
    found = yield Call("gtm.crm.get_deal_summary", {"deal_id": deal["id"]})
    if found.failed:
        return found.sorry()
    return _told(found.data)


def _told(data: dict[str, Any]) -> str:
    """A deal in short: how it stands, and what is known about it."""
    people = [
        f"{one['name']}, {one['title']}" if one["title"] else one["name"]
        for one in data["stakeholders"][:5]
    ]
    lines = [
        ("Last", data["last_interaction"]),
        ("Next", data["next_step"]),
        ("People", "; ".join(people)),
        ("Needs", "; ".join(one["words"] for one in data["needs"][:3])),
        ("Objections", "; ".join(one["words"] for one in data["objections"][:3])),
        ("Missing", "; ".join(map(str, data["missing"]))),
    ]
    return f"{data['situation']}\n\n{bullets(f'{head}: {text}' for head, text in lines if text)}"


def _deal(said: Said) -> Generator[Call, Result, dict[str, Any] | str]:
    """The deal that is meant, or a question back with those that are open."""
    titles = list(dict.fromkeys(filter(None, (_title(part) for part in reversed(said.parts)))))
    found = [] if titles else (yield from _open_deals())
    if isinstance(found, str):
        return found
    for title in titles:
        hits = yield Call("gtm.crm.search", {"query": title, "kinds": ["Deal"], "limit": 10})
        if hits.failed:
            return hits.sorry()
        if found := [one for one in hits.items if _meant(one, said.text)] or hits.items:
            break
    if len(found) == 1:
        return found[0]
    if not found:
        no_such = f"I find no deal like {titles[0]}. Which deal?" if titles else ""
        return ask(no_such) if titles else "There is no open deal."
    which = bullets(f"{one['title']}, {one.get('about') or 'nobody'}" for one in found)
    return ask(f"Which deal?\n\n{which}")


def _open_deals() -> Generator[Call, Result, list[dict[str, Any]] | str]:
    page = yield Call("gtm.crm.list_deals", {"status": "Open", "limit": 10})
    if page.failed:
        return page.sorry()
    return [
        {"id": one["deal_id"], "title": one["title"], "about": one["contact_name"]}
        for one in page.items
    ]


def _title(text: str) -> str:
    """What is left of the words when those that ask are gone; who it is with may follow a comma."""
    left = _ASKED.sub(" ", text).partition(",")[0].strip(" .?!:\n")
    return quoted(text) or " ".join(left.split())


def _meant(deal: dict[str, Any], who: str) -> bool:
    """Whether the person named is the one that the deal is with."""
    return bool(deal.get("about")) and str(deal["about"]).casefold() in who.casefold()


INTENTS = (
    Intent(
        "next step",
        r"\bnext (best )?(step|action|move)s?\b.*|\brecommend\b|\bwhat should i do (about|with|next)\b",
        "Recommend the next step for the board deal",
        _recommend,
    ),
    Intent(
        "deal summary",
        r"\b(summari[sz]e|summary|brief)\b.*|\bstatus of\b.*\bdeal\b",
        "Summarise the board deal",
        _summary,
    ),
    Intent("deal pipeline", r"\b(pipeline|deals|forecast)\b", "Show the deal pipeline", _pipeline),
)

"""A proposal in one line: what would be done, to what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from rusvel_tui.engine.agent.proposals.difference import Difference
from rusvel_tui.engine.agent.proposals.naming import Names
from rusvel_tui.engine.text import cut, one_line

WIDTH = 120
TITLES = {
    "agent.servers.call_tool": "Let the tool {tool} of {server} run",
    "growth.funnel.add_stage": "Add stage {name} to the funnel {called}",
    "growth.kpi.record_kpi": "Record a reading of {name}: {value} {unit}",
    "growth.saas.record_subscription": "Record what {customer} pays in {month}: {mrr} {currency}",
    "growth.events.record": "Record what people did: {events}",
    "gtm.outreach.create_email_draft": "Put a mail to {to_name} into the inbox: {subject}",
    "gtm.crm.add_contact": "Add contact {name} <{email}>",
    "gtm.crm.add_deal": "Add deal {title}: {value} {currency}, {contact_name}",
    "gtm.crm.add_note": "Add a note on {called}: {body}",
    "gtm.crm.add_task": "Add task {subject}, {called}",
    "gtm.crm.advance_deal": "Move deal {title} to {stage}",
    "agent.workflows.go_on": "Go on with {workflow}: {question}",
    "gtm.invoices.create_invoice": "Create {called}: {total} {currency}",
    "gtm.outreach.execute_sequence": "Enrol {contact} in {sequence}",
}
"""Operations whose title says more than their name and what they are about; the rest is made out of those."""
_AREAS = {
    "approvals": "draft",
    "kpi": "KPI",
    "mail": "message",
    "funnel": "funnel",
    "cohort": "cohort",
    "senders": "sender",
    "views": "view",
    "session": "workspace",
    "churn": "churn",
    "invoices": "invoice",
}
_WORDS = {"csv": "CSV", "kpi": "KPI", "kpis": "KPIs"}
_SHORT = 40
_AMOUNT = re.compile(r"\d+\.\d+")


def title(operation: str, facts: Mapping[str, Any], called: str, diff: Sequence[Difference]) -> str:
    """The line: `Update contact Ada Lovelace: title → CTO`. `facts` are the input and the answer of a trial."""
    pattern = TITLES.get(operation)
    if pattern is None:
        return cut(one_line(_joined(phrase(operation), called) + _changes(diff)), WIDTH)
    known = _Known({name: _said(value) for name, value in facts.items()} | {"called": called})
    return cut(one_line(_tidy(pattern.format_map(known))), WIDTH)


def phrase(operation: str) -> str:
    """`gtm.crm.update_contact` as `Update contact`."""
    *areas, last = operation.split(".")
    words = [_WORDS.get(word, word) for word in last.split("_")]
    if len(words) == 1 and areas[-1] in _AREAS:
        words.append(_AREAS[areas[-1]])
    text = " ".join(words)
    return text[0].upper() + text[1:]


def _joined(words: str, called: str) -> str:
    """`Tag contacts` and `9 contacts` are `Tag 9 contacts`."""
    head, _, last = words.rpartition(" ")
    return f"{head if head and last in called.split() else words} {called}".strip()


def facts_of(names: Names, data: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
    """What a title can be made of: the input, the answer, and the names behind ids."""
    told = dict(data) | {name: value for name, value in answer.items() if value not in (None, "")}
    ids = [(name, value) for name, value in told.items() if name.endswith("_id")]
    for name, value in ids:
        if isinstance(value, str):
            told.setdefault(name.removesuffix("_id"), names.behind(name, value))
    if emails := told.get("emails"):
        first = emails[0]
        told.setdefault("email", first.get("address", "") if isinstance(first, dict) else first)
    return told


def _changes(diff: Sequence[Difference]) -> str:
    """What changes, where that fits: one field with its value, or the names of a few."""
    if not any(line.before for line in diff):
        return ""
    if len(diff) == 1 and len(diff[0].after) <= _SHORT:
        return f": {diff[0].field} → {diff[0].after or 'none'}"
    return f": {', '.join(dict.fromkeys(line.field for line in diff[:4]))}"


class _Known(dict[str, str]):
    """Facts; one that is not known is left out."""

    def __missing__(self, key: str) -> str:
        return ""


def _said(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return f"{value:,.10g}"
    if isinstance(value, list | tuple):
        return f"{len(value):,}"
    if isinstance(value, str) and _AMOUNT.fullmatch(value):
        return f"{Decimal(value):,}"
    return "" if isinstance(value, dict) else str(value)


def _tidy(text: str) -> str:
    """Without the punctuation around what is not known."""
    text = " ".join(text.replace(" <>", "").split())
    for end in (" on:", " to into"):
        text = text.replace(end, end[-1] if end.endswith(":") else " into")
    return text.rstrip(" ,:")

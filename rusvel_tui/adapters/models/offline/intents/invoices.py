"""Invoices: a draft from what was said, and who owes what."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any

from rusvel_tui.adapters.models.offline.intent import Call, Intent, Plan, Result, Said, ask
from rusvel_tui.adapters.models.offline.reading import AMOUNT, after, amount, plain, quoted
from rusvel_tui.adapters.models.offline.wording import bullets, count, table

_UNITS = r"days?|hours?|h|pcs|pieces?|units?|months?|weeks?|licen[cs]es?|seats?"
_ITEM = re.compile(
    rf"^(?:(?P<count>\d+(?:[.,]\d+)?)\s*(?:x|×)?\s*(?:(?P<unit>{_UNITS})\b(?=\s+(?!at\b|for\b|à)[^\W\d_]))?\s*(?:of\s+)?)?"
    rf"(?P<what>[^\W\d_].*?)\s*(?:\b(?:at|for|à)\b|@|=|:)?\s*(?<![\w.,])(?P<price>{AMOUNT})"
    r"(?:\s*(?:each|apiece|(?:per|a|/)\s*\w+))?$"
)
_DUE = r"due(?: date)?(?: is)?(?: on| by)?|payable(?: by| in)?"


def _draft(said: Said) -> Plan:
    client = quoted(said.text) or said.first_found(_client)
    items = [item for part in said.parts for item in _items(part)]
    due = said.first_found(_due)
    if missing := _missing(client, items, due):
        return ask(f"To draft the invoice I still need {missing}.")
    party = yield from _party(client)
    if isinstance(party, str):
        return party
    data: dict[str, Any] = {**party, "due_date": due}
    data["line_items"] = [{k: v for k, v in one.items() if k != "currency"} for one in items]
    if currency := next((one["currency"] for one in items if one["currency"]), ""):
        data["currency"] = currency
    made = yield Call("gtm.invoices.create_invoice", data)
    if made.failed:
        return made.sorry()
    bill = made.data
    total = f"{bill['total']} {bill['currency']}"
    lines = bullets(
        f"{one['description']}: {one['quantity']} at {one['unit_price']}" for one in items
    )
    return (
        f"The invoice for {bill.get('client_name') or bill.get('client') or client} is a draft: {total}, "
        f"due {bill.get('due_date') or due}.\n\n{lines}\n\nIt gets its number when you finalise it on the invoices page."
    )


def _party(client: str) -> Generator[Call, Result, dict[str, Any] | str]:
    """The client among the contacts, a new one where nobody is called so, or a question back."""
    page = yield Call("gtm.crm.list_contacts", {"query": client, "limit": 10})
    if page.failed:
        return page.sorry()
    same = [one for one in page.items if one["name"].casefold() == client.casefold()]
    same = same or [one for one in page.items if one["company"].casefold() == client.casefold()]
    if len(same) > 1:
        return ask(f"Who at {client} gets the invoice?\n\n{bullets(one['name'] for one in same)}")
    if same:
        return {"contact_id": same[0]["contact_id"]}
    return {"client_name": client, "create_client": True}


def _missing(client: str, items: list[Any], due: str) -> str:
    wanted = [
        ("the client", bool(client)),
        ("the items with quantity and price, such as `2 days of consulting at 800`", bool(items)),
        ("the due date, such as `due in 14 days`", bool(due)),
    ]
    names = [name for name, there in wanted if not there]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""


def _pieces(text: str) -> list[str]:
    """The parts of an enumeration; a comma inside a number parts nothing."""
    text = re.sub(rf"(?i)\b(?:{_DUE})\b.*?(?=[,;\n]|$)", "", text)
    text = re.sub(r"(?i)^.*?\binvoice\b", "", text)
    text = re.sub(
        r"(?i)\b(?:for|to|client(?: is)?:?)\s+(?=[A-Z\"“])[^,;:\n]+?(?=[,;:\n]|\swith\b|$)",
        "",
        text,
    )
    pieces = re.split(r",(?!\d{3}\b)|;|\n|:|\band\b|\bwith\b", text)
    return [piece.strip(" .") for piece in pieces if piece.strip(" .")]


def _items(text: str) -> list[dict[str, str]]:
    found = []
    for piece in _pieces(text):
        match = _ITEM.match(piece)
        price = amount(match["price"]) if match else None
        if match is None or price is None or price.unit == "%":
            continue
        item = {
            "description": match["what"].strip(),
            "quantity": (match["count"] or "1").replace(",", "."),
            "unit_price": plain(price.value),
            "currency": price.unit,
        }
        if unit := (match["unit"] or "").casefold():
            item["unit"] = "hour" if unit in ("h", "hour", "hours") else unit.removesuffix("s")
        found.append(item)
    return found


def _client(text: str) -> str:
    """After `for` or `client`; in an answer also the first part that is no item and no date."""
    name = after(text, "client(?: is)?") or _named(text)
    if name or re.search(r"(?i)\binvoice\b", text):
        return name
    for piece in re.split(r",(?!\d{3}\b)|;|\n", text):
        if re.match(r"[^\W\d_]", piece.strip()) and not re.search(rf"(?i)\d|\b(?:{_DUE})\b", piece):
            return piece.strip(" .")
    return ""


def _named(text: str) -> str:
    found = re.search(
        r"\b(?:[Ff]or|[Tt]o)\s+([A-Z].*?)(?=[,;:\n]|\s(?:with|due)\b|\.\s|\.?$)", text
    )
    return found[1].strip() if found and not found[1].startswith(("I ", "If ")) else ""


def _due(text: str) -> str:
    found = after(text, _DUE)
    return (
        re.split(r"(?i)\s(?:for|with)\s", found)[0]
        if found and re.search(r"\d|to|day", found)
        else ""
    )


def _open(said: Said) -> Plan:
    late = bool(re.search(r"(?i)overdue|late", said.text))
    wanted = {
        "status": "Overdue" if late else "Open",
        "kind": "Invoice",
        "order": "Due",
        "limit": 20,
    }
    page = yield Call("gtm.invoices.list_invoices", wanted)
    if page.failed:
        return page.sorry()
    if not page.items:
        return f"No invoice is {'overdue' if late else 'open'}."
    rows = [
        (
            one["number"],
            one["client"],
            f"{one['open']} {one['currency']}",
            one["due_date"],
            _late(one),
        )
        for one in page.items
    ]
    sums = yield Call("gtm.invoices.open_sums")
    all_of = " + ".join(
        f"{one['overdue' if late else 'open']} {one['currency']}" for one in sums.items
    )
    shown = table(("Number", "Client", "Open", "Due", "Late by"), rows)
    return f"{count(len(rows), 'invoice')}{f', {all_of}' if all_of else ''}:\n\n{shown}"


def _late(invoice: dict[str, Any]) -> str:
    return count(invoice["overdue_days"], "day") if invoice["overdue"] else ""


INTENTS = (
    Intent(
        "open invoices",
        r"\b(overdue|unpaid|open|outstanding|late|list|show)\b.*\binvoices?\b|\bwho owes\b"
        r"|\binvoices?\b.*\b(overdue|unpaid|open|outstanding|late)\b",
        "Which invoices are overdue?",
        _open,
    ),
    Intent(
        "generate invoice",
        r"\b(generate|create|draft|make|write|new|prepare|issue|bill)\b.*\binvoice\b|^(an )?invoice\b",
        "Generate an invoice for Acme: 2 days of consulting at 800, due in 14 days",
        _draft,
    ),
)

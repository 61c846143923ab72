"""People: listing them, adding one; and finding the one that is meant."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any

from rusvel_tui.adapters.models.offline.intent import Call, Intent, Plan, Result, Said, ask
from rusvel_tui.adapters.models.offline.reading import after, mail_address, quoted
from rusvel_tui.adapters.models.offline.wording import bullets, count, day, more, table

_SHOWN = 20
Found = Generator[Call, Result, dict[str, Any] | str]


def _list(said: Said) -> Plan:
    wanted: dict[str, Any] = {"limit": _SHOWN}
    if tag := after(said.text, "tagged|with the tag|with tag"):
        wanted["tag"] = tag
    elif name := after(said.text, "named|called|at|from|of", until="as|who|with|by"):
        wanted["query"] = quoted(said.text) or name
    page = yield Call("gtm.crm.list_contacts", wanted)
    if page.failed:
        return page.sorry()
    if not page.items:
        return "There are no contacts like that." if len(wanted) > 1 else _NOBODY
    rows = [
        (
            one["name"] or one["company"],
            one["company"],
            one["status"],
            day(one["last_contacted_at"]),
        )
        for one in page.items
    ]
    total = page.data.get("total", len(rows))
    shown = table(("Name", "Company", "Status", "Last contact"), rows)
    return f"{count(total, 'contact')}:\n\n{shown}{more(total, len(rows))}"


def _add(said: Said) -> Plan:
    address = mail_address(said.text)
    name = quoted(said.text) or _name(said, address)
    if not name:
        return ask("What is the name of the contact, and the mail address?")
    data = {"name": name} | ({"email": address} if address else {})
    if company := after(said.text, "at|of|from"):
        data["company"] = company
    made = yield Call("gtm.crm.add_contact", data)
    if made.failed:
        return made.sorry()
    return f"{made.data['name']} is among your contacts now."


def find_contact(said: Said, question: str) -> Found:
    """The contact that is meant, or a question back."""
    wanted = mail_address(said.text) or said.first_found(_named)
    if not wanted:
        return ask(question)
    page = yield Call("gtm.crm.list_contacts", {"query": wanted, "limit": 6})
    if page.failed:
        return page.sorry()
    exact = [one for one in page.items if _is(one, wanted)] or page.items
    if not exact:
        return ask(f"I know nobody called {wanted}. Who is it? A name or an address will do.")
    if len(exact) > 1:
        people = bullets(f"{one['name']}, {_address(one) or 'no address'}" for one in exact)
        return ask(f"Which of these do you mean?\n\n{people}")
    return exact[0]


def _address(contact: dict[str, Any]) -> str:
    return next((one["address"] for one in contact["emails"]), "")


def _is(contact: dict[str, Any], wanted: str) -> bool:
    names = {contact["name"].casefold(), *(one["address"].casefold() for one in contact["emails"])}
    return wanted.casefold() in names


def _named(text: str) -> str:
    """Who is named: after `to` or `for`, or the whole message where it is only a name."""
    name = after(text, "to|for|with", until="about|regarding|saying|that|on|offering|in|asking")
    if name and not re.match(r"(?i)(a|an|the|my|our|me)\b", name):
        return name
    words = re.split(r"(?i)\s+about\s+|[,;\n]", text.strip(" .!?"))[0]
    few = len(words.split()) <= 4
    return words.strip() if few and re.match(r"[^\W\d_]", words) and not _VERB.match(words) else ""


def _name(said: Said, address: str) -> str:
    text = said.text.replace(address, " ") if address else said.text
    found = re.search(r"(?i)\bcontact\b:?\s*(?:named|called|for|with)?\s*(.*)", text)
    rest = found[1] if found and len(said.parts) == 1 else said.newest.replace(address, " ")
    rest = re.split(r"(?i)[,;<>()\n]|\s(?:at|of|from|with|mail|e-mail|email)\b", rest)[0]
    return rest.strip(" .!:<>")


_VERB = re.compile(
    r"(?i)(draft|write|compose|prepare|send|create|recommend|show|list|what|which|summar|generate|make|help|next|deal)"
)
_NOBODY = "There are no contacts yet. Add one: `Add contact Grace Hopper grace@example.com`."

INTENTS = (
    Intent(
        "add contact",
        r"\b(add|create|new)\b.*\b(contact|person|prospect|lead)\b",
        "Add contact Grace Hopper grace@example.com",
        _add,
    ),
    Intent(
        "list contacts",
        r"^(?!.*\b(delete|remove|erase|merge|export|import|tag|enrol|enroll|write)\b).*\b(list|show|find|who are|search|which|see|all|my)\b.*\b(contacts?|people|prospects|leads)\b|^contacts\W*$",
        "List contacts",
        _list,
    ),
)

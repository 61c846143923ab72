"""A single mail, drafted into the inbox."""

from __future__ import annotations

from rusvel_tui.adapters.models.offline.intent import Call, Intent, Plan, Said, ask
from rusvel_tui.adapters.models.offline.intents.contacts import find_contact
from rusvel_tui.adapters.models.offline.reading import after, quoted

_WHO = "Who is the mail for, and what is it about? For example: `to Grace Hopper about the spring prices`."


def _draft(said: Said) -> Plan:
    contact = yield from find_contact(said, _WHO)
    if isinstance(contact, str):
        return contact
    topic, words = said.first_found(_topic), said.first_found(_words)
    if not topic and not words:
        return ask(f"What is the mail to {contact['name']} about?")
    session = yield Call("session.show")
    sender = "" if session.failed else session.data["sender_name"]
    first = contact["first_name"] or contact["name"]
    text = words or (
        f"I write to you about {topic}.\n\nDo you have a moment this week to talk about it?"
    )
    subject = topic or text.split(".")[0]
    made = yield Call(
        "gtm.outreach.create_email_draft",
        {
            "contact_id": contact["contact_id"],
            "subject": f"{subject[:1].upper()}{subject[1:]}"[:200],
            "body": f"Hi {first},\n\n{text}\n\nBest,\n{sender}".rstrip(),
        },
    )
    if made.failed:
        return made.sorry()
    plain = "" if words else " No model is set up, so its text is a plain one: edit it there."
    return f"{made.data['message']}{plain}"


def _topic(text: str) -> str:
    return after(text, "about|regarding|concerning|subject", until="saying|to|for")


def _words(text: str) -> str:
    return after(text, "saying|that says") and (quoted(text) or after(text, "saying|that says"))


INTENTS = (
    Intent(
        "draft mail",
        r"\b(draft|write|compose|prepare|send)\b.*\b(e-?mails?|mails?|message|letter|reply)\b",
        "Draft an email to Grace Hopper about the spring prices",
        _draft,
    ),
)

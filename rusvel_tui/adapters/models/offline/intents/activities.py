"""What happened with somebody, told in a sentence: read, and logged after a yes."""

from __future__ import annotations

from typing import Any

from rusvel_tui.adapters.models.offline.intent import Call, Intent, Plan, Said, ask
from rusvel_tui.adapters.models.offline.wording import bullets, day


def _log(said: Said) -> Plan:
    read = yield Call("gtm.crm.parse_activity", {"text": " ".join(said.text.split())[:2000]})
    if read.failed:
        return read.sorry()
    data = read.data
    wanted = data["suggestion"]
    if not wanted:
        people = bullets(one["name"] for one in data["contacts"])
        who = f" One of these?\n\n{people}" if people else " A name or a mail address will do."
        return ask(f"Who was it with?{who}")
    made = yield Call(wanted["operation"], wanted["input"])
    return made.sorry() if made.failed else _logged(data)


def _logged(data: dict[str, Any]) -> str:
    who = f" with {data['contact']['name']}" if data["contact"] else ""
    text = f"The {data['kind'].casefold()}{who} is logged for {day(data['at'])}."
    later = data["follow_up"]
    return f"{text} Then, on {day(later['due_at'])}: {later['subject']}." if later else text


INTENTS = (
    Intent(
        "log activity",
        r"^(please )?((log|note|record)\b.*\b(call|meeting|met|spoke|note)\b|(i )?(just )?(called|met|spoke|talked|phoned|had a (call|meeting))\b)",
        "I called Grace Hopper yesterday, she wants a quote by Friday",
        _log,
    ),
)

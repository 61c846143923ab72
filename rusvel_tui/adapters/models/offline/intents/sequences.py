"""Outreach: a sequence of several mails, drafted."""

from __future__ import annotations

from rusvel_tui.adapters.models.offline.intent import Call, Intent, Plan, Said, ask
from rusvel_tui.adapters.models.offline.reading import after, quoted
from rusvel_tui.adapters.models.offline.wording import bullets

_GREETING = "Hi {{first_name|there}},\n\n"
_END = "\n\nBest,\n{{sender_name}}"


def _draft(said: Said) -> Plan:
    offer = said.first_found(_offer) or (said.newest.strip(" .") if len(said.parts) > 1 else "")
    if not offer:
        return ask("What is the outreach about, and for whom? For example: `Draft outreach about spring pricing for bakeries`.")  # fmt: skip
    people = said.first_found(lambda text: after(text, "for|to", until="about|offering"))
    people = "" if people.casefold().split(" ")[0] in ("a", "an", "the") else people
    name = f"{offer[:1].upper()}{offer[1:]}" + (f" for {people}" if people else "")
    steps = _steps(offer)
    made = yield Call("gtm.outreach.create_sequence", {"name": name[:120], "steps": steps})
    if made.failed:
        return made.sorry()
    plan = [f"day {day}: {subject}" for day, subject in zip((0, 3, 8), _SUBJECTS, strict=True)]
    return (
        f"The sequence “{made.data['name']}” is there as a draft:\n\n{bullets(plan)}\n\n"
        "No model is set up, so its texts are plain ones: edit them before you activate it. "
        "Then enrol the people; every mail waits for your yes."
    )


def _steps(offer: str) -> list[dict[str, object]]:
    texts = (
        f"I write to you about {offer}. It may be of use for {{{{company|your work}}}}.\n\n"
        "Is this something you are looking at?",
        f"to make it concrete: what would {offer} have to do for you to be worth fifteen minutes?\n\n"
        "A line in reply is enough.",
        f"I do not want to take up your time. If {offer} is of no interest now, say so and I leave it at that.\n\n"
        "If it is, which day suits you?",
    )
    return [
        {
            "delay_days": delay,
            "channel": "email",
            "subject": offer[:1].upper() + offer[1:] if not delay else "",
            "body": f"{_GREETING}{text}{_END}",
        }
        for delay, text in zip((0, 3, 5), texts, strict=True)
    ]


def _offer(text: str) -> str:
    return quoted(text) or after(text, "about|offering|promoting|on", until="for|to")


_SUBJECTS = ("the first mail", "a question that makes it concrete", "the last mail")

INTENTS = (
    Intent(
        "draft outreach",
        r"\b(draft|write|create|make|plan|prepare|new|start|build)\b.*\b(outreach|sequence|campaign|cadence)\b|^outreach\W*$",
        "Draft outreach about spring pricing",
        _draft,
    ),
)

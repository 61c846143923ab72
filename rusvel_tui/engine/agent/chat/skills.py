"""`/name rest` at the beginning of a message stands for the text of a skill, its places filled in."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import NamedTuple

from rusvel_tui.engine.agent.entities.placeholders import INPUT, fill, names
from rusvel_tui.engine.agent.entities.rows import Entity, enabled
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput

HELP = "help"
_CALL = re.compile(r"/([\w-]+)(?:\s+(.*))?", re.DOTALL)
_NAMED = re.compile(r'(?<!\S)([A-Za-z_]\w*)=(?:"([^"]*)"|(\S+))')


class Filled(NamedTuple):
    """What a message became."""

    text: str
    skill: str = ""
    """The skill behind it; empty for none."""


def apply(ctx: Context, department: str, message: str) -> Filled:
    """The message, a skill's text in place of its call; raises `InvalidInput` for a skill that there is not."""
    call = _CALL.fullmatch(message.strip())
    if call is None:
        return Filled(message)
    known = {one.slug: one for one in reversed(enabled(ctx, "skill", department))}
    skill = known.get(call[1].casefold().replace("_", "-"))
    if skill is None:
        raise InvalidInput(_unknown(call[1], sorted(known)), field="message")
    return Filled(_filled(skill, (call[2] or "").strip()), skill.slug)


def _filled(skill: Entity, rest: str) -> str:
    """The skill's text with what was given; what it has no place for stands behind it."""
    text = str(skill.body["text"])
    wanted = names(text)
    values, rest = named_inputs(rest, [name for name in wanted if name != INPUT])
    if missing := [name for name in wanted if name != INPUT and name not in values]:
        needs = " ".join(f"{name}=…" for name in missing)
        raise InvalidInput(f"/{skill.slug} needs more: /{skill.slug} {needs}", field="message")
    made = fill(text, {**values, INPUT: rest})
    return made if INPUT in wanted or not rest else f"{made}\n\n{rest}"


def named_inputs(rest: str, wanted: list[str]) -> tuple[dict[str, str], str]:
    """`topic=pricing tone="very dry" and more` as the values that are wanted, and the rest as it is."""
    values: dict[str, str] = {}

    def take(found: re.Match[str]) -> str:
        if found[1] not in wanted:
            return found[0]
        values[found[1]] = found[3] if found[2] is None else found[2]
        return ""

    left = _NAMED.sub(take, rest)
    return values, left.strip() if values else rest


def _unknown(name: str, known: list[str]) -> str:
    if name.casefold() == HELP:
        return f"Skills here: {', '.join(f'/{one}' for one in known) or 'none yet'}. @ and a name asks another agent."
    near = get_close_matches(name.casefold(), known, n=2, cutoff=0.5)
    hint = (
        f"Did you mean {' or '.join(f'/{one}' for one in near)}?" if near else "/help lists them."
    )
    return f"There is no skill /{name}. {hint}"

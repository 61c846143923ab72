"""What could follow while a message is typed: skills after `/`, agents after `@`, quick actions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import StringConstraints

from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.chat.skills import HELP
from rusvel_tui.engine.agent.entities.placeholders import INPUT, names
from rusvel_tui.engine.agent.entities.rows import Entity, enabled
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import fold

_SKILL = re.compile(r"\s*/([\w-]*)")
_INPUTS = re.compile(r"\s*/([\w-]+)\s(?:.*\s)?(\w*)", re.DOTALL)
_AGENT = re.compile(r"(?:.*[\s(\[{\"',;:])?@([\w-]*)", re.DOTALL)


class Complete(Input):
    """A message as far as it was typed, up to the cursor."""

    department: str
    text: Annotated[str, StringConstraints(strip_whitespace=False)] = ""
    """A blank at its end counts: what follows is a new word."""


class Completion(View):
    """One way to go on."""

    kind: Literal["skill", "input", "agent", "action"]
    label: str
    """What is shown: `/weekly-review`, `@growth-analyst`, `Deal pipeline`."""
    about: str
    text: str
    """The whole message as it would be."""


class Completions(View):
    """What could follow, the likeliest first."""

    items: tuple[Completion, ...]
    next: str | None = None


@operation("agent.chat.complete", permission="agent.read")
def complete(ctx: Context, cmd: Complete) -> Completions:
    """Say what could follow in a message: skills after `/`, agents after `@`, quick actions at its beginning."""
    department = departments.find(cmd.department)
    if found := _SKILL.fullmatch(cmd.text):
        return Completions(items=tuple(_skills(ctx, department.id, found[1])))
    if found := _AGENT.fullmatch(cmd.text):
        return Completions(items=tuple(_agents(ctx, department.id, cmd.text, found[1])))
    if found := _INPUTS.fullmatch(cmd.text):
        return Completions(items=tuple(_inputs(ctx, department.id, cmd.text, found[1], found[2])))
    wanted = fold(cmd.text)
    items = (
        Completion(kind="action", label=quick.name, about=quick.prompt, text=quick.prompt)
        for quick in department.quick_actions
        if fold(quick.name).startswith(wanted)
    )
    return Completions(items=tuple(items))


def _skills(ctx: Context, department: str, begun: str) -> Iterator[Completion]:
    for one in _own(ctx, "skill", department, begun):
        about = str(one.body.get("about", ""))
        yield Completion(kind="skill", label=f"/{one.slug}", about=about, text=f"/{one.slug} ")
    if HELP.startswith(begun.casefold()):
        yield Completion(kind="skill", label="/help", about="what can be asked here", text="/help")


def _agents(ctx: Context, department: str, text: str, begun: str) -> Iterator[Completion]:
    for one in _own(ctx, "agent", department, begun):
        whole = f"{text[: len(text) - len(begun)]}{one.slug} "
        about = str(one.body.get("about", ""))
        yield Completion(kind="agent", label=f"@{one.slug}", about=about, text=whole)


def _inputs(ctx: Context, department: str, text: str, skill: str, begun: str) -> Iterator[Completion]:  # fmt: skip
    """The named places of a skill that were not given yet."""
    for one in _own(ctx, "skill", department, skill):
        if one.slug != skill.casefold():
            continue
        for name in names(str(one.body["text"])):
            if name != INPUT and name.startswith(begun) and f"{name}=" not in text:
                whole = f"{text[: len(text) - len(begun)]}{name}="
                yield Completion(kind="input", label=f"{name}=", about=f"of /{one.slug}", text=whole)  # fmt: skip


def _own(ctx: Context, kind: str, department: str, begun: str) -> list[Entity]:
    """Those of a kind that count here and begin like that, each name once: the department's own before a global one."""
    found = {one.slug: one for one in reversed(enabled(ctx, kind, department))}
    wanted = begun.casefold()
    return [one for slug, one in sorted(found.items()) if slug.startswith(wanted)]

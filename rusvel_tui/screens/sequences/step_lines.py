"""Conditions, branches and variants of a step as lines of text, for the form, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.outreach.sequences.steps import BranchInput, VariantInput

_BRANCH = re.compile(r"(.+?)\s*(?:→|->|=>)\s*(.+)")
_VARIANT = re.compile(r"(\w+)(?:\s*[x×*]\s*(\d+))?\s*:\s*(.*)")
INDENT = "  "


def lines_of(text: str) -> tuple[str, ...]:
    """The lines that are not empty, without blanks around them."""
    return tuple(line.strip() for line in text.split("\n") if line.strip())


def branch_lines(branches: Iterable[BranchInput], keys: Sequence[str]) -> str:
    """`outcome is no answer → 2`, one in each line; a step that is known goes by its number."""
    return "\n".join(f"{one.when} → {_shown(one.goto, keys)}" for one in branches)


def read_branches(text: str, keys: Sequence[str]) -> list[dict[str, str]]:
    """The branches behind the lines; raises `InvalidInput` with the line."""
    found = []
    for number, line in enumerate(lines_of(text), 1):
        parts = _BRANCH.fullmatch(line)
        if parts is None:
            said = f"Line {number}: write it like `reply is positive → 4`, or `→ end`."
            raise InvalidInput(said, field="branches")
        found.append({"when": parts[1], "goto": _meant(parts[2].strip(), keys)})
    return found


def _shown(goto: str, keys: Sequence[str]) -> str:
    return str(keys.index(goto) + 1) if goto and goto in keys else goto


def _meant(goto: str, keys: Sequence[str]) -> str:
    """A number stands for the step that is there now: it keeps its branches when it moves."""
    word = goto.removeprefix("step").strip() or goto
    if word.isdecimal() and 0 < int(word) <= len(keys):
        return keys[int(word) - 1] or word
    return word if word.isdecimal() else goto


def variant_lines(variants: Iterable[VariantInput]) -> str:
    """`a: Subject`, `b ×2: Subject`; the lines of its text stand indented below."""
    return "\n".join(line for one in variants for line in _variant(one))


def _variant(one: VariantInput) -> list[str]:
    weight = f" ×{one.weight}" if one.weight != 1 else ""
    body = [f"{INDENT}{line}" for line in one.body.split("\n")] if one.body else []
    return [f"{one.name}{weight}: {one.subject}".rstrip(), *body]


def read_variants(text: str) -> list[dict[str, str]]:
    """The variants behind the lines; raises `InvalidInput` with the line."""
    found: list[dict[str, str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if found and (not line.strip() or line[0].isspace()):
            found[-1]["body"] += f"{line.removeprefix(INDENT)}\n"
        elif line.strip():
            parts = _VARIANT.fullmatch(line.strip())
            if parts is None:
                said = f"Line {number}: write it like `a: Subject`, its text indented below."
                raise InvalidInput(said, field="variants")
            name, weight, subject = parts[1], parts[2] or "1", parts[3]
            found.append({"name": name, "weight": weight, "subject": subject, "body": ""})
    return [{**one, "body": one["body"].strip("\n")} for one in found]

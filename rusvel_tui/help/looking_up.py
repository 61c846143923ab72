"""What a name means: a topic, an operation, an event, a setting, a kind of work, a merge field."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from rusvel_tui.engine import departments
from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.event_kinds import EVENT_KINDS
from rusvel_tui.engine.job_kinds import JOB_KINDS
from rusvel_tui.engine.operation import OPERATIONS
from rusvel_tui.engine.templates import MERGE_FIELDS
from rusvel_tui.help import operation_text, topics
from rusvel_tui.settings import ALIASES, Settings, meaning, variable


def look_up(name: str) -> str:
    """The text about a name, as Markdown; raises `NotFound` with names that are near."""
    if topic := topics.find(name):
        return topic.text
    found = [
        text for look in (_operation, _event, _setting, _job, _merge_field) if (text := look(name))
    ]
    if not found:
        raise NotFound(unknown(name, known()))
    return "\n".join(found)


def known() -> list[str]:
    """Every name that has a text."""
    departments.load()
    names = (
        *(topic.name for topic in topics.TOPICS),
        *(name for name, operation in OPERATIONS.items() if not operation.internal),
        *EVENT_KINDS,
        *(variable(name) for name in Settings.model_fields),
        *JOB_KINDS,
        *(name for name, _ in MERGE_FIELDS),
    )
    return list(dict.fromkeys(names))


def unknown(name: str, names: Iterable[str]) -> str:
    """What to say about a name that has no text."""
    all_names = list(names)
    near = get_close_matches(name, all_names, n=3, cutoff=0.6)
    near += [one for one in all_names if name and name in one][: 3 - len(near)]
    hint = f" Did you mean {' or '.join(dict.fromkeys(near))}?" if near else ""
    return f"There is no help about {name!r}.{hint} `rusvel help` lists the topics."


def _operation(name: str) -> str:
    departments.load()
    operation = OPERATIONS.get(name)
    return operation_text.text(operation) if operation and not operation.internal else ""


def _event(name: str) -> str:
    meaning = EVENT_KINDS.get(name)
    if not meaning:
        return ""
    return (
        f"# {name}\n\nAn event of the log: {meaning}.\n\n"
        f"See what happened: `rusvel gtm events`. Do something then: `rusvel hooks events {name}`.\n"
    )


def _setting(name: str) -> str:
    field = next(
        (field for field in Settings.model_fields if name in (field, variable(field))),
        ALIASES.get(name, ""),
    )
    if not field:
        return ""
    return (
        f"# {variable(field)}\n\n{meaning(field)}\n\n"
        f"Set it in the environment, or as `{field}` in config.toml. "
        "`rusvel config` shows what it is and where it comes from.\n"
    )


def _job(name: str) -> str:
    kind = JOB_KINDS.get(name)
    return f"# {name}\n\nA kind of work: {kind.summary}.\n" if kind else ""


def _merge_field(name: str) -> str:
    meaning = dict(MERGE_FIELDS).get(name)
    return (
        f"# {{{{{name}}}}}\n\nA merge field: {meaning}. More: `rusvel help templates`.\n"
        if meaning
        else ""
    )

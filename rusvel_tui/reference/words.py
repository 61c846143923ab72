"""The languages that people write: filters, merge fields; and the kinds of steps and of work."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from rusvel_tui.engine import filters
from rusvel_tui.engine.filters.fields import Entity
from rusvel_tui.engine.gtm.outreach.sequences.steps import STEP_KINDS
from rusvel_tui.engine.job_kinds import JOB_KINDS
from rusvel_tui.engine.templates import MERGE_FIELDS
from rusvel_tui.reference.markdown import code, sentence, table


def lines() -> Iterator[str]:
    """The page."""
    yield "How filters are written: `rusvel help filters`; texts: `rusvel help templates`."
    for entity in entities():
        yield from _filter(entity)
    yield from ("", "## Merge fields", "")
    merge = [*MERGE_FIELDS, ("custom.KEY", "a custom field of the contact")]
    yield from table(
        ("field", "stands for"), ((code(f"{{{{{n}}}}}"), sentence(m)) for n, m in merge)
    )
    yield from ("", "## Steps of a sequence", "")
    yield from table(
        ("type", "what it is"),
        ((code(k.type.value), sentence(k.summary)) for k in STEP_KINDS.values()),
    )
    yield from ("", "## Work in the background", "")
    yield from table(
        ("job", "what it does"), ((code(k.name), sentence(k.summary)) for k in JOB_KINDS.values())
    )


def entities() -> list[Entity]:
    """Everything that a filter can be about: what the modules of the language list."""
    modules = [
        import_module(f"{filters.__name__}.{one.name}") for one in iter_modules(filters.__path__)
    ]
    found = {
        value.plural: value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, Entity)
    }
    return [found[name] for name in sorted(found)]


def _filter(entity: Entity) -> Iterator[str]:
    yield from ("", f"## Filters of {entity.plural}", "")
    yield from table(
        ("field", "signs", "example", "asks for"),
        (
            (code(f.name), " ".join(map(code, f.kind.signs)), code(f"{f.name}{f.kind.signs[0]}{f.kind.example}"), sentence(f.help))
            for f in entity.fields
        ),
    )  # fmt: skip
    if entity.flags:
        yield ""
        yield from table(
            ("state", "asks for"), ((code(f"is:{f.name}"), sentence(f.help)) for f in entity.flags)
        )

"""Drafts from the step's template alone: always available, nothing invented."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.ports import Brief, Draft
from rusvel_tui.engine.templates import CUSTOM_PREFIX, Rendered, parse, render, suggestion
from rusvel_tui.engine.text import one_line, sanitize


class TemplateDrafter:
    """Fills the merge fields in; what cannot be filled in is a problem of the draft."""

    name = "template"

    def draft(self, brief: Brief) -> Draft:
        """The rendered template; a broken one comes back as it is, with the place of the mistake."""
        problems: list[str] = []
        subject = _fill(
            "subject", brief.subject_template or brief.subject_fallback, brief.fields, problems
        )
        body = _fill("body", brief.body_template, brief.fields, problems)
        missing = dict.fromkeys((*subject.missing, *body.missing))
        used = dict.fromkeys((*subject.used_fallback, *body.used_fallback))
        draft = Draft(one_line(subject.text), sanitize(body.text).strip("\n"), self.name)
        problems.extend(_missing(name, brief.fields) for name in missing)
        problems.extend(_faults(draft))
        notes = [
            f"{{{{{name}}}}} is empty for this person: the fallback stands there." for name in used
        ]
        if brief.wish:
            notes.append(f"Only an AI can do this: {brief.wish}. This is the template again.")
        return replace(draft, problems=tuple(problems), notes=tuple(notes))


def _fill(part: str, source: str, fields: Mapping[str, str], problems: list[str]) -> Rendered:
    try:
        return render(parse(source), fields)
    except InvalidInput as error:
        problems.append(f"The template of the {part} is not usable. {error}")
        return Rendered(source, (), ())


def _missing(name: str, fields: Mapping[str, str]) -> str:
    if name in fields or name.startswith(CUSTOM_PREFIX):
        return f"{{{{{name}}}}} is empty for this person and has no fallback."
    return f"There is no field {{{{{name}}}}}.{suggestion(name, fields)}"


def _faults(draft: Draft) -> Iterator[str]:
    from rusvel_tui.engine.lint.holes import (
        leftovers,
    )  # with the first draft: a desk that opens writes none

    if not draft.subject:
        yield "The subject is empty."
    if not draft.body.strip():
        yield "The body is empty."
    yield from leftovers(f"{draft.subject}\n{draft.body}")

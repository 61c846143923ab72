"""The form of one text of the library."""

from __future__ import annotations

import asyncio
from typing import Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.outreach.mails.preview import list_fields
from rusvel_tui.engine.gtm.outreach.sequences.library import (
    ListTemplates,
    SaveTemplate,
    TemplateView,
    TextKind,
    list_templates,
    save_template,
)
from rusvel_tui.engine.operation import Input
from rusvel_tui.engine.text import fold
from rusvel_tui.screens.shared.asking import Asking

_KINDS = (
    ("a mail, to start a step from", TextKind.MAIL.value),
    ("a snippet, to put into one", TextKind.SNIPPET.value),
)


async def ask_text(
    page: Asking[Any],
    was: TemplateView | None,
    *,
    subject: str = "",
    body: str = "",
    kind: TextKind = TextKind.MAIL,
) -> TemplateView | None:
    """Let the person write a text until the engine accepts it; None when they gave up."""
    from rusvel_tui.widgets.form import Field  # the text editor is imported when one is needed

    names = (await asyncio.to_thread(page.engine.run, list_fields, Input())).fields
    tags = " ".join(f"{{{{{name}}}}}" for name in names)
    own = was.kind if was else kind
    fields = [
        Field("name", "Name", was.name if was else "", required=True),
        Field("subject", "Subject", was.subject if was else subject, help=f"A snippet has none. {tags}"),
        Field("body", "Text", was.body if was else body, kind="multiline", lines=9, required=True, help=tags),
    ]  # fmt: skip
    if was is None:
        fields.insert(0, Field("kind", "What", own.value, kind="select", choices=_KINDS))

    def save(values: dict[str, str]) -> TemplateView:
        told = {"kind": own.value, **values}
        if was is not None:
            order = SaveTemplate(**told, template_id=was.template_id, version=was.version)
        else:
            order = SaveTemplate.model_validate(told)
            _refuse_taken(page.engine, order)
        return page.engine.run(save_template, order)

    title = f"Text {was.name}" if was else "New text for the library"
    made = await page.form(title, fields, save)
    if made is not None:
        page.say(f"{made.name} is in the library. z to undo.")
    return made


def _refuse_taken(engine: Engine, order: SaveTemplate) -> None:
    """A new text does not take the place of another one. Runs in a thread."""
    there = engine.run(list_templates, ListTemplates(kind=order.kind)).items
    if any(fold(one.name) == fold(order.name) for one in there):
        raise InvalidInput(
            "There is a text of that name already: e on it changes it.", field="name"
        )

"""The library of texts: templates of whole mails to start a step from, and snippets to put into one.

A text is copied into the step that uses it: what was approved never changes because the library did.
"""

from __future__ import annotations

from typing import Any

from peewee import IntegrityError

from rusvel_tui.engine import templates
from rusvel_tui.engine.conflicts import require_version
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from rusvel_tui.engine.gtm.outreach.mails.fields import known_fields
from rusvel_tui.engine.models import TemplateText
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.spelled import Spelled
from rusvel_tui.engine.text import fold, one_line, sanitize

LONGEST_NAME = 100


class TextKind(Spelled):
    """What a text of the library is."""

    MAIL = "Mail"
    SNIPPET = "Snippet"


class SaveTemplate(Input):
    """A text with its name; one that is there under its id, or its name, is changed."""

    name: str
    body: str
    subject: str = ""
    kind: TextKind = TextKind.MAIL
    template_id: str = ""
    version: int | None = None
    """The version you saw; a newer one is a conflict."""


class TemplateId(Input):
    """Which text."""

    template_id: str


class ListTemplates(Input):
    """Which texts."""

    kind: TextKind | None = None


class TemplateView(View):
    """A text of the library."""

    template_id: str
    kind: TextKind
    name: str
    subject: str
    body: str
    fields: tuple[str, ...]
    """The merge fields that it uses."""
    version: int


class TemplateList(View):
    """The library, by name."""

    items: tuple[TemplateView, ...]


@operation("gtm.outreach.save_template", writes=True, permission="crm.sequences.manage")
def save_template(ctx: Context, cmd: SaveTemplate) -> TemplateView:
    """Keep a mail text or a snippet in the library."""
    values = _checked(ctx, cmd)
    row = _find(ctx, cmd.template_id) if cmd.template_id else _named(ctx, cmd.kind, values["key"])
    if row is None:
        made = TemplateText(
            id=ctx.new_id(),
            session_id=ctx.session_id,
            kind=cmd.kind.key,
            created_at=ctx.now,
            updated_at=ctx.now,
            **values,
        )
        _store(made, new=True)
        return _recorded(
            ctx, made, Inverse("gtm.outreach.delete_template", {"template_id": made.id})
        )
    require_version(cmd.version, row.version, row.name)
    before = {name: getattr(row, name) for name in ("name", "subject", "body")}
    row.version += 1
    row.updated_at = ctx.now
    for name, value in values.items():
        setattr(row, name, value)
    _store(row)
    back = before | {"template_id": row.id, "kind": row.kind, "version": row.version}
    return _recorded(ctx, row, Inverse("gtm.outreach.save_template", back))


@operation("gtm.outreach.delete_template", writes=True, permission="crm.sequences.manage", human_only=True)  # fmt: skip
def delete_template(ctx: Context, cmd: TemplateId) -> TemplateView:
    """Take a text out of the library; steps that were made from it keep their copy."""
    row = _find(ctx, cmd.template_id)
    row.deleted_at = ctx.now
    _store(row)
    inverse = Inverse("gtm.outreach.restore_template", {"template_id": row.id})
    ctx.record("gtm.template.deleted", row.id, {"name": row.name}, undo=inverse)
    return view(row)


@operation("gtm.outreach.restore_template", writes=True, permission="crm.sequences.manage", internal=True)  # fmt: skip
def restore_template(ctx: Context, cmd: TemplateId) -> TemplateView:
    """Put a deleted text back."""
    row = _find(ctx, cmd.template_id, deleted=True)
    row.deleted_at = None
    _store(row)
    return _recorded(ctx, row, Inverse("gtm.outreach.delete_template", {"template_id": row.id}))


@operation("gtm.outreach.list_templates", permission="crm.sequences.read")
def list_templates(ctx: Context, cmd: ListTemplates) -> TemplateList:
    """List the library of mail texts and snippets, by name."""
    query = _living(ctx)
    if cmd.kind is not None:
        query = query.where(TemplateText.kind == cmd.kind.key)
    return TemplateList(items=tuple(map(view, query.order_by(TemplateText.key, TemplateText.id))))


def view(row: TemplateText) -> TemplateView:
    fields = dict.fromkeys(
        name for text in (row.subject, row.body) for name in templates.parse(text).fields
    )
    return TemplateView(
        template_id=row.id,
        kind=TextKind(row.kind),
        name=row.name,
        subject=row.subject,
        body=row.body,
        fields=tuple(fields),
        version=row.version,
    )


def _checked(ctx: Context, cmd: SaveTemplate) -> dict[str, str]:
    """The columns of a text that may be kept; a mistake is named with its place."""
    name, subject = one_line(cmd.name), one_line(cmd.subject)
    body = sanitize(cmd.body).strip("\n")
    if not name or len(name) > LONGEST_NAME:
        raise InvalidInput(f"A text needs a name of 1 to {LONGEST_NAME} characters.", field="name")
    if not body.strip():
        raise InvalidInput("The text is empty.", field="body")
    if subject and cmd.kind is TextKind.SNIPPET:
        raise InvalidInput("A snippet has no subject: it goes into a mail.", field="subject")
    known = known_fields(ctx)
    for field, text in (("subject", subject), ("body", body)):
        try:
            templates.check(text, known)
        except InvalidInput as error:
            raise InvalidInput(str(error), field=field) from None
    return {"name": name, "key": fold(name), "subject": subject, "body": body}


def _store(row: TemplateText, *, new: bool = False) -> None:
    try:
        row.save(force_insert=new)
    except IntegrityError:
        raise Conflict(
            f"There is a text named {row.name!r} already. Choose another name."
        ) from None


def _recorded(ctx: Context, row: TemplateText, undo: Inverse) -> TemplateView:
    ctx.record("gtm.template.saved", row.id, {"name": row.name}, undo=undo)
    return view(row)


def _find(ctx: Context, template_id: str, *, deleted: bool = False) -> TemplateText:
    """The row of a living text of this session; raises `NotFound`."""
    found: TemplateText | None = TemplateText.get_or_none(
        (TemplateText.id == template_id)
        & (TemplateText.session_id == ctx.session_id)
        & TemplateText.deleted_at.is_null(not deleted)
    )
    if found is None:
        raise NotFound(f"There is no text {template_id!r} in the library.")
    return found


def _named(ctx: Context, kind: TextKind, key: str) -> TemplateText | None:
    found: TemplateText | None = (
        _living(ctx).where((TemplateText.kind == kind.key) & (TemplateText.key == key)).first()
    )
    return found


def _living(ctx: Context) -> Any:
    return TemplateText.select().where(
        (TemplateText.session_id == ctx.session_id) & TemplateText.deleted_at.is_null()
    )

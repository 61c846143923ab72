"""Custom fields of contacts, companies and deals: defined once, then every value has its type.

Values live in the `fields` of the record by the key of the definition. A field that nobody defined is text: it comes
from an import or was written by hand, and defining it later types what is there and keeps what does not fit.
"""

from __future__ import annotations

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from rusvel_tui.engine.gtm.crm.fields.field_store import definitions, require_entity, retype
from rusvel_tui.engine.gtm.crm.fields.field_values import FieldType, field_key
from rusvel_tui.engine.gtm.crm.people.contact_inputs import Texts
from rusvel_tui.engine.gtm.crm.people.people import clean_line, clean_lines
from rusvel_tui.engine.gtm.crm.people.put_back import inverse
from rusvel_tui.engine.models import FieldDefinition
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.row_changes import Part, Watch


class FieldView(View):
    """A custom field."""

    field_id: str
    entity: str
    key: str
    label: str
    type: FieldType
    choices: tuple[str, ...]
    position: int
    misfits: int
    """How many records hold a value that the type does not allow; told when the field is defined or changed."""


class FieldList(View):
    """Custom fields in their order."""

    items: tuple[FieldView, ...]


class DefineField(Input):
    """A new custom field."""

    entity: str
    """contact, company or deal."""
    label: str
    type: FieldType = FieldType.TEXT
    choices: Texts = ()
    """What can be chosen, for a choice."""


class UpdateField(Input):
    """Changes to a custom field; what is left out stays. Its key never changes."""

    field_id: str
    label: str | None = None
    type: FieldType | None = None
    choices: Texts | None = None
    position: int | None = Field(default=None, ge=0)


class FieldId(Input):
    """Which custom field."""

    field_id: str


class ListFields(Input):
    """Of which records."""

    entity: str = ""
    """contact, company or deal; all when left out."""


@operation("gtm.crm.define_field", writes=True, permission="crm.contacts.manage")
def define_field(ctx: Context, cmd: DefineField) -> FieldView:
    """Define a custom field; values that records have under its name already get its type."""
    entity, label = require_entity(cmd.entity), clean_line("label", cmd.label)
    key, known = field_key(label), definitions(ctx, entity)
    if not key:
        raise InvalidInput("A field needs a name with a letter or a digit.", field="label")
    if key in known:
        raise Conflict(f"There is a field {known[key].label!r} already.")
    row = FieldDefinition(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        entity=entity,
        key=key,
        label=label,
        type=cmd.type.value,
        choices=_choices(cmd.type, cmd.choices),
        position=1 + max((field.position for field in known.values()), default=-1),
        version=0,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    return _save(ctx, row, "gtm.field.defined", "gtm.field.deleted")


@operation("gtm.crm.update_field", writes=True, permission="crm.contacts.manage")
def update_field(ctx: Context, cmd: UpdateField) -> FieldView:
    """Change a custom field; values that fit its new type get it, others stay as they are."""
    row = _find(ctx, cmd.field_id)
    if cmd.label is not None:
        row.label = clean_line("label", cmd.label) or row.label
    if cmd.type is not None or cmd.choices is not None:
        kind = cmd.type or FieldType(row.type)
        row.type = kind.value
        row.choices = _choices(kind, row.choices if cmd.choices is None else cmd.choices)
    if cmd.position is not None:
        row.position = cmd.position
    return _save(ctx, row, "gtm.field.updated", "gtm.field.updated")


@operation("gtm.crm.delete_field", writes=True, permission="crm.contacts.manage", human_only=True)
def delete_field(ctx: Context, cmd: FieldId) -> FieldView:
    """Delete the definition of a custom field; the values stay, as text."""
    row = _find(ctx, cmd.field_id)
    watch = Watch(ctx, Part("field_definition", "id", (row.id,)))
    row.delete_instance()
    undo = inverse(row.id, row.label, "gtm.field.defined", "gtm.field.deleted", watch.changes())
    ctx.record("gtm.field.deleted", row.id, {"name": row.label, "entity": row.entity}, undo=undo)
    return _view(row, 0)


@operation("gtm.crm.list_fields", permission="crm.contacts.read")
def list_fields(ctx: Context, cmd: ListFields) -> FieldList:
    """List the custom fields in their order."""
    query = FieldDefinition.select().where(FieldDefinition.session_id == ctx.session_id)
    if cmd.entity:
        query = query.where(FieldDefinition.entity == require_entity(cmd.entity))
    order = (FieldDefinition.entity, FieldDefinition.position, FieldDefinition.key)
    return FieldList(items=tuple(_view(row, 0) for row in query.order_by(*order)))


def _save(ctx: Context, row: FieldDefinition, kind: str, back: str) -> FieldView:
    """Write the definition and type what the records hold; one event for all of it."""
    typed = retype(ctx, row)
    watch = Watch(
        ctx,
        Part("field_definition", "id", (row.id,)),
        Part(row.entity, "id", tuple(typed.records)),
    )
    new = not row.version
    row.version += 1
    row.updated_at = ctx.now
    row.save(force_insert=new)
    typed.write()
    if changes := watch.changes():
        said = {"name": row.label, "entity": row.entity, "misfits": typed.misfits}
        ctx.record(kind, row.id, said, undo=inverse(row.id, row.label, back, kind, changes))
    return _view(row, typed.misfits)


def _choices(kind: FieldType, given: tuple[str, ...] | list[str]) -> list[str]:
    choices = clean_lines("choices", given)
    if kind is not FieldType.CHOICE:
        return []
    if not choices:
        raise InvalidInput("A choice needs something to choose from.", field="choices")
    return choices


def _find(ctx: Context, field_id: str) -> FieldDefinition:
    row: FieldDefinition | None = FieldDefinition.get_or_none(
        (FieldDefinition.id == field_id) & (FieldDefinition.session_id == ctx.session_id)
    )
    if row is None:
        raise NotFound.here("field", field_id, "call gtm.crm.list_fields")
    return row


def _view(row: FieldDefinition, misfits: int) -> FieldView:
    return FieldView(
        field_id=row.id,
        entity=row.entity,
        key=row.key,
        label=row.label,
        type=FieldType(row.type),
        choices=tuple(row.choices),
        position=row.position,
        misfits=misfits,
    )

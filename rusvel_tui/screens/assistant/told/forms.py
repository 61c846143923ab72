"""Forms for what the assistant is told: one field for each field of the kind's body."""

from __future__ import annotations

from functools import partial
from textwrap import dedent
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.config.layers import Layer
from rusvel_tui.engine.agent.config.operations import (
    ConfigValue,
    SetConfig,
    UnsetConfig,
    set_config,
    unset_config,
)
from rusvel_tui.engine.agent.entities.kinds import EntityKind
from rusvel_tui.engine.agent.entities.saving import SaveEntity, save_entity
from rusvel_tui.engine.agent.entities.views import EntityView
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.yaml_text import read_yaml, write_yaml
from rusvel_tui.screens.page import Page
from rusvel_tui.widgets.form import Field

LONG = 4_000
"""A text that may be longer than this gets several lines."""


async def edit_entity(
    page: Page[Any], kind: EntityKind, one: EntityView | None, department: str
) -> EntityView | None:
    """Make one, or change one."""
    homes = (("all departments", ""), *((d.name, d.id) for d in departments.DEPARTMENTS))
    home = one.engine if one is not None else department
    fields = (
        Field("name", "Name", one.name if one else "", required=True, help=_name_help(kind)),
        Field("engine", "For", home, kind="select", choices=homes),
        *body_fields(kind, one.body if one else {}),
    )
    title = f"Change {one.name}" if one else f"New {kind.label}"
    return await page.form(title, fields, partial(save, page.engine, kind, one))


def save(engine: Engine, kind: EntityKind, one: EntityView | None, values: dict[str, str]) -> EntityView:  # fmt: skip
    """Store it; raises `EngineError`. Runs in a thread."""
    command = SaveEntity(
        kind=kind.name,
        entity_id=one.entity_id if one else "",
        name=values["name"],
        engine=values["engine"],
        body=body_of(kind, values),
        version=one.version if one else None,
    )
    try:
        return engine.run(save_entity, command)
    except InvalidInput as error:  # `steps.0.prompt` stands in the field `steps`
        raise InvalidInput(str(error), field=error.field.partition(".")[0]) from None


def body_fields(kind: EntityKind, body: dict[str, Any]) -> list[Field]:
    """A field for each part of a body."""
    return [
        _field(name, info, body.get(name, info.get_default(call_default_factory=True)))
        for name, info in kind.body.model_fields.items()
    ]


def _field(name: str, info: FieldInfo, value: Any) -> Field:
    label = name.replace("_", " ").capitalize()
    about = " ".join((info.description or "").replace("`", "").split())
    shape = shape_of(info)
    if shape == "choice":
        options = tuple((str(option) or "–", str(option)) for option in get_args(info.annotation))
        chosen = str(value) if any(str(value) == option for _, option in options) else options[0][1]
        return Field(name, label, chosen, kind="select", choices=options, help=about)
    if shape == "yaml":
        text = dedent(write_yaml(trimmed(value))).rstrip() if value else ""
        return Field(name, label, text, kind="multiline", lines=10, required=info.is_required(), help=about or "YAML: `name: value` lines; steps begin with a dash.")  # fmt: skip
    text = ", ".join(value) if shape == "list" and value else "" if _unset(value) else str(value)
    long = "multiline" if shape == "long" else "text"
    more = f"{about} Several with commas between." if shape == "list" else about
    return Field(name, label, text, kind=long, lines=8, required=info.is_required(), help=more.strip())  # fmt: skip


def shape_of(info: FieldInfo) -> str:
    """How a field is filled in: `text`, `long`, `list`, `choice` or `yaml`."""
    kind = _bare(info.annotation)
    if get_origin(kind) is Literal:
        return "choice"
    if get_origin(kind) is tuple:
        return "list" if get_args(kind)[0] is str else "yaml"
    if get_origin(kind) is dict:
        return "yaml"
    most = max((getattr(rule, "max_length", 0) or 0 for rule in info.metadata), default=0)
    return "long" if most >= LONG else "text"


def _bare(kind: Any) -> Any:
    """A type without the `None` beside it."""
    if get_origin(kind) in (Union, UnionType):
        return next(part for part in get_args(kind) if part is not type(None))
    return kind


def body_of(kind: EntityKind, values: dict[str, str]) -> dict[str, Any]:
    """The body that was filled in; what was left empty is what it is by itself."""
    made: dict[str, Any] = {}
    for name, info in kind.body.model_fields.items():
        text, shape = values[name].rstrip(), shape_of(info)
        if not text.strip():
            continue
        if shape == "list":
            made[name] = [part.strip() for part in text.split(",") if part.strip()]
        elif shape == "yaml":
            made[name] = _read(name, dedent(text))
        else:
            made[name] = text.strip()
    return made


def _read(name: str, text: str) -> Any:
    try:
        return read_yaml(text).data
    except InvalidInput as error:
        raise InvalidInput(str(error), field=name) from None


def trimmed(value: Any) -> Any:
    """Steps without what is empty: a person reads and writes what matters."""
    if isinstance(value, dict):
        return {key: trimmed(part) for key, part in value.items() if part not in ("", None, [], {})}
    return [trimmed(part) for part in value] if isinstance(value, list | tuple) else value


def _unset(value: Any) -> bool:
    return value is None or value == () or value == [] or repr(value) == "PydanticUndefined"


def _name_help(kind: EntityKind) -> str:
    sign = {"agent": "@", "skill": "/"}.get(kind.name)
    return f"Typed as {sign}name-with-dashes." if sign else ""


async def edit_setting(page: Page[Any], one: ConfigValue, department: str) -> Any:
    """Write a value into a layer, or take it out of one."""
    layers = (("this session", "Session"), (f"the department {department}", "Department"), ("everywhere", "Global"))  # fmt: skip
    value = one.value
    text = ", ".join(value) if isinstance(value, list | tuple) else "" if value is None else str(value)  # fmt: skip
    fields = (
        Field("value", one.name, text, help=one.summary.replace("`", "") or "Leave it empty to take it out of the layer."),
        Field("layer", "For", "Session", kind="select", choices=layers, help="The session counts over the department, the department over everywhere. Empty takes it out."),
    )  # fmt: skip
    return await page.form("Change a setting", fields, partial(save_setting, page.engine, one, department))  # fmt: skip


def save_setting(engine: Engine, one: ConfigValue, department: str, values: dict[str, str]) -> Any:
    """Store it; raises `EngineError`. Runs in a thread."""
    layer = Layer(values["layer"])
    of = department if layer is Layer.DEPARTMENT else ""
    text = values["value"].strip()
    if not text:
        return engine.run(unset_config, UnsetConfig(layer=layer, department=of, names=(one.name,)))
    value: Any = text
    if isinstance(one.value, list | tuple):
        value = [part.strip() for part in text.split(",") if part.strip()]
    return engine.run(set_config, SetConfig(layer=layer, department=of, settings={one.name: value}))

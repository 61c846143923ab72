"""The configuration of the assistant shown and changed, layer by layer; every change can be taken back."""

from __future__ import annotations

from typing import Any

from pydantic import Field, ValidationError

from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.config.layers import (
    AgentSettings,
    Layer,
    find,
    names,
    resolve,
    stored,
)
from rusvel_tui.engine.agent.entities.bodies import check_patterns
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.core import readable
from rusvel_tui.engine.errors import Conflict, InvalidInput
from rusvel_tui.engine.models import AgentConfig
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import sanitize

_SUBJECT = {Layer.GLOBAL: "everywhere", Layer.SESSION: "this session"}


class ShowConfig(Input):
    """Whose configuration."""

    department: str


class LayerKey(Input):
    """Which layer."""

    layer: Layer = Layer.SESSION
    department: str = ""
    """Of the department layer: which one."""


class SetConfig(LayerKey):
    """Values to write into a layer."""

    settings: dict[str, Any] = Field(min_length=1)
    """By name: `model`, `effort`, `budget_usd`, `allowed_tools`, …"""


class UnsetConfig(LayerKey):
    """Values to take out of a layer: those below count again."""

    names: tuple[str, ...] = Field(min_length=1)


class PutConfigBack(LayerKey):
    """A layer as it was, if it still is as it became."""

    before: dict[str, Any]
    after: dict[str, Any]


class ConfigValue(View):
    """One value, and where it comes from."""

    name: str
    value: Any
    origin: str
    """`Session`, `Department`, `Global` or `default`."""
    layers: dict[str, Any]
    """What each layer says that says something."""
    summary: str


class ConfigView(View):
    """What holds for a department in this session."""

    department: str
    items: tuple[ConfigValue, ...]
    next: str | None = None


class LayerView(View):
    """What one layer says."""

    layer: Layer
    department: str
    settings: dict[str, Any]
    version: int


@operation("agent.config.show", permission="agent.read")
def show_config(ctx: Context, cmd: ShowConfig) -> ConfigView:
    """Show how the assistant of a department works, and which layer each value comes from."""
    department = departments.find(cmd.department).id
    resolved = resolve(ctx, department)
    values = resolved.settings.model_dump(mode="json")
    said = {layer.value: stored(ctx, layer, department) for layer in Layer}
    items = (
        ConfigValue(
            name=name,
            value=values[name],
            origin=resolved.origins[name],
            layers={layer: told[name] for layer, told in said.items() if name in told},
            summary=" ".join((field.description or "").split()),
        )
        for name, field in AgentSettings.model_fields.items()
    )
    return ConfigView(department=department, items=tuple(items))


@operation("agent.config.set", writes=True, permission="agent.manage")
def set_config(ctx: Context, cmd: SetConfig) -> LayerView:
    """Set values of the assistant in one layer: everywhere, for a department, or for this session."""
    before = stored(ctx, cmd.layer, _department(cmd))
    return _write(ctx, cmd, before, before | _checked(cmd.settings))


@operation("agent.config.unset", writes=True, permission="agent.manage")
def unset_config(ctx: Context, cmd: UnsetConfig) -> LayerView:
    """Take values out of a layer, so that those of the layers below count again."""
    for name in cmd.names:
        _known(name)
    before = stored(ctx, cmd.layer, _department(cmd))
    after = {name: value for name, value in before.items() if name not in cmd.names}
    return _write(ctx, cmd, before, after)


@operation("agent.config.put_back", writes=True, permission="agent.manage", internal=True)
def put_config_back(ctx: Context, cmd: PutConfigBack) -> LayerView:
    """Bring a layer back to what it said before."""
    if stored(ctx, cmd.layer, _department(cmd)) != cmd.after:
        raise Conflict("The configuration was changed since. Look at it again: rusvel config")
    return _write(ctx, cmd, cmd.after, cmd.before)


def _department(cmd: LayerKey) -> str:
    """The department of the layer; empty for the others. Raises `InvalidInput` when one is missing or too much."""
    if cmd.layer is Layer.DEPARTMENT:
        if not cmd.department:
            raise InvalidInput("Say for which department.", field="department")
        return departments.find(cmd.department).id
    if cmd.department:
        raise InvalidInput("Only the department layer is of one department.", field="department")
    return ""


def _checked(settings: dict[str, Any]) -> dict[str, Any]:
    """The values as they are kept; raises `InvalidInput` with the one that is wrong."""
    for name, value in settings.items():
        _known(name)
        if value is None:
            raise InvalidInput(f"{name} has no value. Take it out with unset.", field=name)
    try:
        made = AgentSettings.model_validate({n: _clean(v) for n, v in settings.items()})
    except ValidationError as error:
        raise readable(error) from None
    check_patterns(made.allowed_tools or (), "allowed_tools")
    check_patterns(made.denied_tools or (), "denied_tools")
    return made.model_dump(mode="json", include=set(settings))


def _known(name: str) -> None:
    if name not in names():
        raise InvalidInput(f"There is no value {name!r}. There are {', '.join(names())}.", field=name)  # fmt: skip


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return sanitize(value).strip()
    return [_clean(part) for part in value] if isinstance(value, list | tuple) else value


def _write(ctx: Context, cmd: LayerKey, before: dict[str, Any], after: dict[str, Any]) -> LayerView:
    """Keep what a layer says now, with the way back; nothing when it says that already."""
    department = _department(cmd)
    row = find(ctx, cmd.layer, department) or _new(ctx, cmd.layer, department)
    if before != after:
        row.settings, row.updated_at = after, ctx.now
        row.version += 1
        row.save(force_insert=row.version == 1)
        where = {"layer": cmd.layer.value, "department": department}
        back = Inverse("agent.config.put_back", where | {"before": before, "after": after})
        changed = sorted(n for n in before | after if before.get(n) != after.get(n))
        what = {"name": ", ".join(changed), "subject": _SUBJECT.get(cmd.layer, department)}
        ctx.record("agent.config.updated", row.id, what, undo=back)
    return LayerView(layer=cmd.layer, department=department, settings=after, version=row.version)


def _new(ctx: Context, layer: Layer, department: str) -> AgentConfig:
    session = ctx.session_id if layer is Layer.SESSION else None
    return AgentConfig(
        id=ctx.new_id(), layer=layer.key, session_id=session, department=department,
        version=0, created_at=ctx.now, updated_at=ctx.now,
    )  # fmt: skip

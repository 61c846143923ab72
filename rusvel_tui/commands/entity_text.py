"""Entities as text: YAML to show, keep and edit; `key=value` words; a file of words."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rusvel_tui.engine.agent.entities.kinds import ENTITY_KINDS, EntityKind
from rusvel_tui.engine.agent.entities.views import EntityView
from rusvel_tui.engine.errors import InvalidInput, NotConfigured
from rusvel_tui.engine.yaml_text import read_yaml, write_yaml

_WORDS = (".md", ".txt")
"""The names of files that hold one text, and no YAML."""
_OURS = ("name", "department", "enabled")
"""What stands beside the body in a document."""


def as_yaml(one: EntityView) -> str:
    """The document of an entity; what is as it is by itself is left out."""
    body = ENTITY_KINDS[one.kind].body.model_validate(one.body)
    about = {"name": one.name, "department": one.engine, "enabled": "yes" if one.enabled else "no"}
    return write_yaml(about | body.model_dump(mode="json", exclude_defaults=True))


def from_yaml(text: str) -> dict[str, Any]:
    """The fields to save that a document names."""
    data = read_yaml(text).data
    if not isinstance(data, dict):
        raise InvalidInput("Write names and values, such as `name: Weekly review`.", field="file")
    wanted: dict[str, Any] = {"body": {k: v for k, v in data.items() if k not in _OURS}}
    if data.get("name"):
        wanted["name"] = data["name"]
    if "department" in data:
        wanted["engine"] = data["department"] or ""
    if data.get("enabled") is not None:
        wanted["enabled"] = data["enabled"]
    return wanted


def from_file(kind: EntityKind, name: str, text: str) -> dict[str, Any]:
    """The fields that a file holds: a document, or one text where the kind is one."""
    if kind.text and Path(name).suffix in _WORDS:
        return {"body": {kind.text: text}}
    return from_yaml(text)


def from_pairs(kind: EntityKind, pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """`key=value` words as a body: lists with commas or as JSON, objects as JSON."""
    return {key: _value(kind, key, text) for key, text in pairs}


def edited(text: str) -> str:
    """The text after the person changed it in their editor; the file goes, unless the caller keeps it."""
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "entity.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            subprocess.run([*shlex.split(command), str(path)], check=True)  # noqa: S603 - the person's own editor
        except (OSError, subprocess.CalledProcessError, ValueError) as error:
            raise NotConfigured(f"The editor did not run: {error}. Set EDITOR.") from None
        return path.read_text(encoding="utf-8")


def kept(text: str) -> Path:
    """The text in a private file of its own: what cannot be saved yet is not lost."""
    handle, name = tempfile.mkstemp(prefix="rusvel-", suffix=".yaml")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return Path(name)


def _value(kind: EntityKind, key: str, text: str) -> Any:
    field = kind.body.model_fields.get(key)
    if text[:1] in ("[", "{") and not (field and field.annotation is str):
        try:
            return json.loads(text)
        except ValueError as error:
            raise InvalidInput(f"{key} is not valid JSON: {error}.", field=key) from None
    if field is not None and str(field.annotation).startswith("tuple[str"):
        return [part.strip() for part in text.split(",") if part.strip()]
    return text

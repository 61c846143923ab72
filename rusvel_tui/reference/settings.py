"""Every setting: its variable, its key in `config.toml`, its type, its default, its meaning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic_core import PydanticUndefined

from rusvel_tui.reference.markdown import code, table
from rusvel_tui.settings import ALIASES, OTHERS, SECRETS, Settings, meaning, variable

_OTHERS = {
    "RUSVEL_CONFIG": "Another place of `config.toml`.",
    "RUSVEL_DEBUG": "Shows where a fault of rusvel happened, instead of a sentence.",
}
"""Variables that are no settings, for people; the rest are set by rusvel itself, for hooks and tests."""


def lines() -> Iterator[str]:
    """The page."""
    yield "By environment variable, or in `config.toml` by the key. The command line's options win over"
    yield "the environment, the environment over the file. Secrets are kept in no database."
    yield ""
    yield from table(("variable", "key", "value", "default", "meaning"), _rows())
    yield ""
    yield "Beside the settings:"
    yield ""
    yield from table(("variable", "meaning"), ((code(n), text) for n, text in _OTHERS.items()))
    yield ""
    own = ", ".join(code(name) for name in OTHERS if name not in _OTHERS)
    yield f"Set by rusvel for the commands of hooks, or by its tests: {own}."


def _rows() -> Iterator[tuple[str, ...]]:
    also = {name: alias for alias, name in ALIASES.items()}
    for name, field in Settings.model_fields.items():
        names = code(variable(name)) + (f", {code(also[name])}" if name in also else "")
        default = "" if name in SECRETS else _shown(field.default)
        kind = "secret" if name in SECRETS else _kind(field.annotation)
        yield names, code(name), kind, default, meaning(name)


def _kind(hint: Any) -> str:
    """The type for a person: `number`, `file`, or the words to choose from."""
    parts = [part for part in get_args(hint) if part is not type(None)]
    if parts and all(isinstance(part, str) for part in parts):
        return ", ".join(map(code, parts))
    if parts:
        return _kind(parts[0])
    names = {
        "int": "number",
        "float": "number",
        "bool": "yes or no",
        "str": "text",
        "datetime": "time",
    }
    name = getattr(hint, "__name__", str(hint))
    return names.get(
        name, "file" if "Path" in name else "table" if name == "dict" else name.lower()
    )


def _shown(value: Any) -> str:
    if value is None or value is PydanticUndefined or not str(value):
        return ""
    return "no" if value is False else "yes" if value is True else code(str(value))

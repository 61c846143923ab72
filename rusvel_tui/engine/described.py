"""Models whose fields are described by the docstrings below them, read when somebody asks for the schema."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from textwrap import dedent
from typing import TYPE_CHECKING, Any

from pydantic import AliasChoices, BaseModel

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic_core import CoreSchema


class Described(BaseModel):
    """What pydantic's `use_attribute_docstrings` gives, without reading the source of every class at the start."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        schema = handler(core_schema)
        fields = handler.resolve_ref_schema(schema).get("properties", {})
        for name, text in descriptions(cls).items():
            for known in _names(cls, name):
                if known in fields:
                    fields[known].setdefault("description", text)
        return schema


def _names(model: type[BaseModel], name: str) -> Iterator[str]:
    """What the schema may call a field."""
    field, made = model.model_fields[name], model.model_config.get("alias_generator")
    aliases = field.validation_alias
    choices = aliases.choices if isinstance(aliases, AliasChoices) else [aliases]
    known = (*choices, field.serialization_alias, name, made(name) if callable(made) else name)
    yield from (one for one in known if isinstance(one, str))


@cache
def descriptions(model: type[BaseModel]) -> dict[str, str]:
    """What the docstrings below the fields say, by field; those of the classes that it inherits from included."""
    found: dict[str, str] = {}
    for one in reversed(model.__mro__):
        if issubclass(one, BaseModel) and one is not BaseModel:
            found |= _below(one)
    return found


def _below(model: type[BaseModel]) -> dict[str, str]:
    """The docstrings of one class body."""
    whole = ast.parse(dedent(inspect.getsource(model))).body[0]
    return {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in pairwise(getattr(whole, "body", ()))
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }

"""Fields are described by the docstrings below them, as pydantic does it where it reads every class at once."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from rusvel_tui.engine.described import Described, descriptions


class Inner(Described):
    word: str = ""
    """A word."""


class Base(Described):
    name: str
    """Who it is,
    in two lines."""
    bare: int = 0


class Whole(Base):
    told: int = Field(default=0, description="Told already.")
    """Not this."""
    from_: str = Field(default="", validation_alias=AliasChoices("from", "from_"))
    """The first day."""
    inner: Inner = Inner()
    """What it holds."""
    many: tuple[Inner, ...] = ()
    """Several."""


class PydanticInner(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True, title="Inner")
    word: str = ""
    """A word."""


class Pydantic(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True, title="Whole")
    name: str
    """Who it is,
    in two lines."""
    bare: int = 0
    told: int = Field(default=0, description="Told already.")
    """Not this."""
    from_: str = Field(default="", validation_alias=AliasChoices("from", "from_"))
    """The first day."""
    inner: PydanticInner = PydanticInner()
    """What it holds."""
    many: tuple[PydanticInner, ...] = ()
    """Several."""


@pytest.mark.parametrize("by_alias", [True, False])
def test_schemas_are_those_of_pydantic(by_alias: bool) -> None:
    theirs = Pydantic.model_json_schema(by_alias=by_alias)
    ours = Whole.model_json_schema(by_alias=by_alias)
    assert _texts(ours["properties"]) == _texts(theirs["properties"])
    assert ours["properties"]["name"]["description"] == "Who it is,\nin two lines."
    assert ours["$defs"]["Inner"]["properties"]["word"]["description"] == "A word."


def test_descriptions_come_from_all_classes() -> None:
    found = descriptions(Whole)
    assert list(found) == ["name", "told", "from_", "inner", "many"]


def _texts(fields: dict[str, Any]) -> dict[str, str | None]:
    return {name: field.get("description") for name, field in fields.items()}

"""Operations: the one way to read and to change data, for every front end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from rusvel_tui.engine.described import Described

if TYPE_CHECKING:
    from rusvel_tui.engine.context import Context


class Input(Described):
    """What an operation is asked; unknown keys are refused."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        defer_build=True,
        str_strip_whitespace=True,
    )

    session_id: str | None = Field(
        default=None, description="The session by id or name; the active one when left out."
    )


class HeldInput(Input):
    """What a `held` operation is asked."""

    key: str = Field(default="", max_length=200)
    """The same key again is the same draft: nothing is drafted twice."""


class View(BaseModel):
    """What an operation answers: frozen data, never a table row."""

    model_config = ConfigDict(frozen=True, defer_build=True)


class PageInput(Input):
    """A listing: how many, and where the last one ended."""

    limit: int = Field(default=50, ge=1, le=1000)
    cursor: str | None = None
    """The `next` of the page before."""


In = TypeVar("In", bound=Input)
Out = TypeVar("Out", bound=View)
Out_co = TypeVar("Out_co", bound=View, covariant=True)
In_contra = TypeVar("In_contra", bound=Input, contravariant=True)


@dataclass(frozen=True, slots=True)
class Operation(Generic[In_contra, Out_co]):
    """A named function over a validated input, with what a caller must know before calling it."""

    name: str
    handle: Callable[[Context, In_contra], Out_co]
    input: type[Input]
    writes: bool
    permission: str
    human_only: bool
    internal: bool
    staged: bool
    held: bool
    summary: str

    @property
    def department(self) -> str:
        return self.name.partition(".")[0]


OPERATIONS: dict[str, Operation[Any, Any]] = {}
"""Every operation by name. `departments.load()` fills it."""


def operation(
    name: str,
    *,
    writes: bool = False,
    permission: str,
    human_only: bool = False,
    internal: bool = False,
    staged: bool = False,
    held: bool = False,
) -> Callable[[Callable[[Context, In], Out]], Operation[In, Out]]:
    """Register a function as an operation; its docstring is the help text.

    `human_only` keeps it away from the assistant and other programs that act by themselves.
    `internal` operations exist for undo and the worker: they can be run but are not listed as tools.
    `staged` ones take long: they open their own transactions through `ctx.read` and `ctx.write`,
    so that nobody has to wait for the whole of it.
    `held` ones only make something that waits for a person's yes anyway: a program may run them without asking first.
    """

    def register(handle: Callable[[Context, In], Out]) -> Operation[In, Out]:
        if name in OPERATIONS:
            raise ValueError(f"two operations are called {name}")
        if not handle.__doc__:
            raise ValueError(f"{name} has no docstring")
        made: Operation[In, Out] = Operation(
            name,
            handle,
            _input_type(handle),
            writes,
            permission,
            human_only,
            internal,
            staged,
            held,
            handle.__doc__.strip(),
        )
        OPERATIONS[name] = made
        return made

    return register


def _input_type(handle: Callable[..., Any]) -> type[Input]:
    """The class of the second parameter; a dotted annotation is looked up part by part."""
    hint = handle.__annotations__[handle.__code__.co_varnames[1]]
    first, *rest = hint.split(".")
    found = reduce(getattr, rest, handle.__globals__[first])
    if not (isinstance(found, type) and issubclass(found, Input)):
        raise TypeError(f"{handle.__qualname__} takes no Input")
    return found

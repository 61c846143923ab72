"""What the source text says about events: what is told with each, and which operation records it itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from rusvel_tui.engine.event_kinds import EVENT_KINDS

_ROOT = Path(__file__).parents[2]
_ENGINE = _ROOT / "rusvel_tui" / "engine"
Body = ast.FunctionDef | ast.AsyncFunctionDef


class Recorded(NamedTuple):
    """One place where an event is recorded: the operation, if it is one, the kinds it may be, and what is told."""

    operation: str
    kinds: tuple[str, ...]
    told: frozenset[str]


def payloads() -> dict[str, list[str]]:
    """For each kind of event the names of what is told with it."""
    found: dict[str, set[str]] = {kind: set() for kind in EVENT_KINDS}
    for place in _places():
        for kind in place.kinds:
            found[kind] |= place.told
    return {kind: sorted(names) for kind, names in found.items()}


@cache
def recorded_by() -> dict[str, list[str]]:
    """For each operation the events that its own body records."""
    found: dict[str, set[str]] = {}
    for place in _places():
        if place.operation:
            found.setdefault(place.operation, set()).update(place.kinds)
    return {name: sorted(kinds) for name, kinds in found.items()}


@cache
def _places() -> tuple[Recorded, ...]:
    return tuple(place for call, found in _recorders() for place in _record(call, found))


class Found(NamedTuple):
    """A function, and the file it stands in."""

    path: Path
    body: Body


Name = tuple[Path, str]
"""A function by its file and its name."""
_METHOD = Path()
"""The file of what is called on some object: a method by its name alone."""


@cache
def _nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8")))) if path.exists() else ()


@cache
def _functions(path: Path) -> dict[str, Found]:
    """The functions of a file by name."""
    return {node.name: Found(path, node) for node in _nodes(path) if isinstance(node, Body)}


@cache
def _imports(path: Path) -> dict[str, Name]:
    """What the imported names of a file stand for, as far as they come from the engine."""
    return {
        alias.asname or alias.name: (_ROOT / f"{node.module.replace('.', '/')}.py", alias.name)
        for node in _nodes(path)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


def _meant(path: Path, name: str) -> Name:
    """The function that a name means in a file."""
    return (path, name) if name in _functions(path) else _imports(path).get(name, (path, name))


def _telling() -> Iterator[Path]:
    """The files that record events, or name a kind of one."""
    kinds = re.compile("|".join(re.escape(f'"{kind}"') for kind in EVENT_KINDS))
    for path in sorted(_ENGINE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "record(" in text or kinds.search(text):
            yield path


@cache
def _calls() -> dict[Name, list[tuple[ast.Call, Found]]]:
    """Every call in those files by what is called, with the function that it stands in."""
    found: dict[Name, list[tuple[ast.Call, Found]]] = {}
    for one in (one for path in _telling() for one in _functions(path).values()):
        for node in ast.walk(one.body):
            if isinstance(node, ast.Call):
                found.setdefault(_meant(one.path, _called(node)), []).append((node, one))
                if isinstance(node.func, ast.Attribute):
                    found.setdefault((_METHOD, node.func.attr), []).append((node, one))
    return found


def _recorders() -> Iterator[tuple[ast.Call, Found]]:
    """Every call of `….record(…)`."""
    yield from _calls()[_METHOD, "record"]


def _function(name: Name) -> Found | None:
    return _functions(name[0]).get(name[1])


def _called(call: ast.Call) -> str:
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def _record(call: ast.Call, at: Found) -> Iterator[Recorded]:
    """What one call records; where its kind is an argument of the function, once for each caller."""
    if not call.args:
        return
    payload = call.args[2] if len(call.args) > 2 else None
    told = frozenset(_keys(payload, at))
    if kinds := tuple(_kinds(call.args[0], at.body)):
        yield Recorded(_operation(at.body), kinds, told)
        return
    for given, caller in _callers(at):
        if kinds := tuple(_kinds(_argument(call.args[0], at.body, given), caller.body)):
            more = _keys(_argument(payload, at.body, given), caller)
            yield Recorded(_operation(caller.body), kinds, told | frozenset(more))


def _callers(at: Found) -> list[tuple[ast.Call, Found]]:
    home = _METHOD if _is_method(at.body) else at.path
    return _calls().get((home, at.body.name), [])


def _is_method(body: Body) -> bool:
    return bool(body.args.args) and body.args.args[0].arg == "self"


def _argument(node: ast.expr | None, body: Body, call: ast.Call) -> ast.expr | None:
    """What a caller passes where a function's own argument stands."""
    name = getattr(node, "id", "")
    names = [one.arg for one in body.args.args][1 if _is_method(body) else 0 :]
    given = dict(zip(names, call.args, strict=False))
    given |= {word.arg: word.value for word in call.keywords if word.arg}
    return given.get(name)


def _operation(body: Body) -> str:
    """The name that the decorator gives the function."""
    for mark in body.decorator_list:
        if isinstance(mark, ast.Call) and getattr(mark.func, "id", "") == "operation":
            return str(getattr(mark.args[0], "value", ""))
    return ""


def _kinds(node: ast.expr | None, body: Body) -> Iterator[str]:
    """The kinds that stand in an expression, or in what its names were set to."""
    if node is None:
        return
    nodes = [
        node,
        *(v for p in ast.walk(node) if isinstance(p, ast.Name) for v in _values(p.id, body)),
    ]
    for part in (part for one in nodes for part in ast.walk(one)):
        if isinstance(part, ast.Constant) and part.value in EVENT_KINDS:
            yield str(part.value)


def _keys(node: ast.expr | None, at: Found, depth: int = 8) -> Iterator[str]:
    """The keys of a dictionary, wherever its parts come from."""
    if depth == 0:
        return
    if isinstance(node, ast.Name):
        yield from _set_later(node.id, at.body)
    if isinstance(node, ast.Dict):
        yield from (str(key.value) for key in node.keys if isinstance(key, ast.Constant))
    if isinstance(node, ast.Call):
        yield from _of_call(node)
    for part, home in _parts(node, at):
        yield from _keys(part, home, depth - 1)


def _parts(node: ast.expr | None, at: Found) -> Iterator[tuple[ast.expr | None, Found]]:
    """Where else keys of an expression come from, each with the function it stands in."""
    match node:
        case ast.Name(id=name):
            yield from ((value, at) for value in _values(name, at.body))
        case ast.BinOp(left=one, right=other) | ast.IfExp(body=one, orelse=other):
            yield from ((one, at), (other, at))
        case ast.Dict(keys=keys, values=values):
            merged = (v for k, v in zip(keys, values, strict=True) if k is None)
            yield from ((value, at) for value in merged)
        case ast.Call() if made := _function(_meant(at.path, _called(node))):
            returns = (part for part in ast.walk(made.body) if isinstance(part, ast.Return))
            yield from ((part.value, made) for part in returns)


def _of_call(call: ast.Call) -> Iterator[str]:
    """The keys of `dict(a=…)`, and of a view of which some fields are taken."""
    if _called(call) == "dict":
        yield from (word.arg for word in call.keywords if word.arg)
    for word in call.keywords:
        if word.arg == "include" and isinstance(word.value, ast.Set):
            yield from (str(one.value) for one in word.value.elts if isinstance(one, ast.Constant))


def _values(name: str, body: Body) -> list[ast.expr]:
    """What is assigned to a name in a function."""
    return _assigned(body).get(name, [])


@cache
def _assigned(body: Body) -> dict[str, list[ast.expr]]:
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(body):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign):
            targets = [node.target]
        else:
            continue
        for name in (name for one in targets for name in _names(one)):
            if node.value:
                found.setdefault(name, []).append(node.value)
    return found


def _names(target: ast.expr) -> list[str]:
    """The names that a target sets: one, or those of `a, b = …`."""
    parts = target.elts if isinstance(target, ast.Tuple) else [target]
    return [str(getattr(part, "id", "")) for part in parts]


def _set_later(name: str, body: Body) -> Iterator[str]:
    """Keys that are put into a dictionary after it was made: `said["from"] = …`."""
    for node in ast.walk(body):
        match node:
            case ast.Subscript(value=ast.Name(id=at), slice=ast.Constant(value=key)) if at == name:
                yield str(key)

"""Who calls whom in the engine, as far as the source text tells: names are resolved by the imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from tests.architecture.source import Function, Module

Name = tuple[str, str]
"""A module, and a function or `Class.method` in it."""


class CallGraph:
    """The functions of some modules and what each mentions.

    A function that is mentioned counts as called: handlers are passed on. A class that is
    mentioned may have any of its methods called.
    """

    def __init__(self, modules: Sequence[Module]) -> None:
        self._homes = {module.name: _imports(module) for module in modules}
        self._bodies: dict[Name, list[Function]] = {}
        for module in modules:
            for node in module.tree.body:
                if isinstance(node, Function):
                    self._bodies[module.name, node.name] = [node]
                elif isinstance(node, ast.ClassDef):
                    methods = [part for part in node.body if isinstance(part, Function)]
                    self._bodies[module.name, node.name] = methods

    def reaches(self, module: str, function: str, method: str) -> bool:
        """Whether some way leads from a function to a call of `….method(…)`."""
        seen: set[Name] = set()
        waiting: list[Name] = [(module, function)]
        while waiting:
            name = waiting.pop()
            if name in seen or name not in self._bodies:
                continue
            seen.add(name)
            for body in self._bodies[name]:
                if _calls(body, method):
                    return True
                waiting.extend(self._mentioned(name[0], body))
        return False

    def _mentioned(self, module: str, body: Function) -> Iterator[Name]:
        home = self._homes[module]
        for node in ast.walk(body):
            if isinstance(node, ast.Name):
                yield home.get(node.id, (module, node.id))
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                package, name = home.get(node.value.id, ("", ""))
                yield f"{package}.{name}", node.attr


def _calls(body: Function, method: str) -> bool:
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == method
        for node in ast.walk(body)
    )


def _imports(module: Module) -> dict[str, Name]:
    """What each imported name stands for."""
    return {
        alias.asname or alias.name: (node.module or "", alias.name)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }

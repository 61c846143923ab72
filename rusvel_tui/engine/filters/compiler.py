"""From the tree to SQL: fields are looked up, values read, and what is unknown is an error at its column."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from rusvel_tui.engine.filters import custom
from rusvel_tui.engine.filters.faults import Fault, near
from rusvel_tui.engine.filters.fields import Entity, Field, Relation, Scope
from rusvel_tui.engine.filters.syntax import And, Condition, Node, Not, Or, Text, Value
from rusvel_tui.engine.filters.where import Where, all_of, any_of, filled, none_of
from rusvel_tui.engine.money import CURRENCIES
from rusvel_tui.engine.text import fold

PRESENCE = ("has", "no")
STATE = "is"


class Compiler:
    """Turns the filters of one entity in one session into SQL."""

    def __init__(self, entity: Entity, scope: Scope) -> None:
        self.entity = entity
        self.scope = scope

    def where(self, node: Node, scope: Scope | None = None) -> Where:
        """What the rows must fulfil; raises `Fault`."""
        scope = scope or self.scope
        if isinstance(node, Not):
            return none_of(self.where(node.part, scope))
        if isinstance(node, Or):
            return any_of(self.where(part, scope) for part in node.parts)
        if isinstance(node, And):
            return self._together(node, scope)
        if isinstance(node, Text):
            return self._text(node, scope)
        return self._asked(node, scope)

    def field(self, name: str) -> Field | None:
        """The field of that name, in any case; custom ones are looked up last."""
        wanted = name.casefold()
        known = next((field for field in self.entity.fields if field.name == wanted), None)
        return known or custom.find(self.entity, self.scope, wanted)

    def _together(self, node: And, scope: Scope) -> Where:
        """Conditions side by side; those on the same related row are asked of one row."""
        scope = replace(scope, currency=_currency_of(node) or scope.currency)
        joint: defaultdict[Relation, list[Where]] = defaultdict(list)
        parts = []
        for part in node.parts:
            field = self._joint(part)
            if field is not None and isinstance(part, Condition):
                joint[field.relation].append(self._test(field, part, scope))
            else:
                parts.append(self.where(part, scope))
        parts += [relation.wrap(scope, all_of(tests)) for relation, tests in joint.items()]
        return all_of(parts)

    def _joint(self, part: Node) -> Field | None:
        if not isinstance(part, Condition) or part.name.casefold() in (*PRESENCE, STATE):
            return None
        field = self.field(part.name)
        return field if field is not None and field.relation.joint else None

    def _text(self, node: Text, scope: Scope) -> Where:
        words = fold(node.text)
        if not words:
            raise Fault("There is nothing to look for.", node.place)
        return self.entity.find(scope, words)

    def _asked(self, node: Condition, scope: Scope) -> Where:
        name = node.name.casefold()
        if name in PRESENCE:
            found = any_of(self._present(value, node, scope) for value in node.values)
            return found if name == "has" else none_of(found)
        if name == STATE:
            return any_of(self._flag(value, node, scope) for value in node.values)
        field = self.field(name)
        if field is None:
            raise self._unknown(node)
        made = field.relation.wrap(scope, self._test(field, node, scope))
        if field.narrowed:
            near_by = any_of(self.entity.find(scope, fold(value.text)) for value in node.values)
            return all_of([near_by, made])
        return made

    def _test(self, field: Field, node: Condition, scope: Scope) -> Where:
        if node.sign not in field.kind.signs:
            hint = f"Write {field.name}:{field.kind.example} instead."
            raise Fault(f"{field.name} cannot be compared with {node.sign}. {hint}", node.place)
        return field.kind.test(field, node, scope)

    def _present(self, value: Value, node: Condition, scope: Scope) -> Where:
        _require_plain(node)
        field = self.field(value.text)
        if field is None:
            raise Fault(f"There is no field {value.text!r}.{self._near(value.text)}", value.place)
        test = field.present or field.kind.present.format(field.column)
        return field.relation.wrap(scope, Where(test))

    def _flag(self, value: Value, node: Condition, scope: Scope) -> Where:
        _require_plain(node)
        flags = {flag.name: flag for flag in self.entity.flags}
        found = flags.get(value.text.casefold())
        if found is None:
            hint = near(value.text, flags) or f" There is {', '.join(flags)}."
            raise Fault(f"There is no state {value.text!r}.{hint}", value.place)
        return filled(found.sql, scope.given())

    def _unknown(self, node: Condition) -> Fault:
        hint = self._near(node.name) or f' To look for the text, put it in quotes: "{node}".'
        return Fault(
            f"{self.entity.plural.capitalize()} have no field {node.name!r}.{hint}", node.place
        )

    def _near(self, name: str) -> str:
        names = [
            field.name for field in (*self.entity.fields, *custom.load(self.entity, self.scope))
        ]
        return near(name, (*names, *PRESENCE, STATE))


def _require_plain(node: Condition) -> None:
    if node.sign != ":":
        raise Fault(f"Write {node.name}: with a colon.", node.place)


def _currency_of(node: And) -> str:
    """The one currency that stands beside amounts; none when several would do."""
    named = [
        part.values[0].text.upper()
        for part in node.parts
        if isinstance(part, Condition)
        and part.name.casefold() == "currency"
        and len(part.values) == 1
    ]
    return named[0] if len(named) == 1 and named[0] in CURRENCIES else ""

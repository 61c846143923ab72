"""`rusvel agents`, `skills`, `rules`, `hooks`, `workflows`, `schedules`, `mcp-servers`: what the assistant is told once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rusvel_tui.commands import entity_text
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser, Verbs, verbs
from rusvel_tui.commands.seeding import ensure_seeds
from rusvel_tui.commands.tables import listing
from rusvel_tui.engine.agent.entities.kinds import EntityKind, find_kind
from rusvel_tui.engine.agent.entities.listing import ListEntities, list_entities, show_entity
from rusvel_tui.engine.agent.entities.saving import (
    EnableEntity,
    delete_entity,
    save_entity,
    set_enabled,
)
from rusvel_tui.engine.agent.entities.views import EntityKey, EntityList, EntityView
from rusvel_tui.engine.core import parse_input
from rusvel_tui.engine.errors import EngineError, InvalidInput

if TYPE_CHECKING:
    from rusvel_tui.engine.operation import Operation

_MORE = "rusvel_tui.commands.automation"
EXTRA: dict[str, str] = {
    "skill": "rusvel_tui.commands.skill_preview:preview",
    "hook": f"{_MORE}:hooks",
    "schedule": f"{_MORE}:schedules",
    "workflow": f"{_MORE}:workflows",
}
"""Further verbs of a kind: `module:function` that is given the kind's sub-commands; add yours here."""


def define(parser: Parser) -> None:
    """`list | show NAME | add NAME … | edit NAME … | enable NAME | disable NAME | delete NAME`, and the kind's own."""
    kind = find_kind(parser.get_default("command"))
    parser.set_defaults(kind=kind)
    choice = verbs(parser)
    found = choice.add_parser("list", help=f"the {kind.plural} that there are")
    found.add_argument("--department", metavar="D", default="", help="those that count for this one")  # fmt: skip
    found.set_defaults(run=run_list)
    _add(choice, "show", f"all that stands in one {kind.label}", run_show)
    _writing(_add(choice, "add", f"make {kind.label}s: key=value, or a file", run_add))
    _writing(_add(choice, "edit", "change one: key=value, a file, or in your $EDITOR", run_edit))
    for verb, on in (("enable", True), ("disable", False)):
        _add(choice, verb, f"let one {'count' if on else 'rest'}", run_enable).set_defaults(on=on)
    _add(choice, "delete", "delete one; `rusvel undo` brings it back", run_delete)
    if path := EXTRA.get(kind.name):
        module, _, name = path.partition(":")
        extend: Callable[[Verbs], None] = getattr(import_module(module), name)
        extend(choice)


def run_list(desk: Desk) -> None:
    """List those of a kind."""
    ensure_seeds(desk)
    command = ListEntities(kind=_kind(desk).name, engine=desk.args.department)
    desk.out.view(desk.engine().run(list_entities, command), lambda found: _lines(desk, found))


def run_show(desk: Desk) -> None:
    """Show one, as the document that `add --file` takes."""
    ensure_seeds(desk)
    view = desk.engine().run(show_entity, _key(desk))
    desk.out.view(view, lambda one: entity_text.as_yaml(one).splitlines())


def run_add(desk: Desk) -> None:
    """Make one."""
    ensure_seeds(desk)
    wanted = {
        "kind": _kind(desk).name,
        "name": desk.args.name,
        "engine": desk.args.department or "",
    }
    if (read := _given(desk)) is not None:
        read.pop("name", None)  # the one on the command line counts
        wanted |= read
    wanted["body"] = wanted.get("body", {}) | _pairs(desk)
    _said(desk, _save(desk, wanted), "is there")


def run_edit(desk: Desk) -> None:
    """Change one."""
    ensure_seeds(desk)
    now = desk.engine().run(show_entity, _key(desk))
    wanted: dict[str, Any] = {"kind": now.kind, "entity_id": now.entity_id, "version": now.version}
    read, pairs = _given(desk), _pairs(desk)
    if read is None and not pairs:
        _said(desk, _in_editor(desk, now, wanted), "is changed")
        return
    wanted |= read or {"body": now.body}
    wanted["body"] = wanted["body"] | pairs
    _said(desk, _save(desk, wanted), "is changed")


def run_enable(desk: Desk) -> None:
    """Let one count, or rest."""
    ensure_seeds(desk)
    command = EnableEntity(**_key(desk).model_dump(), enabled=desk.args.on)
    _said(desk, desk.engine().run(set_enabled, command), "counts" if desk.args.on else "rests")


def run_delete(desk: Desk) -> None:
    """Delete one."""
    ensure_seeds(desk)
    _said(desk, desk.engine().run(delete_entity, _key(desk)), "is deleted; rusvel undo brings it back")  # fmt: skip


def _add(choice: Verbs, verb: str, summary: str, run: Callable[[Desk], None]) -> Parser:
    made = choice.add_parser(verb, help=summary)
    made.add_argument("name", metavar="NAME", help="its name, or how it is typed: weekly-review")
    made.add_argument("--department", metavar="D", default=None, help="of this department")
    made.set_defaults(run=run)
    return made


def _writing(parser: Parser) -> None:
    from rusvel_tui.commands.call import pair

    parser.mixes_words = True
    parser.add_argument("pairs", metavar="key=value", nargs="*", default=[], type=pair, help="a field; lists with commas or as JSON")  # fmt: skip
    parser.add_argument("--file", metavar="FILE", help="YAML as `show` prints it, or the text itself (.md, .txt); `-` reads stdin")  # fmt: skip


def _given(desk: Desk) -> dict[str, Any] | None:
    """What stands in the file that was named."""
    name = desk.args.file
    if name is None:
        return None
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise InvalidInput(f"{name} cannot be read: {error}.", field="file") from None
    return entity_text.from_file(_kind(desk), name, text)


def _in_editor(desk: Desk, now: EntityView, wanted: dict[str, Any]) -> EntityView:
    before = entity_text.as_yaml(now)
    after = entity_text.edited(before)
    if after == before:
        return now
    try:
        return _save(desk, wanted | entity_text.from_yaml(after))
    except EngineError as error:
        path = entity_text.kept(after)
        raise InvalidInput(f"{error} Your text is in {path}: use it with --file.") from None


def _save(desk: Desk, wanted: dict[str, Any]) -> EntityView:
    command: Operation[Any, Any] = save_entity
    return desk.engine().run(save_entity, parse_input(command, wanted))


def _kind(desk: Desk) -> EntityKind:
    found: EntityKind = desk.args.kind
    return found


def _key(desk: Desk) -> EntityKey:
    return EntityKey(kind=_kind(desk).name, name=desk.args.name, engine=desk.args.department)


def _pairs(desk: Desk) -> dict[str, Any]:
    return entity_text.from_pairs(_kind(desk), desk.args.pairs)


def _said(desk: Desk, view: EntityView, what: str) -> None:
    desk.out.view(view, lambda one: (f"{one.name} ({one.slug}) {what}.",))


def _lines(desk: Desk, found: EntityList) -> Iterator[str]:
    kind = _kind(desk)
    yield from listing(found.items, desk.zone, f"There are no {kind.plural} yet: rusvel {kind.plural} add NAME …")  # fmt: skip

"""`rusvel config`: every setting and every value of the assistant, and where each comes from. Secrets stay hidden."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rusvel_tui.commands import plain
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser
from rusvel_tui.engine.errors import EngineError, InvalidInput

_LISTS = ("allowed_tools", "denied_tools")


def define(parser: Parser) -> None:
    """Nothing shows all of it; `set NAME VALUE`, `unset NAME` change the assistant."""
    parser.set_defaults(run=run)
    choice = parser.add_subparsers(metavar="VERB", parser_class=Parser)
    change = choice.add_parser("set", help="set a value of the assistant in one layer")
    change.add_argument("name", metavar="NAME", help="model, effort, budget_usd, tone, …")
    change.add_argument("value", metavar="VALUE", help="lists with commas: gtm.crm.*,growth.*")
    change.set_defaults(run=run_set)
    back = choice.add_parser("unset", help="let the layer below count again")
    back.add_argument("name", metavar="NAME", help="the value to take out")
    back.set_defaults(run=run_unset)
    keys = choice.add_parser("keys", help="show every key, and which of them are your own")
    keys.set_defaults(run=run_keys)
    for one in (change, back):
        one.add_argument("--layer", choices=("global", "department", "session"), help="where (default: session, or the department that is named)")  # fmt: skip
        one.add_argument("--department", metavar="D", default="", help="whose: gtm, growth")


def run(desk: Desk) -> None:
    """Show the settings, also when some of them are wrong, and the assistant's values where there is a session."""
    rows, assistant = list(_rows(desk)), list(_assistant(desk))
    if desk.out.json:
        desk.out.document({"items": rows, "assistant": assistant})
        return
    table = [(row["variable"], row["value"], row["from"]) for row in rows]
    desk.out.lines(plain.table(("variable", "value", "from"), table))
    if assistant:
        desk.out.lines(("", "The assistant (rusvel config set NAME VALUE):"))
        values = [(r["name"], r["department"], _shown(r["value"]), r["from"]) for r in assistant]
        desk.out.lines(plain.table(("name", "department", "value", "from"), values))
    desk.out.lines(desk.loaded.problems.values())
    desk.out.lines(f"{name} is no setting." for name in desk.loaded.unknown)


def run_set(desk: Desk) -> None:
    """Set a value of the assistant."""
    name, text = desk.args.name, desk.args.value
    _refuse_setting(name)
    value = [part.strip() for part in text.split(",") if part.strip()] if name in _LISTS else text
    _change(desk, "agent.config.set", {"settings": {name: value}})


def run_unset(desk: Desk) -> None:
    """Take a value of the assistant out of a layer."""
    _refuse_setting(desk.args.name)
    _change(desk, "agent.config.unset", {"names": [desk.args.name]})


def run_keys(desk: Desk) -> None:
    """Show the keys as they are with the person's own file; what is wrong with that file comes last."""
    from rusvel_tui.every_key import faults, key_rows
    from rusvel_tui.keymap import read_keymap
    from rusvel_tui.settings import keymap_path

    keymap = read_keymap(keymap_path(desk.settings(), desk.environ))
    rows, problems = list(key_rows(keymap)), [*keymap.problems, *faults(keymap)]
    if desk.out.json:
        desk.out.document({"file": str(keymap.path), "items": rows, "problems": problems})
        return
    names = ("where", "id", "keys", "from", "command", "help")
    desk.out.lines(plain.table(names, [tuple(row[name] for name in names) for row in rows]))
    desk.out.lines(("", f"Your own keys: {keymap.path}", *problems))


def _change(desk: Desk, operation: str, data: dict[str, Any]) -> None:
    department = desk.args.department
    layer = desk.args.layer or ("department" if department else "session")
    view: Any = desk.engine().call(operation, {"layer": layer, "department": department, **data})
    where = {"department": f"for {view.department}", "session": "for this session"}
    desk.out.view(view, lambda made: _layer(where.get(layer, "everywhere"), made.settings))


def _layer(where: str, settings: dict[str, Any]) -> Iterator[str]:
    yield f"The assistant, {where}:" if settings else f"Nothing is set {where}."
    yield from plain.fields((name, _shown(value)) for name, value in settings.items())


def _refuse_setting(name: str) -> None:
    """The settings of the program are not ours to write."""
    from rusvel_tui.engine.agent.config.layers import names
    from rusvel_tui.settings import Settings, variable

    by_variable = {variable(one): one for one in Settings.model_fields}
    if name not in names() and (name in Settings.model_fields or name in by_variable):
        shown = variable(by_variable.get(name, name))
        raise InvalidInput(f"{shown} is set in the environment or in config.toml.", field="name")


def _assistant(desk: Desk) -> Iterator[dict[str, Any]]:
    """The assistant's values for each department; nothing where there is no session yet."""
    from rusvel_tui.engine.agent.config.operations import ShowConfig, show_config
    from rusvel_tui.engine.departments import DEPARTMENTS

    try:
        engine = desk.engine()
        shown = [engine.run(show_config, ShowConfig(department=one.id)) for one in DEPARTMENTS]
    except EngineError:
        return
    for items in zip(*(view.items for view in shown), strict=True):
        same = len({(str(item.value), item.origin) for item in items}) == 1
        for view, item in zip(shown, items, strict=True):
            yield {
                "name": item.name,
                "department": "all" if same else view.department,
                "value": item.value,
                "from": item.origin,
                "layers": item.layers,
                "summary": item.summary,
            }
            if same:
                break


def _rows(desk: Desk) -> Iterator[dict[str, Any]]:
    from rusvel_tui.settings import SECRETS, Settings, meaning, variable

    for name in Settings.model_fields:
        value = getattr(desk.loaded.settings, name)
        yield {
            "name": name,
            "variable": variable(name),
            "value": _set(bool(value)) if name in SECRETS else _shown(value),
            "from": desk.loaded.origins.get(name, "default"),
            "summary": meaning(name),
        }


def _set(there: bool) -> str:
    return "set" if there else "not set"


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)

"""What could stand next on the command line: a search in the word list, without the engine."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

_LIST = Path(__file__).with_name("words.json")
_SESSION = "--session"
_OPERATION_FIELDS = ("call", "help", "tools")


class Place(NamedTuple):
    """Where the cursor is: the command with its words so far, and the option that waits for its value."""

    path: tuple[str, ...]
    node: dict[str, Any]
    given: tuple[str, ...]
    waiting: str
    options: dict[str, Any]


def candidates(words: Sequence[str]) -> list[str]:
    """The words that may stand in place of the last one; none means a file, or anything."""
    *before, begun = joined(words) or [""]
    known = json.loads(_LIST.read_text(encoding="utf-8"))
    place = _place(before, known)
    return [word for word in _proposed(place, begun, known, before) if word.startswith(begun)]


def joined(words: Sequence[str]) -> list[str]:
    """The words, with what bash takes apart at `=` put together again."""
    whole: list[str] = []
    for word in words:
        if whole and (word == "=" or whole[-1].endswith("=")) and not whole[-1].startswith("-"):
            whole[-1] += word
        else:
            whole.append(word)
    return whole


def _place(before: Sequence[str], known: dict[str, Any]) -> Place:
    node: dict[str, Any] = {"verbs": known["commands"]}
    path: list[str] = []
    given: list[str] = []
    waiting = ""
    for word in before:
        options = {**known["everywhere"], **node.get("options", {})}
        if waiting:
            waiting = ""
        elif word.startswith("-"):
            waiting = word if options.get(word) is not None else ""
        elif word in node.get("verbs", {}):
            node = node["verbs"][word]
            path.append(word)
        else:
            given.append(word)
    options = {**known["everywhere"], **node.get("options", {}), "--help": None}
    return Place(tuple(path), node, tuple(given), waiting, options)


def _proposed(
    place: Place, begun: str, known: dict[str, Any], before: Sequence[str]
) -> Iterable[str]:
    if place.waiting:
        return _sessions(before) if place.waiting == _SESSION else place.options[place.waiting]
    if begun.startswith("-"):
        return [option for option in place.options if option not in before]
    if place.path == ("session", "use"):
        return _sessions(before)
    if place.path[:1] == ("call",):
        return _of_call(place, begun, known)
    if place.path[:1] == ("help",) and not place.given:
        names = ("topics", "commands", "operations", "events", "settings")
        return [word for name in names for word in known[name]]
    if place.path == ("tools",):
        return dict.fromkeys(name.rpartition(".")[0] for name in known["operations"])
    if place.given and "verbs" in place.node:
        return []
    return [*place.node.get("verbs", ()), *place.node.get("words", ())]


def _of_call(place: Place, begun: str, known: dict[str, Any]) -> Iterable[str]:
    """Operations, then the fields of the one that was named, then the words that a field knows."""
    if not place.given:
        return list(known["operations"])
    fields: dict[str, list[str]] = known["operations"].get(place.given[0], {})
    name, sign, _ = begun.partition("=")
    if sign:
        return [f"{name}={word}" for word in fields.get(name, ())]
    taken = {word.partition("=")[0] for word in place.given[1:]}
    return [f"{field}=" for field in fields if field not in taken]


def _sessions(before: Sequence[str]) -> list[str]:
    from rusvel_tui.engine.session_names import session_names

    return session_names(_database(before))


def _database(before: Sequence[str]) -> Path:
    """The file that the line names, else that of the environment, of `config.toml`, or the usual one."""
    named = [value for option, value in pairwise(before) if option == "--db"]
    path = (named or [os.environ.get("RUSVEL_DB", "")])[-1] or _configured()
    if path:
        return Path(path).expanduser()
    from platformdirs import user_data_path

    return user_data_path("rusvel", appauthor=False) / "rusvel.db"


def _configured() -> str:
    import tomllib

    from platformdirs import user_config_path

    usual = user_config_path("rusvel", appauthor=False) / "config.toml"
    try:
        values = tomllib.loads(
            Path(os.environ.get("RUSVEL_CONFIG") or usual).expanduser().read_text(encoding="utf-8")
        )
    except (OSError, ValueError):
        return ""
    return str(values.get("db", ""))

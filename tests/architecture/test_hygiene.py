"""What no file of the project may hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, Function, Module, dotted, modules

pytestmark = pytest.mark.xdist_group("source text")  # read and parsed once

CLOCKS = (
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
)
CLOCK = "rusvel_tui.adapters.clock"
EVERYWHERE = ("rusvel_tui", "tests", "benchmarks")
POLL = "tests.screens.pilots"
MAY_SKIP = {
    "tests.system.test_smtp_sink": "a program of the system is missing",
    "tests.system.test_ssh": "a program of the system is missing",
    "tests.system.test_tmux": "a program of the system is missing",
    "tests.system.test_letters_outside": "a program of the system is missing",
    "tests.system.test_mail_loop": "programs of the system are missing, or root is",
    "tests.architecture.test_docs_reference": "a program of the system is missing",
    "tests.cli.test_completion": "a shell is missing",
    "tests.adapters.conftest": "a program of the system is missing",
    "tests.engine.importing.test_samples": "the sample files are not part of the project",
    "tests.engine.invoices.test_einvoice_official": "the official artefacts come with `make test-einvoice`",
    "tests.engine.invoices.test_hledger": "a program of the system is missing",
}
TEXTS = {".md", ".toml", ".tcss", ".lock", "Makefile", "LICENSE", ".gitignore"}
CACHES = {"__pycache__", ".mypy_cache", ".pytest_cache", ".hypothesis", ".ruff_cache"}
_HERE = Path(__file__).name
PLACES = re.compile(r"(?<![\w.:/])/(home|root|work|Users|tmp|private|opt)/\w")
"""A path of some machine."""
HOSTS = re.compile(
    r"pythonhosted|pypi\.|artifactory|/simple\b|(index|find|extra)[-_]?(index)?[-_](url|links)\s*="
)
"""Where packages come from: that is a matter of the machine, not of the project."""
UNFINISHED = re.compile(r"\b(TODO|FIXME|HACK)\b")


def calls(folders: tuple[str, ...]) -> Iterator[tuple[Module, ast.Call]]:
    return ((m, call) for folder in folders for m in modules(folder) for call in m.calls())


def files() -> Iterator[Path]:
    """The text files of the project; this one has to name what it looks for."""
    yield from (path for path in ROOT.iterdir() if path.suffix in TEXTS or path.name in TEXTS)
    for folder in (*EVERYWHERE, ".ci"):
        for path in (ROOT / folder).rglob("*"):
            ours = not CACHES.intersection(path.relative_to(ROOT).parts)
            if path.is_file() and ours and path.name != _HERE:
                yield path


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in files()
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_nobody_but_the_clock_asks_the_time() -> None:
    found = [
        f"{module.place(call)} {dotted(call.func)}"
        for module, call in calls(EVERYWHERE)
        if module.name != CLOCK and dotted(call.func).endswith(CLOCKS)
    ]
    assert found == []


def test_no_test_sleeps() -> None:
    """`asyncio.sleep(0)` only lets others run, and a poll for a condition has one home. Benchmarks may: idling takes time."""
    found = [
        module.place(call)
        for module, call in calls(("tests",))
        if _takes_time(call) and module.name != POLL
    ]
    assert found == []


def _takes_time(call: ast.Call) -> bool:
    """`pilot.pause(0.1)` is a sleep by another name; without a number it waits for the messages."""
    name, times = dotted(call.func), [ast.unparse(argument) for argument in call.args]
    return (name.endswith(".sleep") and times != ["0"]) or (name == "pilot.pause" and times != [])


def test_sleep_has_no_other_name() -> None:
    found = [
        module.place(node)
        for module in modules("tests")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.module in ("time", "asyncio")
        if any(alias.name == "sleep" for alias in node.names)
    ]
    assert found == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    assert lines_with(PLACES) == []
    assert lines_with(re.compile(re.escape(str(ROOT)))) == []


def test_no_file_names_where_packages_come_from() -> None:
    assert lines_with(HOSTS) == []


def test_nothing_is_left_to_do() -> None:
    assert lines_with(UNFINISHED) == []


def test_c_111_no_test_is_skipped_or_expected_to_fail() -> None:
    """But for a few that need what not every machine has; they say what."""
    found = {
        module.name
        for module, call in calls(("tests",))
        if dotted(call.func).rpartition(".")[2] in ("skip", "skipif", "xfail", "importorskip")
    }
    assert found - set(MAY_SKIP) == set()


def undocumented(module: Module) -> Iterator[str]:
    if not ast.get_docstring(module.tree) and module.text.strip():
        yield module.name
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef) and node.name[0] != "_" and not ast.get_docstring(node):
            yield f"{module.place(node)} {node.name}"


def test_every_module_and_every_public_class_is_explained() -> None:
    found = [text for m in (*modules(), *modules("benchmarks")) for text in undocumented(m)]
    assert found == []


def test_every_module_of_tests_says_what_it_tests() -> None:
    found = [
        module.name
        for module in modules("tests")
        if module.text.strip() and not ast.get_docstring(module.tree)
    ]
    assert found == []


def test_every_operation_is_explained_in_one_sentence_first() -> None:
    marked = [
        (module, function)
        for module in modules()
        for function in module.functions()
        if any("operation" in ast.dump(mark) for mark in function.decorator_list)
    ]
    assert len(marked) > 50
    found = [module.place(function) for module, function in marked if not _explained(function)]
    assert found == []


def _explained(function: Function) -> bool:
    first = (ast.get_docstring(function) or "").partition("\n")[0]
    return first.endswith(".")

"""Which tests show that an item of the first design's checklist holds.

The items are the numbers of the acceptance lists (`G-…`, `R-…`, `C-…`), of the defects that must not come back (`Q-…`)
and of what tests assert (`T-…`). A test names its items: `test_q_084_two_editors_…`; the few that cannot stand in `TESTS`.
`python -m tests.engine.conformance` prints the whole list, and asks pytest whether it runs each of the tests.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


def span(letter: str, first: int, last: int) -> list[str]:
    return [f"{letter}-{number:03}" for number in range(first, last + 1)]


EVERY = (
    *span("G", 1, 8), *span("G", 10, 16), *span("G", 20, 26), *span("G", 30, 36), *span("G", 40, 43),
    *span("G", 50, 68), *span("G", 70, 78), *span("G", 80, 84), *span("G", 90, 95), *span("G", 100, 106),
    *span("G", 110, 118), *span("G", 120, 128), *span("G", 130, 135), *span("G", 140, 152),
    *span("G", 160, 165), *span("G", 170, 173), *span("G", 180, 184), *span("R", 1, 8), *span("R", 10, 13),
    *span("R", 20, 23), *span("R", 30, 34), *span("R", 40, 45), *span("R", 50, 52), *span("R", 60, 63),
    *span("R", 70, 73), *span("R", 80, 87), *span("R", 90, 94), *span("R", 100, 105), *span("R", 110, 112),
    *span("R", 120, 133), *span("C", 1, 5), *span("C", 10, 14), *span("C", 20, 23), *span("C", 30, 32),
    *span("C", 40, 44), *span("C", 50, 56), *span("C", 60, 66), *span("C", 70, 76), *span("C", 80, 82),
    *span("C", 90, 94), *span("C", 100, 106), *span("C", 110, 113), *span("C", 120, 133),
    *span("C", 140, 152), *span("Q", 1, 22), *span("Q", 30, 37), *span("Q", 41, 50), *span("Q", 60, 70),
    *span("Q", 80, 95), *span("Q", 100, 106), *span("Q", 110, 119), *span("Q", 130, 146),
    *span("Q", 160, 167), *span("T", 1, 18), *span("T", 20, 49), *span("T", 60, 76), *span("T", 80, 97),
    *span("T", 100, 121),
)  # fmt: skip
"""Every item that was ever given a number."""

CRM = "tests.engine.test_conformance_crm"
FLOW = "tests.engine.test_conformance_flow"
DEPARTMENTS = "tests.cli.test_departments"

TESTS = {
    "G-002": "tests.engine.test_contacts::test_t_092_a_contact_is_created_and_shown_with_everything_that_was_said",
    "G-006": "tests.system.test_main_job::test_import_sequence_draft_approve_send_next_step",
    "G-007": "tests.architecture.test_imports::test_c_073_the_import_contracts_are_kept",
    "G-060": f"{CRM}::test_the_structures_have_their_fields",
    "G-061": f"{CRM}::test_the_structures_have_their_fields",
    "G-066": f"{CRM}::test_the_structures_have_their_fields",
    "G-102": f"{CRM}::test_a_change_is_an_event_whoever_makes_it",
    "G-103": f"{CRM}::test_a_change_is_an_event_whoever_makes_it",
    "G-106": f"{CRM}::test_a_change_is_an_event_whoever_makes_it",
    "G-115": f"{DEPARTMENTS}::test_the_status_for_a_person",
    "G-116": f"{DEPARTMENTS}::test_lists_are_tables_for_people",
    "G-117": f"{DEPARTMENTS}::test_events_are_newest_first_and_of_the_department_only",
    "G-161": "tests.engine.test_operations::test_an_event_of_an_unlisted_kind_is_refused",
    "C-090": "tests.architecture.test_docs_reference::test_q_163_the_pages_are_what_the_code_says",
    "C-104": "tests.engine.test_results_year::test_results_are_what_happened",
    "C-113": "tests.screens.test_sequences::test_c_051_t_093_a_sequence_is_written_activated_and_run_from_the_keyboard",
    "C-146": "tests.engine.test_drafts::test_q_032_the_drafter_is_told_the_wish_and_the_text_that_stands_there",
    "C-152": "tests.architecture.test_readme::test_the_tree_of_the_architecture_is_the_one_on_disk",
    "Q-069": "tests.engine.test_results_year::test_results_are_what_happened",
}  # fmt: skip
"""The tests of items that their names do not tell."""

REPLACED = {
    "C-080": "a worker opens the same file: there is no address to set",
    "C-081": "a worker does every kind of job: there is no list of runners to keep",
    "C-152": "the list was that of their files; ours is the tree of ARCHITECTURE.md",
}
"""What holds in another form than the first design had."""


_NUMBERS = re.compile(r"(?<![a-z0-9])([cgqrt])_(\d{3})(?![0-9])")


@cache
def functions(path: Path) -> tuple[str, ...]:
    """The tests that pytest finds in a file, without importing it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return tuple(node.name for node in found if node.name.startswith("test_"))


@cache
def named() -> dict[str, tuple[str, ...]]:
    """The tests that name each item, as `module::function`."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(ROOT.joinpath("tests").rglob("test_*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for name in functions(path):
            for letter, number in _NUMBERS.findall(name):
                found[f"{letter.upper()}-{number}"].append(f"{module}::{name}")
    return {item: tuple(tests) for item, tests in found.items()}


def tests(item: str) -> tuple[str, ...]:
    """Every test of an item, by its name or by the table."""
    return (*named().get(item, ()), *filter(None, (TESTS.get(item),)))


def missing(items: tuple[str, ...] = EVERY) -> list[str]:
    """The items that no test names."""
    return [item for item in items if not tests(item)]


def there(address: str) -> bool:
    """Whether a file has that test where pytest looks for it."""
    module, _, function = address.partition("::")
    path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
    return path.exists() and function in functions(path)


def collected() -> set[str]:
    """The tests that pytest would run now, as `module::function`."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "tests"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    found = (line.partition("[")[0] for line in said.splitlines() if "::" in line)
    return {line.replace(".py::", "::").replace("/", ".") for line in found}


def main() -> int:
    """Print every item with its tests, then those without and the tests that do not run."""
    for item in EVERY:
        print(item, *tests(item))
    wanted = {address for item in EVERY for address in tests(item)}
    lost = sorted(wanted - collected())
    print(f"\n{len(EVERY)} items, {len(wanted)} tests")
    print("without a test:", *(missing() or ["none"]))
    print("not run by pytest:", *(lost or ["none"]))
    return 1 if missing() or lost else 0


if __name__ == "__main__":
    sys.exit(main())

"""The reference pages are what the code says, and nothing in them is left without a sentence."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from rusvel_tui.commands import COMMANDS
from rusvel_tui.commands.tools import listed
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.event_kinds import EVENT_KINDS
from rusvel_tui.engine.job_kinds import JOB_KINDS
from rusvel_tui.every_key import every_action, every_binding
from rusvel_tui.reference import PAGES, files
from rusvel_tui.reference.commands import EXIT_CODES
from rusvel_tui.reference.markdown import row
from rusvel_tui.settings import Settings, variable
from tests.architecture.source import ROOT

pytestmark = pytest.mark.xdist_group("source text")
CELLS = re.compile(r"(?<!\\)\|")
NO_WORD = re.compile(r"^\W*$")
MAY_BE_EMPTY = {"command", "default", "payload", "key", "signs", ""}
"""Columns in which nothing, or a mere sign, is an answer."""
written = cache(files)


def tables(name: str) -> Iterator[dict[str, str]]:
    """The rows of all tables of a page, by the heads of their columns."""
    head: list[str] = []
    for line in written()[f"docs/reference/{name}"].splitlines():
        if not line.startswith("|"):
            head = []
            continue
        cells = [cell.strip() for cell in CELLS.split(line)[1:-1]]
        if not head:
            head = cells
        elif set(line) - set("|-"):
            yield dict(zip(head, cells, strict=True))


def column(name: str, head: str) -> set[str]:
    """The plain names in one column."""
    return {
        found for line in tables(name) for found in re.findall(r"`([^`]+)`", line.get(head, ""))
    }


def test_q_163_the_pages_are_what_the_code_says() -> None:
    stale = [
        name
        for name, text in written().items()
        if not (ROOT / name).is_file() or (ROOT / name).read_text("utf-8") != text
    ]
    assert stale == [], "write them anew: make docs"
    there = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs/reference").rglob("*.md")}
    assert there - set(written()) == set(), "nothing writes these any more"


@pytest.mark.parametrize("page", [page.file for page in PAGES])
def test_q_163_nothing_is_listed_without_a_sentence(page: str) -> None:
    rows = list(tables(page))
    assert rows
    empty = [
        line for line in rows for head, cell in line.items() if head not in MAY_BE_EMPTY and NO_WORD.match(cell)
    ]  # fmt: skip
    assert empty == []


def test_every_argument_of_a_command_is_explained() -> None:
    page = written()["docs/reference/commands.md"]
    assert re.findall(r"^- `[^`]*`: \.$", page, re.MULTILINE) == []
    assert re.findall(r"^### .*\n\n\.$", page, re.MULTILINE) == []


def test_q_163_every_registry_stands_in_its_page() -> None:
    assert column("events.md", "event") == set(EVENT_KINDS)
    assert {variable(name) for name in Settings.model_fields} <= column("settings.md", "variable")
    assert column("keys.md", "id") == {*every_action(), *every_binding()}
    assert column("operations.md", "name") == {operation.name for operation in listed()}
    assert column("words.md", "job") == set(JOB_KINDS)
    headings = re.findall(r"^## (\S+)$", written()["docs/reference/commands.md"], re.MULTILINE)
    assert headings == [command.name for command in COMMANDS]


def test_every_operation_stands_on_the_page_of_its_area() -> None:
    pages = [text for name, text in written().items() if "/operations/" in name]
    headings = [name for text in pages for name in re.findall(r"^## (\S+)$", text, re.MULTILINE)]
    assert sorted(headings) == sorted(operation.name for operation in listed())


def test_q_161_every_exit_code_is_documented() -> None:
    def kinds(kind: type[EngineError]) -> Iterator[type[EngineError]]:
        for one in kind.__subclasses__():
            yield one
            yield from kinds(one)

    assert {kind.exit_code for kind in kinds(EngineError)} <= set(EXIT_CODES)
    told = {line["code"] for line in tables("commands.md") if "code" in line}
    assert told == {str(number) for number in EXIT_CODES}
    topic = (ROOT / "rusvel_tui/help/texts/exit-codes.md").read_text("utf-8")
    assert set(re.findall(r"^\| (\d+) \|", topic, re.MULTILINE)) == told


def test_every_link_between_documents_leads_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    links = [
        (document, target)
        for document in documents
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text("utf-8"))
        if "://" not in target
    ]
    assert len(links) > 100
    assert [(str(d), t) for d, t in links if not (d.parent / t).exists()] == []


def test_a_cell_cannot_end_its_table() -> None:
    assert row(("a|b", "two\nlines")) == r"| a\|b | two lines |"


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
def test_the_manual_page_is_clean(tmp_path: Path) -> None:
    page = tmp_path / "rusvel.1"
    page.write_text(written()["docs/rusvel.1"], encoding="utf-8")
    done = subprocess.run(
        ["groff", "-man", "-ww", "-Tutf8", str(page)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    plain = re.sub(r"\x1b\[[\d;]*m|.\x08", "", done.stdout)
    for word in ("EXIT STATUS", "rusvel queue approve", "RUSVEL_SMTP_HOST", "--digest D"):
        assert word in plain

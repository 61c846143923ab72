"""The documents say what is true: commands that exist, variables that exist, files that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from rusvel_tui.commands import COMMANDS
from rusvel_tui.commands.parsing import make_parser
from rusvel_tui.settings import ALIASES, OTHERS, Settings, variable
from tests.architecture.source import ROOT
from tests.documents import blocks, commands, inline

pytestmark = pytest.mark.xdist_group("source text")  # read and parsed once

DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")
BLOCK = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
VARIABLE = re.compile(r"\b(?:RUSVEL|ANTHROPIC)_[A-Z_]+")


NAMES = {(command.name,) for command in COMMANDS}


class Example(NamedTuple):
    """One command line of a document."""

    document: str
    words: tuple[str, ...]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def examples() -> Iterator[Example]:
    for name in DOCUMENTS:
        text = text_of(name)
        for code in (*(block for one in ("", "sh") for block in blocks(text, one)), *inline(text)):
            for words in commands(code):
                if words[0] == "rusvel" and words[1:]:
                    yield Example(name, words[1:])


@pytest.mark.parametrize("example", list(examples()), ids=lambda example: " ".join(example.words))
def test_every_command_line_is_understood(example: Example) -> None:
    """By the real parser, which ends the process when it does not understand."""
    if example.words in {*NAMES, ("--version",)}:
        return  # the text speaks of the command as such
    assert make_parser().parse_args(example.words).run


def test_there_are_examples_of_the_main_job() -> None:
    readme = [example.words for example in examples() if example.document == "README.md"]
    heads = {words[0] for words in readme if words}
    assert {"session", "import", "call", "worker", "queue", "gtm"} <= heads
    assert heads <= {command.name for command in COMMANDS}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_variable_is_a_setting(name: str) -> None:
    known = {*map(variable, Settings.model_fields), *ALIASES, *OTHERS}
    assert set(VARIABLE.findall(text_of(name))) - known - {"RUSVEL_"} == set()


def test_every_setting_of_mail_is_in_the_readme() -> None:
    """But for those that few people need; `rusvel config` lists them all."""
    rare = {"RUSVEL_SMTP_CA_FILE", "RUSVEL_SMTP_FORCE_PLAIN", "RUSVEL_SMTP_ACCOUNTS"}
    mail = {variable(name) for name in Settings.model_fields if name.startswith(("smtp_", "mail_"))}
    assert mail - rare <= set(VARIABLE.findall(text_of("README.md")))


def test_the_files_that_the_architecture_names_exist() -> None:
    page = text_of("ARCHITECTURE.md")
    named = re.findall(r"`([\w/]+\.py|[\w/]+/)`", page)
    there = [f"/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "rusvel_tui").rglob("*")]
    assert len(named) > 10
    assert [
        path
        for path in named
        if not any(f"{at}/".endswith(f"/{path.rstrip('/')}/") for at in there)
    ] == []


def test_the_tree_of_the_architecture_is_the_one_on_disk() -> None:
    """Every module that the tree names is there, in whatever folder its line stands for."""
    tree = BLOCK.findall(text_of("ARCHITECTURE.md"))[0]
    files = {path.name for path in (ROOT / "rusvel_tui").rglob("*.py")}
    named = set(re.findall(r"\b(\w+\.py)\b", tree))
    assert len(named) > 20
    assert named - files == set()

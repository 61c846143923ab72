"""What the help texts say is true: every command runs, every key, name and setting is there."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rusvel_tui.actions import shown
from rusvel_tui.cli import main
from rusvel_tui.commands.parsing import make_parser
from rusvel_tui.every_key import PANES, every_binding, every_part
from rusvel_tui.help.looking_up import known
from rusvel_tui.help.topics import TOPICS, Topic
from rusvel_tui.reference.words import entities
from rusvel_tui.screens import PAGES
from rusvel_tui.settings import ALIASES, OTHERS, Settings, variable
from tests.cli.conftest import NOW, Cli
from tests.documents import ROOT, TEXTS, blocks, commands, inline, languages

pytestmark = pytest.mark.xdist_group("help texts")  # one of them makes the sample data
LONG = {(), ("demo",), ("worker",), ("serve",), ("web",), ("watch",), ("--read-only",)}
"""They go on until they are stopped; other tests run them."""
PEOPLE = (
    "name,email,tags\nAda Lovelace,ada@looms.example,fair\nGrace Hopper,grace@navy.example,fair\n"
)
LETTER = "From: ada@looms.example\nTo: robin@tidepool.example\nSubject: Hello\nMessage-ID: <1@looms.example>\n\nHi!\n"
EVENTS = "timestamp,actor,event,value\n2026-11-01T10:00:00Z,ada@looms.example,signed up,1\n"
VARIABLE = re.compile(r"\b(?:RUSVEL|ANTHROPIC)_[A-Z_]*[A-Z]")
NOTATION = re.compile(
    r"[{}*]|^(--|@|/n)|\w[:=<>]|^\.\w|^<=|^>=|\.\.|\.(toml|md|db|yaml)$|^\d[\w.]|^(NOT|OR|cursor|next|newest|head|today|pdf)$"
)
"""Signs of a language or a file in a sentence: they are no keys."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample data, made once."""
    path = tmp_path_factory.mktemp("sample") / "d.db"
    assert main(["--db", str(path), "--now", NOW, "demo", "--no-open"]) == 0
    return path


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the commands run in, with the files that they read."""
    for name, text in (("people.csv", PEOPLE), ("letter.eml", LETTER), ("events.csv", EVENTS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RUSVEL_MAIL_FOLDER", "")  # none, until a text sets it
    return tmp_path


class Reader:
    """Somebody who types what a text says, with the ids that they see in place of words in capitals."""

    def __init__(self, cli: Cli) -> None:
        self.cli = cli

    def types(self, words: tuple[str, ...]) -> None:
        """One command line, which must work."""
        if words[0] == "export":
            name, _, value = words[1].partition("=")
            os.environ[name] = value
        if words[0] != "rusvel":
            return  # a program of the shell; the trial of a stranger runs those
        if words[1:] in LONG or words[1:2] == ("mcp",):
            assert make_parser().parse_args(words[1:]).run
            return
        self.cli(*(self._filled(word) for word in words[1:]))

    def _filled(self, word: str) -> str:
        for name, look in (
            ("SEQUENCE", self._sequence),
            ("CONTACT", self._contact),
            ("DIGEST", self._digest),
            ("MAIL", self._mail),
        ):
            if name in word:
                word = word.replace(name, look())
        return word

    def _sequence(self) -> str:
        return str(self.cli.json("gtm", "list", "--kind", "sequences")["items"][0]["sequence_id"])

    def _mail(self) -> str:
        return str(self.cli.json("queue", "list")["items"][0]["id"])

    def _contact(self) -> str:
        return str(self.cli.json("gtm", "list", "--kind", "contacts")["items"][0]["contact_id"])

    def _digest(self) -> str:
        return str(self.cli.json("queue", "show", self._mail())["digest"])


def lines_of(text: str) -> list[tuple[str, ...]]:
    return [words for block in blocks(text) for words in commands(block)]


def test_every_text_is_a_topic_and_every_topic_has_one() -> None:
    assert {path.stem for path in TEXTS.glob("*.md")} == {topic.name for topic in TOPICS}
    assert [topic for topic in TOPICS if not topic.text.startswith("# ")] == []
    pages = {entry.id for entry in PAGES}
    assert {topic.page for topic in TOPICS if topic.page} <= pages
    assert all(
        languages(topic.text) <= {"", "sh", *(f"filter {e.plural}" for e in entities())}
        for topic in TOPICS
    )


def test_q_161_the_start_works_word_for_word_from_nothing(bare: Cli, place: Path) -> None:
    reader = Reader(bare)
    start = next(topic for topic in TOPICS if topic.name == "start")
    for words in lines_of(start.text):
        reader.types(words)
    sent = bare.json("queue", "list", "--box", "sent")["items"]
    assert [mail["subject"] for mail in sent] == ["Looms"]
    assert len(list((place / "outbox" / "new").iterdir())) == 1


@pytest.mark.parametrize(
    "topic", [one for one in TOPICS if one.name != "start"], ids=lambda one: one.name
)
def test_q_163_every_command_of_a_text_works(
    topic: Topic, bare: Cli, sample: Path, place: Path
) -> None:
    shutil.copy2(sample, bare.db)
    reader = Reader(bare)
    for words in lines_of(topic.text):
        reader.types(words)


README = (ROOT / "README.md").read_text(encoding="utf-8")
FROM_NOTHING = ("Install it", "The main job, from a file to an answer", "Bring your people")
SECTIONS = dict(re.findall(r"^##+ (.+)\n((?:(?!##).*\n)*)", README, re.MULTILINE))


def test_q_161_the_main_job_of_the_readme_works_word_for_word(bare: Cli, place: Path) -> None:
    """From no database at all, in the order of the page; the file is the one that the page shows."""
    (people,) = blocks(SECTIONS[FROM_NOTHING[1]], "csv")
    (place / "people.csv").write_text(people, encoding="utf-8")
    reader = Reader(bare)
    for title in FROM_NOTHING:
        assert lines_of(SECTIONS[title])
        for words in lines_of(SECTIONS[title]):
            reader.types(words)
    assert bare.json("gtm", "list", "--kind", "enrollments")["items"]


@pytest.mark.parametrize(
    "title", [one for one in SECTIONS if one not in FROM_NOTHING and lines_of(SECTIONS[one])]
)
def test_every_command_of_the_readme_works(
    title: str, bare: Cli, sample: Path, place: Path
) -> None:
    shutil.copy2(sample, bare.db)
    reader = Reader(bare)
    for words in lines_of(SECTIONS[title]):
        reader.types(words)


def spoken() -> Iterator[tuple[Topic, str]]:
    """The code in sentences that is no command, setting or notation."""
    for topic in TOPICS:
        for code in inline(topic.text):
            if code.startswith("rusvel") or VARIABLE.search(code) or NOTATION.search(code):
                continue
            yield topic, code


def keys_of(topic: Topic) -> set[str]:
    """The keys that work where the text is about; a text without a page is about all of them."""
    title = next((entry.title for entry in PAGES if entry.id == topic.page), "")
    parts = [
        part for part in every_part() if not topic.page or not part.is_page or part.name == title
    ]
    spelled = {key for part in parts for one in part.actions for key in one.keys.split(",")}
    spelled |= {key for one in every_binding().values() for key in one.key.split(",")}
    return {shown(key) for key in spelled if key} | {"ctrl+s", "esc", "enter"}


PREFIXES = {"g", "c", ","}
SIGNS = {"-", "=", "<", ">", ":"}
"""Of filters."""


def is_command(code: str) -> bool:
    """Whether `:word …` is typed after a colon: an action, or an operation with its fields."""
    word = code[1:].partition(" ")[0]
    names = {one.command.partition(" ")[0] for part in every_part() for one in part.actions}
    return code[:1] == ":" and word in {*names, *known()}


NO_KEYS = {*known(), *PREFIXES, "needs data"}


@pytest.mark.parametrize("topic", TOPICS, ids=lambda one: one.name)
def test_every_key_that_a_text_names_is_bound_there(topic: Topic) -> None:
    named = {code for about, code in spoken() if about is topic}
    if topic.name == "filters":
        named -= SIGNS
    named -= {code for code in named if is_command(code)}
    assert named - keys_of(topic) - NO_KEYS == set()


def test_keys_are_looked_for() -> None:
    """Otherwise the test above could not fail."""
    inbox = next(topic for topic in TOPICS if topic.name == "inbox")
    assert {"a", "r", "!", "[", "M"} - {"["} <= {code for about, code in spoken() if about is inbox}
    assert "j" in keys_of(inbox)
    assert "F8" not in keys_of(inbox)
    assert set(PANES) <= {part.name for part in every_part()}


@pytest.mark.parametrize("topic", TOPICS, ids=lambda one: one.name)
def test_every_setting_that_a_text_names_is_one(topic: Topic) -> None:
    settings = {*map(variable, Settings.model_fields), *ALIASES, *OTHERS}
    assert set(VARIABLE.findall(topic.text)) - settings == set()


@pytest.mark.parametrize("topic", TOPICS, ids=lambda one: one.name)
def test_every_command_in_a_sentence_is_understood(topic: Topic) -> None:
    for code in inline(topic.text):
        for words in commands(code) if code.startswith("rusvel ") else ():
            plain = tuple(word for word in words[1:] if word != "COMMAND")
            if not {"--help", "--version"} & set(words) and plain and plain != ("call",):
                assert make_parser().parse_args(plain).run


def filters() -> list[tuple[str, str]]:
    text = next(topic.text for topic in TOPICS if topic.name == "filters")
    return [
        (entity.plural, line.strip())
        for entity in entities()
        for line in blocks(text, f"filter {entity.plural}")
    ]


@pytest.mark.parametrize(("plural", "line"), filters())
def test_every_filter_of_the_text_is_one(plural: str, line: str, bare: Cli, sample: Path) -> None:
    shutil.copy2(sample, bare.db)
    bare("export", plural, str(bare.db.parent / "found.csv"), "--filter", line)


def test_there_are_filters_of_several_kinds() -> None:
    assert len({plural for plural, _ in filters()}) >= 3

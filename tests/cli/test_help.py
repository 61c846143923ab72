"""`rusvel help`: topics, and what any name means."""

from __future__ import annotations

import sys

import pytest

from rusvel_tui.commands import COMMANDS
from rusvel_tui.help.looking_up import known, look_up
from rusvel_tui.help.topics import TOPICS
from tests.cli.conftest import Cli
from tests.system.helpers import ended, python


def test_it_lists_the_topics(bare: Cli) -> None:
    out = bare("help").out
    assert [topic.name for topic in TOPICS if f"{topic.name} " not in out] == []
    assert [item["name"] for item in bare.json("help")["items"]] == [one.name for one in TOPICS]


def test_it_needs_no_database(bare: Cli) -> None:
    bare("help", "start")
    assert not bare.db.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("inbox",), "Your yes is tied to the text"),
        (("INBOX",), "Your yes is tied to the text"),
        (("gtm.crm.add_contact",), "crm.contacts.manage"),
        (("gtm.approvals.approve",), "only a person can run it"),
        (("gtm.deal.added",), "a deal was added"),
        (("RUSVEL_RAMP",), "`ramp` in config.toml"),
        (("smtp_host",), "RUSVEL_SMTP_HOST"),
        (("RUSVEL_SMTP_USER",), "RUSVEL_SMTP_USERNAME"),
        (("OutreachSend",), "one step of a sequence"),
        (("first_name",), "given name"),
        (("queue", "approve"), "--digest D"),
        (("queue approve",), "--digest D"),
        (("worker",), "--until-idle"),
        (("backup",), "rusvel backup --help"),
    ],
)
def test_a_name_has_its_text(bare: Cli, words: tuple[str, ...], said: str) -> None:
    assert said in bare("help", *words).out
    assert said in bare.json("help", *words)["text"]


def test_q_163_everything_that_has_a_name_has_a_text() -> None:
    names = known()
    assert len(names) == len(set(names)) > 500
    assert [name for name in names if not look_up(name).startswith("# ")] == []


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("inbx", "inbox"),
        ("gtm.crm.add_contct", "gtm.crm.add_contact"),
        ("RUSVEL_SMTP_HOTS", "RUSVEL_SMTP_HOST"),
        ("gtm.deal.aded", "gtm.deal.added"),
        ("add_contact", "gtm.crm.add_contact"),
    ],
)
def test_an_unknown_name_is_answered_with_near_ones(bare: Cli, wrong: str, meant: str) -> None:
    answer = bare("help", wrong, code=3)
    assert answer.out == ""
    assert meant in answer.err


def test_nothing_near_is_said_as_such(bare: Cli) -> None:
    assert bare("help", "qqqqqq", code=3).err == (
        "There is no help about 'qqqqqq'. `rusvel help` lists the topics.\n"
    )


def test_every_command_has_its_help(bare: Cli) -> None:
    topics = {topic.name for topic in TOPICS}
    for command in COMMANDS:
        if command.name not in topics:
            assert f"usage: rusvel {command.name}" in bare("help", command.name).out


def test_a_topic_needs_neither_the_dashboard_nor_the_operations() -> None:
    code, _, err = ended(python("-X", "importtime", "-m", "rusvel_tui", "help", "inbox"))
    assert code == 0
    loaded = {line.rpartition("|")[2].strip() for line in err.splitlines() if "|" in line}
    assert "rusvel_tui.help.topics" in loaded
    assert {name for name in loaded if name.split(".")[0] in ("textual", "peewee")} == set()
    assert "rusvel_tui" in sys.modules

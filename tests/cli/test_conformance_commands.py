"""What the first design's command line was tested to understand, on ours."""

from __future__ import annotations

import pytest

from rusvel_tui.commands import parsing
from rusvel_tui.engine import departments
from tests.cli.conftest import Cli

LISTS = [(one.id, kind) for one in departments.DEPARTMENTS for kind in one.things]


def chosen(*words: str) -> str:
    """The function that a command line runs."""
    run = parsing.make_parser().parse_args(list(words)).run
    return f"{run.__module__.rpartition('.')[2]}.{run.__name__}"


def test_t_045_without_a_command_it_is_the_dashboard(bare: Cli) -> None:
    """T-045: theirs had `--tui` and `shell` for it; ours opens it without a word, and says so where it cannot draw."""
    assert chosen() == chosen("--db", "x.db") == "parsing._dashboard"
    without = bare.run("--db", str(bare.db))
    assert without.code == 2
    assert "terminal" in without.err
    assert not bare.db.exists()


def test_t_045_status_of_every_department(cli: Cli) -> None:
    for department in departments.DEPARTMENTS:
        assert cli.json(department.id, "status")["session"]["name"] == "acme"
        assert cli(department.id, "status").out.startswith("acme")


@pytest.mark.parametrize(("department", "kind"), LISTS)
def test_t_045_every_kind_of_every_department_is_listed(
    cli: Cli, department: str, kind: str
) -> None:
    """T-045: theirs parsed the words; ours answers them, with and without the kind."""
    assert cli.json(department, "list", "--kind", kind)["items"] == []
    assert "items" in cli.json(department, "list")
    assert cli(department, "list", "--kind", kind).out


def test_t_045_a_session_is_made_and_text_is_drafted(cli: Cli) -> None:
    """T-045: `session create NAME`; `content draft TOPIC` is ours to ask the assistant for."""
    cli("session", "create", "second")
    assert [one["name"] for one in cli.json("session", "list")["items"]] == ["acme", "second"]
    person = cli.call("gtm.crm.add_contact", name="Ada", email="ada@example.com")
    wanted = {"contact_id": person["contact_id"], "subject": "Looms", "body": "Hi Ada."}
    draft = cli.call("gtm.outreach.create_email_draft", **wanted)
    assert [one["id"] for one in cli.json("queue", "list")["items"]] == [draft["activity_id"]]


@pytest.mark.parametrize(
    ("words", "run"),
    [
        (["mcp"], "mcp"),
        (["chat", "gtm", "Hello"], "chat"),
        (["worker", "--once"], "worker"),
        (["tools", "gtm"], "tools"),
        (["doctor"], "doctor"),
    ],
)
def test_t_045_each_way_in_has_its_command(words: list[str], run: str) -> None:
    """T-045: `--mcp` is a command of its own here; analysing code is no business of this desk."""
    assert chosen(*words).startswith(f"{run}.")


@pytest.mark.parametrize(
    "words", [["fly"], ["gtm"], ["gtm", "fly"], ["--tui"], ["session", "create"]]
)
def test_t_045_what_is_unknown_fails_in_one_sentence(bare: Cli, words: list[str]) -> None:
    answer = bare.run(*words)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.count("\n") == 1
    assert not bare.db.exists()

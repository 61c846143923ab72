"""`rusvel agents`, `skills`, `rules` and the others, `rusvel departments`, and the doctor's look at them."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.commands import COMMANDS, entities
from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.entities.kinds import ENTITY_KINDS
from tests.cli.conftest import Cli


def names(cli: Cli, plural: str, *words: str) -> list[str]:
    return [one["name"] for one in cli.json(plural, "list", *words)["items"]]


def test_every_kind_has_its_command_and_every_extra_verb_its_kind() -> None:
    commands = {command.name for command in COMMANDS if command.module == "entities"}
    assert commands == {kind.plural for kind in ENTITY_KINDS.values()}
    assert set(entities.EXTRA) <= set(ENTITY_KINDS)


@pytest.mark.parametrize("plural", [kind.plural for kind in ENTITY_KINDS.values()])
def test_t_026_every_kind_is_listed(cli: Cli, plural: str) -> None:
    assert isinstance(names(cli, plural), list)
    assert cli(plural, "list").out


def test_t_026_a_skill_from_the_first_word_to_the_last(cli: Cli) -> None:
    cli("skills", "add", "Ask them", "text=Ask {{who}} about {{input}}", "--department", "gtm")
    assert "Ask them" in names(cli, "skills", "--department", "gtm")
    assert "Ask them" not in names(cli, "skills", "--department", "growth")
    assert (
        cli("skills", "edit", "ask-them", "about=asks somebody").out
        == "Ask them (ask-them) is changed.\n"
    )
    assert cli("skills", "show", "ask-them").out == (
        "name: Ask them\ndepartment: gtm\nenabled: yes\ntext: Ask {{who}} about {{input}}\nabout: asks somebody\n"
    )
    cli("skills", "disable", "ask-them")
    assert not cli.json("skills", "show", "ask-them")["enabled"]
    cli("skills", "enable", "ask-them")
    cli("skills", "delete", "ask-them")
    assert "Ask them" not in names(cli, "skills")
    cli("undo")
    assert "Ask them" in names(cli, "skills")
    cli("skills", "show", "nothing-like-it", code=3)


def test_what_show_prints_is_what_add_reads(cli: Cli, tmp_path: Path) -> None:
    cli(
        "agents",
        "add",
        "Terse",
        "instructions=One line.",
        "allowed_tools=gtm.crm.*, growth.*",
        "max_turns=3",
    )
    shown = cli("agents", "show", "terse").out
    file = tmp_path / "agent.yaml"
    file.write_text(shown, encoding="utf-8")
    cli("agents", "add", "Terser", "--file", str(file))
    first, second = (cli.json("agents", "show", name)["body"] for name in ("terse", "terser"))
    assert first == second
    assert first["allowed_tools"] == ["gtm.crm.*", "growth.*"]


def test_a_file_of_words_is_the_text(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "rule.md"
    file.write_text("# Be brief\n\nAlways.\n", encoding="utf-8")
    cli("rules", "add", "Brief", "--file", str(file))
    assert cli.json("rules", "show", "brief")["body"] == {"text": "# Be brief\n\nAlways."}
    monkeypatch.setattr(sys, "stdin", io.StringIO("text: Be kind.\nenabled: no\n"))
    cli("rules", "add", "Kind", "--file", "-")
    made = cli.json("rules", "show", "kind")
    assert (made["body"], made["enabled"]) == ({"text": "Be kind."}, False)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("add", "x", "text=a {input}"), 4, "Line 1, column 3"),
        (("add", "x", "txt=a"), 4, "txt: unknown field"),
        (("add", "x", "text=a", "--department", "space"), 3, "There are gtm, growth"),
        (("add", "x", "--file", "/nowhere.yaml"), 4, "cannot be read"),
        (("add", "help", "text=a"), 4, "means something else"),
        (("edit", "weekly-reviw", "text=a"), 3, "Did you mean weekly-review"),
    ],
)
def test_what_is_wrong_is_said(cli: Cli, words: tuple[str, ...], code: int, said: str) -> None:
    assert said in cli("skills", *words, code=code).err


def test_q_139_a_skill_is_previewed_without_asking_anybody(cli: Cli) -> None:
    cli("skills", "add", "Cold mail", "text=@terse write to {{who}} about {{input}}.")
    cli("agents", "add", "terse", "instructions=One line.", "allowed_tools=gtm.crm.list_contacts")
    shown = cli(
        "skills", "preview", "Cold mail", "who=Grace Hopper", "looms", "--department", "gtm"
    )
    assert shown.out.splitlines() == [
        "@terse write to Grace Hopper about looms.", "",
        "department  gtm", "agent       @terse", "rules       Human approval gate, Invoice hygiene", "tools       1",
    ]  # fmt: skip
    assert "who=…" in cli("skills", "preview", "cold-mail", code=4).err
    assert cli.json("skills", "preview", "weekly-review")["skill"] == "weekly-review"


def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    """An editor that replaces some words."""
    script = tmp_path / "editor.py"
    script.write_text(
        f"import sys, pathlib\np = pathlib.Path(sys.argv[1])\np.write_text(p.read_text().replace({old!r}, {new!r}))\n"
    )
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")
    monkeypatch.delenv("VISUAL", raising=False)


def test_an_entity_is_changed_in_the_editor(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(tmp_path, monkeypatch, "person's yes", "clear yes of the person")
    cli("rules", "edit", "human-approval-gate")
    assert (
        "clear yes of the person"
        in cli.json("rules", "show", "human-approval-gate")["body"]["text"]
    )


def test_what_the_editor_made_wrong_is_kept(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    editor(tmp_path, monkeypatch, "text:", "txt:")
    said = cli("rules", "edit", "human-approval-gate", code=4).err
    (kept,) = tmp_path.glob("rusvel-*.yaml")
    assert str(kept) in said
    assert "txt:" in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o077 == 0


def test_a_session_is_created_with_what_comes_along(cli: Cli) -> None:
    before = cli.dump()
    assert "Human approval gate" in names(cli, "rules")
    assert cli.dump() == before, "it was there from the beginning"


def test_an_older_session_is_given_it_when_it_is_looked_for(bare: Cli) -> None:
    bare.call("session.create", name="older")
    assert "Human approval gate" not in str(bare.dump())
    bare("--read-only", "rules", "list")
    assert "Human approval gate" not in str(bare.dump())
    assert "Human approval gate" in names(bare, "rules")


def test_t_029_departments_need_no_database(bare: Cli) -> None:
    items = bare.json("departments")["items"]
    assert [one["id"] for one in items] == ["gtm", "growth"]
    assert {quick["name"] for quick in items[0]["quick_actions"]} >= {
        "List contacts",
        "Deal pipeline",
    }
    shown = bare("departments", "growth").out
    assert shown.startswith("& Growth Department (growth)\n")
    assert "Funnel analysis" in shown
    assert "There are gtm, growth" in bare("departments", "space", code=3).err
    assert not bare.db.exists()


def checks(cli: Cli, code: int = 0) -> list[tuple[str, str]]:
    items: list[dict[str, Any]] = cli("doctor", "--json", code=code).data["items"]
    return [(one["state"], one["text"]) for one in items if one["check"] == "departments"]


def test_q_130_the_doctor_says_that_everything_declared_works(cli: Cli) -> None:
    found = checks(cli)
    assert [state for state, _ in found] == ["ok", "ok"]
    assert [text.partition(":")[0] for _, text in found] == [
        one.id for one in departments.DEPARTMENTS
    ]
    assert all("quick actions" in text and text.endswith("all of them work") for _, text in found)


def test_q_130_the_doctor_finds_a_command_that_is_gone(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tuple(command for command in COMMANDS if command.name != "invoices")
    monkeypatch.setattr("rusvel_tui.commands.self_test.COMMANDS", left)
    states = checks(cli, code=1)
    assert ("fail", "gtm: invoices: there is no such command") in states


def test_q_130_the_doctor_names_a_quick_action_whose_tool_is_denied(cli: Cli) -> None:
    cli("config", "set", "denied_tools", "gtm.crm.forecast")
    ((state, text), *_) = checks(cli)
    assert (state, text) == (
        "warn", "gtm: Deal pipeline needs gtm.crm.forecast, which may not be used. See rusvel config.",
    )  # fmt: skip


def assistant(cli: Cli) -> dict[tuple[str, str], tuple[Any, str]]:
    items = cli.json("config")["assistant"]
    return {(one["name"], one["department"]): (one["value"], one["from"]) for one in items}


def test_q_138_config_shows_where_each_value_comes_from(cli: Cli) -> None:
    cli("config", "set", "budget_usd", "2", "--layer", "global")
    cli("config", "set", "tone", "dry", "--department", "gtm")
    cli("config", "set", "denied_tools", "gtm.crm.import*, gtm.crm.export*")
    found = assistant(cli)
    assert found["budget_usd", "all"] == ("2", "Global")
    assert (found["tone", "gtm"], found["tone", "growth"]) == (
        ("dry", "Department"),
        ("", "default"),
    )
    assert found["denied_tools", "all"] == (["gtm.crm.import*", "gtm.crm.export*"], "Session")
    shown = cli("config").out
    assert "RUSVEL_UNDO_SECONDS" in shown
    assert "gtm.crm.import*, gtm.crm.export*" in shown
    cli("config", "unset", "tone", "--department", "gtm")
    assert assistant(cli)["tone", "all"] == ("", "default")
    cli("undo")
    assert assistant(cli)["tone", "gtm"] == ("dry", "Department")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("smtp_host", "x"), "RUSVEL_SMTP_HOST is set in the environment or in config.toml."),
        (
            ("RUSVEL_SMTP_HOST", "x"),
            "RUSVEL_SMTP_HOST is set in the environment or in config.toml.",
        ),
        (("tune", "x"), "There is no value 'tune'"),
        (("tone", "x", "--layer", "department"), "Say for which department."),
        (("budget_usd", "much"), "budget_usd: "),
    ],
)
def test_a_wrong_value_is_refused(cli: Cli, words: tuple[str, ...], said: str) -> None:
    assert said in cli("config", "set", *words, code=4).err

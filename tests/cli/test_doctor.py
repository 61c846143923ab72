"""`rusvel doctor` and `rusvel config`: what is set, what works, and what to do about the rest."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.settings import Settings
from tests.adapters.smtp_servers import ScriptedServer
from tests.cli.conftest import Cli

SECRET = "canary-5d21"
NOTHING_DUE = (
    "nothing is due: nobody waits for a step of a sequence. Enrol people in one that is active."
)


def states(cli: Cli, *words: str, code: int = 0) -> dict[str, list[tuple[str, str]]]:
    """What each check found: state and text by check."""
    found: dict[str, list[tuple[str, str]]] = {}
    for item in cli("doctor", *words, "--json", code=code).data["items"]:
        found.setdefault(item["check"], []).append((item["state"], item["text"]))
    return found


def test_a_sound_set_up(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RUSVEL_SMTP_HOST", "mail.example")
    monkeypatch.setenv("RUSVEL_MAILDIR_IN", str(tmp_path / "box"))
    [sender] = cli("call", "gtm.senders.list", "--json").data["items"]
    cli(
        "call",
        "gtm.senders.update",
        f"sender_id={sender['sender_id']}",
        "postal_address=1 Pier, Cork",
    )
    found = states(cli)
    assert {
        check for check, lines in found.items() if any(state != "ok" for state, _ in lines)
    } == set()
    assert found["mailer"] == [("ok", "smtp mail.example:587")]
    assert found["sender"] == [("ok", "grace@acme.example")]
    assert found["session"] == [("ok", "acme: EUR, Europe/Berlin")]
    assert cli("doctor").out.splitlines()[1].split() == ["ok", "python", found["python"][0][1]]


def test_it_changes_nothing(cli: Cli) -> None:
    before = cli.dump()
    cli("doctor")
    assert cli.dump() == before


def test_without_a_database_it_says_how_to_begin(bare: Cli) -> None:
    found = states(bare, code=1)
    assert found["database"][0][0] == "fail"
    assert "rusvel session create NAME" in found["database"][0][1]
    assert not bare.db.exists()


def test_a_missing_mailer_is_a_warning_that_names_the_variables(cli: Cli) -> None:
    ((state, text),) = states(cli)["mailer"]
    assert (state, "RUSVEL_SMTP_HOST" in text, "RUSVEL_MAIL_FOLDER" in text) == ("warn", True, True)


def test_the_folder_mailer_is_pointed_out(cli: Cli, outbox: Path) -> None:
    assert states(cli)["mailer"] == [("warn", "folder outbox/ (no mail leaves)")]


@pytest.mark.parametrize(
    ("environ", "check", "text"),
    [
        ({"RUSVEL_SMTP_TLS": "ssl"}, "settings", "RUSVEL_SMTP_TLS is wrong"),
        ({"RUSVEL_UNDO_SECONDS": "x"}, "database", "RUSVEL_UNDO_SECONDS is wrong"),
        ({"RUSVEL_SMTP_HOST": "a", "RUSVEL_MAIL_FOLDER": "b"}, "mailer", "are both set"),
        ({"RUSVEL_CONFIG": "/nowhere/config.toml"}, "settings", "no such file"),
    ],
)
def test_wrong_settings_fail_and_the_other_checks_go_on(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], check: str, text: str
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    found = states(cli, code=1)
    assert any(state == "fail" and text in said for state, said in found[check])
    assert found["python"][0][0] == "ok"


def test_an_unknown_variable_gets_a_suggestion(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUSVEL_SMPT_HOST", "mail.example")
    monkeypatch.setenv("RUSVEL_XYZZY", "1")
    texts = [text for state, text in states(cli)["settings"] if state == "warn"]
    assert texts == [
        "RUSVEL_SMPT_HOST is no setting and does nothing. Did you mean RUSVEL_SMTP_HOST?",
        "RUSVEL_XYZZY is no setting and does nothing. `rusvel config` lists them.",
    ]


def test_a_file_that_others_can_read_is_a_warning(cli: Cli) -> None:
    cli.db.chmod(0o644)
    ((state, text),) = states(cli)["privacy"]
    assert state == "warn"
    assert f"chmod 600 {cli.db}" in text


def test_damage_is_a_failure(cli: Cli) -> None:
    for number in range(60):
        cli.call(
            "gtm.crm.add_note",
            contact_id=cli.call("gtm.crm.add_contact", name=f"P{number}")["contact_id"],
            body="x" * 500,
        )
    whole = bytearray(cli.db.read_bytes())
    whole[len(whole) // 2 : len(whole) // 2 + 4096] = b"\xaa" * 4096
    cli.db.write_bytes(whole)
    assert states(cli, code=1)["database"][0][0] == "fail"


def test_due_jobs_without_a_worker_are_a_warning(cli: Cli) -> None:
    mail = cli.drafted()
    cli("queue", "reject", mail["id"], "--reason", "again", "--then", "redraft")
    ((state, text),) = states(cli)["jobs"]
    assert (state, text.startswith("1 job due, and no worker is at work")) == ("warn", True)
    cli("worker", "--until-idle")
    assert states(cli)["jobs"] == [("ok", NOTHING_DUE)]


def test_c_151_no_due_enrollments_are_explained(cli: Cli) -> None:
    assert states(cli)["jobs"] == [("ok", NOTHING_DUE)]
    contact = cli.call("gtm.crm.add_contact", name="Ada Lovelace", email="ada@example.com")
    step = {"delay_days": 2, "channel": "email", "template": "Hi."}
    made = cli.call("gtm.outreach.create_sequence", name="Intro", steps=[step])
    key = {"sequence_id": made["sequence_id"]}
    cli.call("gtm.outreach.activate_sequence", **key)
    cli.call("gtm.outreach.execute_sequence", contact_id=contact["contact_id"], **key)
    assert states(cli)["jobs"] == [("ok", "nothing is due; the next step is, 2026-11-26 10:00")]


def test_mails_that_are_stuck_are_counted(cli: Cli) -> None:
    mail = cli.drafted()
    cli("queue", "approve", mail["id"], "--digest", mail["digest"])
    cli("worker", "--until-idle")
    assert states(cli)["mails"] == [
        ("warn", "1 mail approved, and cannot leave yet. See `rusvel queue list --box held`.")
    ]
    with closing(sqlite3.connect(cli.db)) as file, file:
        file.execute("UPDATE mail SET state = 'dead', blocked = ''")
    assert states(cli)["mails"] == [
        ("warn", "1 mail failed. See `rusvel queue list --box failed`.")
    ]


def test_a_pause_and_a_missing_sender_are_warnings(bare: Cli) -> None:
    bare("session", "create", "acme")
    bare.call("gtm.outreach.pause_sending", reason="holiday")
    (first, second) = states(bare)["sender"]
    assert first[0] == "warn"
    assert "RUSVEL_SMTP_FROM" in first[1]
    assert second[1].startswith("sending is paused: holiday.")


def test_the_drafter_is_named(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert states(cli)["drafter"] == [("ok", "templates (no ANTHROPIC_API_KEY)")]
    monkeypatch.setenv("ANTHROPIC_API_KEY", SECRET)
    assert states(cli)["drafter"] == [("ok", "AI, with templates behind it")]


def test_the_printer_is_named_and_a_missing_template_is_a_failure(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "typst" in cli("doctor").out
    monkeypatch.setenv("RUSVEL_INVOICE_TEMPLATE", "/nowhere/invoice.typ")
    assert "RUSVEL_INVOICE_TEMPLATE" in cli("doctor", code=1).out


def test_it_connects_only_when_asked(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert states(cli, "--connect")["connection"] == [
        ("warn", "there is no mail server to connect to")
    ]
    with ScriptedServer() as server:
        monkeypatch.setenv("RUSVEL_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("RUSVEL_SMTP_PORT", str(server.port))
        states(cli)
        assert server.connections == 0
        ((state, text),) = states(cli, "--connect")["connection"]
        assert (state, text) == (
            "ok",
            f"smtp 127.0.0.1:{server.port} answers",
        )
        assert server.verbs()["MAIL"] == 0
        server.script["greeting"] = b"554 no"
        ((state, text),) = states(cli, "--connect", code=1)["connection"]
    assert state == "fail"
    assert "554 no" in text


def test_config_shows_every_setting_and_hides_secrets(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUSVEL_SMTP_PASSWORD", SECRET)
    monkeypatch.setenv("RUSVEL_SMTP_USER", "ada")
    rows: dict[str, Any] = {row["name"]: row for row in cli.json("config")["items"]}
    assert list(rows) == list(Settings.model_fields)
    assert (rows["smtp_password"]["value"], rows["smtp_password"]["from"]) == (
        "set",
        "RUSVEL_SMTP_PASSWORD",
    )
    assert rows["anthropic_api_key"]["value"] == "not set"
    assert (rows["smtp_username"]["value"], rows["smtp_username"]["from"]) == (
        "ada",
        "RUSVEL_SMTP_USER",
    )
    assert (rows["undo_seconds"]["value"], rows["undo_seconds"]["from"]) == ("60", "default")
    assert (rows["db"]["value"], rows["db"]["from"]) == (str(cli.db), "--db")
    assert all(row["summary"] for row in rows.values())


def test_config_for_a_person_names_what_is_wrong(
    bare: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUSVEL_SMTP_PORT", "x")
    monkeypatch.setenv("RUSVEL_FOO", "1")
    shown = bare("config").out
    assert "RUSVEL_SMTP_PORT is wrong" in shown
    assert shown.endswith("RUSVEL_FOO is no setting.\n")
    assert not bare.db.exists()

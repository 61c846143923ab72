"""`rusvel worker`: what it does, what it says, and how it ends."""

from __future__ import annotations

import json
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.commands.stopping import stopped_by_signals
from tests.adapters.smtp_servers import DROP, ScriptedServer
from tests.cli.conftest import STEPS, Cli, running
from tests.system.helpers import PATIENCE, ended


def _enrolled(cli: Cli) -> None:
    """Somebody whose first mail is due and not drafted yet."""
    contact = cli.call("gtm.crm.add_contact", name="Ada Lovelace", email="ada@example.com")[
        "contact_id"
    ]
    sequence = cli.call("gtm.outreach.create_sequence", name="Intro", steps=STEPS)["sequence_id"]
    cli.call("gtm.outreach.activate_sequence", sequence_id=sequence)
    cli.call("gtm.outreach.execute_sequence", sequence_id=sequence, contact_id=contact)


def test_nothing_works_by_itself(cli: Cli) -> None:
    _enrolled(cli)
    for words in (
        ["gtm", "status"],
        ["queue", "list"],
        ["session", "list"],
        ["doctor"],
        ["gtm", "events"],
        ["undo"],
        ["redo"],
    ):
        cli.run("--db", str(cli.db), "--now", cli.now, *words)
    assert cli.json("queue", "list")["items"] == []


def test_c_031_c_032_until_idle_tells_what_it_did(cli: Cli) -> None:
    _enrolled(cli)
    answer = cli("worker", "--until-idle")
    assert answer.out == ""
    assert answer.err.splitlines() == [
        "Mail leaves by: no mailer is configured, approved mails wait.",
        "2026-11-24 10:00:00 gtm.outreach.drafted Ada Lovelace · Looms",
        "Done: 1 job.",
    ]


def test_as_json_it_says_only_how_many(cli: Cli) -> None:
    _enrolled(cli)
    answer = cli("worker", "--until-idle", "--json")
    assert (answer.data, answer.err) == ({"done": 1}, "")


def test_once_does_one_job(cli: Cli) -> None:
    _enrolled(cli)
    second = cli.call("gtm.crm.add_contact", name="Grace", email="grace@example.com")["contact_id"]
    sequence = cli.json("gtm", "list", "--kind", "sequences")["items"][0]["sequence_id"]
    cli.call("gtm.outreach.execute_sequence", sequence_id=sequence, contact_id=second)
    assert cli.json("worker", "--once") == {"done": 1}
    assert len(cli.json("queue", "list")["items"]) == 1
    assert cli.json("worker", "--once") == {"done": 1}
    assert cli.json("worker", "--once") == {"done": 0}


def test_a_yes_waits_out_its_undo_window_and_leaves(cli: Cli, outbox: Path) -> None:
    mail = cli.drafted()
    cli("queue", "approve", mail["id"], "--digest", mail["digest"])
    told = cli("worker", "--until-idle").err
    assert "Mail leaves by: folder outbox/ (no mail leaves)." in told
    assert "gtm.email.sent Ada Lovelace · Looms" in told
    assert len(list((outbox / "new").iterdir())) == 1
    sent = cli.json("queue", "list", "--box", "sent")["items"][0]
    assert sent["sent_at"].startswith("2026-11-24T09:01:00")
    assert "Nothing" not in cli("queue", "list", "--box", "sent").out


def test_without_a_mailer_an_approved_mail_is_held_with_that_reason(cli: Cli) -> None:
    mail = cli.drafted()
    cli("queue", "approve", mail["id"], "--digest", mail["digest"])
    told = cli("worker", "--until-idle").err
    held = cli.json("queue", "list", "--box", "held")["items"][0]
    assert "no mailer is configured" in held["blocked"]
    assert cli.json("queue", "list", "--box", "sent")["items"] == []
    assert "sent" not in told


def test_a_worker_does_not_say_yes(cli: Cli) -> None:
    cli.drafted()
    by = {event["kind"]: event["actor"] for event in cli.json("gtm", "events")["items"]}
    assert by["gtm.outreach.drafted"] == "worker"
    assert by["gtm.contact.added"] == "user"


def test_mail_settings_that_cannot_work_stop_the_worker_and_nothing_else(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUSVEL_SMTP_HOST", "mail.example")
    monkeypatch.setenv("RUSVEL_SMTP_TLS", "plain")
    assert "RUSVEL_SMTP_TLS=plain" in cli("worker", "--once", code=6).err
    monkeypatch.setenv("RUSVEL_SMTP_TLS", "none")
    assert "RUSVEL_SMTP_TLS is wrong" in cli("worker", "--once", code=4).err
    cli("gtm", "status")


def test_a_read_only_worker_is_not_permitted(cli: Cli) -> None:
    _enrolled(cli)
    before = cli.dump()
    assert cli("worker", "--once", "--read-only", code=7).err.endswith("to change things.\n")
    assert cli.dump() == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_c_072_a_running_worker_ends_cleanly_when_asked(cli: Cli, number: signal.Signals) -> None:
    _enrolled(cli)
    with running(cli, "worker") as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "gtm.outreach.drafted" in line:
                break
        process.send_signal(number)
        code, out, err = ended(process)
    assert (code, out) == (0, "")
    assert err.splitlines()[-1] == "Done: 1 job."


def test_the_signals_are_put_back(cli: Cli) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    with stopped_by_signals() as stop:
        signal.raise_signal(signal.SIGTERM)
        assert stop.wait(PATIENCE)
    assert [
        signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    ] == before


def test_a_lost_line_never_hurries_and_nohup_is_heeded() -> None:
    """The system and the shell both tell of a lost line; what was told to ignore it goes on."""
    with stopped_by_signals() as stop:
        signal.raise_signal(signal.SIGHUP)
        signal.raise_signal(signal.SIGHUP)
        assert (stop.is_set(), stop.exit_code) == (True, 129)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stopped_by_signals() as stop:
            signal.raise_signal(signal.SIGHUP)
            assert (stop.is_set(), stop.exit_code) == (False, 0)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_doubt_is_settled_by_a_person(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = _in_doubt(cli, monkeypatch)
    assert "In" not in cli("queue", "list").out
    assert "gave no clear answer" in cli("queue", "list", "--box", "in_doubt").out
    again = ["queue", "settle", mail["id"], "--outcome", "send_again"]
    assert "20 minutes" in cli(*again, "--confirm", "ada@example.com", code=5).err
    cli.now = "2026-11-24T10:00:00Z"
    assert "Type the address ada@example.com" in cli(*again, code=4).err
    assert cli(*again, "--confirm", "ada@example.com").out == "Settled. Ada Lovelace: Approved.\n"


def test_a_doubt_that_was_sent_goes_on(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = _in_doubt(cli, monkeypatch)
    assert (
        cli("queue", "settle", mail["id"], "--outcome", "SENT").out
        == "Settled. Ada Lovelace: Sent.\n"
    )
    assert cli.json("gtm", "list", "--kind", "enrollments")["items"][0]["step"] == 2


def test_a_dead_mail_is_tried_again(cli: Cli) -> None:
    _enrolled(cli)
    job = json.loads(cli("call", "job.list", "--json").out)["items"][0]["job_id"]
    with closing(sqlite3.connect(cli.db)) as file, file:
        file.execute("UPDATE mail SET state = 'dead'")
        file.execute("UPDATE job SET state = 'failed'")
    assert cli("queue", "retry", job).out == "It will be tried again. Ada Lovelace: Scheduled.\n"


def _in_doubt(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A mail whose server hung up after the final dot."""
    mail = cli.drafted()
    cli("queue", "approve", mail["id"], "--digest", mail["digest"])
    with ScriptedServer({"dot": DROP}) as server:
        monkeypatch.setenv("RUSVEL_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("RUSVEL_SMTP_PORT", str(server.port))
        told = cli("worker", "--until-idle").err
    assert "gtm.email.in_doubt" in told
    return mail

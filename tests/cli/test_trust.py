"""`rusvel backup`, `restore`, `archive`, `doctor --fix`, and what the log file holds of all that."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rusvel_tui.engine import log
from rusvel_tui.engine.core import Engine
from tests.cli.conftest import Cli

CANARY = "canary-0b9e-password"


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the log file."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "rusvel"


def test_q_165_a_day_of_work_leaves_a_copy_that_can_be_put_back(
    cli: Cli, outbox: Path, tmp_path: Path
) -> None:
    cli.drafted()
    assert "There is no copy" not in cli("backup", "--list").out
    [copy] = cli.json("backup", "--list")["items"]
    assert (copy["day"], copy["made"]) == ("2026-11-24", "daily")
    cli.call("gtm.crm.add_contact", name="Second")
    shown = cli("restore", "newest", code=7)
    assert "It lacks what came since: 1 contact." in shown.out
    assert "Nobody can be asked here" in shown.err
    done = cli.json("restore", "2026-11-24", "--yes")
    assert (done["lost"]["contact"], done["sessions"]) == (1, ["acme"])
    assert Path(done["kept"]).exists()
    assert [one["name"] for one in cli.call("gtm.crm.list_contacts")["items"]] == ["Ada Lovelace"]
    assert cli.call("gtm.outreach.sender")["paused"] is True
    assert {one["made"] for one in cli.json("backup", "--list")["items"]} == {
        "daily",
        "before restore",
    }


def test_backups_can_be_off_and_lie_elsewhere(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RUSVEL_BACKUP_DAYS", "0")
    cli("worker", "--until-idle")
    assert "There is no copy yet" in cli("backup", "--list").out
    monkeypatch.setenv("RUSVEL_BACKUP_DAYS", "2")
    monkeypatch.setenv("RUSVEL_BACKUP_FOLDER", str(tmp_path))
    cli("worker", "--until-idle")
    [copy] = cli.json("backup", "--list")["items"]
    assert Path(copy["file"]).parent.parent == tmp_path
    assert "newest is of today, 1 kept in" in cli("doctor").out


def test_a_restore_says_who_has_the_file_open(cli: Cli, tmp_path: Path) -> None:
    cli("backup", str(tmp_path / "copy.db"))
    from rusvel_tui.adapters.clock import SystemClock

    engine = Engine(cli.db, clock=SystemClock())
    refused = cli("restore", str(tmp_path / "copy.db"), "--yes", code=5)
    assert "is open in another rusvel" in refused.err
    engine.close()
    assert "What was there before is kept" in cli("restore", str(tmp_path / "copy.db"), "--yes").out


def test_what_cannot_be_done_is_one_sentence_and_a_code(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("hello" * 100)
    for words, code, said in (
        (("restore", str(tmp_path / "none.db"), "--yes"), 3, "backup --list"),
        (("restore", str(tmp_path / "text.txt"), "--yes"), 4, "is not a database"),
        (("restore", str(cli.db), "--yes"), 5, "is the database itself"),
        (("backup",), 4, "Name a new file"),
        (("archive", "read", str(tmp_path / "text.txt")), 5, "holds data"),
        (("archive", "read", str(tmp_path / "none")), 3, "There is no file"),
    ):
        answer = cli(*words, code=code)
        assert said in answer.err
        assert len(answer.err.splitlines()) == 1


def test_a_guest_gets_no_copy_of_everything(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RUSVEL_PERMISSIONS", "*.read")
    for words in (
        ("backup", str(tmp_path / "c.db")),
        ("archive", "write", str(tmp_path / "a.jsonl")),
        ("restore", str(cli.db), "--yes"),
        ("doctor", "--fix", "--yes"),
    ):
        assert "A guest cannot" in cli(*words, code=7).err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d.db", "home"]


def test_everything_goes_to_a_file_and_comes_back(cli: Cli, outbox: Path, tmp_path: Path) -> None:
    cli.drafted()
    first, again = tmp_path / "first.jsonl", tmp_path / "again.jsonl"
    rows = cli.json("archive", "write", str(first))["rows"]
    old, cli.db = cli.db, tmp_path / "new.db"
    said = cli("archive", "read", str(first)).out
    assert f"{rows} rows, with acme." in said
    assert "Sending waits" in said
    cli("archive", "write", str(again))
    assert first.read_bytes() == again.read_bytes()
    assert cli.json("queue", "list")["items"][0]["to"] == "ada@example.com"
    cli.db = old


def test_the_doctor_mends_after_a_yes_and_a_copy(cli: Cli, state: Path) -> None:
    cli.call("gtm.crm.add_contact", name="Ada", tags=["vip"])
    with closing(sqlite3.connect(cli.db)) as connection:
        connection.execute("UPDATE contact SET tags = '['")
        connection.commit()
    cli.db.chmod(0o644)
    before = cli.dump()
    asked = cli("doctor", "--fix", code=7)
    assert "its tags cannot be read" in asked.out
    assert "others can read it" in asked.out
    assert cli.dump() == before
    done = cli("doctor", "--fix", "--yes", "--json").data
    assert [one["table"] for one in done["fixed"]] == ["contact"]
    assert Path(done["kept"]).name == "d.db.before-fix.backup"
    assert cli.db.stat().st_mode & 0o077 == 0
    assert "There is nothing to mend." in cli("doctor", "--fix").out
    cli("undo")
    assert "its tags cannot be read" in cli("doctor", "--fix", code=7).out


def test_a_read_only_look_mends_nothing(cli: Cli) -> None:
    assert "read-only session" in cli("--read-only", "doctor", "--fix", "--yes", code=7).err


def test_q_164_a_run_with_failures_leaves_no_secret_and_no_word_in_the_log(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, state: Path, outbox: Path
) -> None:
    """Secrets stand in the settings, in a mail and in what fails; faults are found by their place."""
    for name in ("RUSVEL_API_TOKEN", "RUSVEL_HOOK_SECRET", "ANTHROPIC_API_KEY", "RUSVEL_IMAP_PASSWORD"):  # fmt: skip
        monkeypatch.setenv(name, CANARY)
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    monkeypatch.setenv("RUSVEL_LOG_LEVEL", "info")
    mail = cli.drafted("Zebedee", "zebedee@private.example")
    cli("queue", "approve", mail["id"], "--digest", mail["digest"])

    def fails(*args: object, **more: object) -> None:
        raise ValueError(f"{CANARY} Hi Zebedee, a word about looms zebedee@private.example")

    monkeypatch.setattr("rusvel_tui.engine.gtm.outreach.mails.sending.handle", fails)
    cli.now = "2026-11-24T10:00:00Z"
    cli("worker", "--until-idle")
    monkeypatch.setattr("rusvel_tui.commands.queue.run_list", fails)
    cli("queue", "list", code=1)
    text = "".join(path.read_text() for path in state.glob("rusvel.log*"))
    assert "job OutreachSend" in text
    assert "command queue: ValueError" in text
    assert "tests/cli/test_trust" in text or "test_trust.py" in text
    for hidden in (CANARY, "Zebedee", "zebedee", "looms"):
        assert hidden not in text
    assert f"{state / 'rusvel.log'}: " in cli("doctor").out
    log.keep(log._Nowhere())


def test_the_log_can_be_off(cli: Cli, monkeypatch: pytest.MonkeyPatch, state: Path) -> None:
    monkeypatch.setenv("RUSVEL_LOG_LEVEL", "off")
    assert "faults leave no trace" in cli("doctor").out
    assert not state.exists()


def test_a_session_is_not_needed_to_put_a_copy_back(bare: Cli, begun: Path, tmp_path: Path) -> None:
    """On a new machine there is nothing yet but the copy."""
    shutil.copy(begun, tmp_path / "copy.db")
    assert bare("restore", str(tmp_path / "copy.db"), "--yes").code == 0
    assert bare.json("session", "list")["items"][0]["name"] == "acme"

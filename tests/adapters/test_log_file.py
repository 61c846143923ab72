"""The log file: bounded, private, shared, without secrets and without anybody's words."""

from __future__ import annotations

import os
import re
import stat
import threading
from pathlib import Path

import pytest

from rusvel_tui.adapters.log_file import LogFile
from rusvel_tui.adapters.secret import Secret
from rusvel_tui.engine import log
from rusvel_tui.engine.errors import InvalidInput, StorageFull
from rusvel_tui.engine.log import _Nowhere

CANARY = "canary-7f3a-secret"
WORDS = "Dear Grace, about the looms you asked for"


@pytest.fixture
def file(tmp_path: Path) -> LogFile:
    return LogFile(tmp_path / "state" / "rusvel.log", "info", (Secret(CANARY),))


def raised(error: Exception, cause: Exception | None = None) -> Exception:
    """The error with the traceback of being raised."""
    try:
        raise error from cause
    except Exception as caught:  # noqa: BLE001 - that is what it is for
        return caught


def test_an_entry_names_time_process_place_and_what_broke(file: LogFile) -> None:
    file.write("error", "job OutreachSend 1", "", raised(OSError(28, "No space left")))
    first, *trace = file.path.read_text().splitlines()
    assert re.fullmatch(
        rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{{3}}Z ERROR   {os.getpid()} job OutreachSend 1: OSError: .*No space left",
        first,
    )
    assert [re.sub(r"\d+", "9", line.strip()) for line in trace] == ["test_log_file.py:9 raised"]


def test_it_is_private(file: LogFile) -> None:
    file.write("info", "start", "on")
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700


def test_q_164_no_secret_and_no_word_of_a_mail_gets_in(file: LogFile) -> None:
    """Errors can quote what they were given: only those about the program are quoted."""
    file.write("error", "smtp", "", raised(OSError(1, f"login failed for {CANARY}")))
    file.write("error", "draft", "", raised(ValueError(WORDS), KeyError(WORDS)))
    file.write(
        "warning", f"to grace@example.com {CANARY}", "password=hunter2 sk-abcdefghijklmnop1234"
    )
    file.write(
        "error", "type", "", raised(TypeError("unsupported operand"), raised(ValueError(WORDS)))
    )
    text = file.path.read_text()
    for hidden in (CANARY, "looms", "Grace", "grace@", "hunter2", "sk-abc"):
        assert hidden not in text
    assert "because of KeyError" in text
    assert "TypeError: unsupported operand" in text


@pytest.mark.parametrize(
    ("level", "seen"),
    [("off", ""), ("error", "e"), ("warning", "ew"), ("info", "ewi")],
)
def test_a_level_takes_what_it_names_and_what_is_worse(
    tmp_path: Path, level: str, seen: str
) -> None:
    file = LogFile(tmp_path / "log", level)
    for word in ("error", "warning", "info"):
        file.write(word, "x", word)
    text = file.path.read_text() if file.path.exists() else ""
    assert "".join(line.rpartition(": ")[2][0] for line in text.splitlines()) == seen


def test_it_never_grows_beyond_its_bound(tmp_path: Path) -> None:
    file = LogFile(tmp_path / "log", "info", largest=1000)
    for number in range(200):
        file.write("info", "x", f"entry {number} {'y' * 40}")
    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert sorted(sizes) == ["log", "log.1", "log.2"]
    assert max(sizes.values()) < 1200
    assert "entry 199" in (file.path.read_text() or (tmp_path / "log.1").read_text())


def test_many_writers_lose_no_line_while_it_turns_over(tmp_path: Path) -> None:
    def write(name: int) -> None:
        own = LogFile(tmp_path / "log", "info", largest=20_000)
        for number in range(50):
            own.write("info", f"w{name}", f"line {number}")

    threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = [line for path in tmp_path.iterdir() for line in path.read_text().splitlines()]
    assert len(set(lines)) >= 50
    assert sum("INFO" in line for line in lines) == 200


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    LogFile(tmp_path / "state" / "log", "info").write("error", "x", "y")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    LogFile(tmp_path / "link", "info").write("error", "x", "y")
    assert not (tmp_path / "elsewhere").exists()


def test_what_the_engine_refuses_is_no_fault_but_a_full_disk_is(file: LogFile) -> None:
    log.keep(file)
    try:
        log.failed("command", InvalidInput(WORDS))
        assert not file.path.exists()
        log.failed("command", StorageFull("The disk is full."))
        assert "ERROR" in file.path.read_text()
    finally:
        log.keep(_Nowhere())

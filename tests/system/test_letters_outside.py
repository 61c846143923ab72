"""The mails of the demo as others see them: SpamAssassin's score, and what three readers find in each (`make test-mail`)."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from rusvel_tui.adapters.clock import SystemClock
from rusvel_tui.cli import main

LIMIT = 2.0
_PERL = r"""
use MIME::Parser; binmode STDOUT, ':raw';
my $parser = MIME::Parser->new; $parser->output_to_core(1); $parser->tmp_to_core(1); $parser->decode_headers(0);
local $/; my $entity = $parser->parse_data(<STDIN>);
die join("\n", $parser->results->msgs) if $parser->results->errors || $parser->results->warnings;
my $text = $entity->parts ? $entity->parts(0) : $entity;
print $text->bodyhandle->as_string;
"""


def needs(program: str) -> pytest.MarkDecorator:
    """Skips a test where the program is not there."""
    reason = f"{program} is missing: run `make test-mail`"
    return pytest.mark.skipif(shutil.which(program) is None, reason=reason)


def has_mime_tools() -> bool:
    perl = shutil.which("perl")
    return (
        perl is not None
        and subprocess.run([perl, "-MMIME::Parser", "-e1"], capture_output=True).returncode == 0
    )


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """One mail of each step of each sequence of the demo, as it left."""
    folder = tmp_path_factory.mktemp("letters")
    now = SystemClock().now().strftime("%Y-%m-%dT%H:%M:%SZ")
    assert main(["--db", str(folder / "d.db"), "--now", now, "demo", "--no-open"]) == 0
    with closing(sqlite3.connect(folder / "d.db")) as file:
        sql = "SELECT raw FROM mail WHERE raw IS NOT NULL GROUP BY sequence_id, step_key, variant"
        found = [bytes(raw) for (raw,) in file.execute(sql)]
    assert len(found) >= 4
    return found


def received(raw: bytes) -> bytes:
    """As it lies in a mailbox: with the line that the server of the recipient puts above it."""
    date = message_from_bytes(raw, policy=default)["Date"]
    line = (
        "Received: from mail.tidepool.example (mail.tidepool.example [93.184.216.34])\r\n"
        f"\tby mx.example.com with ESMTPS id 4X1; {date}\r\n"
    )
    return line.encode() + raw


@needs("spamassassin")
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_spamassassin_likes_the_mails_of_the_demo(letters: list[bytes], tmp_path: Path) -> None:
    box = tmp_path / "mbox"
    mails = (received(raw).replace(b"\r\n", b"\n") for raw in letters)
    box.write_bytes(
        b"".join(b"From x@y.example Thu Jan  1 00:00:00 2026\n" + m + b"\n" for m in mails)
    )
    command = ["spamassassin", "-L", "-t", "-p", "/dev/null", "--mbox", str(box)]
    ran = subprocess.run(command, capture_output=True, check=True)
    scores = [
        float(found)
        for found in re.findall(rb"^X-Spam-Status: .*?score=(-?[\d.]+)", ran.stdout, re.M)
    ]
    print("SpamAssassin:", *scores)
    assert len(scores) == len(letters)
    assert max(scores) < LIMIT


def meant(raw: bytes) -> str:
    """The text as Python's reader finds it, which is what was approved."""
    found = message_from_bytes(raw, policy=default)
    assert found.defects == []
    assert all(not value.defects for value in found.values())
    body = found.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def header(raw: bytes) -> str:
    return raw.partition(b"\r\n\r\n")[0].decode()


def test_python_reads_them_without_a_defect(letters: list[bytes]) -> None:
    for raw in letters:
        assert meant(raw)
        assert "List-Unsubscribe" in header(raw) or "unsubscribe" not in meant(raw)


@pytest.mark.skipif(
    not has_mime_tools(), reason="Perl's MIME tools are missing: run `make test-mail`"
)
def test_perl_reads_the_same(letters: list[bytes]) -> None:
    for raw in letters:
        ran = subprocess.run(["perl", "-e", _PERL], input=raw, capture_output=True, check=True)
        assert ran.stdout.decode().replace("\r\n", "\n") == meant(raw)


@needs("reformime")
def test_reformime_reads_the_same(letters: list[bytes]) -> None:
    for raw in letters:
        section = "1.1" if "Content-Type: multipart/" in header(raw) else "1"
        ran = subprocess.run(
            ["reformime", "-s", section, "-e"], input=raw, capture_output=True, check=True
        )
        assert ran.stdout.decode().replace("\r\n", "\n").rstrip("\n") == meant(raw).rstrip("\n")
        assert ran.stderr == b""

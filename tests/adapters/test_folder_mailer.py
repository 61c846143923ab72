"""The Maildir: file modes, names, and what happens when it cannot be written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rusvel_tui.adapters.mailers.folder import FolderMailer
from rusvel_tui.engine.ports import Envelope, GateClosed, NotSent


def open_gate() -> None:
    """Lets every mail through."""


def test_only_the_owner_can_read_it(tmp_path: Path, envelope: Envelope) -> None:
    FolderMailer(tmp_path / "mails").send(envelope, open_gate)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "mails").rglob("*")}
    files = [mode for name, mode in modes.items() if name not in ("tmp", "new", "cur")]
    assert (tmp_path / "mails").stat().st_mode & 0o777 == 0o700
    assert [modes["tmp"], modes["new"], modes["cur"]] == [0o700] * 3
    assert files == [0o600]


def test_a_second_delivery_of_the_same_mail_shows(tmp_path: Path, envelope: Envelope) -> None:
    mailer = FolderMailer(tmp_path)
    first, second = mailer.send(envelope, open_gate), mailer.send(envelope, open_gate)
    other = mailer.send(replace(envelope, message_id="<2.a@acme.example>"), open_gate)
    assert first.queue_id.removesuffix(".1") == second.queue_id.removesuffix(".2")
    assert other.queue_id.endswith(".1")
    assert {path.name for path in (tmp_path / "new").iterdir()} == {
        first.queue_id,
        second.queue_id,
        other.queue_id,
    }


def test_a_mail_that_was_read_still_counts(tmp_path: Path, envelope: Envelope) -> None:
    mailer = FolderMailer(tmp_path)
    first = mailer.send(envelope, open_gate)
    (tmp_path / "new" / first.queue_id).rename(tmp_path / "cur" / f"{first.queue_id}:2,S")
    assert mailer.send(envelope, open_gate).queue_id.endswith(".2")


def test_nothing_stays_behind_in_tmp(tmp_path: Path, envelope: Envelope) -> None:
    def closed() -> None:
        assert len(list((tmp_path / "tmp").iterdir())) == 1
        raise GateClosed

    mailer = FolderMailer(tmp_path)
    with pytest.raises(GateClosed):
        mailer.send(envelope, closed)
    mailer.send(envelope, open_gate)
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_an_account_problem(
    tmp_path: Path, envelope: Envelope
) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(NotSent, match="mail folder taken/ cannot be written") as refused:
        FolderMailer(tmp_path / "taken").send(envelope, open_gate)
    assert (refused.value.scope, refused.value.permanent) == ("account", True)
    assert str(tmp_path) not in refused.value.text


def test_a_move_that_fails_is_not_sent(tmp_path: Path, envelope: Envelope) -> None:
    def gate() -> None:
        for name in ("new", "cur"):
            (tmp_path / "mails" / name).rmdir()

    with pytest.raises(NotSent):
        FolderMailer(tmp_path / "mails").send(envelope, gate)
    assert [path for path in (tmp_path / "mails").rglob("*") if path.is_file()] == []


def test_the_label_says_that_no_mail_leaves() -> None:
    assert FolderMailer("/somewhere/outbox").label == "folder outbox/ (no mail leaves)"

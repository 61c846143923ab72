"""What every mailbox promises, over a real folder and over an IMAP server that speaks a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rusvel_tui.adapters.mailboxes import MAILBOXES
from rusvel_tui.adapters.mailboxes.imap import ImapMailbox
from rusvel_tui.adapters.mailboxes.imap_account import ImapAccount
from rusvel_tui.adapters.mailboxes.imap_names import decoded_name, quoted_name
from rusvel_tui.adapters.mailboxes.maildir import MaildirMailbox
from rusvel_tui.adapters.secret import Secret
from rusvel_tui.engine.errors import NotConfigured
from rusvel_tui.engine.ports import Mailbox, MailboxFailed
from tests.adapters.imap_server import ScriptedImap

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
Deliver = Callable[..., None]


def message(number: int, text: str = "Hi.") -> bytes:
    return f"Message-ID: <{number}@x.example>\r\nSubject: {number}\r\n\r\n{text}\r\n".encode()


@pytest.fixture(params=["imap", "maildir"])
def mailbox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Mailbox, Deliver]]:
    """A mailbox with the way to put a message into it, or among its sent ones."""
    if request.param == "imap":
        with ScriptedImap() as server:
            yield ImapMailbox(server.account()), server.deliver
        return
    for part in ("new", "cur", "tmp", ".Sent/new", ".Sent/cur"):
        (tmp_path / "box" / part).mkdir(parents=True)
    count = iter(range(1000))

    def deliver(raw: bytes, folder: str = "") -> None:
        home = tmp_path / "box" / (".Sent" if folder == "Sent" else "")
        (home / "new" / f"{next(count):04d}.x").write_bytes(raw)

    yield MaildirMailbox(tmp_path / "box"), deliver


def test_each_message_is_given_once_and_from_its_place_on(mailbox: tuple[Mailbox, Deliver]) -> None:
    box, deliver = mailbox
    [folder] = box.folders
    assert list(box.fetch(folder, {}, LONG_AGO)) == []
    deliver(message(1))
    deliver(message(2))
    first = list(box.fetch(folder, {}, LONG_AGO))
    assert [one.raw for one in first] == [message(1), message(2)]
    assert all(one.size == len(one.raw) for one in first)
    assert list(box.fetch(folder, first[-1].place, LONG_AGO)) == []
    deliver(message(3))
    assert [one.raw for one in box.fetch(folder, first[-1].place, LONG_AGO)] == [message(3)]
    half = list(box.fetch(folder, first[0].place, LONG_AGO))
    assert [one.raw for one in half] == [message(2), message(3)]


def test_of_a_very_large_message_the_beginning_is_given(mailbox: tuple[Mailbox, Deliver]) -> None:
    box, deliver = mailbox
    large = message(1, "x" * 10_100_000)
    deliver(large)
    [one] = box.fetch(box.folders[0], {}, LONG_AGO)
    assert (one.raw, one.size) == (large[:2_000_000], len(large))


def test_what_was_sent_is_found_by_its_id(mailbox: tuple[Mailbox, Deliver]) -> None:
    box, deliver = mailbox
    deliver(message(1), "Sent")
    deliver(message(2))
    wanted = ["<1@x.example>", "<2@x.example>", "<3@x.example>"]
    assert box.find_sent(wanted) == {"<1@x.example>"}
    assert box.find_sent([]) == frozenset()


def test_it_says_what_it_is(mailbox: tuple[Mailbox, Deliver]) -> None:
    box, _ = mailbox
    assert box.label.split()[0] in MAILBOXES
    assert box.name
    box.close()


def test_an_evil_message_id_is_never_put_into_a_command() -> None:
    with ScriptedImap() as server:
        box = ImapMailbox(server.account())
        evil = [
            '<a"b@x.example>',
            "<a\r\nA9 NOOP@x.example>",
            "<a\\b@x.example>",
            "<a@x.example> ALL",
            "x",
        ]
        assert box.find_sent(evil) == frozenset()
        assert not any("NOOP" in line or "SEARCH" in line for line in server.commands)


def test_folders_are_numbered_anew_when_the_server_says_so() -> None:
    with ScriptedImap() as server:
        box = ImapMailbox(server.account())
        server.deliver(message(1))
        [one] = box.fetch("INBOX", {}, LONG_AGO)
        server.validity += 1
        assert [again.raw for again in box.fetch("INBOX", one.place, LONG_AGO)] == [message(1)]


def test_nothing_is_marked_as_read() -> None:
    with ScriptedImap() as server:
        server.deliver(message(1))
        list(ImapMailbox(server.account()).fetch("INBOX", {}, LONG_AGO))
        assert any("BODY.PEEK[]" in line for line in server.commands)
        assert any(line.split()[1:2] == ["EXAMINE"] for line in server.commands)
        assert not any(
            word in line for line in server.commands for word in ("STORE", "EXPUNGE", "RFC822)")
        )


@pytest.mark.parametrize("where", ["greeting", "LOGIN", "EXAMINE", "UID SEARCH", "UID FETCH"])
@pytest.mark.parametrize("what", ["cut", "garbage", "BAD no"])
def test_trouble_on_the_way_is_said_and_leads_to_no_crash(where: str, what: str) -> None:
    with ScriptedImap(faults={where: what}) as server:
        server.deliver(message(1))
        box = ImapMailbox(server.account(timeout=1))
        said = _said(box)
    assert "s3cret" not in said
    assert "\n" not in said


def _said(box: Mailbox) -> str:
    """What a look at the mailbox complains of."""
    try:
        return "".join(str(one.size) for one in box.fetch("INBOX", {}, LONG_AGO))
    except MailboxFailed as error:
        return str(error)


def test_a_wrong_password_is_for_a_person_to_mend_and_is_not_shown() -> None:
    with ScriptedImap(faults={"LOGIN": "NO s3cret is wrong"}) as server:
        with pytest.raises(MailboxFailed, match="refuses the log-in") as caught:
            ImapMailbox(server.account()).check()
        assert caught.value.permanent
        assert "s3cret" not in str(caught.value)


def test_a_server_without_tls_gets_no_password() -> None:
    with ScriptedImap() as server:
        account = server.account(tls="starttls")
        with pytest.raises(MailboxFailed):
            ImapMailbox(account).check()
        assert not any("LOGIN" in line for line in server.commands)


def test_a_folder_that_is_not_there_is_named() -> None:
    with ScriptedImap(faults={"EXAMINE": "NO no such mailbox"}) as server:
        with pytest.raises(MailboxFailed, match="no folder 'INBOX'") as caught:
            ImapMailbox(server.account()).check()
        assert caught.value.permanent


@pytest.mark.parametrize("name", ["INBOX", "Gesendet & mehr", "Envoyés", "送信済み", 'a"b\\c', "&"])
def test_names_of_folders_go_there_and_back(name: str) -> None:
    wire = quoted_name(name)
    assert wire.isascii()
    assert decoded_name(wire) == name


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"username": ""}, "log-in is not"),
        ({"tls": "plain", "host": "mail.example.net"}, "in clear"),
        ({"folders": ()}, "names no folder"),
        ({"ca_file": Path("/nowhere/ca.pem")}, "no certificate file"),
    ],
)
def test_accounts_that_cannot_work_are_refused(more: dict[str, object], said: str) -> None:
    usual = {
        "host": "127.0.0.1",
        "port": 143,
        "username": "a",
        "password": Secret("x"),
        "tls": "tls",
    }
    with pytest.raises(NotConfigured, match=said):
        ImapAccount(**(usual | more)).check()  # type: ignore[arg-type]  # a table of oddities


def test_no_maildir_is_for_a_person_to_mend(tmp_path: Path) -> None:
    with pytest.raises(MailboxFailed, match="is no Maildir") as caught:
        list(MaildirMailbox(tmp_path).fetch("", {}, LONG_AGO))
    assert caught.value.permanent


def test_links_in_a_maildir_lead_nowhere(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("Subject: not yours\n\n")
    (tmp_path / "box" / "new").mkdir(parents=True)
    (tmp_path / "box" / "new" / "1.x").symlink_to(secret)
    (tmp_path / "box" / "new" / "folder").mkdir()
    assert list(MaildirMailbox(tmp_path / "box").fetch("", {}, LONG_AGO)) == []

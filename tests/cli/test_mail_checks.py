"""What the doctor says about mail in, the sender's domain, duties, and rows that lost their other half."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rusvel_tui.adapters import dns_lookup
from rusvel_tui.commands.domain_checks import domain_findings
from tests.adapters.imap_server import ScriptedImap
from tests.cli.conftest import Cli
from tests.cli.test_doctor import states

GOOD = {
    "acme.example": ["v=spf1 include:_spf.mail.example ~all", "other=1"],
    "s9._domainkey.acme.example": ["v=DKIM1; k=rsa; p=MIIB"],
    "_dmarc.acme.example": ["v=DMARC1; p=quarantine"],
}


def said(
    records: dict[str, list[str]], hosts: tuple[str, ...] = ("mx.example",), selector: str = "s9"
) -> dict[str, str]:
    """The state of each record."""
    found = domain_findings(
        "acme.example", lambda name: records.get(name, []), lambda _: list(hosts), selector
    )
    return {one.check: one.state for one in found}


def test_a_sender_domain_that_is_in_order() -> None:
    assert said(GOOD) == {"mx": "ok", "spf": "ok", "dkim": "ok", "dmarc": "ok"}


@pytest.mark.parametrize(
    ("name", "record", "check", "state"),
    [
        ("acme.example", [], "spf", "warn"),
        ("acme.example", ["v=spf1 +all"], "spf", "warn"),
        ("acme.example", ["v=spf1 ~all", "v=spf1 -all"], "spf", "fail"),
        ("acme.example", ["v=spf1 " + "include:x.example " * 11 + "-all"], "spf", "fail"),
        ("s9._domainkey.acme.example", [], "dkim", "warn"),
        ("s9._domainkey.acme.example", ["v=DKIM1; p="], "dkim", "fail"),
        ("_dmarc.acme.example", [], "dmarc", "warn"),
        ("_dmarc.acme.example", ["v=DMARC1; rua=mailto:x@y"], "dmarc", "fail"),
    ],
)
def test_what_is_wrong_with_a_domain_is_named(
    name: str, record: list[str], check: str, state: str
) -> None:
    assert said(GOOD | {name: record})[check] == state


def test_a_domain_that_takes_no_mail_cannot_be_answered() -> None:
    assert said(GOOD, hosts=())["mx"] == "warn"


def test_offline_the_domain_is_not_checked(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(name: str) -> list[str]:
        raise dns_lookup.NoAnswer("Timeout")

    monkeypatch.setattr(dns_lookup, "mx", nobody)
    monkeypatch.setenv("RUSVEL_MAILDIR_IN", "/nowhere")
    found = states(cli, "--connect", code=1)
    assert found["dns"] == [
        ("warn", "acme.example: not checked, the DNS cannot be asked from here")
    ]


def test_the_mailbox_is_logged_in_to_when_asked(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dns_lookup, "mx", lambda name: [])
    monkeypatch.setattr(dns_lookup, "txt", lambda name: [])
    with ScriptedImap() as server:
        account = server.account()
        for name, value in {
            "HOST": account.host,
            "PORT": str(account.port),
            "USER": "ada@acme.example",
            "PASSWORD": "s3cret",
            "TLS": "plain",
        }.items():
            monkeypatch.setenv(f"RUSVEL_IMAP_{name}", value)
        assert states(cli)["mailbox"] == [
            ("ok", account_label := f"imap {account.host}:{account.port}")
        ]
        assert not server.commands
        found = cli.run("--db", str(cli.db), "doctor", "--connect").out
        assert f"{account_label} can be read: sent mail in Sent" in found
        assert "s3cret" not in found


def test_q_042_a_misspelt_variable_is_pointed_out(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUSVEL_IMAP_HOTS", "x")
    texts = [text for _, text in states(cli)["settings"]]
    assert any(
        "RUSVEL_IMAP_HOTS is no setting" in text and "RUSVEL_IMAP_HOST?" in text for text in texts
    )


def test_q_013_rows_that_lost_their_other_half_are_named(cli: Cli) -> None:
    with closing(sqlite3.connect(cli.db)) as connection, connection:
        session = connection.execute("SELECT id FROM session").fetchone()[0]
        connection.execute(
            "INSERT INTO stage_move VALUES ('lost', 'no-deal', 'lead', 'won', '2026-01-01T00:00:00.000000Z', 'x')"
        )
        assert session
    [(state, text)] = states(cli)["orphans"]
    assert (state, "stage_move" in text, "its deal is gone" in text) == ("warn", True, True)


def test_a_damaged_search_index_is_found(cli: Cli) -> None:
    cli("call", "gtm.crm.add_contact", "name=Grace Hopper")
    assert states(cli)["search"] == [("ok", "the index is whole")]
    with closing(sqlite3.connect(cli.db)) as connection, connection:
        connection.execute("UPDATE name_search_data SET block = x'0000000000' WHERE id > 10")
    [(state, text)] = states(cli, code=1)["search"]
    assert (state, "damaged" in text) == ("fail", True)


def test_a_clock_behind_the_last_event_is_noticed(cli: Cli) -> None:
    with closing(sqlite3.connect(cli.db)) as connection, connection:
        connection.execute("UPDATE event SET at = '2099-01-01T00:00:00.000000Z'")
    [(state, text)] = states(cli)["clock"]
    assert (state, "Set the clock right" in text) == ("warn", True)


def test_an_unsubscribe_address_that_cannot_work_is_named(cli: Cli) -> None:
    assert states(cli)["unsubscribe"] == [("ok", "grace@acme.example: by mail (RFC 2369)")]
    assert states(cli)["footer"][0][0] == "warn"


def test_mail_is_taken_in_by_a_pipe(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "one.eml"
    file.write_bytes(
        b"From: Eve <eve@x.example>\nMessage-ID: <1@x.example>\nSubject: Hello\n\nHi.\n"
    )
    assert "unknown: 'Hello' from Eve" in cli("mail", "ingest", str(file)).out
    assert "It was here already." in cli("mail", "ingest", str(file)).out
    [listed] = cli("mail", "list", "--json").data["items"]
    assert "Hi." in cli("mail", "show", listed["incoming_id"]).out
    assert "No mailbox is configured" in cli("mail", "fetch", code=6).err


def test_a_maildir_is_fetched(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "box" / "new").mkdir(parents=True)
    (tmp_path / "box" / "new" / "1.x").write_bytes(b"From: eve@x.example\nSubject: Hello\n\nHi.\n")
    monkeypatch.setenv("RUSVEL_MAILDIR_IN", str(tmp_path / "box"))
    cli("session", "list")
    answer = cli.run("--db", str(cli.db), "mail", "fetch")
    assert (answer.code, "New: 1 message" in answer.out) == (0, True)
    assert "New: 0 messages" in cli.run("--db", str(cli.db), "mail", "fetch").out


def test_the_suppression_list_is_imported_and_exported(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("@spam.example\nx@y.example\nnonsense\n")
    out = cli("import", "suppressions", str(tmp_path / "in.txt")).out
    assert "New on the suppression list: 2. There already: 0." in out
    assert "not taken: nonsense" in out
    assert "2 entries" in cli("export", "suppressions", str(tmp_path / "out.csv")).out
    assert "x@y.example" in (tmp_path / "out.csv").read_text()

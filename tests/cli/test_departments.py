"""`rusvel gtm` and `rusvel growth`: the numbers, the things, the events."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def filled(cli: Cli) -> Cli:
    """One person with a drafted mail and two deals."""
    mail = cli.drafted()
    for title, value, currency in (("Loom", "1250.50", "EUR"), ("Yarn", "700", "JPY")):
        cli.call(
            "gtm.crm.add_deal",
            contact_id=mail["contact_id"],
            title=title,
            value=value,
            currency=currency,
        )
    return cli


def test_the_status_for_a_person(filled: Cli) -> None:
    lines = [" ".join(line.split()) for line in filled("gtm", "status").out.splitlines()]
    assert lines[0] == "acme: EUR, Europe/Berlin"
    assert "contacts 1" in lines
    assert "deals Lead 2 (1,250.50 EUR + 700 JPY)" in lines
    assert "mails waiting 1" in lines
    assert "to decide 1" in lines
    assert "mailer none: set RUSVEL_SMTP_HOST or RUSVEL_MAIL_FOLDER" in lines
    assert "sender grace@acme.example" in lines


def test_the_status_for_a_program(filled: Cli) -> None:
    status = filled.json("gtm", "status")
    assert status["contacts"] == 1
    assert status["mails"]["waiting"] == 1
    assert set(status["mails"]) == {
        "waiting", "needs_data", "changed", "queued", "held", "in_doubt", "sent", "failed",
    }  # fmt: skip


def test_the_status_says_why_nothing_leaves(filled: Cli) -> None:
    filled.call("gtm.outreach.pause_sending", reason="on holiday")
    assert "on holiday" in filled("gtm", "status").out


def test_q_005_whoever_only_looks_sends_nothing(
    filled: Cli, outbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An approved mail that is due waits for `worker` or the dashboard, whatever else is run."""
    monkeypatch.setenv("RUSVEL_UNDO_SECONDS", "0")
    [mail] = filled.json("queue", "list")["items"]
    filled("queue", "approve", mail["id"], "--digest", mail["digest"])
    for words in (
        ("gtm", "status"),
        ("gtm", "list"),
        ("gtm", "events"),
        ("queue", "list"),
        ("doctor",),
    ):
        filled.run(*words)
    assert not outbox.exists() or not list(outbox.rglob("*.eml"))
    filled("worker", "--until-idle")
    assert len(filled.json("queue", "list", "--box", "sent")["items"]) == 1


def test_growth_shows_its_empty_state(cli: Cli) -> None:
    assert cli.json("growth", "status")["kpis"] == 0
    assert "kpis" in cli("growth", "status").out
    for kind in ("kpis", "funnels", "cohorts"):
        assert cli.json("growth", "list", "--kind", kind)["items"] == []
        assert cli("growth", "list", "--kind", kind).out == f"There are no {kind} yet.\n"
    assert cli.json("growth", "events")["items"] == []
    assert cli("growth", "events").out == "Nothing has happened yet.\n"


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("contacts", ["name", "email", "contact_id", "Ada Lovelace", "ada@example.com"]),
        ("deals", ["title", "amount", "1,250.50 EUR", "700 JPY", "Lead"]),
        ("sequences", ["Intro ada@example.com", "Active", "sequence_id"]),
        ("enrollments", ["Ada Lovelace", "1/2", "Active"]),
    ],
)
def test_lists_are_tables_for_people(filled: Cli, kind: str, shown: list[str]) -> None:
    table = filled("gtm", "list", "--kind", kind).out
    for text in shown:
        assert text in table
    assert filled.json("gtm", "list", "--kind", kind.upper())["items"]


def test_columns_stand_under_their_headings(filled: Cli) -> None:
    head, *rows = filled("gtm", "list", "--kind", "deals").out.splitlines()
    at = head.index("deal_id")
    assert all(row[at - 2 : at] == "  " and " " not in row[at:] for row in rows)


def test_a_list_has_a_length_and_a_next(filled: Cli) -> None:
    filled.call("gtm.crm.add_contact", name="Second")
    page = filled.json("gtm", "list", "-n", "1")
    assert len(page["items"]) == 1
    assert page["next"]
    assert "There are more" in filled("gtm", "list", "-n", "1").out


def test_an_unknown_kind_and_a_wrong_length_are_invalid(filled: Cli) -> None:
    assert filled("gtm", "list", "--kind", "ghosts", code=4).err == (
        "Unknown kind 'ghosts'. Use contacts, companies, deals, tasks, sequences, enrollments, invoices.\n"
    )
    assert filled("gtm", "list", "-n", "0", code=4).err.startswith("limit: ")
    assert filled("gtm", "list", "-n", "99999", code=4).err.startswith("limit: ")


def test_events_are_newest_first_and_of_the_department_only(filled: Cli) -> None:
    kinds = [event["kind"] for event in filled.json("gtm", "events")["items"]]
    assert kinds[:2] == ["gtm.deal.added", "gtm.deal.added"]
    assert kinds[-1] == "gtm.contact.added"
    assert all(kind.startswith("gtm.") for kind in kinds)
    assert len(filled.json("gtm", "events", "-n", "2")["items"]) == 2


def test_events_for_a_person_are_in_the_time_of_the_session(filled: Cli) -> None:
    filled("undo")
    lines = filled("gtm", "events").out.splitlines()
    assert any(
        line.startswith("2026-11-24 10:00")
        and "gtm.contact.added" in line
        and "Ada Lovelace" in line
        for line in lines
    )
    assert any("Yarn" in line and line.endswith("undone") for line in lines)

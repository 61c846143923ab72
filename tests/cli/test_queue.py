"""`rusvel queue`: reading the drafts and deciding on them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from tests.cli.conftest import Cli


@pytest.fixture
def mail(cli: Cli) -> Any:
    """A draft that waits."""
    return cli.drafted()


def test_the_list_holds_what_a_verdict_needs(cli: Cli, mail: Any) -> None:
    wanted = {
        "to": "ada@example.com",
        "from": "grace@acme.example",
        "subject": "Looms",
        "body": "Hi Ada, a word about looms.",
        "step": 1,
        "steps": 2,
        "box": "waiting",
        "state": "Held",
        "step_type": "EMAIL_AUTO",
    }
    assert {name: mail[name] for name in wanted} == wanted
    assert mail["digest"]
    assert mail["id"] == mail["job_id"]


def test_the_table_holds_the_id_whole(cli: Cli, mail: Any) -> None:
    head, line = cli("queue", "list").out.splitlines()
    assert head.endswith("id")
    assert line.endswith(mail["id"])
    assert "Ada Lovelace <ada@example.com>" in line


def test_every_box_can_be_listed(cli: Cli, mail: Any) -> None:
    found = {box: len(cli.json("queue", "list", "--box", box)["items"]) for box in Box}
    assert found == {box: int(box is Box.WAITING) for box in Box}
    assert cli("queue", "list", "--box", "SENT").out == "Nothing waits here.\n"
    assert cli("queue", "list", "--box", "ghost", code=4).err.startswith("box: ")


def test_show_prints_the_whole_mail(cli: Cli, mail: Any) -> None:
    shown = cli("queue", "show", mail["id"]).out
    for text in (
        "Grace <grace@acme.example>",
        "Ada Lovelace <ada@example.com>",
        "1 of 2",
        mail["digest"],
        "2026-11-24 10:00 by template",
    ):
        assert text in shown
    body = "\n\nHi Ada, a word about looms.\n\n--\nIf you would rather not hear"
    assert body in shown
    assert "no mailer is configured" in shown
    assert cli.json("queue", "show", mail["id"])["why"]


def test_a_yes_needs_the_digest_of_this_text(cli: Cli, mail: Any) -> None:
    before = cli.dump()
    assert cli("queue", "approve", mail["id"], "--digest", "other", code=5).err == (
        "The draft is not the one you read: it changed. Look at it again.\n"
    )
    assert cli.dump() == before
    said = cli("queue", "approve", mail["id"], "--digest", mail["digest"]).out
    assert (
        said.splitlines()[0]
        == "Approved: 'Looms' to ada@example.com. A worker sends it from 10:01:00 on."
    )
    assert cli.json("queue", "list", "--box", "queued")["items"][0]["id"] == mail["id"]
    assert "Undone: gtm.outreach.approved" in cli("undo").out
    assert cli.json("queue", "list")["items"][0]["id"] == mail["id"]


def test_a_no_has_a_reason_and_a_consequence(cli: Cli, mail: Any) -> None:
    assert cli("queue", "reject", mail["id"], "--reason", " ", code=4).err
    assert cli(
        "queue", "reject", mail["id"], "--reason", "x", "--then", "party", code=4
    ).err.startswith("then: ")
    assert (
        cli("queue", "reject", mail["id"], "--reason", "too early").out
        == "Rejected. Ada Lovelace: Cancelled.\n"
    )
    assert cli.json("gtm", "list", "--kind", "enrollments")["items"][0]["reason"] == "rejected"


def test_skipping_goes_on_with_the_next_step(cli: Cli, mail: Any) -> None:
    cli("queue", "reject", mail["id"], "--reason", "known already", "--then", "Skip")
    enrolled = cli.json("gtm", "list", "--kind", "enrollments")["items"][0]
    assert (enrolled["status"], enrolled["step"]) == ("Active", 2)


def test_an_edit_takes_the_yes_away(
    cli: Cli, mail: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("queue", "approve", mail["id"], "--digest", mail["digest"])
    text = tmp_path / "body.txt"
    text.write_text("Dear Ada,\n\nlooms.\n", encoding="utf-8")
    edited = cli.json("queue", "edit", mail["id"], "--subject", "Weaving", "--body", str(text))
    assert (edited["subject"], edited["body"], edited["state"]) == (
        "Weaving",
        "Dear Ada,\n\nlooms.",
        "Held",
    )
    assert edited["digest"] != mail["digest"]
    cli("queue", "approve", mail["id"], "--digest", mail["digest"], code=5)
    monkeypatch.setattr("sys.stdin", io.StringIO("By stdin, Ada."))
    said = cli("queue", "edit", mail["id"], "--body", "-").out
    assert "Edited. It needs your yes:" in said
    assert cli.json("queue", "show", mail["id"])["body"] == "By stdin, Ada."


@pytest.mark.parametrize("body", ["none.txt", ".", "latin.txt"])
def test_a_body_that_cannot_be_read_changes_nothing(
    cli: Cli, mail: Any, tmp_path: Path, body: str
) -> None:
    (tmp_path / "latin.txt").write_bytes("Grüße".encode("latin-1"))
    before = cli.dump()
    answer = cli(
        "queue",
        "edit",
        mail["id"],
        "--body",
        str(tmp_path / body),
        code=3 if body == "none.txt" else 4,
    )
    assert answer.err.count("\n") == 1
    assert cli.dump() == before


def test_nothing_to_edit_is_invalid(cli: Cli, mail: Any) -> None:
    assert cli("queue", "edit", mail["id"], code=4).err == "Give a new subject or a new body.\n"


@pytest.mark.parametrize(
    "words",
    [["show"], ["approve", "--digest", "d"], ["reject", "--reason", "r"], ["edit", "--subject", "s"], ["settle", "--outcome", "sent"], ["retry"]],
)  # fmt: skip
def test_an_unknown_mail_is_not_found(cli: Cli, words: list[str]) -> None:
    verb, *rest = words
    assert "There is no mail 'nothing'" in cli("queue", verb, "nothing", *rest, code=3).err


def test_only_a_doubt_is_settled_and_only_a_failure_is_tried_again(cli: Cli, mail: Any) -> None:
    assert (
        "Only a mail in doubt"
        in cli("queue", "settle", mail["id"], "--outcome", "GIVE_UP", code=5).err
    )
    assert cli("queue", "settle", mail["id"], "--outcome", "maybe", code=4).err.startswith(
        "outcome: "
    )
    assert "Only a dead mail" in cli("queue", "retry", mail["id"], code=5).err


def test_many_are_approved_after_they_were_listed(cli: Cli, mail: dict[str, Any]) -> None:
    """Q-035: who gets a mail is said before the yes, and one undo takes all of them back."""
    listed = cli("queue", "approve-all").out
    assert listed.startswith("1 can be approved")
    assert mail["to_name"] in listed
    assert cli.json("queue", "list", "--box", "queued")["items"] == []
    assert cli("queue", "approve-all", "--yes").out.startswith("Approved: 1.")
    assert len(cli.json("queue", "list", "--box", "queued")["items"]) == 1
    cli("undo")
    assert len(cli.json("queue", "list")["items"]) == 1
    assert cli("queue", "approve-all", "--filter", "to:nobody").out == "0 can be approved.\n"
    assert cli("queue", "list", "--filter", "frm:x", code=4).err.startswith("Filter, column 1")


def test_a_draft_is_put_off_and_its_time_chosen(cli: Cli, mail: dict[str, Any]) -> None:
    assert cli("queue", "snooze", mail["id"], "in 2 days").out.startswith("Snoozed until ")
    assert [one["id"] for one in cli.json("queue", "list", "--box", "held")["items"]] == [
        mail["id"]
    ]
    cli("queue", "wake", mail["id"])
    assert cli("queue", "time", mail["id"], "in 3 days").out.startswith("Not before ")
    assert cli.json("queue", "show", mail["id"])["not_before"]
    cli("queue", "time", mail["id"], "")
    assert cli("queue", "snooze", mail["id"], "yesterday", code=4).err


def test_texts_are_listed_compared_and_had_back(
    cli: Cli, mail: dict[str, Any], tmp_path: Path
) -> None:
    """Q-032: edited, looked at word by word, and put back."""
    text = tmp_path / "text.txt"
    text.write_text(mail["body"].replace("looms", "weaving") + "\nMore.")
    cli("queue", "edit", mail["id"], "--body", str(text))
    assert "{+" in cli("queue", "diff", mail["id"]).out
    assert "* 2" in cli("queue", "texts", mail["id"]).out
    assert "* 1" in cli("queue", "use", mail["id"], "1").out
    assert cli.json("queue", "show", mail["id"])["body"] == mail["body"]
    assert "A worker writes it anew" in cli("queue", "redraft", mail["id"], "--wish", "shorter").out
    assert cli.json("queue", "list")["items"] == []


def test_a_mail_is_looked_at_closely(cli: Cli, mail: dict[str, Any]) -> None:
    """Q-022, Q-030: the reasons, the gates and the exact headers."""
    why = cli("queue", "why", mail["id"]).out
    assert "Enrolled" in why
    raw = cli("queue", "raw", mail["id"]).out
    assert "Message-ID: <" in raw
    assert f"Subject: {mail['subject']}" in raw


def test_a_mail_of_ones_own_carries_files(cli: Cli, mail: dict[str, Any], tmp_path: Path) -> None:
    body, paper = tmp_path / "body.txt", tmp_path / "price list.txt"
    body.write_text("Dear Ada, the list is attached. All the best from here.")
    paper.write_text("1 EUR")
    made = cli.json(
        "queue", "write", "--to", "ada@example.org", "--subject", "Our prices", "--body", str(body),
        "--attach", str(paper),
    )  # fmt: skip
    assert (made["attachments"], made["source"], made["box"]) == (
        ["price list.txt"],
        "own mail",
        "waiting",
    )
    assert "price list.txt" in cli("queue", "raw", made["id"]).out
    assert cli("queue", "withdraw", made["id"]).out.startswith("Withdrawn.")
    assert len(cli.json("queue", "list")["items"]) == 1
    assert cli("queue", "write", "--to", "x", "--subject", "s", "--body", str(body), code=4).err

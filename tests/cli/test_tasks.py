"""Tasks, calls and timelines on the command line."""

from __future__ import annotations

from tests.cli.conftest import Cli


def person(cli: Cli) -> str:
    return str(cli.call("gtm.crm.add_contact", name="Grace Hopper")["contact_id"])


def test_tasks_are_listed_by_their_due_time(cli: Cli) -> None:
    who = person(cli)
    assert cli("gtm", "list", "--kind", "tasks").out == "There are no tasks yet.\n"
    for subject, due in (("Later", "in 2 weeks"), ("Sooner", "tomorrow 14:00")):
        cli("call", "gtm.crm.add_task", f"subject={subject}", f"due_at={due}", f"contact_id={who}")
    lines = cli("gtm", "list", "--kind", "tasks").out.splitlines()
    assert [line.split()[0] for line in lines[:1]] == ["due"]
    assert "Sooner" in lines[1]
    assert "Grace Hopper" in lines[1]
    assert "Later" in lines[2]
    assert [t["subject"] for t in cli.json("gtm", "list", "--kind", "tasks")["items"]] == [
        "Sooner",
        "Later",
    ]


def test_a_call_with_what_follows_is_one_line(cli: Cli) -> None:
    who = person(cli)
    call = cli.json(
        "call", "gtm.crm.log_call", f"contact_id={who}", "outcome=NO_ANSWER", "next=Try again",
    )  # fmt: skip
    assert (call["outcome"], call["follow_up"]["subject"]) == ("no answer", "Try again")
    more = cli.json(
        "call",
        "gtm.crm.log_call",
        f"contact_id={who}",
        'next={"subject":"Demo","due_at":"fri 10:00","kind":"meeting"}',
    )
    assert more["follow_up"]["kind"] == "Meeting"


def test_the_timeline_by_kinds(cli: Cli) -> None:
    who = person(cli)
    cli.call("gtm.crm.add_note", contact_id=who, body="met")
    cli.call("gtm.crm.log_call", contact_id=who)
    found = cli.json("call", "gtm.crm.timeline", f"contact_id={who}", "kinds=note,meeting")
    assert [entry["title"] for entry in found["items"]] == ["met"]


def test_words_that_are_no_time_are_explained(cli: Cli) -> None:
    wrong = cli("call", "gtm.crm.add_task", "subject=x", "due_at=someday", code=4)
    assert "“someday” is not a day. Write today, tomorrow" in wrong.err
    cli("call", "gtm.crm.log_call", f"contact_id={person(cli)}", "outcome=fine", code=4)

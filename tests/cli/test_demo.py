"""`rusvel demo`: sample data from operations, the same for the same seed, in a file of its own."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.cli import main
from rusvel_tui.commands import dashboard, demo
from rusvel_tui.demo.story import DAYS, SESSION, begin
from rusvel_tui.demo.texts import FAIR, NEW_LEAD, NURTURE
from rusvel_tui.engine.clock import parse_moment
from rusvel_tui.engine.core import Engine
from tests.cli.conftest import NOW, Cli

pytestmark = pytest.mark.xdist_group("sample data")  # made once


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample data of the first seed, made once."""
    folder = tmp_path_factory.mktemp("sample")
    assert main(["--db", str(folder / "d.db"), "--now", NOW, "demo", "--no-open"]) == 0
    return folder


@pytest.fixture
def filled(bare: Cli, sample: Path) -> Cli:
    """The command line over a copy of the sample data."""
    shutil.copy2(sample / "d.db", bare.db)
    shutil.copytree(sample / "d-mail", bare.db.with_name("d-mail"))
    return bare


def summary(cli: Cli) -> list[Any]:
    """What the sample data says, without its ids."""
    contacts = cli.json("gtm", "list", "-n", "1000")["items"]
    deals = cli.json("gtm", "list", "--kind", "deals", "-n", "1000")["items"]
    mails = [
        mail
        for box in ("waiting", "sent")
        for mail in cli.json("queue", "list", "--box", box)["items"]
    ]
    return [
        [(c["name"], c["emails"][0]["address"], c["company"], c["tags"]) for c in contacts],
        [(d["title"], d["value"], d["currency"], d["stage"], len(d["moves"])) for d in deals],
        [(m["to"], m["subject"], m["sent_at"]) for m in mails],
        [(e["at"], e["kind"]) for e in cli.json("gtm", "events", "-n", "1000")["items"]],
    ]


def test_c_140_it_has_something_of_everything(filled: Cli) -> None:
    cli = filled
    status = cli.json("gtm", "status")
    assert status["session"]["name"] == SESSION
    assert 55 <= status["contacts"] <= 70
    assert {stage["stage"] for stage in status["deals"] if stage["deals"]} == {
        "Lead", "Qualified", "Proposal", "Negotiation", "Won", "Lost",
    }  # fmt: skip
    assert any("USD" in sum_ for stage in status["deals"] for sum_ in stage["sums"])
    mails = status["mails"]
    assert mails["waiting"] >= 3
    assert mails["needs_data"] == 1
    assert mails["sent"] >= 10
    enrollments = cli.json("gtm", "list", "--kind", "enrollments", "-n", "1000")["items"]
    assert {e["status"] for e in enrollments} == {"Active", "Paused", "Completed", "Cancelled"}
    assert {"rejected", "unsubscribed", "finished"} <= {e["reason"] for e in enrollments}
    assert any(e["next_at"] and e["next_at"] <= NOW for e in enrollments), (
        "a draft that appears by itself"
    )
    names = {
        s["name"]: len(s["steps"]) for s in cli.json("gtm", "list", "--kind", "sequences")["items"]
    }
    assert names == {NEW_LEAD: 3, NURTURE: 2, FAIR: 3}
    people = [p["contact_id"] for p in cli.json("gtm", "list", "-n", "20")["items"]]
    feeds = [cli.call("gtm.crm.timeline", contact_id=person)["items"] for person in people]
    kinds = {entry["kind"] for feed in feeds for entry in feed}
    assert {"Note", "Task", "Call", "EmailOut"} <= kinds


def test_it_ends_now_and_nothing_lies_in_the_future(filled: Cli) -> None:
    events = filled.json("gtm", "events", "-n", "1000")["items"]
    now = parse_moment(NOW)
    assert all(parse_moment(event["at"]) <= now for event in events)
    assert parse_moment(events[-1]["at"]) < begin(now).replace(hour=23)
    assert len({event["at"][:10] for event in events}) > DAYS / 2


def test_nobody_in_it_exists(filled: Cli) -> None:
    contacts = filled.json("gtm", "list", "-n", "1000")["items"]
    assert all(c["emails"][0]["address"].endswith(".example") for c in contacts)


def test_its_mails_are_in_a_folder_and_say_so(filled: Cli) -> None:
    cli = filled
    folder = cli.db.with_name("d-mail")
    sent = cli.json("gtm", "status")["mails"]["sent"]
    assert len(list((folder / "new").iterdir())) == sent
    events = [
        e for e in cli.json("gtm", "events", "-n", "1000")["items"] if e["kind"] == "gtm.email.sent"
    ]
    assert {event["payload"]["mailer"] for event in events} == {"folder d-mail/ (no mail leaves)"}


def test_a_seed_tells_one_story(filled: Cli) -> None:
    first = summary(filled)
    filled("demo", "--fresh", "--no-open")
    assert summary(filled) == first
    filled("demo", "--seed", "2", "--fresh", "--no-open")
    assert summary(filled) != first


def test_a_demo_that_is_there_is_kept(filled: Cli) -> None:
    cli = filled
    cli.call("gtm.crm.add_contact", name="Mine")
    before = cli.dump()
    assert (
        cli("demo", "--no-open").out
        == f"The sample data is in {cli.db}. Look at it: rusvel demo --db {cli.db}\n"
    )
    assert cli.dump() == before
    assert cli.json("demo") == {
        "db": str(cli.db),
        "session": SESSION,
        "mail_folder": str(cli.db.with_name("d-mail")),
    }


@pytest.mark.parametrize("words", [["--no-open"], ["--fresh", "--no-open"]])
def test_your_own_file_is_left_alone(cli: Cli, words: list[str]) -> None:
    before = cli.dump()
    assert (
        cli("demo", *words, code=5).err
        == f"{cli.db} exists and is no sample data. Name a new file with --db.\n"
    )
    assert cli.dump() == before


def test_your_own_database_is_not_where_it_goes(
    bare: Cli, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUSVEL_DB", str(bare.db))
    assert bare.run("demo", "--no-open", "--now", NOW).code == 0
    assert not bare.db.exists()
    assert len([path for path in home.rglob("demo.db") if path.is_file()]) == 1


def test_an_interrupted_demo_leaves_no_half(bare: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rusvel_tui.demo.story.Story._day", None)
    assert bare("demo", "--no-open", code=1).err.startswith("Something is wrong inside rusvel")
    assert [path.name for path in bare.db.parent.iterdir() if path.suffix in (".db", ".demo")] == []


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Engine]:
    """Stands for a terminal with a dashboard: the engines that would have been shown."""
    engines: list[Engine] = []
    monkeypatch.setattr(dashboard, "check_terminal", lambda _: "")
    for module in (dashboard, demo):
        monkeypatch.setattr(module, "show", lambda _, engine: engines.append(engine))
    return engines


def test_the_demo_opens_with_a_folder_and_templates(
    filled: Cli, shown: list[Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUSVEL_SMTP_HOST", "mail.example")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "canary")
    filled("demo")
    (engine,) = shown
    assert engine.mailer is not None
    assert engine.mailer.label == "folder d-mail/ (no mail leaves)"
    assert engine.drafter is not None
    assert engine.drafter.name == "template"
    assert engine.policy.undo_seconds == 10
    monkeypatch.setenv("RUSVEL_UNDO_SECONDS", "3")
    filled("demo")
    assert shown[1].policy.undo_seconds == 3


def test_without_a_command_the_dashboard_opens_on_a_new_private_file(
    bare: Cli, shown: list[Engine]
) -> None:
    bare()
    assert [engine.path for engine in shown] == [bare.db]
    assert bare.db.stat().st_mode & 0o777 == 0o600
    assert bare.json("session", "list")["items"] == []


def test_the_dashboard_says_how_it_ended(bare: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboard, "check_terminal", lambda _: "")
    monkeypatch.setattr(dashboard, "show", lambda desk, engine: 143)
    bare(code=143)


@pytest.mark.parametrize("words", [[], ["demo"]])
def test_without_a_terminal_nothing_is_made(bare: Cli, words: list[str]) -> None:
    assert bare(*words, code=2).err.startswith("The dashboard needs a terminal.")
    assert not bare.db.exists()


def test_a_read_only_dashboard_shows_and_creates_nothing(cli: Cli, shown: list[Engine]) -> None:
    before = cli.dump()
    cli("--read-only")
    assert shown[0].read_only
    assert cli.dump() == before

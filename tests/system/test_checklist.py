"""The checklist of the first design, line by line, from the command line: every command a process of its own.

A real file, a real worker, a real mail server. The copilot's two lines (a draft, a next step) are what the desk says
without an assistant: the drafter writes, the deal tells how it is and what is planned.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.smtp_servers import Inbox, real_server
from tests.system.helpers import ended, python

BEGIN = datetime.fromisoformat("2026-11-24T09:00:00+00:00")
"""A Tuesday morning."""
STEPS: list[dict[str, Any]] = [
    {"key": "hello", "channel": "email", "subject": "Looms", "body": "Hi {{first_name|there}}, do you still weave at {{company|home}}?"},
    {"key": "ring", "type": "CALL", "delay_days": 1, "instructions": "Ring {{first_name}}.",
     "branches": [{"when": "outcome is no answer", "goto": "bye"}]},
    {"key": "connect", "type": "TASK", "channel": "linkedin", "delay_days": 1, "body": "Hi {{first_name}}, let us connect."},
    {"key": "bye", "type": "EMAIL_MANUAL", "delay_days": 2, "subject": "One more word", "body": "Hi {{first_name|there}}, shall I ask again in spring?"},
]  # fmt: skip
NURTURE: list[dict[str, Any]] = [
    {"type": "TASK", "subject": "Send the leaflet"},
    {"type": "CALL", "delay_days": 7},
]


class Prompt:
    """A person at a prompt, on a day of the story."""

    def __init__(self, folder: Path, port: int) -> None:
        self.db = folder / "d.db"
        self.day = 0.0
        self._environ = {
            "HOME": str(folder), "RUSVEL_UNDO_SECONDS": "0", "RUSVEL_SMTP_HOST": "127.0.0.1",
            "RUSVEL_SMTP_PORT": str(port), "RUSVEL_SMTP_FROM": "grace@acme.example", "RUSVEL_DAILY_CAP": "1",
        }  # fmt: skip

    def run(self, *words: str) -> tuple[int, str, str]:
        """A command as it ends."""
        now = (BEGIN + timedelta(days=self.day)).isoformat()
        arguments = ("-m", "rusvel_tui", "--db", str(self.db), "--now", now, *words)
        return ended(python(*arguments, **self._environ))

    def __call__(self, *words: str) -> str:
        """A command that works; its output."""
        code, out, err = self.run(*words)
        assert code == 0, (words, out, err)
        return out

    def json(self, *words: str) -> Any:
        return json.loads(self(*words, "--json"))

    def call(self, operation: str, **data: Any) -> Any:
        """An operation."""
        return self.json("call", operation, "--input", json.dumps(data))

    def refused(self, operation: str, **data: Any) -> tuple[int, str]:
        """An operation that must not work: its code and what it says."""
        code, _, err = self.run("call", operation, "--input", json.dumps(data))
        return code, err

    def tick(self) -> int:
        """One tick by hand: how many steps went on."""
        return int(self.json("call", "gtm.outreach.run_due", "limit=50")["processed"])

    def approve(self, mail: Any) -> None:
        self("queue", "approve", mail["id"], "--digest", mail["digest"])

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What stands in the file."""
        with closing(sqlite3.connect(self.db)) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[tuple[Prompt, Inbox]]:
    """A desk with a session, and the server that its mails go to."""
    with real_server() as (made, port):
        rusvel = Prompt(tmp_path, port)
        rusvel("session", "create", "acme", "--currency", "EUR", "--timezone", "Europe/Berlin")
        yield rusvel, made


def active(rusvel: Prompt, name: str, steps: list[dict[str, Any]]) -> str:
    """A sequence that is created and activated; its id."""
    made = rusvel.call("gtm.outreach.create_sequence", name=name, steps=steps)
    assert (made["status"], len(made["steps"])) == ("Draft", len(steps))
    chosen = {"sequence_id": made["sequence_id"]}
    assert rusvel.call("gtm.outreach.activate_sequence", **chosen)["status"] == "Active"
    return str(made["sequence_id"])


def lead(rusvel: Prompt, name: str) -> tuple[str, str]:
    """A person and their deal."""
    email = f"{name.split()[0].lower()}@example.com"
    person = rusvel.call("gtm.crm.add_contact", name=name, email=email, company="Looms")
    key = person["contact_id"]
    deal = rusvel.call("gtm.crm.add_deal", contact_id=key, title=f"Looms for {name}", value=900)
    return key, deal["deal_id"]


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_t_095_c_022_c_092_c_093_c_120_c_121_c_122_c_123_c_124_c_125_c_126_c_127_c_128_from_the_prompt(
    inbox: tuple[Prompt, Inbox],
) -> None:
    """From an empty file to the last step of a sequence of four channels."""
    rusvel, server = inbox
    sequence = active(rusvel, "New Lead Follow-up", STEPS)
    person, deal = lead(rusvel, "Ada Lovelace")
    who = {"sequence_id": sequence, "contact_id": person, "deal_id": deal}
    job = rusvel.call("gtm.outreach.execute_sequence", **who)["job_id"]
    assert rusvel.rows("SELECT contact_id, deal_id, status, position FROM enrollment") == [(person, deal, "active", 0)]  # fmt: skip
    draft = drafted(rusvel, job)
    sent(rusvel, server, draft)
    called(rusvel)
    finished(rusvel, server, sequence)
    told(rusvel, sequence, deal)


def drafted(rusvel: Prompt, job: str) -> Any:
    """A tick drafts from what is known of the lead; it can be had anew; nothing leaves."""
    assert (rusvel.tick(), rusvel.tick()) == (1, 0)
    [draft] = rusvel.json("queue", "list")["items"]
    assert (draft["id"], draft["to"]) == (job, "ada@example.com")
    assert draft["body"] == "Hi Ada, do you still weave at Looms?"
    rusvel.call("gtm.crm.update_contact", contact_id=draft["contact_id"], company="Mills")
    rusvel.call("gtm.outreach.redraft", id=job)
    assert rusvel.tick() == 1
    [again] = rusvel.json("queue", "list")["items"]
    assert again["body"] == "Hi Ada, do you still weave at Mills?"
    return again


def sent(rusvel: Prompt, server: Inbox, draft: Any) -> None:
    """A yes and a worker: the mail is delivered, an activity, and the enrollment at its next step."""
    assert server.mails == []
    rusvel.approve(draft)
    assert json.loads(rusvel("worker", "--until-idle", "--json"))
    assert [mail.rcpt_tos for mail in server.mails] == [["ada@example.com"]]
    assert rusvel.rows("SELECT kind, status, subject FROM activity WHERE job_id IS NOT NULL") == [("email_out", "done", "Looms")]  # fmt: skip
    [enrolled] = rusvel.json("gtm", "list", "--kind", "enrollments")["items"]
    assert (enrolled["step"], enrolled["next_at"]) == (2, "2026-11-25T09:00:00Z")


def called(rusvel: Prompt) -> None:
    """The call comes up a day later, waits to be done, and its outcome chooses the way."""
    assert rusvel.tick() == 0
    rusvel.day = 1
    assert (rusvel.tick(), rusvel.tick()) == (1, 0)
    [task] = rusvel.call("gtm.crm.list_tasks")["items"]
    assert (task["kind"], task["job_id"] is not None) == ("Call", True)
    rusvel.day = 3
    assert rusvel.tick() == 0
    done = rusvel.call("gtm.outreach.complete_step", job_id=task["job_id"], outcome="no answer")
    assert (done["step"], done["next_at"]) == (4, "2026-11-29T09:00:00Z")


def finished(rusvel: Prompt, server: Inbox, sequence: str) -> None:
    """The manual mail goes on when it is approved; then the way is over, with its reason."""
    rusvel.day = 5
    assert rusvel.tick() == 1
    [draft] = rusvel.json("queue", "list")["items"]
    assert (draft["subject"], draft["step_type"]) == ("One more word", "EMAIL_MANUAL")
    rusvel.approve(draft)
    rusvel("worker", "--until-idle")
    assert len(server.mails) == 2
    [enrolled] = rusvel.json("gtm", "list", "--kind", "enrollments")["items"]
    assert (enrolled["status"], enrolled["reason"]) == ("Completed", "finished")


def told(rusvel: Prompt, sequence: str, deal: str) -> None:
    """What the copilot was to say: how the deal is, why, and what is planned next; and the sequence is listed."""
    health = rusvel.call("gtm.crm.deal_health", deal_id=deal)
    assert health["factors"]
    assert all(factor["evidence"] for factor in health["factors"])
    rusvel.call("gtm.crm.add_task", subject="Visit", deal_id=deal, due_at="tomorrow 10:00")
    assert rusvel.call("gtm.crm.get_deal", deal_id=deal)["next_action"]["subject"] == "Visit"
    assert "New Lead Follow-up" in rusvel("gtm", "list", "--kind", "sequences")


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_c_140_c_141_c_142_c_149_c_150_c_151_the_edges_and_the_reports_from_the_prompt(
    inbox: tuple[Prompt, Inbox],
) -> None:
    """Twice, unknown and nobody; one mail a day; an objection; and what the reports say about all that."""
    rusvel, server = inbox
    first = active(rusvel, "New Lead Follow-up", STEPS[:1])
    second = active(rusvel, "Deal Nurture Campaign", NURTURE)
    people = [lead(rusvel, name) for name in ("Ada Lovelace", "Grace Hopper")]
    edges(rusvel, first, second, people)
    waits = capped(rusvel, server)
    objected(rusvel, server, waits, first)
    reported(rusvel, first, second)
    assert "nothing is due: nobody waits" in doctor(rusvel)


def edges(rusvel: Prompt, first: str, second: str, people: list[tuple[str, str]]) -> None:
    """Both are enrolled once in the one; the first of them in the other, too."""
    for person, deal in people:
        who = {"sequence_id": first, "contact_id": person}
        rusvel.call("gtm.outreach.execute_sequence", deal_id=deal, **who)
        assert rusvel.refused("gtm.outreach.execute_sequence", deal_id=deal, **who)[0] == 5
    person = people[0][0]
    rusvel.call("gtm.outreach.execute_sequence", sequence_id=second, contact_id=person)
    for wrong, code in (
        ({"sequence_id": "nope", "contact_id": person}, 3),
        ({"sequence_id": first, "contact_id": "nope"}, 3),
        ({"sequence_id": first, "contact_id": ""}, 3),
        ({"sequence_id": first}, 4),
    ):
        found, sentence = rusvel.refused("gtm.outreach.execute_sequence", **wrong)
        assert (found, len(sentence.splitlines())) == (code, 1)
    assert rusvel.rows("SELECT count(*) FROM enrollment") == [(3,)]


def capped(rusvel: Prompt, server: Inbox) -> Any:
    """One mail a day: the second waits for tomorrow, with that reason; whose it is."""
    assert rusvel.tick() == 3
    for draft in sorted(rusvel.json("queue", "list")["items"], key=lambda mail: str(mail["to"])):
        rusvel.approve(draft)
        rusvel.day += 0.01
    rusvel("worker", "--until-idle")
    assert len(server.mails) == 1
    [held] = rusvel.json("queue", "list", "--box", "held")["items"]
    assert held["blocked"] == "the daily cap of 1 mails is reached"
    why = rusvel.call("gtm.outreach.explain", id=held["id"])
    assert why["next_time"] == "2026-11-24T23:00:00Z"
    return held


def objected(rusvel: Prompt, server: Inbox, held: Any, sequence: str) -> None:
    """Whoever objects gets nothing more: not the mail that waits, not another sequence."""
    person = held["contact_id"]
    rusvel.call("gtm.outreach.unsubscribe", contact_id=person)
    rusvel.day = 2
    rusvel("worker", "--until-idle")
    assert len(server.mails) == 1
    assert server.mails[0].rcpt_tos != [held["to"]]
    ways = rusvel.rows(f"SELECT status, reason FROM enrollment WHERE contact_id = '{person}'")
    assert ways == [("cancelled", "unsubscribed")]
    again = {"sequence_id": sequence, "contact_id": person}
    assert rusvel.refused("gtm.outreach.execute_sequence", **again)[0] in (4, 5)


def reported(rusvel: Prompt, first: str, second: str) -> None:
    """Who is in it, who is due, how it went, and what happened lately."""
    status = rusvel.json("gtm", "status")
    assert sum(status["enrollments"].values()) == 3
    assert status["sequences"] == {"Active": 2}
    listed = {
        one["name"]: one for one in rusvel.json("gtm", "list", "--kind", "sequences")["items"]
    }
    assert listed["Deal Nurture Campaign"]["active"] == 1
    results = rusvel.call("gtm.outreach.sequence_results", sequence_id=first)
    assert (results["enrolled"], results["sent"], results["unsubscribed"]) == (2, 1, 1)
    kinds = [event["kind"] for event in rusvel.json("gtm", "events", "-n", "200")["items"]]
    assert {"gtm.outreach.enrolled", "gtm.outreach.sent", "gtm.outreach.ended"} <= set(kinds)
    [waiting] = rusvel.call("gtm.outreach.list_enrollments", sequence_id=second)["items"]
    assert waiting["status"] == "Active"


def doctor(rusvel: Prompt) -> str:
    """What it says about a desk on which nothing is due."""
    code, out, _ = rusvel.run("doctor")
    assert code in (0, 1)
    return out

"""The main job as a new user does it: every command a process of its own, over a real SMTP server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.smtp_servers import Inbox, real_server
from tests.system.helpers import ended, python

STEPS = [
    {"delay_days": 0, "channel": "email", "template": "Hi {{first_name|there}}, do you still weave by hand?"},
    {"delay_days": 3, "channel": "email", "template": "Hi {{first_name|there}}, did you see my mail?"},
]  # fmt: skip
PEOPLE = "First Name,Last Name,Organization Name,Labels,E-mail 1 - Value\nAda,Lovelace,Looms,* myContacts,ada@example.com\n"


class Shell:
    """A person at a prompt."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self.db = folder / "d.db"
        self._environ = {"HOME": str(folder), "RUSVEL_UNDO_SECONDS": "0", **environ}

    def __call__(self, *words: str) -> str:
        """One command that works; its output."""
        code, out, err = ended(
            python("-m", "rusvel_tui", "--db", str(self.db), *words, **self._environ)
        )
        assert code == 0, err
        return out

    def json(self, *words: str) -> Any:
        return json.loads(self(*words, "--json"))


@pytest.fixture
def served() -> Iterator[tuple[Inbox, int]]:
    with real_server() as server:
        yield server


def _google(folder: Path) -> Path:
    file = folder / "google.csv"
    file.write_text(PEOPLE, encoding="utf-8")
    return file


def _enrol(rusvel: Shell, folder: Path) -> str:
    """From an empty folder to a person in an active sequence; the id of the first job."""
    rusvel("session", "create", "acme", "--currency", "EUR", "--timezone", "Europe/Berlin")
    rusvel("--session", "acme", "import", "contacts", str(_google(folder)))
    contact = rusvel.json("gtm", "list")["items"][0]["contact_id"]
    definition = json.dumps({"name": "Intro", "steps": STEPS})
    sequence = rusvel.json("call", "gtm.outreach.create_sequence", "--input", definition)[
        "sequence_id"
    ]
    rusvel("call", "gtm.outreach.activate_sequence", f"sequence_id={sequence}")
    words = [
        "call",
        "gtm.outreach.execute_sequence",
        f"sequence_id={sequence}",
        f"contact_id={contact}",
    ]
    return str(rusvel.json(*words)["job_id"])


def _send_first(rusvel: Shell, inbox: Inbox, job: str) -> Any:
    """The first mail: drafted, held, approved, delivered as it was approved."""
    rusvel("worker", "--until-idle")
    (draft,) = rusvel.json("queue", "list")["items"]
    wanted = {
        "id": job, "to": "ada@example.com", "from": "grace@acme.example", "subject": "Intro",
        "body": "Hi Ada, do you still weave by hand?", "step": 1, "steps": 2,
    }  # fmt: skip
    assert {name: draft[name] for name in wanted} == wanted
    rusvel("worker", "--until-idle")
    assert inbox.mails == [], "nothing leaves without a yes"
    rusvel("queue", "approve", job, "--digest", draft["digest"])
    rusvel("worker", "--until-idle")
    (mail,) = inbox.mails
    assert (mail.mail_from, mail.rcpt_tos) == ("grace@acme.example", ["ada@example.com"])
    message = _parsed(mail.content)
    body = message.get_content().strip().replace("\r\n", "\n")
    assert message["Subject"] == draft["subject"]
    assert body.startswith(draft["body"])
    assert "reply with" in body.removeprefix(draft["body"])  # the way out of it, below
    return message


def _due(rusvel: Shell) -> str:
    """When the second step is due: three days after the first mail left, and not before."""
    (enrolled,) = rusvel.json("gtm", "list", "--kind", "enrollments")["items"]
    (sent,) = rusvel.json("queue", "list", "--box", "sent")["items"]
    left, due = datetime.fromisoformat(sent["sent_at"]), datetime.fromisoformat(enrolled["next_at"])
    assert (enrolled["step"], due - left) == (2, timedelta(days=3))
    rusvel("worker", "--until-idle")
    assert rusvel.json("queue", "list")["items"] == []
    return str(enrolled["next_at"])


def test_import_sequence_draft_approve_send_next_step(
    tmp_path: Path, served: tuple[Inbox, int]
) -> None:
    """From the first contact to the last step, with nothing but the command line."""
    inbox, port = served
    rusvel = Shell(
        tmp_path, RUSVEL_SMTP_HOST="127.0.0.1", RUSVEL_SMTP_PORT=str(port), RUSVEL_SMTP_FROM="grace@acme.example"
    )  # fmt: skip
    message = _send_first(rusvel, inbox, _enrol(rusvel, tmp_path))
    then = ["--now", _due(rusvel)]
    rusvel(*then, "worker", "--until-idle")
    (second,) = rusvel.json("queue", "list")["items"]
    assert (second["step"], second["subject"]) == (2, "Re: Intro")
    rusvel(*then, "queue", "approve", second["id"], "--digest", second["digest"])
    rusvel(*then, "worker", "--until-idle")
    assert len(inbox.mails) == 2
    assert _parsed(inbox.mails[1].content)["In-Reply-To"] == message["Message-ID"]
    assert rusvel.json("gtm", "list", "--kind", "enrollments")["items"][0]["status"] == "Completed"
    kinds = [event["kind"] for event in rusvel.json("gtm", "events")["items"]]
    assert kinds[::-1] == [
        "gtm.contact.added", "gtm.contact.imported", "gtm.sequence.created", "gtm.sequence.updated",
        "gtm.outreach.enrolled",
        "gtm.outreach.drafted", "gtm.outreach.approved", "gtm.email.sent", "gtm.outreach.sent",
        "gtm.outreach.drafted", "gtm.outreach.approved", "gtm.email.sent", "gtm.outreach.sent",
        "gtm.outreach.ended",
    ]  # fmt: skip


def test_t_105_q_006_without_a_mail_server_nothing_says_sent(tmp_path: Path) -> None:
    """T-105: an approved mail waits with its reason, and leaves when there is a server."""
    rusvel = Shell(tmp_path, RUSVEL_SMTP_FROM="grace@acme.example")
    job = _enrol(rusvel, tmp_path)
    rusvel("worker", "--until-idle")
    rusvel("queue", "approve", job, "--digest", rusvel.json("queue", "show", job)["digest"])
    rusvel("worker", "--until-idle")
    (held,) = rusvel.json("queue", "list", "--box", "held")["items"]
    assert held["blocked"].startswith("no mailer is configured")
    assert "sent" not in {
        event["kind"].rpartition(".")[2] for event in rusvel.json("gtm", "events")["items"]
    }
    with real_server() as (inbox, port):
        ready = Shell(
            tmp_path, RUSVEL_SMTP_FROM="grace@acme.example", RUSVEL_SMTP_HOST="127.0.0.1", RUSVEL_SMTP_PORT=str(port)
        )  # fmt: skip
        ready("worker", "--until-idle")
        assert len(inbox.mails) == 1


def _parsed(raw: bytes | str | None) -> Any:
    assert isinstance(raw, bytes)
    return message_from_bytes(raw, policy=policy.default)

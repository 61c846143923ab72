"""`rusvel call gtm.outreach.run_due`, `explain` and the schedule, as a person types them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rusvel_tui.bootstrap import build
from rusvel_tui.settings import load
from tests.cli.conftest import STEPS, Cli


def enrolled(cli: Cli, **rules: str) -> tuple[str, str]:
    """Somebody whose first mail is due; the ids of the sequence and of the job."""
    contact = cli.call("gtm.crm.add_contact", name="Ada Lovelace", email="ada@example.com")
    made = cli.call("gtm.outreach.create_sequence", name="Intro", steps=STEPS)
    key = {"sequence_id": made["sequence_id"]}
    cli.call("gtm.outreach.activate_sequence", **key)
    if rules:
        cli("call", "gtm.outreach.set_schedule", f"sequence_id={key['sequence_id']}", *(f"{k}={v}" for k, v in rules.items()))  # fmt: skip
    started = cli.call("gtm.outreach.execute_sequence", contact_id=contact["contact_id"], **key)
    return key["sequence_id"], started["job_id"]


def test_c_030_c_123_a_tick_by_hand_answers_how_many(cli: Cli, outbox: Path) -> None:
    _, job = enrolled(cli)
    run = ("call", "gtm.outreach.run_due", "limit=50")
    assert cli.json(*run) == {"processed": 1}
    assert cli.json(*run) == {"processed": 0}
    digest = cli.json("queue", "list")["items"][0]["digest"]
    cli("queue", "approve", job, "--digest", digest)
    assert cli.json(*run) == {"processed": 0}
    cli.now = "2026-11-24T09:01:01Z"
    assert cli.json(*run) == {"processed": 1}
    assert len(list((outbox / "new").iterdir())) == 1


def test_a_schedule_is_typed_as_it_is_read(cli: Cli) -> None:
    sequence, job = enrolled(cli, windows="mon-fri 14:00-17:00", holidays="DE", jitter_minutes="0")
    shown = cli.json("call", "gtm.outreach.get_schedule", f"sequence_id={sequence}")
    assert (shown["windows"], shown["holidays"]) == ("mon-fri 14:00-17:00", "DE")
    why = cli.json("call", "gtm.outreach.explain", f"id={job}")
    assert why["headline"] == (
        "It is drafted Tue 24 Nov 14:00 Europe/Berlin; with your yes it may leave Tue 24 Nov 14:00 Europe/Berlin."
        " Before that: no mailer is configured: set RUSVEL_SMTP_HOST or RUSVEL_MAIL_FOLDER."
    )
    assert why["next_time"] == "2026-11-24T13:00:00Z"
    refused = cli(
        "call", "gtm.outreach.set_schedule", f"sequence_id={sequence}", "windows=mon 9-9", code=4
    )
    assert refused.err.startswith("The window 9-9 excludes every hour.")


def test_the_limits_are_settings(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUSVEL_NEW_PER_DAY", "3")
    monkeypatch.setenv("RUSVEL_RAMP", "10")
    engine = build(load(os.environ).settings, path=cli.db)
    try:
        assert (engine.policy.new_per_day, engine.policy.ramp) == (3, 10)
    finally:
        engine.close()
    monkeypatch.setenv("RUSVEL_RAMP", "0")
    assert "RUSVEL_RAMP" in cli("queue", "list", code=4).err

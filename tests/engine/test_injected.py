"""Clock, ids, model and mail come from outside: the whole of a story is the same every time it is told."""

from __future__ import annotations

import re
from pathlib import Path

from rusvel_tui.adapters.models.scripted import ScriptedModel
from rusvel_tui.engine.agent.chat.loop import Chat
from tests.factories import AGAIN, HELLO, Desk, NewDesk, query

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


def told(desk: Desk) -> list[str]:
    """Everything that happened and everything that left, with the ids numbered in the order in which they appear."""
    mail = desk.drafted(HELLO, AGAIN)
    desk.approve(mail)
    desk.work()
    desk.later(days=3)
    desk.work()
    listed = {"tool": "gtm.crm.list_contacts", "input": {}}
    desk.engine.chat_model = ScriptedModel([[listed], "You know {items.0.name}."])
    Chat(desk.engine, hear=lambda _: None).ask("gtm", "Whom do I know?")
    rows = query(desk, "SELECT at, kind, subject_id, actor, payload FROM event ORDER BY id")
    rows += query(
        desk,
        "SELECT m.sent_at, m.state, m.subject, m.body, j.run_at FROM mail m JOIN job j ON j.id = m.id ORDER BY m.id",
    )
    known: dict[str, str] = {}
    text = [
        UUID.sub(lambda one: known.setdefault(one[0], f"id {len(known)}"), str(row)) for row in rows
    ]
    return [*text, *(envelope.rcpt_to for envelope in desk.mailer.sent)]


def test_q_166_the_same_story_is_told_twice_the_same(tmp_path: Path, new_desk: NewDesk) -> None:
    """Q-166: from enrolling to a second draft and an answer of the assistant."""
    stories = []
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        with new_desk(folder) as desk:
            stories.append(told(desk))
    assert stories[0] == stories[1]
    assert len(stories[0]) > 10

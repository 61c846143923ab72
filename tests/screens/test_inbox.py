"""The approval inbox from the keyboard: read, approve, reject, edit, follow to sent."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from rusvel_tui.actions import available
from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box, MailState
from rusvel_tui.engine.ports import InDoubt
from rusvel_tui.engine.worker import Worker
from rusvel_tui.screens import Entry
from rusvel_tui.screens.inbox.page import InboxPage
from rusvel_tui.widgets.mail_view import MailView
from tests.factories import AGAIN, HELLO, Desk, box, enrollment
from tests.screens.pilots import HOSTILE, is_safe, screen_lines, settle, shows

INBOX = (Entry("inbox", "Inbox", "Inbox", "i", "rusvel_tui.screens.inbox.page:InboxPage"),)


def dashboard(engine: Engine, worker: Worker | None = None) -> RusvelApp:
    return RusvelApp(engine, worker, pages=INBOX, creators=())


def page(app: RusvelApp) -> InboxPage:
    return app.query_one(InboxPage)


async def loaded(pilot: Pilot[Any], app: RusvelApp) -> None:
    await settle(pilot, lambda: page(app).mail is not None)


async def test_a_draft_appears_by_itself_and_is_shown_whole(desk: Desk) -> None:
    """To, From, subject, body and step stand on the screen without a key press."""
    app = dashboard(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing waits for you."))
        mail = desk.drafted(HELLO, AGAIN, contact=desk.contact("Anna Smith", "anna@x.example"))
        await settle(pilot, lambda: shows(app, "Anna Smith <anna@x.example>"))
        for text in (
            "Ada <ada@acme.example>",
            mail.subject,
            "looms",
            "step 1 of 2",
            "waits for your yes",
        ):
            assert shows(app, text), text


async def test_a_key_approves_what_is_shown_and_the_worker_sends_it(desk: Desk) -> None:
    """`a`, then the box `sent`; the digest is that of the text on the screen."""
    mail = desk.drafted()
    app = dashboard(desk.engine, Worker(desk.engine))
    async with app.run_test(size=(120, 36)) as pilot:
        await loaded(pilot, app)
        await pilot.press("a")
        await settle(pilot, lambda: desk.mail(mail.id).state is MailState.SENT)
        await pilot.press("7")
        await settle(pilot, lambda: shows(app, "sent Tue 24 Nov"))
    assert len(desk.mailer.sent) == 1
    assert desk.mail(mail.id).approved_by == "user"


async def test_the_cursor_moves_on_after_a_verdict(desk: Desk) -> None:
    """Two drafts, two times `a`: both are approved, neither twice."""
    sequence = desk.sequence()
    for _ in range(2):
        desk.enrol(sequence, desk.contact())
    desk.work()
    app = dashboard(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await loaded(pilot, app)
        await pilot.press("a")
        await settle(pilot, lambda: len(box(desk, Box.QUEUED)) == 1)
        await settle(pilot, lambda: page(app).mails.rows.total == 1)
        await pilot.press("a")
        await settle(pilot, lambda: len(box(desk, Box.QUEUED)) == 2)
        await settle(pilot, lambda: shows(app, "Nothing waits for you."))


async def test_a_text_that_changed_meanwhile_is_not_approved(desk: Desk) -> None:
    """Somebody edits the draft after it was read: the yes is refused and the new text is shown."""
    mail = desk.drafted()
    app = dashboard(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await loaded(pilot, app)
        shown = page(app).mail
        desk.call(
            "gtm.approvals.edit", id=mail.id, body="Hi Grace, quite another text about looms."
        )
        assert page(app).mail is shown
        await pilot.press("a")
        await settle(pilot, lambda: shows(app, "another text"))
        assert desk.mail(mail.id).state is MailState.HELD


async def test_a_rejection_asks_what_it_means_and_why(desk: Desk) -> None:
    """`r 3` with a reason ends the enrollment; `z` brings both back."""
    mail = desk.drafted()
    app = dashboard(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await loaded(pilot, app)
        await pilot.press("r")
        await settle(pilot, lambda: shows(app, "stop this person"))
        await pilot.press("3")
        await settle(pilot, lambda: isinstance(app.focused, Input))
        await pilot.press(*"rude", "enter")
        await settle(pilot, lambda: desk.mail(mail.id).state is MailState.CANCELLED)
        assert enrollment(desk, mail.contact_id).reason == "rejected"
        assert desk.mail(mail.id).error == "rude"
        await pilot.press("z")
        await settle(pilot, lambda: desk.mail(mail.id).state is MailState.HELD)
    assert enrollment(desk, mail.contact_id).status == "Active"


async def test_escape_takes_a_begun_rejection_back(desk: Desk) -> None:
    """Esc at the choice and Esc at the reason leave the draft as it was."""
    mail = desk.drafted()
    app = dashboard(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await loaded(pilot, app)
        await pilot.press("r", "escape")
        await pilot.press("r", "1")
        await settle(pilot, lambda: isinstance(app.focused, Input))
        await pilot.press("escape")
        await settle(pilot, lambda: not isinstance(app.focused, Input))
    assert desk.mail(mail.id).state is MailState.HELD


async def test_editing_in_place_makes_a_new_digest(desk: Desk) -> None:
    """`e` opens the draft in its place, Esc stores it, and the mail view shows the new words."""
    mail = desk.drafted()
    app = dashboard(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await loaded(pilot, app)
        await pilot.press("e")
        await settle(pilot, lambda: app.screen.query(TextArea))
        app.screen.query_one(TextArea).text = "Hi Grace, these are my own words on looms."
        await pilot.press("escape")
        await settle(pilot, lambda: shows(app, "my own words"))
    after = desk.mail(mail.id)
    assert (after.edited, after.digest == mail.digest) == (True, False)


async def test_a_draft_that_lacks_data_says_so_and_cannot_be_approved(desk: Desk) -> None:
    """The box `needs data` names the field; `a` is refused with the reason."""
    contact = desk.contact("", "nobody@example.com", company="Loom Ltd")
    desk.drafted(
        {"delay_days": 0, "channel": "email", "template": "Dear {{title}}, a word."},
        contact=contact,
    )
    app = dashboard(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("2")
        await loaded(pilot, app)
        assert shows(app, "cannot leave like this")
        assert not any(offer.action.id == "inbox.approve" for offer in available(app.screen))
        await pilot.press("a")
        await settle(pilot, lambda: shows(app, "title has no value"))
    assert box(desk, Box.QUEUED) == []


async def test_a_mail_in_doubt_waits_for_a_word(desk: Desk) -> None:
    """Box 6 shows it; `M` marks it sent and plans the next step."""
    mail = desk.drafted(HELLO, AGAIN)
    desk.mailer.script.append(InDoubt("no answer after the dot"))
    desk.approve(mail)
    desk.work()
    app = dashboard(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("6")
        await settle(pilot, lambda: shows(app, "no answer after the dot"))
        await pilot.press("M")
        await settle(pilot, lambda: desk.mail(mail.id).state is MailState.SENT)
    assert enrollment(desk, mail.contact_id).step == 2


async def test_why_explains_what_holds_a_mail(desk: Desk) -> None:
    """Without a mailer an approved mail is held, and `w` says what to set."""
    mail = desk.drafted()
    desk.engine.mailer = None
    desk.set_policy(mailer="")
    desk.approve(mail)
    desk.work()
    app = dashboard(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("5")
        await settle(pilot, lambda: shows(app, "held: it does not go on now"))
        await pilot.press("w")
        await settle(pilot, lambda: shows(app, "What it must pass"))
        assert any("RUSVEL_SMTP_HOST" in line for line in screen_lines(app))


async def test_all_clean_drafts_are_approved_after_a_question(desk: Desk) -> None:
    """`A` names the number; `n` changes nothing, `y` approves them all."""
    sequence = desk.sequence()
    for _ in range(3):
        desk.enrol(sequence, desk.contact())
    desk.work()
    app = dashboard(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await loaded(pilot, app)
        await pilot.press("A")
        await settle(pilot, lambda: shows(app, "Approve 3 mails?"))
        await pilot.press("n")
        await settle(pilot, lambda: not shows(app, "Approve 3 mails?"))
        assert box(desk, Box.QUEUED) == []
        await pilot.press("A")
        await settle(pilot, lambda: shows(app, "Approve 3 mails?"))
        await pilot.press("y")
        await settle(pilot, lambda: len(box(desk, Box.QUEUED)) == 3)


OTHER_PROCESS = """
import sys
from pathlib import Path
from rusvel_tui.adapters.clock import SystemClock
from rusvel_tui.engine.core import Engine
engine = Engine(Path(sys.argv[1]), clock=SystemClock())
engine.call("gtm.approvals.edit", {"id": sys.argv[2], "body": "Hi, words from another process on looms."})
"""


async def test_the_screen_follows_another_process(desk: Desk) -> None:
    """A second process edits the draft; this screen shows it by itself."""
    mail = desk.drafted()
    app = dashboard(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await loaded(pilot, app)
        other = [sys.executable, "-c", OTHER_PROCESS, str(desk.engine.path), mail.id]
        await asyncio.to_thread(subprocess.run, other, check=True)
        await settle(pilot, lambda: shows(app, "words from another process"))


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.strip()][:12])
async def test_hostile_names_are_only_text(desk: Desk, text: str) -> None:
    """No link, no control character and no crash, in the list and in the mail."""
    desk.drafted(contact=desk.contact(text, "x@evil.example", company="X"))
    app = dashboard(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: bool(box(desk)))
        await pilot.press("2", "1")
        await settle(
            pilot,
            lambda: (
                any("looms" in line or "{{" in line for line in screen_lines(app))
                or page(app).mail is None
            ),
        )
        assert is_safe(app)


def test_snapshot_inbox_wide(desk: Desk, snap: Callable[..., bool]) -> None:
    """List and mail side by side, the boxes with their counts above."""
    fill(desk)
    assert snap(dashboard(desk.engine), run_before=shown, terminal_size=(120, 36))


def test_snapshot_inbox_narrow(desk: Desk, snap: Callable[..., bool]) -> None:
    """On 80 cells the mail stands under the list."""
    fill(desk)
    assert snap(dashboard(desk.engine), run_before=shown, terminal_size=(80, 24))


def test_snapshot_inbox_empty(desk: Desk, snap: Callable[..., bool]) -> None:
    """An empty inbox says what to do next."""

    async def empty(pilot: Pilot[Any]) -> None:
        await settle(pilot, lambda: shows(pilot.app, "Nothing waits for you."))

    assert snap(dashboard(desk.engine), run_before=empty, terminal_size=(80, 24))


def fill(desk: Desk) -> None:
    """Some drafts, one of them without what its template needs."""
    sequence = desk.sequence(
        HELLO | {"body": f"{HELLO['body']}" + "\n\n" + "It would take ten minutes. " * 6}, AGAIN
    )
    for name in ("Anna Smith", "Björn Łąkowiec", "王小明", "[@click=app.exit]x[/]"):
        desk.enrol(sequence, desk.contact(name))
    desk.work()


async def shown(pilot: Pilot[Any]) -> None:
    await settle(pilot, lambda: shows(pilot.app, "ten minutes"))
    await settle(pilot, lambda: shows(pilot.app, "4 to approve") or shows(pilot.app, "4 wait"))
    assert pilot.app.query_one(MailView)

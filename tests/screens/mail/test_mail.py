"""The mail page from the keyboard: read what came in, answer in the same thread, do what is proposed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rusvel_tui.app import RusvelApp
from rusvel_tui.screens import PAGES
from rusvel_tui.screens.inbox.page import InboxPage
from rusvel_tui.screens.mail.page import MailPage
from tests.engine.mail.letters import arrives, raw, sent
from tests.factories import HELLO, Desk, enrollment
from tests.screens.desks import STORABLE, fill, form, operations, said
from tests.screens.pilots import is_safe, settle, shows

SIZE = (120, 36)


def program(desk: Desk, first: str = "mail") -> RusvelApp:
    known = ("mail", "inbox", "contacts", "today")
    pages = sorted((page for page in PAGES if page.id in known), key=lambda page: page.id != first)
    return RusvelApp(desk.engine, pages=pages, creators=())


def story(desk: Desk) -> Any:
    """An answer in a thread, and somebody who is away; the mail that was answered."""
    mail = sent(desk, first_name="Grace", email="grace@navy.example")
    arrives(
        desk,
        raw("Yes, tell me more.\n\n> Hi Grace", sender="Grace <grace@navy.example>", In_Reply_To=mail.message_id),
    )  # fmt: skip
    second = desk.sequence(HELLO, name="Second")
    ada = desk.contact(first_name="Ada", email="ada@loom.example")
    key = desk.enrol(second, ada).job_id
    desk.work()
    desk.approve(desk.mail(key))
    desk.work()
    other = desk.mail(key)
    away = "I am out of the office and will return on 7 December 2026."
    arrives(desk, raw(away, sender="Ada <ada@loom.example>", message_id="<2@x>", In_Reply_To=other.message_id, Auto_Submitted="auto-replied"))  # fmt: skip
    return mail


async def test_an_empty_page_says_how_mail_comes_in(desk: Desk) -> None:
    app = program(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "No message needs you."))
        assert shows(app, "RUSVEL_IMAP_HOST")
        await pilot.press("b", "r", "Y", "d")
        assert is_safe(app)


async def test_q_047_an_answer_is_read_and_answered_in_the_same_thread(desk: Desk) -> None:
    """From today to the draft that waits for a yes."""
    mail = story(desk)
    app = program(desk, "today")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "↩ replied"))
        await pilot.press("enter")
        await settle(pilot, lambda: app.query(MailPage) and shows(app, "Yes, tell me more."))
        assert shows(app, "their sequence ended")
        assert shows(app, "it answers a mail")
        await pilot.press("r")
        fill(await form(pilot), body="Gladly. Tuesday at nine?")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: app.query(InboxPage) and shows(app, "Gladly. Tuesday at nine?"))
    [draft] = [one for one in desk.call("gtm.approvals.list").items if one.source == "answer"]
    detail = desk.mail(draft.id)
    assert detail.to == "grace@navy.example"
    assert "> Yes, tell me more." in detail.body
    desk.approve(detail)
    desk.work()
    letter = desk.mailer.sent[-1].raw.decode()
    assert "In-Reply-To: <answer-1@example.com>" in letter
    assert mail.message_id in letter
    assert desk.call("gtm.mail.list", open_only=True).items[0].kind == "auto_reply"


async def test_what_is_proposed_is_done_with_one_key(desk: Desk) -> None:
    story(desk)
    app = program(desk)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "2 messages need you"))
        await settle(pilot, lambda: shows(app, "→ Wait until 2026-12-07"))
        await pilot.press("Y")
        await settle(pilot, lambda: "Done: Wait until 2026-12-07. z to undo." in said(app))
        await settle(pilot, lambda: shows(app, "1 message needs you"))


async def test_a_message_is_dealt_with_and_comes_back(desk: Desk) -> None:
    story(desk)
    app = program(desk)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "2 messages need you"))
        await pilot.press("d")
        await settle(pilot, lambda: shows(app, "1 message needs you"))
        await pilot.press("b")
        await settle(pilot, lambda: shows(app, "2 messages that came in"))
        await pilot.press("up", "d")
        await settle(pilot, lambda: "It needs you again." in said(app))


async def test_whose_answer_it_is_can_be_said(desk: Desk) -> None:
    mail = sent(desk, first_name="Grace", email="grace@navy.example")
    arrives(
        desk,
        raw("Grace is on leave, but yes.", sender="Jo <jo@elsewhere.example>", subject="Looms"),
    )
    app = program(desk)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "No message needs you."))
        await pilot.press("b")
        await settle(pilot, lambda: shows(app, "? message"))
        await pilot.press("a")
        await settle(pilot, lambda: shows(app, "Whose answer is it?"))
        await settle(pilot, lambda: shows(app, "grace@navy.example"))
        await pilot.press("enter")
        await settle(pilot, lambda: shows(app, "a question"))
        await pilot.press("p")
        await settle(pilot, lambda: shows(app, "you said so"))
    assert enrollment(desk, mail.contact_id).reason == "replied"


@pytest.mark.parametrize("text", STORABLE[:4])
async def test_hostile_messages_are_text(desk: Desk, text: str) -> None:
    arrives(desk, raw(f"{text} [@click=app.quit]x[/]", sender="Jo <jo@elsewhere.example>"))
    app = program(desk)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "No message needs you."))
        await pilot.press("b")
        await settle(pilot, lambda: shows(app, "What they wrote"))
        assert is_safe(app)


async def test_a_move_reads_one_message(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    story(desk)
    app = program(desk)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "out of the office") and shows(app, "no worker"))
        with operations(desk.engine, monkeypatch) as ran:
            await pilot.press("j")
            await settle(pilot, lambda: shows(app, "Yes, tell me more."))
        assert ran == ["gtm.mail.show"]


def test_snapshot_mail(desk: Desk, snap: Callable[..., bool]) -> None:
    """What it is has a sign and a word; what can be done stands above their words."""
    story(desk)

    async def look(pilot: Any) -> None:
        await settle(
            pilot, lambda: shows(pilot.app, "2 messages") and shows(pilot.app, "no worker")
        )
        await settle(pilot, lambda: shows(pilot.app, "Back on"))

    assert snap(program(desk), run_before=look, terminal_size=SIZE)

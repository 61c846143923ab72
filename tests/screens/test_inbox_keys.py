"""The keys of the inbox beyond yes and no: other words, other times, closer looks, many at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from rusvel_tui.actions import available
from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box, MailState
from rusvel_tui.engine.ports import Draft
from rusvel_tui.engine.worker import Worker
from rusvel_tui.screens import Creator, Entry
from rusvel_tui.screens.inbox import outside
from rusvel_tui.screens.inbox.page import ACTS_IN, InboxPage
from rusvel_tui.widgets.letter_editor import LetterEditor
from rusvel_tui.widgets.mail_view import MailView
from tests.factories import Desk, box, enrollment, events, statements
from tests.screens.pilots import settle, shows

PAGES = (Entry("inbox", "Inbox", "Inbox", "i", "rusvel_tui.screens.inbox.page:InboxPage"),)
MAIL = Creator("mail", "Mail", "m", "rusvel_tui.screens.inbox.composing:new_mail")
OWN = {"subject": "Offer 7", "body": "Dear Ada, here is the offer you asked for, as promised."}


def fill(desk: Desk, count: int) -> None:
    """So many drafts."""
    sequence = desk.sequence()
    for number in range(count):
        desk.enrol(sequence, desk.contact(f"Person {number:02}"))
    desk.work()


@asynccontextmanager
async def inbox(
    desk: Desk, *, work: bool = False, size: tuple[int, int] = (120, 36)
) -> AsyncIterator[tuple[Pilot[Any], InboxPage]]:
    """The inbox with its first mail shown."""
    worker = Worker(desk.engine) if work else None
    app = RusvelApp(desk.engine, worker, pages=PAGES, creators=(MAIL,))
    async with app.run_test(size=size) as pilot:
        await settle(pilot, lambda: app.query_one(InboxPage).shown is not None)
        yield pilot, app.query_one(InboxPage)


def offered(page: InboxPage) -> set[str]:
    """The ids of what can be done in the open box."""
    return {offer.action.id for offer in available(page.screen)}


async def test_thirty_drafts_are_approved_without_waiting(desk: Desk) -> None:
    """Thirty times `a`, as fast as keys come: each yes is to the text that stood there, and none is lost."""
    fill(desk, 30)
    async with inbox(desk) as (pilot, page):
        await settle(pilot, lambda: page.mails.count == 30)
        await pilot.press(*["a"] * 30)
        await settle(pilot, lambda: len(box(desk, Box.QUEUED)) == 30)
        assert not [note for note in page.app._notifications if note.severity == "error"]
        await settle(pilot, lambda: shows(page.app, "Nothing waits for you."))


async def test_no_draft_is_passed_over_while_the_list_follows(desk: Desk) -> None:
    """Verdicts in step with the list: the mail that is shown is always the next one."""
    fill(desk, 6)
    async with inbox(desk) as (pilot, page):
        for number in range(6):
            assert page.shown is not None
            assert page.shown.contact == f"Person {number:02}"
            await pilot.press("a")
            await settle(pilot, partial(_has, page, 5 - number))


def _has(page: InboxPage, count: int) -> bool:
    return page.mails.count == count


async def test_a_verdict_that_is_refused_leaves_the_mail_where_it_was(desk: Desk) -> None:
    fill(desk, 2)
    async with inbox(desk) as (pilot, page):
        first = page.shown
        assert first is not None
        desk.call("gtm.approvals.edit", id=first.id, body="Hi, other words about the looms.")
        page.shown = first
        page.action_approve()
        await settle(
            pilot, lambda: any("not the one" in n.message for n in page.app._notifications)
        )
        await settle(pilot, lambda: page.shown is not None and page.shown.id == first.id)
        assert not page.is_decided(first)
        assert len(box(desk)) == 2


async def test_the_next_draft_is_on_the_screen_before_the_verdict_is_stored(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The letter comes from what was read ahead: nothing is asked of the database in between."""
    fill(desk, 3)
    async with inbox(desk) as (pilot, page):
        first = page.shown
        assert first is not None
        following = page.mails.row_of(1)
        assert following is not None
        await settle(pilot, lambda: page.ahead.of(following) is not None)
        stored: list[Any] = []
        monkeypatch.setattr(page, "run", lambda *order: stored.append(order))
        with statements(desk) as said:
            await pilot.press("a")
            assert shows(page.app, "To        Person 01")
            assert shows(page.app, "Slot")
        asked = [sql for sql in said if "draft_version" in sql]
        assert len(stored) == 1
        assert len(asked) <= 1, "only the third mail is read ahead"


@pytest.mark.parametrize("count", [3, 30])
async def test_a_verdict_costs_the_same_however_many_wait(desk: Desk, count: int) -> None:
    fill(desk, count)
    async with inbox(desk) as (pilot, page):
        await settle(pilot, lambda: all(page.ahead.of(mail) for mail in page._near()))
        with statements(desk) as said:
            await pilot.press("a")
            await settle(pilot, lambda: len(box(desk, Box.QUEUED)) == 1)
            await settle(pilot, lambda: page.mails.count == count - 1)
        assert len([sql for sql in said if sql.startswith("UPDATE")]) <= 4
        assert len([sql for sql in said if "approval_rule" in sql]) <= 1


def unfinished(desk: Desk, mail_id: str) -> Any:
    """What was typed into a draft and not finished."""
    return desk.call("gtm.approvals.unfinished", id=mail_id).typed


async def test_typing_is_kept_as_it_grows_and_a_killed_editor_loses_nothing(desk: Desk) -> None:
    mail = desk.drafted()
    async with inbox(desk) as (pilot, page):
        await pilot.press("e", *"Dear ")
        await settle(pilot, lambda: page.query_one(TextArea).text.startswith("Dear Hi"))
        await settle(pilot, lambda: unfinished(desk, mail.id) is not None)
    assert desk.mail(mail.id).body == mail.body
    async with inbox(desk) as (pilot, page):
        await settle(pilot, lambda: shows(page.app, "an edit of it is not finished"))
        await pilot.press("e")
        await settle(pilot, lambda: page.query_one(TextArea).text.startswith("Dear Hi"))
        await pilot.press("escape")
        await settle(pilot, lambda: desk.mail(mail.id).body.startswith("Dear Hi"))
        await settle(pilot, lambda: not page.query(LetterEditor))
        assert page.query_one(MailView).display
        assert unfinished(desk, mail.id) is None
        await pilot.press("z")
        await settle(pilot, lambda: desk.mail(mail.id).body == mail.body)


async def test_while_a_text_is_edited_no_letter_is_a_command(desk: Desk) -> None:
    mail = desk.drafted()
    async with inbox(desk) as (pilot, page):
        await pilot.press("e", "a", "r", "A", "3")
        await settle(pilot, lambda: page.query_one(TextArea).text.startswith("arA3"))
        assert not offered(page) & {"inbox.approve", "inbox.reject"}
        await pilot.press("shift+tab")
        await settle(pilot, lambda: isinstance(page.app.focused, Input))
    assert desk.mail(mail.id).state is MailState.HELD


async def test_an_edit_that_came_too_late_is_not_lost(desk: Desk) -> None:
    """Somebody else edits the draft meanwhile: the conflict is said, and what was typed stays at hand."""
    mail = desk.drafted()
    async with inbox(desk) as (pilot, page):
        await pilot.press("e", *"Oh ")
        await settle(pilot, lambda: page.query_one(TextArea).text.startswith("Oh Hi"))
        desk.call("gtm.approvals.edit", id=mail.id, subject="Theirs")
        await pilot.press("escape")
        await settle(pilot, lambda: shows(page.app, "Leave without it?"))
        await pilot.press("n")
        await settle(pilot, lambda: not shows(page.app, "Leave without it?"))
        assert page.query_one(TextArea).text.startswith("Oh Hi")
        await pilot.press("escape")
        await settle(pilot, lambda: shows(page.app, "Leave without it?"))
        await pilot.press("y")
        await settle(pilot, lambda: not page.query(LetterEditor))
    typed = desk.call("gtm.approvals.unfinished", id=mail.id).typed
    assert typed.body.startswith("Oh Hi")
    assert desk.mail(mail.id).subject == "Theirs"


async def test_an_editor_of_ones_own(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What it wrote is the draft's; a failing one changes nothing, and what it wrote is kept and offered."""
    mail = desk.drafted()
    monkeypatch.setattr(outside, "folder", lambda: tmp_path)
    wrote = ["New subject\n\nNew text by a hand, long enough for a mail.\n"]

    def edit(app: Any, mail_id: str, text: str) -> str | None:
        outside.file_of(mail_id).write_text(wrote[0])
        return wrote[0]

    monkeypatch.setattr(outside, "edit_outside", edit)
    async with inbox(desk) as (pilot, page):
        desk.call("gtm.approvals.edit", id=mail.id, subject="Theirs")
        page.shown = page.mails.rows.get(0)
        await pilot.press("E")
        await settle(
            pilot, lambda: shows(page.app, "changed") or desk.mail(mail.id).subject == "New subject"
        )
        await settle(
            pilot,
            lambda: (
                desk.mail(mail.id).subject == "New subject"
                or outside.left_behind(mail.id) == wrote[0]
            ),
        )


def test_the_file_of_an_editor_stays_until_its_text_is_stored(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Exit code and change are looked at; only `forget` takes the file away."""

    class Still:
        def __init__(self) -> None:
            self.said: list[str] = []

        @asynccontextmanager
        async def _never(self) -> AsyncIterator[None]:
            yield

        def suspend(self) -> Any:
            from contextlib import nullcontext

            return nullcontext()

        def notify(self, text: str, **_: Any) -> None:
            self.said.append(text)

    app: Any = Still()
    monkeypatch.setattr(outside, "folder", lambda: tmp_path)
    monkeypatch.setattr(outside, "shut_to_guest", lambda _: False)
    for command, answer, kept in (
        ("sh -c 'echo more >> \"$0\"'", "text\nmore\n", "text\nmore\n"),
        ("true", None, ""),
        ("sh -c 'echo half >> \"$0\"; exit 3'", None, "text\nhalf\n"),
        ("sh -c ': > \"$0\"'", None, ""),
        ("no-such-editor", None, ""),
    ):
        monkeypatch.setenv("VISUAL", command)
        outside.forget("m1")
        assert outside.edit_outside(app, "m1", "text\n") == answer, command
        assert outside.left_behind("m1") == kept, command
    assert any("kept in" in text for text in app.said)
    assert not any(
        (tmp_path / "m1.txt").stat().st_mode & 0o077 for _ in (0,) if (tmp_path / "m1.txt").exists()
    )


async def test_texts_are_walked_and_compared(desk: Desk) -> None:
    mail = desk.drafted()
    desk.call("gtm.approvals.edit", id=mail.id, body="Hi Grace, other words about looms, by hand.")
    async with inbox(desk) as (pilot, page):
        await pilot.press("d")
        await settle(pilot, lambda: shows(page.app, "{+other words"))
        await pilot.press("escape", "left_square_bracket")
        await settle(pilot, lambda: desk.mail(mail.id).body == mail.body)
        await settle(pilot, lambda: shows(page.app, "text 1 of 2"))
        await pilot.press("right_square_bracket")
        await settle(pilot, lambda: "by hand" in desk.mail(mail.id).body)
        await pilot.press("right_square_bracket")
        await settle(
            pilot, lambda: any("newest of 2" in n.message for n in page.app._notifications)
        )


async def test_a_wish_reaches_the_drafter_and_the_old_text_stays(desk: Desk) -> None:
    mail = desk.drafted()
    desk.drafter.script.append(Draft("Short", "Hi Grace, a short word about your looms.", "model"))
    async with inbox(desk, work=True) as (pilot, page):
        await pilot.press("i")
        await settle(pilot, lambda: isinstance(page.app.focused, Input))
        await pilot.press(*"shorter", "enter")
        await settle(pilot, lambda: desk.mail(mail.id).subject == "Short")
        await settle(pilot, lambda: shows(page.app, "text 2 of 2"))
    assert desk.drafter.briefs[-1].wish == "shorter"


async def test_snoozed_is_held_and_comes_back(desk: Desk) -> None:
    mail = desk.drafted()
    async with inbox(desk) as (pilot, page):
        await pilot.press("s")
        await settle(pilot, lambda: shows(page.app, "tomorrow"))
        await pilot.press("2")
        await settle(pilot, lambda: box(desk) == [])
        await pilot.press("5")
        await settle(pilot, lambda: shows(page.app, "snoozed until"))
        assert "inbox.unapprove" in offered(page)
        await pilot.press("u")
        await settle(pilot, lambda: [one.id for one in box(desk)] == [mail.id])
        await pilot.press("z")
        await settle(pilot, lambda: box(desk) == [])
    desk.later(days=2)
    assert [one.id for one in box(desk)] == [mail.id]


async def test_the_time_is_chosen_before_and_after_the_yes(desk: Desk) -> None:
    mail = desk.drafted()
    async with inbox(desk) as (pilot, page):
        for _ in range(2):
            await pilot.press("S")
            await settle(pilot, lambda: isinstance(page.app.focused, Input))
            await pilot.press(*"friday", "enter")
            await settle(pilot, lambda: desk.mail(mail.id).not_before is not None)
            assert f"{desk.mail(mail.id).not_before:%a %H:%M}" == "Fri 09:00"
            await pilot.press("z")
            await settle(pilot, lambda: desk.mail(mail.id).not_before is None)
            if desk.mail(mail.id).state is MailState.HELD:
                await settle(pilot, lambda: page.shown is not None)
                await pilot.press("a")
                await settle(pilot, lambda: desk.mail(mail.id).state is MailState.APPROVED)
                await pilot.press("4")
                await settle(pilot, lambda: page.shown is not None and page.shown.id == mail.id)
        assert desk.mail(mail.id).state is MailState.APPROVED


async def test_why_raw_and_a_test_to_oneself(desk: Desk) -> None:
    mail = desk.drafted()
    async with inbox(desk, work=True) as (pilot, page):
        await pilot.press("w")
        await settle(pilot, lambda: shows(page.app, "Why this person"))
        await pilot.press("escape", "P")
        await settle(pilot, lambda: shows(page.app, "Message-ID: <"))
        await pilot.press("escape", "t")
        await settle(pilot, lambda: len(desk.mailer.sent) == 1)
    [test] = desk.mailer.sent
    assert test.rcpt_to == "ada@acme.example"
    assert b"Subject: [test]" in test.raw
    assert desk.mail(mail.id).state is MailState.HELD


async def test_a_rejection_is_repeated_and_the_company_stopped(desk: Desk) -> None:
    sequence = desk.sequence()
    for _ in range(3):
        desk.enrol(sequence, desk.contact(company="Navy"))
    other = desk.contact("Zoe", company="Army")
    desk.enrol(sequence, other)
    desk.work()
    async with inbox(desk) as (pilot, page):
        await pilot.press("r")
        await settle(pilot, lambda: shows(page.app, "stop the company"))
        await pilot.press("4")
        await settle(pilot, lambda: isinstance(page.app.focused, Input))
        await pilot.press(*"no market", "enter")
        await settle(pilot, lambda: len(box(desk)) == 1)
        await settle(pilot, lambda: page.shown is not None and page.shown.contact == "Zoe")
        await pilot.press("R")
        await settle(pilot, lambda: box(desk) == [])
    assert enrollment(desk, other.contact_id).status == "Cancelled"
    reasons = {one.payload["reason"] for one in events(desk, "gtm.outreach.rejected")}
    assert reasons == {"no market"}


async def test_marked_drafts_are_approved_and_errors_left_out(desk: Desk) -> None:
    fill(desk, 3)
    step = {"channel": "email", "subject": "Hi", "body": "Dear {{title}}, a word."}
    bad = desk.enrol(desk.sequence(step, name="Bad"), desk.contact())
    desk.work()
    assert desk.mail(bad.job_id).problems
    async with inbox(desk) as (pilot, page):
        await pilot.press("x", "x", "A")
        await settle(pilot, lambda: shows(page.app, "Approve 2 mails?"))
        await pilot.press("n", "escape", "A")
        await settle(pilot, lambda: shows(page.app, "Approve 3 mails?"))
        assert shows(page.app, "Left out: 1 with errors.")
        await pilot.press("y")
        await settle(pilot, lambda: len(box(desk, Box.QUEUED)) == 3)
        await pilot.press("z")
        await settle(pilot, lambda: box(desk, Box.QUEUED) == [])


async def test_a_filter_narrows_the_box_and_escape_shows_all(desk: Desk) -> None:
    fill(desk, 2)
    desk.call("gtm.approvals.propose", to="ada@example.com", **OWN)
    async with inbox(desk) as (pilot, page):
        await settle(pilot, lambda: page.mails.count == 3)
        await pilot.press("f", *"source:manual", "enter")
        await settle(pilot, lambda: page.mails.count == 1)
        assert shows(page.app, "Offer 7")
        await settle(pilot, lambda: shows(page.app, "own mail"))
        await pilot.press("escape")
        await settle(pilot, lambda: page.mails.count == 3)


async def test_a_mail_of_ones_own_goes_through_the_inbox(desk: Desk) -> None:
    """`c m`: to the person under the cursor; it waits, and leaves after the yes."""
    fill(desk, 1)
    async with inbox(desk, work=True) as (pilot, page):
        await pilot.press("c", "m")
        await settle(pilot, lambda: shows(page.app, "Mail to Person 00"))
        fields = page.app.screen.query(Input)
        fields[1].value = "A word"
        page.app.screen.query_one(TextArea).text = OWN["body"].replace("Ada", "Person")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: page.shown is not None and page.shown.subject == "A word")
        await pilot.press("a")
        await settle(
            pilot, lambda: [sent.rcpt_to for sent in desk.mailer.sent] == ["grace1@example.com"]
        )


@pytest.mark.parametrize("place", list(Box))
async def test_only_keys_that_can_act_are_offered(desk: Desk, place: Box) -> None:
    fill(desk, 1)
    async with inbox(desk) as (pilot, page):
        page.open_box(place)
        await pilot.pause()
        names = offered(page)
        for action in page.offered():
            verb = action.do.partition("(")[0]
            if verb in ACTS_IN:
                assert (action.id in names) == (place in ACTS_IN[verb]), (action.id, place)
        assert {"inbox.why", "inbox.raw", "inbox.box_1"} <= names


def test_snapshot_inbox_editing(desk: Desk, snap: Callable[..., bool]) -> None:
    """The text in its place, with how to leave it."""
    fill(desk, 4)

    async def edit(pilot: Pilot[Any]) -> None:
        await settle(pilot, lambda: shows(pilot.app, "looms"))
        await pilot.press("e")
        await settle(pilot, lambda: shows(pilot.app, "esc saves and leaves"))
        await settle(pilot, lambda: shows(pilot.app, "4 to approve"))

    app = RusvelApp(desk.engine, None, pages=PAGES, creators=(MAIL,))
    assert snap(app, run_before=edit, terminal_size=(120, 36))

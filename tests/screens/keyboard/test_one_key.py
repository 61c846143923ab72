"""One key for much: `.` repeats, `y` copies, `;` jumps; and what the mouse does instead of keys."""

from __future__ import annotations

import base64
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.command import DiscoveryHit
from textual.pilot import Pilot

from rusvel_tui.actions import available
from rusvel_tui.app import RusvelApp
from rusvel_tui.every_key import every_action
from rusvel_tui.palette import Actions
from rusvel_tui.screens.shared.dialogs import Confirm
from rusvel_tui.screens.shared.key_help import KeyHelp, KeyLines
from rusvel_tui.screens.today.task_card import TaskCard
from rusvel_tui.widgets.clipboard import clipboard_sequence
from rusvel_tui.widgets.footer import Footer
from rusvel_tui.widgets.header import Header
from rusvel_tui.widgets.jumping import LETTERS, JumpScreen, labels_for
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.repeating import GRAVE, is_deed
from rusvel_tui.widgets.virtual_list import VirtualList
from tests.factories import Desk
from tests.screens.desks import program, said
from tests.screens.pilots import press, screen_lines, settle, shows
from tests.screens.test_typing_ahead import burst

LAST = "Ada", "Bob", "Cy"


def people(desk: Desk) -> dict[str, str]:
    """Three contacts, their ids by name."""
    return {name: desk.contact(name).contact_id for name in LAST}


def tags(desk: Desk, contact_id: str) -> list[str]:
    return list(desk.call("gtm.crm.get_contact", contact_id=contact_id).tags)


def heard(app: RusvelApp, text: str) -> bool:
    return text in said(app)


def lacks(app: RusvelApp, text: str) -> bool:
    return not shows(app, text)


async def open_contacts(pilot: Pilot[None]) -> None:
    await settle(pilot, lambda: shows(pilot.app, "Cy"))


async def test_a_repeated_action_gets_the_same_answer_on_another_row(desk: Desk) -> None:
    """`T`, a tag, then `j .`: the second person has it, too, and moving in between does not count."""
    ids = people(desk)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await open_contacts(pilot)
        await press(pilot, "full_stop")
        await settle(pilot, lambda: "nothing to repeat" in said(app))
        await press(pilot, "T", *"fair", "enter")
        await settle(pilot, lambda: tags(desk, ids["Ada"]) == ["fair"])
        await press(pilot, "j", "p", "full_stop")
        await settle(pilot, lambda: tags(desk, ids["Bob"]) == ["fair"])
        await press(pilot, "j", "full_stop")
        await settle(pilot, lambda: tags(desk, ids["Cy"]) == ["fair"])
        await press(pilot, "z")
        await settle(pilot, lambda: tags(desk, ids["Cy"]) == [])
        assert tags(desk, ids["Bob"]) == ["fair"]


async def test_a_deletion_is_asked_for_again(desk: Desk) -> None:
    ids = people(desk)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await open_contacts(pilot)
        for gone in ("Ada", "Bob"):
            await press(pilot, "D" if gone == "Ada" else "full_stop")
            await settle(pilot, lambda: isinstance(app.screen, Confirm))
            await settle(pilot, partial(shows, app, f"Delete {gone}?"))
            await press(pilot, "y")
            await settle(pilot, partial(heard, app, f"Deleted {gone}"))
            await settle(pilot, partial(lacks, app, f" {gone} "))
    assert [one.contact_id for one in desk.call("gtm.crm.list_contacts").items] == [ids["Cy"]]


async def test_a_yes_is_asked_for_again(desk: Desk) -> None:
    """Two drafts: `a` approves the one that was read; `.` asks before it approves the next."""
    sequence = desk.sequence()
    for name in ("Ada", "Bob"):
        desk.enrol(sequence, desk.contact(name))
    desk.work()
    app = RusvelApp(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: shows(app, "Need"))
        await press(pilot, "g", "i")
        await settle(pilot, lambda: shows(app, "waits for your yes"))
        await press(pilot, "a")
        await settle(pilot, lambda: "Approved" in said(app))
        await settle(pilot, lambda: shows(app, "To        Bob"))
        await press(pilot, "full_stop")
        await settle(pilot, lambda: isinstance(app.screen, Confirm))
        assert len(desk.call("gtm.approvals.list", box="waiting").items) == 1
        await press(pilot, "n")


def test_every_yes_and_every_deletion_is_known_to_repeating() -> None:
    """A yes has its own question; a deletion asks by itself."""
    deeds = {one.id.rpartition(".")[2] for one in every_action().values() if is_deed(one)}
    assert {name for name in deeds if "approve" in name and "un" not in name} <= GRAVE
    assert {one.rpartition(".")[2] for one in every_action()} >= GRAVE


async def test_the_copy_menu_puts_mail_phone_link_and_id_into_the_clipboard(desk: Desk) -> None:
    desk.call(
        "gtm.crm.add_contact", name="Ada", email="ada@x.example", phones=["+49 30 1"], links=["https://ada.example"]
    )  # fmt: skip
    app = program(desk.engine, "contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: shows(app, "ada@x.example"))
        wanted = {"m": "ada@x.example", "l": "https://ada.example", "n": "Ada"}
        for key, text in wanted.items():
            await press(pilot, "y")
            await settle(pilot, lambda: app.bottom.strip.waiting)
            await press(pilot, key)
            await settle(pilot, partial(heard, app, f"Copied {text}"))
            assert app.clipboard == text
        await press(pilot, "y")
        await settle(pilot, lambda: app.bottom.strip.waiting)
        assert "30 1" in app.bottom.strip.options["p"].replace("3055", "30")
        await press(pilot, "x")
        assert app.query_one(VirtualList).marked_count == 0


def test_the_clipboard_is_reached_through_tmux_and_screen() -> None:
    """tmux gets it plain and wrapped, GNU screen in pieces that it passes on."""
    text = "ada@x.example " * 50
    plain = clipboard_sequence(text, {})
    assert base64.b64decode(plain.removeprefix("\x1b]52;c;").removesuffix("\a")).decode() == text
    tmux = clipboard_sequence(text, {"TMUX": "socket,1,0"})
    assert tmux.startswith(plain)
    wrapped = tmux.removeprefix(plain).removeprefix("\x1bPtmux;").removesuffix("\x1b\\")
    assert wrapped.replace("\x1b\x1b", "\x1b") == plain
    pieces = clipboard_sequence(text, {"STY": "1"}).split("\x1b\\")[:-1]
    assert "".join(piece.removeprefix("\x1bP") for piece in pieces) == plain
    assert max(map(len, pieces)) <= 256


@given(st.integers(0, len(LETTERS) ** 2))
def test_labels_are_unique_and_none_begins_another(count: int) -> None:
    labels = labels_for(count)
    assert len(set(labels)) == len(labels) == count
    single = {label for label in labels if len(label) == 1}
    assert not any(label[0] in single for label in labels if len(label) == 2)


def label_at(app: RusvelApp, text: str) -> str:
    """The label that lies at the beginning of the line with that text."""
    line = next(line for line in screen_lines(app)[1:] if text in line)
    return line.strip().split(" ")[0]


async def test_a_letter_jumps_to_a_row_a_tab_and_esc_leaves(desk: Desk) -> None:
    people(desk)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await open_contacts(pilot)
        await press(pilot, "semicolon")
        await settle(pilot, lambda: isinstance(app.screen, JumpScreen))
        await settle(pilot, lambda: len(label_at(app, "Cy")) == 1)
        await press(pilot, label_at(app, "Cy"))
        await settle(pilot, lambda: app.query_one(VirtualList).cursor == 2)
        assert len(app.screen_stack) == 1
        await press(pilot, "semicolon", "escape", "semicolon", "X")
        assert len(app.screen_stack) == 1
        assert app.query_one(VirtualList).marked_count == 0
        await press(pilot, "semicolon")
        await settle(pilot, lambda: screen_lines(app)[0][0] in LETTERS)
        head = screen_lines(app)[0]
        await press(pilot, head[head.index("Deals") - 1])
        await settle(pilot, lambda: app.page.id == "deals")


async def test_the_mouse_does_what_the_keys_of_the_footer_do(desk: Desk) -> None:
    people(desk)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await open_contacts(pilot)
        foot = screen_lines(app)[-1]
        await pilot.click(Footer, offset=(foot.index("keys"), 0))
        await settle(pilot, lambda: isinstance(app.screen, KeyHelp))
        await press(pilot, *"range")
        await settle(pilot, lambda: shows(app, "Mark every row you pass"))
        lines = screen_lines(app)
        at = next(y for y, line in enumerate(lines) if "Mark every row" in line)
        await pilot.click(offset=(40, at))
        await settle(pilot, lambda: len(app.screen_stack) == 1)
        await settle(pilot, lambda: app.query_one(VirtualList).marked_count == 1)
        await pilot.click(Footer, offset=(foot.index("tags"), 0))
        await settle(pilot, lambda: shows(app, "Tags of"))
        await press(pilot, "escape")
        await pilot.click(Header, offset=(screen_lines(app)[0].index("Deals"), 0))
        await settle(pilot, lambda: app.page.id == "deals")
        await press(pilot, "c")
        strip = app.bottom.strip
        await settle(pilot, lambda: strip.waiting and shows(app, "Contact"))
        await press(pilot, "f5")
        assert not strip.waiting


async def test_help_does_what_a_line_says_and_wheels(desk: Desk) -> None:
    """At 80 by 24: typed, chosen with Enter."""
    people(desk)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await open_contacts(pilot)
        await press(pilot, "question_mark")
        await settle(pilot, lambda: isinstance(app.screen, KeyHelp))
        await press(pilot, *"mark all")
        await settle(pilot, lambda: len([r for r in app.screen.query_one(KeyLines).rows if r]) == 2)
        await press(pilot, "enter")
        await settle(pilot, lambda: app.query_one(VirtualList).marked_count == 3)
        assert shows(app, "3 marked")


async def test_f1_explains_a_dialog(desk: Desk) -> None:
    people(desk)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await open_contacts(pilot)
        await press(pilot, "c", "c")
        await settle(pilot, lambda: len(app.screen_stack) == 2 and app.focused is not None)
        await press(pilot, "f1")
        await settle(pilot, lambda: shows(app, "Keys of this dialog"))
        assert shows(app, "ctrl+s")
        await press(pilot, "escape")
        assert len(app.screen_stack) == 2


@pytest.mark.parametrize("typed", ["q", "D", "x"])
async def test_a_letter_typed_while_a_dialog_opens_is_not_lost(desk: Desk, typed: str) -> None:
    """`?` and a letter in one burst: the letter is searched for, and is no key of the page below."""
    people(desk)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await open_contacts(pilot)
        burst(app, "question_mark", typed, "n")
        await settle(pilot, lambda: isinstance(app.screen, KeyHelp))
        await settle(pilot, lambda: shows(app, f" {typed}n"))
        assert app.query_one(VirtualList).marked_count == 0


async def test_finding_goes_from_match_to_match_and_esc_puts_back(desk: Desk) -> None:
    """`/` on a page without a search of its own; `n` and `N` go around, until Esc they are nothing else."""
    for number in range(8):
        desk.call("gtm.crm.add_task", subject=f"Call {'Zoe' if number % 3 == 0 else 'Max'} {number}", due_at="tomorrow")  # fmt: skip
    app = RusvelApp(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: shows(app, "Need"))
        await press(pilot, "g", "k")
        await settle(pilot, lambda: shows(app, "Call Zoe 6"))
        listing = app.page.query_one(OpenList)
        await press(pilot, "n")
        assert listing.cursor == 0
        await press(pilot, "slash", *"zoe", "enter")
        for key, at in (("n", 3), ("n", 6), ("n", 0), ("N", 6)):
            await press(pilot, key)
            assert listing.cursor == at, key
        await press(pilot, "slash", *"max", "escape")
        assert listing.cursor == 6
        await press(pilot, "slash", *"nobody", "enter")
        await settle(pilot, lambda: "Nothing here holds that" in said(app))
        await press(pilot, "escape", "n")
        assert listing.sought == ""


async def test_tasks_and_calls_are_done_put_off_and_repeated(desk: Desk) -> None:
    ada = desk.contact("Ada").contact_id
    for number in range(3):
        desk.call("gtm.crm.add_task", subject=f"Send {number}", due_at="tomorrow", contact_id=ada)
    app = RusvelApp(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Need"))
        await press(pilot, "g", "k")
        await settle(pilot, lambda: shows(app, "Send 2"))
        await press(pilot, "d", *"sent", "enter")
        await settle(pilot, lambda: lacks(app, "Send 0"))
        await press(pilot, "full_stop")
        await settle(pilot, lambda: lacks(app, "Send 1"))
        await press(pilot, "s", "enter")
        await settle(pilot, lambda: "Put off: Send 2" in said(app))
        await press(pilot, "enter")
        await settle(pilot, lambda: isinstance(app.screen, TaskCard))
        await press(pilot, "escape")
        await settle(pilot, lambda: len(app.screen_stack) == 1)
        await press(pilot, "O")
        await settle(pilot, lambda: app.page.id == "contacts")
    (left,) = desk.call("gtm.crm.list_tasks").items
    assert left.subject == "Send 2"


async def test_the_palette_holds_every_action_of_every_page(desk: Desk) -> None:
    """(b) And what it does can be repeated like a key."""
    app = RusvelApp(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: shows(app, "Need"))
        for page in app.pages:
            await app.action_go(page)
            await pilot.pause()
            hits = [hit async for hit in Actions(app.screen).discover()]
            texts = [str(hit.text) for hit in hits if isinstance(hit, DiscoveryHit)]
            for offer in available(app.screen):
                assert any(f":{offer.action.command}" in text for text in texts), offer.action.id


async def test_a_letter_behind_enter_goes_into_the_card_that_opens(desk: Desk) -> None:
    """Enter opens a card by a message that travels: what is typed meanwhile is no key of the list."""
    for number in range(2):
        desk.call("gtm.crm.add_task", subject=f"Send {number}", due_at="tomorrow")
    app = RusvelApp(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Need"))
        await press(pilot, "g", "k")
        await settle(pilot, lambda: shows(app, "Send 1"))
        burst(app, "enter", "2", "d", "enter")
        await settle(
            pilot,
            lambda: (
                isinstance(app.screen, TaskCard) or len(desk.call("gtm.crm.list_tasks").items) == 1
            ),
        )
        await settle(pilot, lambda: len(desk.call("gtm.crm.list_tasks").items) == 1)
        assert not app.bottom.is_asking


async def test_rows_tabs_and_buttons_take_clicks_and_lists_the_wheel(desk: Desk) -> None:
    for number in range(60):
        desk.contact(f"Person {number:02}")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=(100, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Person 00"))
        listing = app.query_one(VirtualList)
        await pilot.click(listing, offset=(10, 4))
        assert listing.cursor == 3
        await pilot.click(listing, offset=(1, 4))
        assert listing.marked_count == 1
        await pilot._post_mouse_events([events.MouseScrollDown], listing, (10, 4), button=0)
        await settle(pilot, lambda: listing.scroll_offset.y > 0)
        await pilot.click(listing, offset=(10, 2), times=2)
        await settle(pilot, lambda: app.page.query_one("#contact-panes").has_class("-open"))
        await press(pilot, "escape", "D")
        await settle(pilot, lambda: isinstance(app.screen, Confirm) and app.focused is not None)
        await pilot.click("#no")
        await settle(pilot, lambda: len(app.screen_stack) == 1)
        await press(pilot, "c")
        strip = app.bottom.strip
        at = next(
            line for line in screen_lines(app) if "Contact " in line and "Deal" in line
        ).index("Deal")
        await pilot.click(strip, offset=(at, 1))
        await settle(pilot, lambda: len(app.screen_stack) == 2)

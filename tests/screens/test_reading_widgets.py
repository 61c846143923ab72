"""Text to read: the mail view and its lines; the header and the footer."""

from __future__ import annotations

import pytest

from rusvel_tui.actions import Action
from rusvel_tui.widgets.footer import Footer
from rusvel_tui.widgets.header import Header, Light, Tab
from rusvel_tui.widgets.mail_view import Letter, MailView
from rusvel_tui.widgets.text_view import Fact, Heading, Prose, Rule, TextView, lay_out
from tests.screens.pilots import HOSTILE, WidgetApp, is_safe, screen_lines, shows, strips

LETTER = Letter(
    to="Zoë <zoe@example.org>",
    sender="Me <me@acme.example>",
    subject="A question",
    body="Hi Zoë,\n\n" + "a long paragraph of words " * 12 + "\n\nBye",
    step="step 1 of 3",
    sequence="Intro",
    state="waits for your yes",
    facts=(("Drafted by", "template"),),
    problems=("company_city is empty and has no fallback.",),
    warnings=("The first name came from the address.",),
    thread=(("12 Nov: you wrote", "Hello again"),),
)


def text_of(lines: list[tuple[tuple[str, str], ...]]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


def test_labels_stand_in_a_column_and_values_wrap_beside_them() -> None:
    lines = text_of(
        lay_out([Fact("To", "Ada"), Fact("Subject", "one two three four five six")], 24)
    )
    assert lines == [" To       Ada", " Subject  one two three", "          four five six"]


def test_prose_stays_readable_on_a_wide_terminal() -> None:
    lines = text_of(lay_out([Prose("word " * 100), Rule(), Heading("Notes")], 200))
    assert max(map(len, lines)) <= 90
    assert lines[-1] == " Notes"


async def test_a_mail_is_shown_whole() -> None:
    """Everything that a yes is about, and what is wrong before the body."""
    view = MailView()
    app = WidgetApp(view)
    async with app.run_test(size=(100, 40)) as pilot:
        view.show_letter(LETTER)
        await pilot.pause()
        lines = screen_lines(app)
        for text in ("To          Zoë <zoe@example.org>", "From        Me <me@acme.example>", "Subject     A question",
                     "Sequence    Intro · step 1 of 3", "State       waits for your yes", "Drafted by  template",
                     "✗ company_city is empty and has no fallback.", "! The first name came from the address.",
                     "Hi Zoë,", "Bye", "12 Nov: you wrote", "Hello again"):  # fmt: skip
            assert any(line.strip() == text for line in lines), text
        assert lines.index(" ✗ company_city is empty and has no fallback.") < lines.index(
            " Hi Zoë,"
        )


async def test_what_is_missing_in_a_mail_is_said() -> None:
    view = MailView()
    app = WidgetApp(view)
    async with app.run_test(size=(80, 24)) as pilot:
        view.show_letter(Letter("", "", "", ""))
        await pilot.pause()
        assert shows(app, "nobody")
        assert shows(app, "no sender")
        assert shows(app, "no subject")
        view.show_letter(None, "Nothing waits for you.")
        await pilot.pause()
        assert shows(app, "Nothing waits for you.")


async def test_long_text_scrolls() -> None:
    view = MailView()
    app = WidgetApp(view)
    async with app.run_test(size=(60, 12)) as pilot:
        view.show_letter(LETTER)
        await pilot.press("G")
        await pilot.pause()
        assert shows(app, "Hello again")
        await pilot.press("g", "g")
        await pilot.pause()
        assert shows(app, "zoe@example.org")
        await pilot.press("j", "j", "pagedown", "k", "pageup")
        await pilot.pause()
        assert view.scroll_offset.y == 1


async def test_showing_the_same_text_again_keeps_the_place() -> None:
    """A refresh while somebody reads must not jump to the top; other text begins at the top."""
    view = MailView()
    app = WidgetApp(view)
    async with app.run_test(size=(60, 12)) as pilot:
        view.show_letter(LETTER)
        await pilot.press("j", "j", "j")
        view.show_letter(LETTER)
        await pilot.pause()
        assert view.scroll_offset.y == 3
        view.show_letter(Letter("a", "b", "c", "d\n" * 50))
        await pilot.pause()
        assert view.scroll_offset.y == 0


@pytest.mark.parametrize("size", [(12, 5), (80, 24)])
async def test_hostile_mails_do_no_harm(size: tuple[int, int]) -> None:
    view = MailView()
    app = WidgetApp(view)
    async with app.run_test(size=size) as pilot:
        for text in HOSTILE:
            view.show_letter(
                Letter(
                    text,
                    text,
                    text,
                    text,
                    text,
                    text,
                    text,
                    "odd",
                    ((text, text),),
                    (text,),
                    (text,),
                    ((text, text),),
                )
            )
            await pilot.pause()
            assert is_safe(app)
            assert all(strip.cell_length <= size[0] for strip in strips(app))


async def test_text_is_wrapped_again_at_another_width() -> None:
    view = TextView([Prose("one two three four five six seven eight nine ten")])
    app = WidgetApp(view)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        assert screen_lines(app)[0] == " one two three four five six seven eight nine ten"
        await pilot.resize_terminal(20, 12)
        await pilot.pause()
        assert screen_lines(app)[0] == " one two three four"


TABS = (
    Tab("today", "Today", "Today", "t"),
    Tab("inbox", "Inbox", "Inbox", "i"),
    Tab("contacts", "Contacts", "People", "c"),
    Tab("deals", "Deals", "Deals", "d"),
    Tab("sequences", "Sequences", "Seq", "s"),
    Tab("invoices", "Invoices", "Inv", "v"),
    Tab("growth", "Growth", "Grow", "r"),
    Tab("assistant", "Assistant", "Asst", "a"),
)
LIGHTS = (
    Light("acme", drop=3),
    Light("3 to approve", "3 wait", "accent"),
    Light("worker on", "on", "good", 1),
    Light("mail: folder outbox/", "folder", "warn", 2),
)


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (80, " Today  Inbox  People ▌Deals  Seq  Inv  Grow  Asst    acme · 3 wait · on · folder"),
        (60, " Today  Inbox  People ▌Deals  Seq  Inv  Grow  Asst   3 wait"),
        (160, " Today  Inbox  Contacts ▌Deals  Sequences  Invoices  Growth  Assistant" + " " * 36
              + "acme · 3 to approve · worker on · mail: folder outbox/"),
    ],
)  # fmt: skip
async def test_the_header_says_what_fits(width: int, line: str) -> None:
    """Tabs with the active one marked; states in full, in short, or the important ones only."""
    header = Header(TABS)
    app = WidgetApp(header)
    async with app.run_test(size=(width, 10)) as pilot:
        header.active = "deals"
        header.lights = LIGHTS
        await pilot.pause()
        assert screen_lines(app)[0].split() == line.split()
        assert strips(app)[0].cell_length == width


async def test_a_click_on_a_tab_chooses_it() -> None:
    header = Header(TABS)
    app = WidgetApp(header)
    async with app.run_test(size=(80, 10), message_hook=app.hear) as pilot:
        await pilot.click(Header, offset=(16, 0))
        await pilot.click(Header, offset=(70, 0))
        assert [m.tab for m in app.heard(Header.Chosen)] == ["contacts"]


async def test_hostile_states_do_no_harm() -> None:
    """A session can be called anything."""
    header = Header(TABS)
    app = WidgetApp(header)
    async with app.run_test(size=(120, 10)) as pilot:
        for text in HOSTILE:
            header.lights = (Light(text, text), *LIGHTS)
            await pilot.pause()
            assert is_safe(app)
            assert strips(app)[0].cell_length == 120


def _actions(count: int) -> list[Action]:
    return [
        Action(f"a.{n}", f"{n}", f"Action {n}", "x", f"x{n}", "X.", foot=n % 2 == 0)
        for n in range(count)
    ]


async def test_the_footer_names_five_keys_of_the_page() -> None:
    """Those that ask for it, in their order, and the two that always work."""
    app = WidgetApp()
    async with app.run_test(size=(80, 10)) as pilot:
        app.bottom.footer.show(_actions(20))
        await pilot.pause()
        line = screen_lines(app)[-1]
        assert line.split("  ")[0].strip() == "0 action 0"
        assert line.count("action") == 5
        assert line.endswith(": command  ? keys")


async def test_a_narrow_footer_drops_the_last_keys() -> None:
    app = WidgetApp()
    async with app.run_test(size=(40, 10)) as pilot:
        app.bottom.footer.show(_actions(20))
        await pilot.pause()
        line = screen_lines(app)[-1]
        assert line.startswith(" 0 action 0")
        assert line.endswith("? keys")
        assert app.query_one(Footer).size.width == 40

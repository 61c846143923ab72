"""The sequences page from the keyboard: write, activate, enrol, follow people, change, preview."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Select, TextArea

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.outreach.enrollment_views import EnrollmentStatus
from rusvel_tui.engine.gtm.outreach.sequence_views import SequenceStatus, SequenceView
from rusvel_tui.engine.gtm.outreach.steps import StepType
from rusvel_tui.screens import CREATORS, PAGES
from rusvel_tui.screens.dialogs import Confirm, Reader
from rusvel_tui.screens.picker import Choices, Picker
from rusvel_tui.screens.sequences import SequencesPage
from rusvel_tui.widgets.footer import Footer
from rusvel_tui.widgets.form import FormDialog
from tests.factories import AGAIN, HELLO, Desk, enrollment
from tests.screens.pilots import HOSTILE, is_safe, screen_lines, settle, shows

HERE = sorted(
    (e for e in PAGES if e.id in ("sequences", "inbox")), key=lambda e: e.id != "sequences"
)
"""The sequences first, and the inbox."""
STORABLE = [text[:200] for text in HOSTILE if "\ud800" not in text]
"""A lone surrogate does not come in: it is no text."""
MAKERS = tuple(made for made in CREATORS if made.id == "sequence")


def program(engine: Engine) -> RusvelApp:
    return RusvelApp(engine, pages=HERE, creators=MAKERS)


def page(app: RusvelApp) -> SequencesPage:
    return app.query_one(SequencesPage)


def sequences(desk: Desk) -> list[SequenceView]:
    return list(desk.call("gtm.outreach.list_sequences").items)


def toasts(app: RusvelApp) -> str:
    return "\n".join(note.message for note in app._notifications)


async def at_row(pilot: Pilot[Any], app: RusvelApp) -> None:
    await settle(pilot, lambda: page(app).sequence is not None)


async def dialog(pilot: Pilot[Any], app: RusvelApp, kind: type[Any]) -> None:
    await settle(pilot, lambda: isinstance(app.screen, kind) and app.screen.focused)


async def press(pilot: Pilot[Any], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()


async def in_editor(pilot: Pilot[Any], app: RusvelApp) -> None:
    """Open the editor on the row under the cursor."""
    await at_row(pilot, app)
    await press(pilot, "e")
    await settle(pilot, lambda: page(app).editor.rows.has_focus and page(app).editor.rows.current)


async def write_step(pilot: Pilot[Any], app: RusvelApp, body: str, subject: str = "") -> None:
    """Fill the open form and save it."""
    await dialog(pilot, app, FormDialog)
    app.screen.query(Input)[-1].value = subject
    app.screen.query(TextArea).first().text = body
    await pilot.pause()
    app.screen.query_one("#save").focus()
    await press(pilot, "enter")


async def test_an_empty_page_says_what_to_do_and_makes_an_example(desk: Desk) -> None:
    """`m` makes three mails; with a sequence on the page it is not offered any more."""
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "No sequence yet."))
        assert shows(app, "m makes an example")
        await press(pilot, "m")
        await settle(pilot, lambda: shows(app, "New Lead Follow-up"))
        await settle(pilot, lambda: shows(app, "7 days later"))
        await press(pilot, "m")
    [made] = sequences(desk)
    assert (made.status, len(made.steps)) == (SequenceStatus.DRAFT, 3)


async def test_a_sequence_is_written_activated_and_run_from_the_keyboard(desk: Desk) -> None:
    """`c s`, a name and a text; the editor; a second step; Esc; `A`; `S`; the person is there."""
    desk.contact("Anna Smith", "anna@x.example")
    desk.contact("Bob Jones", "bob@x.example")
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "No sequence yet."))
        await press(pilot, "c", "s")
        await dialog(pilot, app, FormDialog)
        await press(pilot, *"Looms")
        await write_step(pilot, app, "Hi {{first_name}}, a word about looms.", "Looms")
        await settle(pilot, lambda: page(app).editing and page(app).editor.rows.has_focus)
        await press(pilot, "n")
        await write_step(pilot, app, "Hi {{first_name}}, did you read about looms?")
        await settle(pilot, lambda: len(sequences(desk)[0].steps) == 2)
        await press(pilot, "escape")
        await settle(pilot, lambda: page(app).sequences.has_focus)
        await press(pilot, "A")
        await settle(pilot, lambda: shows(app, "● active"))
        await press(pilot, "S")
        await dialog(pilot, app, Picker)
        await press(pilot, *"smi")
        await settle(pilot, lambda: app.screen.query_one(Choices).count == 1)
        await press(pilot, "enter")
        await settle(pilot, lambda: shows(app, "Anna Smith") and shows(app, "1/2"))
    [made] = sequences(desk)
    assert [(step.delay_days, step.subject) for step in made.steps] == [(0, "Looms"), (3, "")]
    assert made.active == 1


async def test_a_name_that_is_taken_is_refused_in_the_form(desk: Desk) -> None:
    desk.sequence(name="Intro")
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "c", "s")
        await dialog(pilot, app, FormDialog)
        await press(pilot, *"intro", "enter")
        await settle(pilot, lambda: shows(app, "There is a sequence 'intro' already."))
        assert isinstance(app.screen, FormDialog)


async def test_a_wrong_template_is_said_beside_the_field(desk: Desk) -> None:
    """With line and column, and the field that was meant; the form stays open."""
    desk.sequence(HELLO, active=False)
    app = program(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await in_editor(pilot, app)
        await press(pilot, "n")
        await write_step(pilot, app, "Hi there,\nhow is {{compnay}}?")
        await settle(pilot, lambda: shows(app, "✗ Line 2, column 8: there is no field 'compnay'."))
        assert shows(app, "'company'?")
        assert isinstance(app.focused, TextArea)
        await write_step(pilot, app, "Hi there,\nhow is {{company|it}}?")
        await settle(pilot, lambda: len(sequences(desk)[0].steps) == 2)


@pytest.mark.parametrize("days", ["soon", "-1", "2.5"])
async def test_days_are_a_whole_number(desk: Desk, days: str) -> None:
    desk.sequence(HELLO, active=False)
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await in_editor(pilot, app)
        await press(pilot, "e")
        await dialog(pilot, app, FormDialog)
        app.screen.query(Input).first().value = days
        await write_step(pilot, app, "Hi.")
        await settle(pilot, lambda: shows(app, "✗ Write a whole number of days"))


async def test_a_call_gets_its_usual_channel(desk: Desk) -> None:
    """The channel follows from the type unless one is named."""
    desk.sequence(HELLO, active=False)
    app = program(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await in_editor(pilot, app)
        await press(pilot, "e")
        await dialog(pilot, app, FormDialog)
        app.screen.query(Select).first().value = StepType.CALL.value
        await write_step(pilot, app, "", "Ask about looms")
        await settle(pilot, lambda: shows(app, "call · phone"))
    assert sequences(desk)[0].steps[0].channel == "phone"


async def test_a_draft_stores_every_change_at_once(desk: Desk) -> None:
    """Order and removal, too; `z` takes each back, in the editor as anywhere."""
    desk.sequence(HELLO, AGAIN, name="Draft", active=False)
    app = program(desk.engine)

    def order() -> list[int]:
        return [step.delay_days for step in sequences(desk)[0].steps]

    async with app.run_test(size=(80, 24)) as pilot:
        await in_editor(pilot, app)
        await press(pilot, "J")
        await settle(pilot, lambda: order() == [3, 0])
        assert page(app).editor.rows.cursor == 1
        await press(pilot, "K")
        await settle(pilot, lambda: order() == [0, 3])
        await press(pilot, "K")  # it is the first one
        await press(pilot, "D")
        await settle(pilot, lambda: order() == [3])
        await press(pilot, "z")
        await settle(pilot, lambda: order() == [0, 3])
        await settle(pilot, lambda: page(app).editor.rows.count == 2)
        await press(pilot, "w")
        assert "Everything is stored." in toasts(app)


async def test_fast_changes_are_stored_one_after_the_other(desk: Desk) -> None:
    """The last order wins, and nobody meets a conflict with themselves."""
    steps = [{"delay_days": n, "body": f"Step {n}."} for n in range(5)]
    desk.sequence(*steps, active=False)
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await in_editor(pilot, app)
        await pilot.press("J", "J", "J", "J")
        await settle(
            pilot, lambda: [s.delay_days for s in sequences(desk)[0].steps] == [1, 2, 3, 4, 0]
        )
        await settle(pilot, lambda: not page(app).editor.storing)
        assert not toasts(app)


async def test_with_people_under_way_changes_wait_for_a_word(desk: Desk) -> None:
    """The dialog says who stays where; then there is a new version and the person is on the old one."""
    sequence = desk.sequence(HELLO, AGAIN)
    person = desk.contact()
    desk.enrol(sequence, person)
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await in_editor(pilot, app)
        await press(pilot, "D")
        assert shows(app, "not stored")
        assert len(sequences(desk)[0].steps) == 2
        await press(pilot, "w")
        await dialog(pilot, app, Confirm)
        assert shows(app, "Store as version 2?")
        assert shows(app, "One person stays on version 1")
        await press(pilot, "y")
        await settle(pilot, lambda: sequences(desk)[0].version_number == 2)
        await settle(pilot, lambda: shows(app, "version 2") and not shows(app, "not stored"))
    assert len(sequences(desk)[0].steps) == 1
    assert enrollment(desk, person.contact_id).steps == 2


async def test_leaving_with_changes_asks(desk: Desk) -> None:
    """Esc stays, `t` throws them away; a change can be taken back before it is stored."""
    sequence = desk.sequence(HELLO, AGAIN)
    desk.enrol(sequence, desk.contact())
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await in_editor(pilot, app)
        await press(pilot, "J", "z")
        assert not page(app).editor.copy.dirty  # type: ignore[union-attr]
        await press(pilot, "D", "escape")
        await settle(pilot, lambda: shows(app, "throw them away"))
        await press(pilot, "escape")
        assert page(app).editing
        await press(pilot, "q")
        await settle(pilot, lambda: shows(app, "throw them away"))
        await press(pilot, "t")
        await settle(pilot, lambda: not page(app).editing)
        assert sequences(desk)[0].version_number == 1
        await in_editor(pilot, app)
        await press(pilot, "D", "escape")
        await settle(pilot, lambda: shows(app, "store them"))
        await press(pilot, "s")
        await dialog(pilot, app, Confirm)
        await press(pilot, "y")
        await settle(pilot, lambda: not page(app).editing)
    assert [step.delay_days for step in sequences(desk)[0].steps] == [3]


async def test_somebody_elses_change_is_a_conflict_that_can_be_settled(desk: Desk) -> None:
    """The first `w` is refused and says why, the second stores over it."""
    sequence = desk.sequence(HELLO, AGAIN)
    desk.enrol(sequence, desk.contact())
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await in_editor(pilot, app)
        await press(pilot, "D")
        desk.call("gtm.outreach.update_sequence", sequence_id=sequence.sequence_id, name="Other")
        for _ in range(2):
            await press(pilot, "w")
            await dialog(pilot, app, Confirm)
            await press(pilot, "y")
            await settle(pilot, lambda: not isinstance(app.screen, Confirm))
            await settle(pilot, lambda: not page(app).editor.storing)
        assert "w stores your steps over it." in toasts(app)
        await settle(pilot, lambda: len(sequences(desk)[0].steps) == 1)


async def test_a_sequence_keeps_a_step(desk: Desk) -> None:
    """Without one nothing is stored, and the page says what to do."""
    desk.sequence(HELLO, active=False)
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await in_editor(pilot, app)
        await press(pilot, "D")
        await settle(pilot, lambda: shows(app, "n writes the first one"))
        await press(pilot, "w")
        await settle(pilot, lambda: "needs at least one step" in toasts(app))
    assert len(sequences(desk)[0].steps) == 1


async def test_the_footer_names_the_keys_of_what_is_open(desk: Desk) -> None:
    desk.sequence()
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_row(pilot, app)
        ids = [action.id for action in app.query_one(Footer).actions]
        assert ids[:3] == ["sequences.edit", "sequences.enrol", "sequences.activate"]
        await in_editor(pilot, app)
        await settle(pilot, lambda: "w save" in screen_lines(app)[-1])
        await press(pilot, "escape")
        await settle(pilot, lambda: "S enrol" in screen_lines(app)[-1])


async def test_enrolling_in_a_draft_offers_to_activate_it(desk: Desk) -> None:
    desk.contact("Anna Smith")
    desk.sequence(active=False)
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "S")
        await dialog(pilot, app, Confirm)
        await press(pilot, "n")
        await settle(pilot, lambda: not isinstance(app.screen, Confirm))
        assert sequences(desk)[0].status is SequenceStatus.DRAFT
        await press(pilot, "S")
        await dialog(pilot, app, Confirm)
        await press(pilot, "y")
        await dialog(pilot, app, Picker)
        await press(pilot, "enter")
        await settle(pilot, lambda: sequences(desk)[0].active == 1)


async def test_the_picker_finds_by_letters_and_can_be_left(desk: Desk) -> None:
    desk.contact("Anna Smith")
    desk.contact("Ben Smith")
    desk.sequence()
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "S")
        await dialog(pilot, app, Picker)
        await press(pilot, *"smith", "down", "enter")
        await settle(pilot, lambda: shows(app, "1/2"))
        assert shows(app, "Ben Smith")
        await press(pilot, "S")
        await dialog(pilot, app, Picker)
        await press(pilot, *"nobody")
        await settle(pilot, lambda: shows(app, "Nobody fits."))
        await press(pilot, "enter", "escape")
        await settle(pilot, lambda: not isinstance(app.screen, Picker))
    assert sequences(desk)[0].active == 1


async def test_people_are_paused_resumed_and_ended(desk: Desk) -> None:
    """`P` and `D` mean the person under the cursor, or all that are marked."""
    sequence = desk.sequence()
    people = [desk.contact() for _ in range(3)]
    for person in people:
        desk.enrol(sequence, person)
    app = program(desk.engine)

    def states() -> list[EnrollmentStatus]:
        return [enrollment(desk, person.contact_id).status for person in people]

    async with app.run_test(size=(120, 36)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "tab", "tab")
        await settle(pilot, lambda: page(app).people.has_focus and page(app).people.count == 3)
        await press(pilot, "P")
        await settle(pilot, lambda: states()[2] is EnrollmentStatus.PAUSED)
        await settle(pilot, lambda: shows(app, "‖ paused"))
        await press(pilot, "P")
        await settle(pilot, lambda: states()[2] is EnrollmentStatus.ACTIVE)
        await settle(pilot, lambda: not shows(app, "‖ paused"))
        await press(pilot, "x", "x", "D")
        await settle(pilot, lambda: shows(app, "End it for 2 people"))
        await press(pilot, *"left", "enter")
        await settle(pilot, lambda: states().count(EnrollmentStatus.CANCELLED) == 2)
        await settle(pilot, lambda: shows(app, "left 09:00"))
        await press(pilot, "G", "P")
        await settle(pilot, lambda: "Nobody here is under way." in toasts(app))
        assert page(app).people.marked_count == 0
    assert sequences(desk)[0].status is SequenceStatus.ACTIVE


async def test_a_sequence_is_paused_renamed_and_put_away(desk: Desk) -> None:
    desk.sequence(name="Intro")
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "P")
        await settle(pilot, lambda: shows(app, "‖ paused"))
        await press(pilot, "P")
        await settle(pilot, lambda: shows(app, "● active"))
        await press(pilot, "r", *" two", "enter")
        await settle(pilot, lambda: shows(app, "Intro two"))
        await press(pilot, "P", "D")
        await dialog(pilot, app, Confirm)
        await press(pilot, "y")
        await settle(pilot, lambda: shows(app, "No sequence yet."))
        await press(pilot, "z")
        await settle(pilot, lambda: shows(app, "○ draft"))


async def test_a_preview_shows_every_step_for_one_person(desk: Desk) -> None:
    """In the editor with the changes that are not stored."""
    desk.contact("Anna Smith", "anna@x.example")
    desk.enrol(desk.sequence(HELLO, AGAIN), desk.contact("Bob"))
    app = program(desk.engine)
    async with app.run_test(size=(80, 40)) as pilot:
        await in_editor(pilot, app)
        await press(pilot, "J", "p")
        await dialog(pilot, app, Picker)
        await press(pilot, *"anna", "enter")
        await dialog(pilot, app, Reader)
        lines = screen_lines(app)
        assert shows(app, "Hi Anna, did you see")
        first = next(n for n, line in enumerate(lines) if "1 Fri 27 Nov 09:00 · mail" in line)
        second = next(n for n, line in enumerate(lines) if "2 Fri 27 Nov 09:00 · mail" in line)
        assert first < second
        await press(pilot, "escape")
        assert page(app).editing


async def test_other_processes_are_seen(desk: Desk) -> None:
    """A sequence that somebody else makes appears, and what they do with people, too."""
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "No sequence yet."))
        sequence = desk.sequence()
        await settle(pilot, lambda: shows(app, "● active"))
        desk.enrol(sequence, desk.contact("Anna Smith"))
        await settle(pilot, lambda: shows(app, "Anna Smith"))
        desk.work()
        await settle(pilot, lambda: shows(app, "waits for you"))


async def test_escape_goes_back_to_the_list(desk: Desk) -> None:
    """From a pane to the list; from the list it is not taken, so that `q` leaves."""
    desk.sequence()
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "tab")
        assert not page(app).sequences.has_focus
        await press(pilot, "escape")
        assert page(app).sequences.has_focus
        assert page(app).back() is False


async def test_a_visit_puts_the_cursor_on_the_sequence(desk: Desk) -> None:
    first, _ = desk.sequence(name="A"), desk.sequence(name="B")
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "g", "i")
        app.page.visit("sequences", first.sequence_id)
        await settle(pilot, lambda: page(app).display and page(app).sequence is not None)
        await settle(pilot, lambda: page(app).sequence.name == "A")  # type: ignore[union-attr]


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_hostile_text_is_shown_as_text(desk: Desk, size: tuple[int, int]) -> None:
    """In names, subjects, bodies and people; in the panes and in the editor."""
    for number, text in enumerate(STORABLE):
        body = text.replace("{{", "").replace("}}", "") + " word"
        sequence = desk.sequence({"body": body}, name=f"{number} {text}"[:100])
        desk.enrol(sequence, desk.contact(text or "x", f"p{number}@x.example"))
    app = program(desk.engine)
    async with app.run_test(size=size) as pilot:
        await at_row(pilot, app)
        for _ in HOSTILE:
            assert is_safe(app)
            await press(pilot, "j")
        await in_editor(pilot, app)
        assert is_safe(app)
        await press(pilot, "p")
        await dialog(pilot, app, Picker)
        assert is_safe(app)

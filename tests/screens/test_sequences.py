"""The sequences page from the keyboard: write, activate, enrol, follow people, preview."""

from __future__ import annotations

import pytest

from rusvel_tui.engine.gtm.outreach.enrolling.enrollment_views import EnrollmentStatus
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceStatus
from rusvel_tui.screens.shared.dialogs import Confirm, Reader
from rusvel_tui.screens.shared.picker import Choices, Picker
from rusvel_tui.widgets.footer import Footer
from rusvel_tui.widgets.form import FormDialog
from tests.factories import AGAIN, HELLO, Desk, enrollment
from tests.screens.pilots import HOSTILE, is_safe, screen_lines, settle, shows
from tests.screens.sequence_steps import (
    STORABLE,
    at_row,
    dialog,
    in_editor,
    page,
    press,
    program,
    sequences,
    toasts,
    write_step,
)


async def test_an_empty_page_says_what_to_do_and_makes_an_example(desk: Desk) -> None:
    """`m` makes three mails; with a sequence on the page it is not offered any more."""
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "No sequence yet."))
        await settle(pilot, lambda: "m example" in screen_lines(app)[-1])
        assert "edit" not in screen_lines(app)[-1]
        await press(pilot, "m")
        await settle(pilot, lambda: shows(app, "New Lead Follow-up"))
        await settle(pilot, lambda: shows(app, "7 days later"))
        await press(pilot, "m")
    [made] = sequences(desk)
    assert (made.status, len(made.steps)) == (SequenceStatus.DRAFT, 3)


async def test_c_051_t_093_a_sequence_is_written_activated_and_run_from_the_keyboard(
    desk: Desk,
) -> None:
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
        assert shows(app, "Looms")
        await press(pilot, "S")
        await dialog(pilot, app, Picker)
        await press(pilot, *"smi")
        await settle(pilot, lambda: app.screen.query_one(Choices).count == 1)
        await press(pilot, "enter")
        await settle(pilot, lambda: shows(app, "Anna Smith") and shows(app, "1/2"))
    [made] = sequences(desk)
    assert [(step.delay_days, step.subject) for step in made.steps] == [(0, "Looms"), (3, "")]
    assert made.active == 1


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
        await press(pilot, "r")
        await dialog(pilot, app, FormDialog)
        await press(pilot, "end", *" two", "tab", *"For weavers", "enter")
        await settle(pilot, lambda: shows(app, "Intro two") and shows(app, "For weavers"))
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


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_c_050_the_page_shows_name_steps_and_their_number(
    desk: Desk, size: tuple[int, int]
) -> None:
    """The row has the name and the count; beside it stands what each step is, and when it comes."""
    call = {"type": "CALL", "delay_days": 4, "instructions": "Ask about looms."}
    desk.sequence(HELLO, AGAIN, call, name="Looms")
    app = program(desk.engine)
    async with app.run_test(size=size) as pilot:
        await settle(pilot, lambda: shows(app, "Looms · version 1"))
        [row] = [line for line in screen_lines(app) if "● active" in line]
        assert "Looms" in row
        assert " 3 " in row
        await settle(pilot, lambda: shows(app, "4 days later"))
        assert shows(app, "call · phone")
        assert shows(app, "Ask about looms.")


async def test_c_054_c_128_what_is_done_through_the_engine_is_on_the_page(desk: Desk) -> None:
    """Listed, enrolled and seen: another front end writes, the open page follows."""
    ada = desk.contact("Ada Abel", "ada@x.example")
    app = program(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: shows(app, "No sequence yet."))
        made = desk.sequence(HELLO, AGAIN, name="Looms")
        await settle(pilot, lambda: shows(app, "Looms"))
        assert [one.name for one in sequences(desk)] == ["Looms"]
        desk.call(
            "gtm.outreach.execute_sequence",
            sequence_id=made.sequence_id,
            contact_id=ada.contact_id,
        )
        await settle(pilot, lambda: shows(app, "Ada Abel") and shows(app, "1/2"))


@pytest.mark.parametrize("keys", [["colon", *"go", "space", *"sequences", "enter"], ["g", "s"]])
async def test_c_055_c_056_the_page_is_reached_by_its_name_and_its_key(
    desk: Desk, keys: list[str]
) -> None:
    desk.sequence(name="Looms")
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "g", "i")
        await settle(pilot, lambda: not page(app).display)
        await press(pilot, *keys)
        await settle(pilot, lambda: page(app).display and page(app).sequences.has_focus)
        assert shows(app, "Looms")

"""The library of texts on screen: written, changed, deleted, and put into a step in both ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.widgets import Input, TextArea

from rusvel_tui.engine.text import sanitize
from rusvel_tui.screens.sequences.step_dialog import StepDialog
from rusvel_tui.screens.sequences.template_library import Library
from rusvel_tui.screens.shared.dialogs import Confirm
from rusvel_tui.widgets.form import FormDialog
from tests.factories import AGAIN, HELLO, Desk
from tests.screens.desks import errors, fill, form
from tests.screens.pilots import is_safe, press, settle, shows
from tests.screens.sequence_steps import (
    STORABLE,
    at_row,
    dialog,
    in_editor,
    page,
    program,
    sequences,
    toasts,
)
from tests.screens.test_work_pictures import NARROW, WIDE, once
from tests.screens.test_work_pictures import program as pictured

Snap = Callable[..., bool]
THANKS = {"kind": "Snippet", "name": "Thanks", "body": "Thank you, {{first_name|friend}}."}
OPENER = {"kind": "Mail", "name": "Opener", "subject": "Looms at {{company|work}}", "body": "Hi {{first_name}},\n\na word about looms."}  # fmt: skip


def texts(desk: Desk) -> dict[str, Any]:
    return {one.name: one for one in desk.call("gtm.outreach.list_templates").items}


def keep(desk: Desk, *some: dict[str, str]) -> None:
    for one in some:
        desk.call("gtm.outreach.save_template", **one)


async def test_a_text_is_written_changed_and_deleted(desk: Desk) -> None:
    """Mistakes stay beside their field; a name that is taken is refused; `z` brings a deleted one back."""
    desk.sequence()
    keep(desk, THANKS)
    app = program(desk.engine)
    async with app.run_test(size=(100, 40)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "T")
        await dialog(pilot, app, Library)
        await settle(pilot, lambda: shows(app, "¶ snippet"))
        await press(pilot, "n")
        made = await form(pilot)
        fill(made, name="thanks", kind="Snippet", body="x")
        await press(pilot, "ctrl+s")
        await settle(pilot, lambda: "already" in errors(made).get("name", ""))
        fill(made, name="Opener", kind="Mail", subject="Looms", body="Hi {{frist_name}}")
        await press(pilot, "ctrl+s")
        await settle(pilot, lambda: "first_name" in errors(made).get("body", ""))
        fill(made, body="Hi {{first_name}}")
        await press(pilot, "ctrl+s")
        await dialog(pilot, app, Library)
        await settle(pilot, lambda: shows(app, "✉ mail"))
        library = app.screen
        assert isinstance(library, Library)
        await settle(pilot, lambda: library.rows.current and library.rows.current.name == "Opener")
        await press(pilot, "e")
        fill(await form(pilot), name="First word")
        await press(pilot, "ctrl+s")
        await dialog(pilot, app, Library)
        await settle(pilot, lambda: "First word" in texts(desk) and shows(app, "First word"))
        await press(pilot, "D")
        await dialog(pilot, app, Confirm)
        await press(pilot, "y")
        await settle(pilot, lambda: list(texts(desk)) == ["Thanks"])
        await press(pilot, "escape")
        await settle(pilot, lambda: not isinstance(app.screen, Library))
        await press(pilot, "z")
        await settle(pilot, lambda: "First word" in texts(desk))


async def test_an_empty_library_says_what_it_is_for(desk: Desk) -> None:
    desk.sequence()
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "T")
        await dialog(pilot, app, Library)
        await settle(pilot, lambda: shows(app, "No text yet."))


async def test_f2_puts_a_text_where_the_cursor_is(desk: Desk) -> None:
    """While a step is written; a mail brings its subject when there is none."""
    desk.sequence({**AGAIN, "body": "Hi.", "template": ""}, active=False)
    keep(desk, THANKS, OPENER)
    app = program(desk.engine)
    async with app.run_test(size=(100, 50)) as pilot:
        await in_editor(pilot, app)
        await press(pilot, "e")
        await dialog(pilot, app, StepDialog)
        area = app.screen.query(TextArea).first()
        area.focus()
        area.move_cursor((0, 2))
        await press(pilot, "f2")
        await dialog(pilot, app, Library)
        await press(pilot, "j", "enter")
        await dialog(pilot, app, StepDialog)
        await settle(pilot, lambda: area.text == "HiThank you, {{first_name|friend}}..")
        await press(pilot, "f2")
        await dialog(pilot, app, Library)
        await press(pilot, "enter")
        await dialog(pilot, app, StepDialog)
        subject = app.screen.query(Input)[-1]
        await settle(pilot, lambda: subject.value == "Looms at {{company|work}}")
        await press(pilot, "ctrl+s")
        await settle(pilot, lambda: sequences(desk)[0].steps[0].subject.startswith("Looms at"))
        assert "Thank you" in sequences(desk)[0].steps[0].body


async def test_i_puts_a_text_into_a_step_and_t_keeps_one(desk: Desk) -> None:
    """A snippet goes behind the text, a mail takes its place; the editor's own undo takes it out."""
    desk.enrol(desk.sequence(HELLO), desk.contact())
    keep(desk, THANKS, OPENER)
    app = program(desk.engine)
    async with app.run_test(size=(100, 40)) as pilot:
        await in_editor(pilot, app)
        await press(pilot, "i")
        await dialog(pilot, app, Library)
        await press(pilot, "j", "enter")
        await settle(pilot, lambda: shows(app, "Thank you, {{first_name|friend}}."))
        copy = page(app).editor.copy
        assert copy is not None
        assert copy.steps[0].body == f"{HELLO['body']}\n\n{THANKS['body']}"
        await press(pilot, "z", "i")
        await dialog(pilot, app, Library)
        await press(pilot, "enter")
        await settle(pilot, lambda: copy.steps[0].subject == OPENER["subject"])
        assert copy.steps[0].body == OPENER["body"]
        await press(pilot, "z", "t")
        fill(await form(pilot), name="My hello")
        await press(pilot, "ctrl+s")
        await settle(pilot, lambda: "My hello" in texts(desk))
        kept = texts(desk)["My hello"]
        assert (kept.subject, kept.body) == (HELLO["subject"], HELLO["body"])


async def test_texts_from_outside_are_only_shown(desk: Desk) -> None:
    desk.sequence()
    for number, text in enumerate(STORABLE):
        bare = text.replace("{", "(").replace("}", ")")
        if sanitize(bare).strip():
            keep(desk, {"name": f"{number} {bare}"[:90], "body": bare})
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "T")
        await dialog(pilot, app, Library)
        for _ in STORABLE:
            await press(pilot, "j")
            assert is_safe(app)


async def test_who_may_be_enrolled_is_a_form(desk: Desk) -> None:
    """A number that is none stays beside its field; what was stored is shown again; `z` takes it back."""
    desk.sequence()
    app = program(desk.engine)
    async with app.run_test(size=(100, 40)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "U")
        rules = await form(pilot)
        fill(rules, again="after", again_after_days="0", one_at_a_time="yes", company_reply="stop")
        await press(pilot, "ctrl+s")
        await settle(pilot, lambda: "1 to 3650" in errors(rules).get("again_after_days", ""))
        fill(rules, again_after_days="30")
        await press(pilot, "ctrl+s")
        await settle(pilot, lambda: "z to undo" in toasts(app))
        stored = sequences(desk)[0].rules
        assert (stored.again, stored.again_after_days) == ("after", 30)
        assert (stored.one_at_a_time, stored.company_reply.value) == (True, "stop")
        await settle(pilot, lambda: getattr(page(app).sequence, "rules", None) == stored)
        await press(pilot, "U")
        again = await form(pilot)
        assert again.values["again_after_days"] == "30"
        await press(pilot, "escape")
        await settle(pilot, lambda: not isinstance(app.screen, FormDialog))
        await press(pilot, "z")
        await settle(pilot, lambda: sequences(desk)[0].rules.again == "always")


def test_snapshot_library_wide(desk: Desk, snap: Snap) -> None:
    desk.sequence(name="Looms")
    keep(desk, THANKS, OPENER, {"name": "[@click=app.quit]x[/] \u202e王小明 🙂", "body": "y" * 300})
    look = once("Looms", "T", "j", "j", then="Fills in")
    assert snap(pictured(desk, "sequences"), run_before=look, terminal_size=WIDE)


def test_snapshot_enrol_rules_narrow(desk: Desk, snap: Snap) -> None:
    desk.sequence(name="Looms")
    look = once("Looms", "U", then="Days after")
    assert snap(pictured(desk, "sequences"), run_before=look, terminal_size=NARROW)


def test_snapshot_sequence_that_paused_itself(desk: Desk, snap: Snap) -> None:
    """What it is for and why it rests, above its steps."""
    sequence = desk.sequence(HELLO, AGAIN, name="Looms")
    which = {"sequence_id": sequence.sequence_id}
    desk.call("gtm.outreach.update_sequence", **which, description="For weavers in the north [/]")
    ids = [desk.contact(f"Ada {n}").contact_id for n in range(3)]
    desk.call("gtm.outreach.enrol", **which, contact_ids=ids)
    desk.work()
    for mail in desk.call("gtm.approvals.list", limit=10).items:
        desk.approve(mail)
    desk.work()
    for mail in desk.call("gtm.approvals.list", box="sent", limit=10).items:
        desk.call("gtm.outreach.record_bounce", mail_id=mail.id)
    look = once("Looms", then="Paused itself")
    assert snap(pictured(desk, "sequences"), run_before=look, terminal_size=WIDE)

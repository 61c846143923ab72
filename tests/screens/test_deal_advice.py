"""Advice on a deal from the keyboard: what to do next and why, and one key that does it."""

from __future__ import annotations

from rusvel_tui.adapters.models.scripted import ScriptedModel
from rusvel_tui.screens.shared.review import Review
from tests.factories import Desk, box
from tests.screens.deals_shown import NARROW, WIDE, deal, ready
from tests.screens.desks import STORABLE, program, said
from tests.screens.pilots import is_safe, settle, shows


async def test_q_135_a_key_tells_the_next_step_and_a_digit_does_it(desk: Desk) -> None:
    one = deal(desk)
    desk.call("gtm.crm.log_call", deal_id=one.deal_id, outcome="voicemail", body="We need an API.")
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("A")
        await settle(pilot, lambda: shows(app, "Call again in the afternoon."))
        assert shows(app, "The last call ended with “voicemail”")
        assert shows(app, "“We need an API.”")
        await pilot.press("1")
        await settle(pilot, lambda: "z to undo" in said(app))
        [task] = desk.call("gtm.crm.list_tasks", deal_id=one.deal_id).items
        assert task.subject == "Call Anna Abel again"
        await pilot.press("z")
        await settle(pilot, lambda: not desk.call("gtm.crm.list_tasks", deal_id=one.deal_id).items)


async def test_a_draft_goes_to_the_inbox_and_n_goes_back(desk: Desk) -> None:
    deal(desk)
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("A")
        await settle(pilot, lambda: isinstance(app.screen, Review))
        await pilot.press("n")
        await settle(pilot, lambda: not isinstance(app.screen, Review))
        assert box(desk) == []
        await pilot.press("A")
        await settle(pilot, lambda: isinstance(app.screen, Review))
        await pilot.press("1")
        await settle(pilot, lambda: "It waits in the inbox." in said(app))
        assert len(box(desk)) == 1
        assert desk.mailer.sent == []


async def test_the_model_is_asked_by_its_own_key_only(desk: Desk) -> None:
    """It takes a while and costs: a look at the rules does neither."""
    deal(desk)
    chosen = {"step": 0, "recommendation": "Write to Anna today.", "reasoning": "She waits."}
    told = {"situation": "It is young."}
    answers = [[{"tool": "answer", "input": one}] for one in (chosen, told)]
    desk.engine.chat_model = model = ScriptedModel(answers)
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("A")
        await settle(pilot, lambda: shows(app, "m asks the model"))
        assert model.asked == []
        await pilot.press("m")
        await settle(pilot, lambda: shows(app, "Write to Anna today."))
        assert shows(app, "It is young.")
        assert shows(app, "By scripted.")


async def test_hostile_words_are_shown_plainly(desk: Desk) -> None:
    one = deal(desk, title="x[/y]")
    for words in STORABLE:
        if words.strip():
            desk.call("gtm.crm.add_note", deal_id=one.deal_id, body=f"We need {words[:80]}")
    app = program(desk.engine, "deals")
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot, app)
        await pilot.press("A")
        await settle(pilot, lambda: isinstance(app.screen, Review))
        assert is_safe(app)

"""The results of a sequence on screen: a table, small charts, warnings, and versions to choose from."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.gtm.outreach.sequences import variants
from rusvel_tui.screens.sequences.results import ResultsDialog
from rusvel_tui.widgets.bars import span, stroke
from rusvel_tui.widgets.plain import cells
from tests.factories import AGAIN, HELLO, Desk, box, query
from tests.screens.pilots import is_safe, press, settle, shows
from tests.screens.sequence_steps import at_row, dialog, program
from tests.screens.test_work_pictures import NARROW, WIDE, once
from tests.screens.test_work_pictures import program as pictured

Snap = Callable[..., bool]
NASTY = "[@click=app.quit]Engines[/] \u202e王小明 🙂"
VARIANTS = [{"name": "a", "subject": "Looms"}, {"name": "b", "subject": NASTY, "weight": 2}]


@pytest.fixture(autouse=True)
def _in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """People get the variants in turn, so that the pictures are the same each time."""
    turn = cycle("abb")

    def pick(found: Any, *_: str) -> str:
        return next(turn) if found else ""

    monkeypatch.setattr(variants, "pick", pick)


def story(desk: Desk) -> Any:
    """Two versions, variants, answers of each kind, a meeting, a deal, and too many bounces."""
    sequence = desk.sequence(
        {**HELLO, "key": "s1", "variants": VARIANTS}, AGAIN, name="Looms [/] 織機"
    )
    people = send(desk, sequence, 12)
    desk.later(hours=30)
    for number, sentiment in enumerate(("positive", "positive", "negative", "question")):
        desk.call("gtm.outreach.record_reply", contact_id=people[number], sentiment=sentiment)
    desk.call("gtm.outreach.record_meeting", contact_id=people[0])
    desk.call("gtm.outreach.unsubscribe", contact_id=people[5])
    deal = desk.call("gtm.crm.add_deal", contact_id=people[0], title="Looms", value="10")
    desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage="Won", reason="liked it")
    update = {"sequence_id": sequence.sequence_id}
    steps = [{**HELLO, "key": "s1", "variants": VARIANTS}]
    desk.call("gtm.outreach.update_sequence", **update, steps=steps)
    newer = send(desk, sequence, 3)
    for person in (*people[6:8], *newer):
        [(mail_id,)] = query(
            desk, "SELECT id FROM mail WHERE contact_id = ? AND state = 'sent'", person
        )
        desk.call("gtm.outreach.record_bounce", mail_id=mail_id)
    return sequence


def send(desk: Desk, sequence: Any, many: int) -> list[str]:
    ids = [desk.contact().contact_id for _ in range(many)]
    desk.call("gtm.outreach.enrol", sequence_id=sequence.sequence_id, contact_ids=ids)
    desk.work()
    for mail in box(desk):
        desk.approve(mail)
    desk.work()
    return ids


async def test_results_show_the_numbers_of_the_operation(desk: Desk) -> None:
    sequence = story(desk)
    seen = desk.call("gtm.outreach.sequence_results", sequence_id=sequence.sequence_id)
    app = program(desk.engine)
    async with app.run_test(size=(160, 50)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "R")
        await dialog(pilot, app, ResultsDialog)
        await settle(pilot, lambda: shows(app, "How far people came"))
        assert shows(app, seen.text[:60])
        assert shows(app, f"! {seen.warnings[0].text}")
        for stage in seen.funnel:
            assert shows(app, f"{stage.count} · {stage.share:.0%}")
        await press(pilot, "j", "j")
        await settle(pilot, lambda: shows(app, "Replies of the variants"))
        assert shows(app, seen.steps[0].text[:60])
        assert is_safe(app)


async def test_versions_and_days_are_chosen_by_key(desk: Desk) -> None:
    """`[` goes to older ones, Enter on one shows it alone, `d` narrows the days."""
    story(desk)
    app = program(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "R")
        await dialog(pilot, app, ResultsDialog)
        await settle(pilot, lambda: shows(app, "all versions · everybody"))
        await press(pilot, "left_square_bracket")
        await settle(pilot, lambda: shows(app, "version 2"))
        await press(pilot, "left_square_bracket")
        await settle(pilot, lambda: shows(app, "version 1 · everybody"))
        await press(pilot, "left_square_bracket")
        await press(pilot, "right_square_bracket", "d")
        await settle(pilot, lambda: shows(app, "in the last 7 days"))
        await press(pilot, "escape")
        await settle(pilot, lambda: not isinstance(app.screen, ResultsDialog))


async def test_an_empty_sequence_says_so(desk: Desk) -> None:
    desk.sequence(HELLO)
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_row(pilot, app)
        await press(pilot, "R")
        await dialog(pilot, app, ResultsDialog)
        await settle(pilot, lambda: shows(app, "Nothing was sent yet."))


@given(st.floats(0, 1), st.integers(1, 60))
def test_a_bar_is_as_long_as_its_share_and_never_nothing(share: float, size: int) -> None:
    drawn = stroke(share, size)
    assert cells(drawn) == size
    assert (drawn.strip() == "") is (share == 0)
    assert (drawn == "━" * size) is (round(share * size * 2) == size * 2)


@given(st.tuples(*[st.floats(0, 1)] * 3), st.integers(3, 60))
def test_a_span_holds_its_value(parts: tuple[float, ...], size: int) -> None:
    low, value, high = sorted(parts)
    drawn = span(low, value, high, high, size)
    assert cells(drawn) == size
    if high > 0:
        assert drawn.count("●") == 1
        first, last = drawn.find("├"), drawn.rfind("┤")
        at = drawn.index("●")
        assert first <= at
        assert last == -1 or at <= last


def test_snapshot_results_wide(desk: Desk, snap: Snap) -> None:
    """The warning with what to do, the table, the funnel; a sign beside every colour."""
    story(desk)
    look = once("Looms", "R", then="How far people came")
    assert snap(pictured(desk, "sequences"), run_before=look, terminal_size=WIDE)


def test_snapshot_results_variants_narrow(desk: Desk, snap: Snap) -> None:
    """The variants on one scale, and that nothing can be told yet."""
    story(desk)
    look = once("Looms", "R", "j", then="Cannot tell yet")
    assert snap(pictured(desk, "sequences"), run_before=look, terminal_size=NARROW)


def test_snapshot_results_huge_and_light(desk: Desk, snap: Snap) -> None:
    story(desk)
    app = pictured(desk, "sequences")
    app.theme = "rusvel-light"
    look = once("Looms", "R", then="How far people came")
    assert snap(app, run_before=look, terminal_size=(200, 60))

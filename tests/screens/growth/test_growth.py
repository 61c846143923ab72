"""The growth page from the keyboard: seven parts, what is recorded, what is behind a chart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from rusvel_tui.app import RusvelApp
from rusvel_tui.screens import PAGES
from rusvel_tui.screens.growth.files import as_csv
from rusvel_tui.screens.growth.page import GrowthPage
from rusvel_tui.screens.shared.dialogs import Confirm, Reader
from rusvel_tui.screens.today.page import TodayPage
from tests.factories import Desk
from tests.screens.desks import STORABLE, fill, form, operations, prompt, said
from tests.screens.growth.numbers import cohorts, everything, program, readings, website
from tests.screens.pilots import is_safe, settle, shows

SIZE = (120, 40)
GOOD = "name,date,value,unit\nMRR,2026-10-01,100,USD\nMRR,2026-11-01,120,USD\n"


async def part(pilot: Pilot[Any], digit: str, text: str) -> None:
    """Go to a part and wait for what it shows."""
    await pilot.press(digit)
    await settle(pilot, lambda: shows(pilot.app, text))


async def yes(pilot: Pilot[Any]) -> None:
    await settle(pilot, lambda: isinstance(pilot.app.screen, Confirm))
    await pilot.press("y")


async def opened(app: RusvelApp, pilot: Pilot[Any], text: str = "") -> None:
    await settle(pilot, lambda: app.screen_stack and shows(app, text or "Overview"))


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_every_part_of_an_empty_desk_says_what_to_do(
    desk: Desk, size: tuple[int, int]
) -> None:
    app = program(desk)
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot, "Nothing is measured yet.")
        for digit, text in (
            ("2", "n records a first reading"), ("3", "N makes one of stages"), ("4", "No cohort yet."),
            ("5", "No money yet"), ("6", "N sets one"), ("7", "no cohort loses more"),
        ):  # fmt: skip
            await part(pilot, digit, text)
            assert is_safe(app)


async def test_r_001_the_overview_has_the_most_important_of_everything(desk: Desk) -> None:
    everything(desk)
    app = program(desk)
    async with app.run_test(size=(120, 60)) as pilot:
        await opened(app, pilot, "12,000 USD")
        for text in ("! Churn > 5 %: 6.1 % now", "▲ +2,000 (+20 %)", "Most are lost before Signed up.",
                     "◀ biggest leak", "Who stays", "73%"):  # fmt: skip
            assert shows(app, text), text


async def test_a_reading_is_recorded_and_told_against_the_one_before(desk: Desk) -> None:
    readings(desk, "MRR", 10000)
    app = program(desk)
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot, "10,000 USD")
        await part(pilot, "2", "MRR")
        await settle(pilot, lambda: shows(app, "MRR has 1 reading"))
        await pilot.press("n")
        dialog = await form(pilot)
        assert dialog.values["name"] == "MRR"
        fill(dialog, value="NaN")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: shows(app, "is not a number"))
        fill(dialog, value="12000")
        await pilot.press("ctrl+s")
        await settle(
            pilot, lambda: "MRR: 12,000 USD. ▲ +2,000 USD from the reading before." in said(app)
        )
        await settle(pilot, lambda: shows(app, "12,000 USD ▲ +2,000 (+20"))
        await pilot.press("z")
        await settle(pilot, lambda: not shows(app, "12,000 USD ▲"))


async def test_the_line_gets_longer_and_its_rows_are_behind_it(desk: Desk) -> None:
    readings(desk, "MRR", *range(1000, 1011))
    app = program(desk)
    async with app.run_test(size=(180, 40)) as pilot:
        await opened(app, pilot, "1,010 USD")
        await part(pilot, "2", "11 of 11 readings")
        assert app.query("#growth-plot")
        assert shows(app, "rising · +1 USD per reading (Theil–Sen) · by chance < 1 %")
        await pilot.press("enter")
        await settle(pilot, lambda: isinstance(app.screen, Reader))
        assert shows(app, "Readings of MRR")
        assert shows(app, "1,000 USD")


async def test_a_funnel_is_made_counted_and_read_as_numbers(desk: Desk) -> None:
    app = program(desk)
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot, "Nothing is measured yet.")
        await part(pilot, "3", "No funnel yet.")
        await pilot.press("N")
        fill(await form(pilot), name="Shop", parts="Seen, Bought")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "Added the funnel Shop. n records counts." in said(app))
        for stage, count in ((0, "200"), (1, "50")):
            await pilot.press("n")
            dialog = await form(pilot)
            fill(dialog, count=count)
            if stage:
                shop = desk.call("growth.funnel.get", funnel="Shop")
                fill(dialog, stage_id=shop.stages[1].stage_id)
            await pilot.press("ctrl+s")
            await settle(pilot, lambda count=count: f": {count}. z to undo." in said(app))  # type: ignore[misc]
        await settle(pilot, lambda: shows(app, "25.0 % continue · 150 drop off"))
        await pilot.press("enter")
        await settle(pilot, lambda: isinstance(app.screen, Reader))
        assert shows(app, "0.250000")


async def test_a_cohort_is_made_and_its_activity_recorded(desk: Desk) -> None:
    cohorts(desk)
    app = program(desk)
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot, "Who stays")
        await part(pilot, "4", "Blank: not reached yet")
        await pilot.press("n")
        dialog = await form(pilot)
        fill(dialog, period="1", active="9")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: shows(app, "has not begun yet"))
        older = desk.call("growth.cohort.list_cohorts").items[-1]
        fill(dialog, cohort_id=older.cohort_id, period="2", active="71")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "period 2: 71 of 120. z to undo." in said(app))
        await pilot.press("r")
        await settle(pilot, lambda: isinstance(app.screen, Reader))
        assert shows(app, "month_0")


async def test_an_alert_is_set_seen_and_snoozed(desk: Desk) -> None:
    readings(desk, "MRR", 10000, 9000)
    app = program(desk)
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot, "9,000 USD")
        await part(pilot, "2", "MRR")
        await pilot.press("A")
        fill(await form(pilot), op="<", threshold="9500")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "Added: " in said(app))
        await part(pilot, "6", "! firing")
        await pilot.press("a")
        await settle(pilot, lambda: shows(app, "Seen by you"))
        await pilot.press("s")
        (await prompt(pilot)).value = "in 3 days"
        await pilot.press("enter")
        await settle(pilot, lambda: shows(app, "Quiet until"))
        await pilot.press("D")
        await yes(pilot)
        await settle(pilot, lambda: shows(app, "No alert yet."))
        await pilot.press("z")
        await settle(pilot, lambda: shows(app, "MRR < 9,500") or shows(app, "MRR < 9500"))


async def test_files_come_in_after_a_look_and_charts_go_out(desk: Desk, tmp_path: Path) -> None:
    source = tmp_path / "mrr.csv"
    source.write_text(GOOD.replace("120", "nan"))
    website(desk)
    app = program(desk)
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot, "Website")
        await pilot.press("M")
        (await prompt(pilot)).value = str(source)
        await pilot.press("enter")
        await settle(pilot, lambda: isinstance(app.screen, Reader))
        assert shows(app, "'nan' is not a number")
        source.write_text(GOOD)
        await pilot.press("escape", "M")
        (await prompt(pilot)).value = str(source)
        await pilot.press("enter")
        await settle(pilot, lambda: isinstance(app.screen, Confirm))
        assert shows(app, "kpi: 2 new. Read it?")
        await pilot.press("y")
        await settle(pilot, lambda: "kpi: 2 new. z to undo." in said(app))
        await part(pilot, "3", "Website")
        for ending, sign in (("csv", "step,count"), ("svg", "<svg")):
            await pilot.press("W")
            (await prompt(pilot)).value = str(tmp_path / f"chart.{ending}")
            await pilot.press("enter")
            await settle(pilot, lambda ending=ending: f"chart.{ending}." in said(app))  # type: ignore[misc]
            assert sign in (tmp_path / f"chart.{ending}").read_text()


def test_a_cell_that_a_spreadsheet_would_run_is_defused() -> None:
    assert as_csv((("=1+1", "-5", "@x", "plain"),)) == "'=1+1,-5,'@x,plain\r\n"


async def test_a_customer_at_risk_is_a_key_away(desk: Desk) -> None:
    everything(desk)
    app = program(desk)
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot, "Look at this")
        await pilot.press("right_square_bracket", "right_square_bracket")
        await settle(pilot, lambda: app.query_one(GrowthPage).part.id == "funnels")
        await pilot.press("left_square_bracket")
        await settle(pilot, lambda: app.query_one(GrowthPage).part.id == "kpis")
        await part(pilot, "5", "MRR in EUR, by month")
        assert shows(app, "148.00 → 59.00: +10.00 more, −99.00 churn")
        await part(pilot, "7", "How long customers stay")


@pytest.mark.parametrize("text", STORABLE[:4])
async def test_hostile_names_are_text(desk: Desk, text: str) -> None:
    name = " ".join(text.split())[:60] or "x"
    readings(desk, name, 1, 2, unit="")
    app = program(desk)
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot, "KPIs")
        for digit in "1267":
            await pilot.press(digit)
            await pilot.pause()
            assert is_safe(app)


async def test_the_page_is_read_in_few_operations(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gate on counts: one look at everything, and one more for the part in front."""
    everything(desk)
    app = program(desk)
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot, "Look at this")
        await settle(pilot, lambda: shows(app, "no worker"))  # the header has been read
        with operations(desk.engine, monkeypatch) as ran:
            await part(pilot, "5", "MRR in EUR")
        assert sorted(set(ran)) == ["growth.dashboard", "growth.saas.metrics", "session.show"]
        assert len(ran) == 3


async def test_today_leads_to_an_alert_that_fires(desk: Desk) -> None:
    """The list opens the part with the cursor on it; one that was seen needs nobody any more."""
    readings(desk, "MRR", 12, 9)
    readings(desk, "Visits", 100, 80)
    for name in ("MRR", "Visits"):
        desk.call("growth.kpi.create_alert", kpi=name, rule={"op": "<", "threshold": 90})
    fires = [one for one in desk.call("gtm.today").items if one.need.key == "alert"]
    assert {one.what for one in fires} == {"MRR < 90 USD", "Visits < 90 USD"}
    both = [page for page in PAGES if page.id in ("today", "growth")]
    app = RusvelApp(desk.engine, pages=both, creators=())
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "▲ alert"))
        rows = app.query_one(TodayPage).needs
        await settle(pilot, lambda: rows.current is not None and rows.current.page == "growth")
        wanted = rows.current.item_id if rows.current else ""
        await pilot.press("enter")
        await settle(pilot, lambda: app.query(GrowthPage))
        page = app.query_one(GrowthPage)
        await settle(pilot, lambda: page.item is not None and page.item.id == wanted)
        await pilot.press("a")
        await settle(pilot, lambda: len(alerts(desk)) == 1)


def alerts(desk: Desk) -> list[str]:
    """The alerts that today lists."""
    return [one.item_id for one in desk.call("gtm.today").items if one.need.key == "alert"]

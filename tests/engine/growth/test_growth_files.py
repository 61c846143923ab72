"""The five CSV files: a dry run writes nothing, a second time changes nothing, a bad row names its place."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.engine.errors import EngineError, InvalidInput
from tests.engine.growth.helpers import counts
from tests.factories import Desk, events, query

GOOD = {
    "kpi": "date,name,value,unit,note\n2026-10-01,MRR,100,EUR,start\n2026-11-01,mrr,120,,\n",
    "funnel": "period,funnel,stage,count\n2026-10,Site,Visit,100\n2026-10,Site,Paid,7\n",
    "events": "timestamp,actor,event,value\n2026-10-01T10:00:00Z,a,S,\n2026-10-02T10:00:00+02:00,a,P,5\n",
    "cohorts": "cohort,period,active\n2026-07,0,100\n2026-07,1,80\n",
    "subscriptions": "customer,month,mrr,currency\nAcme,2026-09,100,EUR\nAcme,2026-10,80,\n",
}
TABLES = ("kpi_reading", "funnel_count", "growth_event", "cohort", "subscription_month", "event")


def load(desk: Desk, text: str, **more: Any) -> Any:
    return desk.call("growth.import_csv", content=text, **more)


def stored(desk: Desk) -> list[int]:
    return [query(desk, f"SELECT count(*) FROM {table}")[0][0] for table in TABLES]


@pytest.mark.parametrize("shape", GOOD)
def test_a_file_comes_in_once_and_goes_again(desk: Desk, shape: str) -> None:
    before = stored(desk)
    dry = load(desk, GOOD[shape], dry_run=True)
    assert (dry.shape, dry.rows, dry.new, dry.changed, dry.same, dry.dry_run) == (
        shape,
        2,
        2,
        0,
        0,
        True,
    )
    assert stored(desk) == before
    assert load(desk, GOOD[shape]).new == 2
    after = stored(desk)
    again = load(desk, GOOD[shape])
    assert (again.new, again.changed, again.same) == (0, 0, 2)
    assert stored(desk) == after
    assert len([e for e in events(desk, "growth") if not e.kind.endswith("alert")]) == 1
    desk.call("undo")
    assert stored(desk)[:5] == before[:5]
    desk.call("redo")
    assert stored(desk)[:5] == after[:5]


def test_what_came_in_is_what_the_file_says(desk: Desk) -> None:
    for text in GOOD.values():
        load(desk, text)
    assert desk.call("growth.kpi.get_kpi", kpi="MRR").points == (100, 120)
    assert counts(desk.call("growth.funnel.analyze", funnel="Site")) == [100, 7]
    assert counts(desk.call("growth.funnel.analyze", steps=["S", "P"])) == [1, 1]
    assert desk.call("growth.cohort.matrix").rows[0].active == (100, 80)
    assert (
        desk.call("growth.saas.metrics", months=1, until="2026-10").months[0].contraction == "20.00"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("date,name,value\n2026-10-01,MRR,NaN\n", "line 2, value 'NaN': "),
        ("date,name,value\n2026-10-01,MRR,\n", "line 2, value '': "),
        ("date,name,value,unit\n2026-10-01,MRR,1,EUR\n2026-10-02,MRR,1,%\n", "line 3, unit '%': MRR is measured in EUR"),
        ("date,name,value\n2027-10-01,MRR,1\n", "line 2, date '2027-10-01': is in the future"),
        ("date,name,value\n2026-10-01,MRR,1\n2026-10-01,mrr,2\n", "line 3, value '2': line 2 has another value"),
        (
            "date,name,value\n2026-10-01T10:00:00Z,MRR,1\n2026-10-02T10:00:00,MRR,1\n",
            "line 3, date '2026-10-02T10:00:00': some dates name a time zone",
        ),
        ("period,funnel,stage,count\n2026-10,S,Visit,5\n", "a funnel needs at least two"),
        ("period,funnel,stage,count\n2026-10,S,A,-5\n2026-10,S,B,1\n", "line 2, count '-5': is not a count"),
        ("period,funnel,stage,count\n2026-10,S,A,1.5\n2026-10,S,B,1\n", "line 2, count '1.5': is not a count"),
        ("period,funnel,stage,count\n2026-10,S,A,1\n2026-W40,S,B,1\n", "line 3, period '2026-W40': S counts by month"),
        ("period,funnel,stage,count\n2026-13,S,A,1\n2026-10,S,B,1\n", "line 2, period '2026-13': "),
        ("timestamp,actor,event\nsoon,a,S\n", "line 2, timestamp 'soon': is not a time"),
        ("timestamp,actor,action\nx,a,S\n", "The first line lacks event"),
        ("timestamp,actor,event,colour\nx,a,S,red\n", "The first line has 'colour'"),
        ("cohort,period,active\n2026-07,1,80\n", "has no size: period 0 must be there"),
        ("cohort,period,active\n2026-07,0,0\n", "has no size"),
        ("cohort,period,active\n2026-07,0,10\n2026-07,2,5\n", "lacks period 1"),
        ("cohort,period,active\n2026-07,0,10\n2026-07,1,11\n", "11 are more than the 10"),
        ("cohort,period,active\n2026-07,0,10\n2026-07,1,5\n2026-07,2,6\n", "counts survivors"),
        ("customer,month,mrr\nA,2026-09,-5\n", "line 2, mrr '-5': -5 is negative"),
        ("customer,month,mrr\nA,2026-07,5\nA,2026-09,5\n", "2026-08 is missing for A: churned (write 0) or unpaid"),
        ("customer,month,mrr,currency\nA,2026-09,5,EUR\nA,2026-09,5,USD\n", "line 2 has another currency"),
        ("customer,month,mrr\nA,2026-09\n", "line 2: has 2 cells, not 3"),
        ("who,what\n1,2\n", "none of those that can be read"),
        ("", "There is no file"),
    ],
)  # fmt: skip
def test_c2_refused_files_name_line_column_and_value_and_change_nothing(
    desk: Desk, text: str, said: str
) -> None:
    before = stored(desk)
    with pytest.raises(EngineError) as error:
        load(desk, text)
    assert said in str(error.value)
    assert len(str(error.value).splitlines()) == 1
    assert stored(desk) == before


def test_c2_2_a_value_is_corrected_with_replace_only(desk: Desk) -> None:
    load(desk, GOOD["kpi"])
    other = GOOD["kpi"].replace("120", "130")
    with pytest.raises(InvalidInput, match="120 is recorded for that date; use replace"):
        load(desk, other)
    assert load(desk, other, dry_run=True).rejected == 1
    done = load(desk, other, replace=True)
    assert (done.new, done.changed, done.same) == (0, 1, 1)
    assert desk.call("growth.kpi.list_readings", kpi="MRR").items[0].corrections[0].before == 120
    desk.call("undo")
    assert desk.call("growth.kpi.get_kpi", kpi="MRR").latest == 120


def test_c2_5_an_unknown_event_is_refused_once_others_are_known(desk: Desk) -> None:
    load(desk, GOOD["events"].replace(",S,", ",signed up,"))
    new = "timestamp,actor,event\n2026-10-03T10:00:00Z,a,singed up\n"
    with pytest.raises(
        InvalidInput, match="no such event was recorded yet; did you mean 'signed up'"
    ):
        load(desk, new)
    assert load(desk, new, allow_new=True).new == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (codecs.BOM_UTF8 + GOOD["events"].encode(), "begins with a UTF-8 byte order mark"),
        (GOOD["events"].encode("utf-16"), "is written in UTF-16"),
        (b"timestamp,actor,event\n2026-10-01T10:00:00Z,\xff,S\n", "Line 2 is not written in UTF-8"),
    ],
)
def test_c2_5_another_encoding_is_named(desk: Desk, tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "events.csv"
    file.write_bytes(data)
    with pytest.raises(InvalidInput, match=said):
        desk.call("growth.import_csv", path=str(file))
    assert query(desk, "SELECT count(*) FROM growth_event") == [(0,)]


def test_counts_and_cohorts_are_brought_up_to_date(desk: Desk) -> None:
    load(desk, GOOD["funnel"])
    done = load(desk, "period;funnel;stage;count\n2026-10;site;paid;9\n2026-11;Site;Trial;3\n")
    assert (done.new, done.changed) == (1, 1)
    assert [s.name for s in desk.call("growth.funnel.list_stages").items] == [
        "Visit",
        "Paid",
        "Trial",
    ]
    load(desk, GOOD["cohorts"])
    done = load(desk, "cohort,period,active\n2026-07,1,75\n2026-07,2,60\n")
    assert (done.new, done.changed) == (1, 1)
    desk.call("undo")
    assert desk.call("growth.cohort.matrix").rows[0].active == (100, 80)


def test_five_thousand_rows_are_one_change(desk: Desk) -> None:
    rows = "".join(
        f"2026-{m:02}-{d:02},KPI {k},{k * d}\n"
        for k in range(20)
        for m in range(1, 11)
        for d in range(1, 26)
    )
    assert load(desk, "date,name,value\n" + rows).new == 5000
    assert len(events(desk, "growth.kpi.recorded")) == 1
    desk.call("undo")
    assert query(desk, "SELECT count(*) FROM kpi_reading") == [(0,)]

"""`rusvel growth`: the dashboard as text and JSON, the lists, the events, the files."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Cli

KPIS = "date,name,value,unit\n2026-10-01,MRR,10000,USD\n2026-11-01,MRR,12000,USD\n"


def filled(cli: Cli, folder: Path) -> None:
    file = folder / "kpi.csv"
    file.write_text(KPIS)
    assert "new       2" in cli("growth", "import", str(file), "--dry-run").out
    assert cli.json("growth", "import", str(file))["new"] == 2
    cli("call", "growth.funnel.create", "--input", '{"name": "Site", "stages": ["Visit", "Paid"]}')
    cli("call", "growth.funnel.record_conversion", "stage=Visit", "count=200")
    cli("call", "growth.funnel.record_conversion", "stage=Paid", "count=15")
    cli("call", "growth.cohort.create_cohort", "name=2026-08", "size=100")
    cli(
        "call",
        "growth.kpi.create_alert",
        "--input",
        '{"kpi": "MRR", "rule": {"op": "<", "threshold": 15000}}',
    )


def test_r_100_r_102_r_129_q_118_the_status_is_the_dashboard(cli: Cli, tmp_path: Path) -> None:
    filled(cli, tmp_path)
    status = cli.json("growth", "status")
    assert (status["kpis"], status["funnels"], status["cohorts"], status["alerts"]) == (1, 1, 1, 1)
    assert status["dashboard"]["kpis"][0]["delta"] == 2000
    shown = cli("growth", "status").out
    for words in (
        "12,000 USD",
        "+2,000",
        "biggest leak before Paid",
        "7.5%",
        "Alert firing: MRR < 15,000 USD",
    ):
        assert words in shown


def test_r_103_the_lists_are_tables(cli: Cli, tmp_path: Path) -> None:
    filled(cli, tmp_path)
    for kind, shown in (
        ("kpis", "12,000 USD"),
        ("funnels", "Visit → Paid"),
        ("cohorts", "2026-08"),
        ("alerts", "firing"),
    ):
        assert len(cli.json("growth", "list", "--kind", kind)["items"]) == 1
        assert shown in cli("growth", "list", "--kind", kind).out


def test_r_104_the_events_of_growth(cli: Cli, tmp_path: Path) -> None:
    filled(cli, tmp_path)
    found = [event["kind"] for event in cli.json("growth", "events")["items"]]
    assert found[0] == "growth.kpi.alert"
    assert found[-1] == "growth.kpi.recorded"


def test_a_bad_file_says_where_and_exits_with_4(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "kpi.csv"
    file.write_text(KPIS.replace("12000", "many"))
    answer = cli("growth", "import", str(file), code=4)
    assert "line 3, value 'many': " in answer.err
    assert "line 3, value 'many'" in cli("growth", "import", str(file), "--dry-run").out
    assert cli.json("growth", "status")["kpis"] == 0

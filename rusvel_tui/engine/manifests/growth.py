"""The growth department: funnels, cohorts, KPIs, and what they say."""

from __future__ import annotations

from rusvel_tui.engine.manifests.manifest import Capability, Department, QuickAction

_PROMPT = """\
You are the Growth department of RUSVEL. You look after funnels and their drop-offs, conversion, cohorts and who stays, \
churn and how to keep people, and the KPIs of a small SaaS business.
Numbers come from the tools: never estimate what was not measured, and name the period and the size of what you compare. \
A difference on few people is no trend: say how sure it is. End with one thing to try, and how to tell whether it worked."""

MANIFEST = Department(
    id="growth",
    name="Growth Department",
    summary="Funnels, cohorts, KPIs and what they say",
    icon="&",
    colour="orange",
    description="Funnel optimization, conversion tracking, cohort analysis, churn prediction, retention strategies, KPI dashboards",
    prompt=_PROMPT,
    capabilities=(
        Capability("funnel", "stages, counts, drop-offs", "growth.funnel.*"),
        Capability("cohort", "who began when, and who stayed", "growth.cohort.*"),
        Capability("kpi", "readings, trends, targets, alerts", "growth.kpi.*"),
    ),
    quick_actions=(
        QuickAction(
            "Funnel analysis",
            "Analyse the funnels: the conversion and the drop-off between each two stages, where most is lost, "
            "and one recommendation for the worst place.",
            ("growth.funnel.list", "growth.funnel.analyze"),
        ),
        QuickAction(
            "KPI dashboard",
            "Show the KPIs as a table: MRR, active users, churn rate, growth rate and what else is measured, each with its newest "
            "reading, its change and its target. Say which are missing.",
            ("growth.kpi.list_kpis", "growth.kpi.get_trend"),
        ),
        QuickAction(
            "Cohort report",
            "Report on the cohorts: retention by week or month, how newer ones compare with older ones, and what that suggests.",
            ("growth.cohort.list_cohorts",),
        ),
    ),
    modules=(
        "rusvel_tui.engine.growth.changes",
        "rusvel_tui.engine.growth.events.recording",
        "rusvel_tui.engine.growth.funnel.funnels",
        "rusvel_tui.engine.growth.funnel.counts",
        "rusvel_tui.engine.growth.funnel.analysis",
        "rusvel_tui.engine.growth.cohort.cohorts",
        "rusvel_tui.engine.growth.cohort.retention",
        "rusvel_tui.engine.growth.cohort.projecting",
        "rusvel_tui.engine.growth.kpi.kpis",
        "rusvel_tui.engine.growth.kpi.readings",
        "rusvel_tui.engine.growth.kpi.trends",
        "rusvel_tui.engine.growth.kpi.alerts",
        "rusvel_tui.engine.growth.kpi.alert_list",
        "rusvel_tui.engine.growth.saas.subscriptions",
        "rusvel_tui.engine.growth.saas.metrics",
        "rusvel_tui.engine.growth.churn.cases",
        "rusvel_tui.engine.growth.churn.survival",
        "rusvel_tui.engine.growth.churn.risks",
        "rusvel_tui.engine.growth.churn.predicting",
        "rusvel_tui.engine.growth.kpi.snapshots",
        "rusvel_tui.engine.growth.cohort.analyses",
        "rusvel_tui.engine.growth.churn.scans",
        "rusvel_tui.engine.growth.importing.importing",
        "rusvel_tui.engine.growth.dashboard",
        "rusvel_tui.engine.growth.overview",
    ),
    answered="growth.chat.completed",
    line="funnels, cohorts and KPIs: status, lists, events, import",
    things=("kpis", "funnels", "cohorts", "alerts"),
    pages=("growth",),
    produces=("growth.*",),
    jobs=("KpiSnapshot", "CohortAnalysis", "ChurnScan"),
    command="growth",
    core_tools=(
        "growth.status",
        "growth.dashboard",
        "growth.funnel.list",
        "growth.funnel.analyze",
        "growth.funnel.create",
        "growth.funnel.add_stage",
        "growth.funnel.record_conversion",
        "growth.cohort.list_cohorts",
        "growth.cohort.matrix",
        "growth.cohort.create_cohort",
        "growth.cohort.record_activity",
        "growth.cohort.retention",
        "growth.kpi.list_kpis",
        "growth.kpi.get_kpi",
        "growth.kpi.record_kpi",
        "growth.kpi.get_trend",
        "growth.kpi.define_kpi",
        "growth.kpi.create_alert",
        "growth.kpi.list_alerts",
        "growth.events.names",
        "growth.saas.metrics",
        "growth.churn.risks",
    ),
)

"""Which modules make up which department: the explicit list of where operations live."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True, slots=True)
class Department:
    """One department as the seeds describe it: its name, its face and what it can do."""

    id: str
    name: str
    summary: str
    modules: tuple[str, ...]


SHARED = (
    "rusvel_tui.engine.sessions",
    "rusvel_tui.engine.events",
    "rusvel_tui.engine.event_window",
    "rusvel_tui.engine.undo",
    "rusvel_tui.engine.damage",
    "rusvel_tui.engine.orphans",
    "rusvel_tui.engine.jobs",
    "rusvel_tui.engine.job_list",
)
"""Modules with operations that belong to no department: sessions, the log, undo, the queue."""

DEPARTMENTS = (
    Department(
        "gtm",
        "GoToMarket Department",
        "CRM, outreach sequences, deal management, invoicing",
        (
            "rusvel_tui.engine.gtm.crm.people.contacts",
            "rusvel_tui.engine.gtm.crm.people.contact_list",
            "rusvel_tui.engine.gtm.crm.people.contact_bulk",
            "rusvel_tui.engine.gtm.crm.people.contact_deleting",
            "rusvel_tui.engine.gtm.crm.finding.filter_help",
            "rusvel_tui.engine.gtm.crm.finding.search",
            "rusvel_tui.engine.gtm.crm.companies.companies",
            "rusvel_tui.engine.gtm.crm.companies.company_list",
            "rusvel_tui.engine.gtm.crm.fields.custom_fields",
            "rusvel_tui.engine.gtm.crm.people.put_back",
            "rusvel_tui.engine.gtm.crm.merging.similar",
            "rusvel_tui.engine.gtm.crm.merging.duplicates",
            "rusvel_tui.engine.gtm.crm.merging.comparing",
            "rusvel_tui.engine.gtm.crm.merging.merging",
            "rusvel_tui.engine.gtm.crm.merging.unmerging",
            "rusvel_tui.engine.gtm.crm.pipelines.pipelines",
            "rusvel_tui.engine.gtm.crm.deals.deals",
            "rusvel_tui.engine.gtm.crm.deals.deal_moves",
            "rusvel_tui.engine.gtm.crm.deals.deal_history",
            "rusvel_tui.engine.gtm.crm.deals.deal_record",
            "rusvel_tui.engine.gtm.crm.deals.board",
            "rusvel_tui.engine.gtm.crm.deals.forecast",
            "rusvel_tui.engine.gtm.crm.timeline.activities",
            "rusvel_tui.engine.gtm.crm.timeline.activity_text",
            "rusvel_tui.engine.gtm.crm.timeline.tasks",
            "rusvel_tui.engine.gtm.crm.timeline.timeline",
            "rusvel_tui.engine.gtm.crm.people.suppression",
            "rusvel_tui.engine.gtm.crm.people.suppression_files",
            "rusvel_tui.engine.gtm.crm.people.erasing",
            "rusvel_tui.engine.gtm.crm.importing.store",
            "rusvel_tui.engine.gtm.crm.importing.runs",
            "rusvel_tui.engine.gtm.crm.importing.undoing",
            "rusvel_tui.engine.gtm.crm.importing.preview",
            "rusvel_tui.engine.gtm.crm.exporting.store",
            "rusvel_tui.engine.gtm.outreach.sequences.sequences",
            "rusvel_tui.engine.gtm.outreach.mails.preview",
            "rusvel_tui.engine.gtm.outreach.sequences.library",
            "rusvel_tui.engine.gtm.outreach.mails.missing_data",
            "rusvel_tui.engine.gtm.outreach.mails.mending",
            "rusvel_tui.engine.gtm.outreach.mails.mail_link",
            "rusvel_tui.engine.gtm.outreach.sequences.versions",
            "rusvel_tui.engine.gtm.outreach.enrolling.enrolling",
            "rusvel_tui.engine.gtm.outreach.enrolling.enrollments",
            "rusvel_tui.engine.gtm.outreach.enrolling.completing",
            "rusvel_tui.engine.gtm.outreach.sequences.sequence_yaml",
            "rusvel_tui.engine.gtm.outreach.sequences.moving",
            "rusvel_tui.engine.gtm.outreach.sequences.tree",
            "rusvel_tui.engine.gtm.outreach.results.variant_results",
            "rusvel_tui.engine.gtm.outreach.results.sequence_results",
            "rusvel_tui.engine.gtm.outreach.enrolling.history",
            "rusvel_tui.engine.gtm.outreach.enrolling.answers",
            "rusvel_tui.engine.gtm.outreach.enrolling.places",
            "rusvel_tui.engine.gtm.outreach.enrolling.enrollment_window",
            "rusvel_tui.engine.gtm.outreach.timing.schedule",
            "rusvel_tui.engine.gtm.outreach.timing.explain",
            "rusvel_tui.engine.gtm.outreach.timing.plan",
            "rusvel_tui.engine.gtm.outreach.timing.replan",
            "rusvel_tui.engine.gtm.outreach.timing.run_due",
            "rusvel_tui.engine.gtm.senders.senders",
            "rusvel_tui.engine.gtm.outreach.mails.sender",
            "rusvel_tui.engine.gtm.outreach.mails.drafting",
            "rusvel_tui.engine.gtm.outreach.mails.rewriting",
            "rusvel_tui.engine.gtm.outreach.mails.gate",
            "rusvel_tui.engine.gtm.outreach.mails.settle",
            "rusvel_tui.engine.gtm.outreach.mails.refusing",
            "rusvel_tui.engine.gtm.outreach.enrolling.manual",
            "rusvel_tui.engine.gtm.mail.classifying.classify",
            "rusvel_tui.engine.gtm.mail.witness",
            "rusvel_tui.engine.gtm.mail.incoming.receiving",
            "rusvel_tui.engine.gtm.mail.incoming.listing",
            "rusvel_tui.engine.gtm.mail.incoming.desk",
            "rusvel_tui.engine.gtm.mail.incoming.answering",
            "rusvel_tui.engine.gtm.approvals.boxes",
            "rusvel_tui.engine.gtm.approvals.detail",
            "rusvel_tui.engine.gtm.approvals.window",
            "rusvel_tui.engine.gtm.approvals.verdicts",
            "rusvel_tui.engine.gtm.approvals.rejecting",
            "rusvel_tui.engine.gtm.approvals.editing",
            "rusvel_tui.engine.gtm.approvals.drafts",
            "rusvel_tui.engine.gtm.approvals.postponing",
            "rusvel_tui.engine.gtm.approvals.proposals",
            "rusvel_tui.engine.gtm.approvals.choosing",
            "rusvel_tui.engine.gtm.approvals.proofs",
            "rusvel_tui.engine.gtm.approvals.files",
            "rusvel_tui.engine.gtm.approvals.aftermath",
            "rusvel_tui.engine.gtm.approvals.checking",
            "rusvel_tui.engine.gtm.approvals.rules",
            "rusvel_tui.engine.gtm.approvals.readdressing",
            "rusvel_tui.engine.gtm.invoices.totals.totals_operation",
            "rusvel_tui.engine.gtm.invoices.documents.operations",
            "rusvel_tui.engine.gtm.invoices.documents.table_file",
            "rusvel_tui.engine.gtm.invoices.setup.settings",
            "rusvel_tui.engine.gtm.invoices.setup.billing",
            "rusvel_tui.engine.gtm.invoices.ledger.drafts",
            "rusvel_tui.engine.gtm.invoices.ledger.record",
            "rusvel_tui.engine.gtm.invoices.ledger.listing",
            "rusvel_tui.engine.gtm.invoices.ledger.window",
            "rusvel_tui.engine.gtm.invoices.ledger.numbering",
            "rusvel_tui.engine.gtm.invoices.ledger.finalising",
            "rusvel_tui.engine.gtm.invoices.ledger.crediting",
            "rusvel_tui.engine.gtm.invoices.ledger.voiding",
            "rusvel_tui.engine.gtm.invoices.ledger.quotes",
            "rusvel_tui.engine.gtm.invoices.ledger.from_deal",
            "rusvel_tui.engine.gtm.invoices.payments.payments",
            "rusvel_tui.engine.gtm.invoices.recurring.recurring",
            "rusvel_tui.engine.gtm.invoices.recurring.making",
            "rusvel_tui.engine.gtm.invoices.sending.sending",
            "rusvel_tui.engine.gtm.invoices.reminders.reminding",
            "rusvel_tui.engine.gtm.invoices.bank.bank",
            "rusvel_tui.engine.gtm.invoices.bank.lines",
            "rusvel_tui.engine.gtm.invoices.bank.booking",
            "rusvel_tui.engine.gtm.invoices.ledger.billable",
            "rusvel_tui.engine.gtm.invoices.reports.revenue",
            "rusvel_tui.engine.gtm.invoices.reports.dso",
            "rusvel_tui.engine.gtm.invoices.reports.statement",
            "rusvel_tui.engine.gtm.invoices.reports.taxes",
            "rusvel_tui.engine.gtm.invoices.reports.ageing",
            "rusvel_tui.engine.gtm.invoices.ledger.checking",
            "rusvel_tui.engine.gtm.views",
            "rusvel_tui.engine.gtm.overview",
            "rusvel_tui.engine.gtm.today",
        ),
    ),
    Department(
        "growth",
        "Growth Department",
        "Funnels, cohorts, KPIs and what they say",
        (
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
            "rusvel_tui.engine.growth.saas.subscriptions",
            "rusvel_tui.engine.growth.saas.metrics",
            "rusvel_tui.engine.growth.churn.cases",
            "rusvel_tui.engine.growth.churn.survival",
            "rusvel_tui.engine.growth.churn.risks",
            "rusvel_tui.engine.growth.kpi.snapshots",
            "rusvel_tui.engine.growth.cohort.analyses",
            "rusvel_tui.engine.growth.churn.scans",
            "rusvel_tui.engine.growth.importing.importing",
            "rusvel_tui.engine.growth.dashboard",
            "rusvel_tui.engine.growth.overview",
        ),
    ),
)

_loaded = False


def load() -> None:
    """Import every module that holds operations, once."""
    global _loaded
    if _loaded:
        return
    for module in (*SHARED, *(name for department in DEPARTMENTS for name in department.modules)):
        import_module(module)
    _loaded = True

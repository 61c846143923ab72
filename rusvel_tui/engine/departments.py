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
            "rusvel_tui.engine.gtm.crm.contacts",
            "rusvel_tui.engine.gtm.crm.contact_list",
            "rusvel_tui.engine.gtm.crm.contact_bulk",
            "rusvel_tui.engine.gtm.crm.contact_deleting",
            "rusvel_tui.engine.gtm.crm.filter_help",
            "rusvel_tui.engine.gtm.crm.search",
            "rusvel_tui.engine.gtm.crm.companies",
            "rusvel_tui.engine.gtm.crm.company_list",
            "rusvel_tui.engine.gtm.crm.custom_fields",
            "rusvel_tui.engine.gtm.crm.put_back",
            "rusvel_tui.engine.gtm.crm.similar",
            "rusvel_tui.engine.gtm.crm.duplicates",
            "rusvel_tui.engine.gtm.crm.comparing",
            "rusvel_tui.engine.gtm.crm.merging",
            "rusvel_tui.engine.gtm.crm.unmerging",
            "rusvel_tui.engine.gtm.crm.pipelines",
            "rusvel_tui.engine.gtm.crm.deals",
            "rusvel_tui.engine.gtm.crm.deal_moves",
            "rusvel_tui.engine.gtm.crm.deal_history",
            "rusvel_tui.engine.gtm.crm.deal_record",
            "rusvel_tui.engine.gtm.crm.board",
            "rusvel_tui.engine.gtm.crm.forecast",
            "rusvel_tui.engine.gtm.crm.activities",
            "rusvel_tui.engine.gtm.crm.activity_text",
            "rusvel_tui.engine.gtm.crm.tasks",
            "rusvel_tui.engine.gtm.crm.timeline",
            "rusvel_tui.engine.gtm.crm.suppression",
            "rusvel_tui.engine.gtm.crm.importing.store",
            "rusvel_tui.engine.gtm.crm.importing.runs",
            "rusvel_tui.engine.gtm.crm.importing.undoing",
            "rusvel_tui.engine.gtm.crm.importing.preview",
            "rusvel_tui.engine.gtm.crm.exporting.store",
            "rusvel_tui.engine.gtm.outreach.sequences",
            "rusvel_tui.engine.gtm.outreach.preview",
            "rusvel_tui.engine.gtm.outreach.library",
            "rusvel_tui.engine.gtm.outreach.missing_data",
            "rusvel_tui.engine.gtm.outreach.mending",
            "rusvel_tui.engine.gtm.outreach.mail_link",
            "rusvel_tui.engine.gtm.outreach.versions",
            "rusvel_tui.engine.gtm.outreach.enrolling",
            "rusvel_tui.engine.gtm.outreach.enrollments",
            "rusvel_tui.engine.gtm.outreach.completing",
            "rusvel_tui.engine.gtm.outreach.sequence_yaml",
            "rusvel_tui.engine.gtm.outreach.moving",
            "rusvel_tui.engine.gtm.outreach.tree",
            "rusvel_tui.engine.gtm.outreach.variant_results",
            "rusvel_tui.engine.gtm.outreach.history",
            "rusvel_tui.engine.gtm.outreach.answers",
            "rusvel_tui.engine.gtm.outreach.places",
            "rusvel_tui.engine.gtm.outreach.enrollment_window",
            "rusvel_tui.engine.gtm.outreach.schedule",
            "rusvel_tui.engine.gtm.outreach.explain",
            "rusvel_tui.engine.gtm.outreach.plan",
            "rusvel_tui.engine.gtm.outreach.replan",
            "rusvel_tui.engine.gtm.outreach.run_due",
            "rusvel_tui.engine.gtm.outreach.sender",
            "rusvel_tui.engine.gtm.outreach.drafting",
            "rusvel_tui.engine.gtm.outreach.gate",
            "rusvel_tui.engine.gtm.outreach.settle",
            "rusvel_tui.engine.gtm.outreach.manual",
            "rusvel_tui.engine.gtm.approvals.boxes",
            "rusvel_tui.engine.gtm.approvals.window",
            "rusvel_tui.engine.gtm.approvals.verdicts",
            "rusvel_tui.engine.gtm.approvals.aftermath",
            "rusvel_tui.engine.gtm.views",
            "rusvel_tui.engine.gtm.overview",
            "rusvel_tui.engine.gtm.today",
        ),
    ),
    Department(
        "growth",
        "Growth Department",
        "Funnels, cohorts, KPIs and what they say",
        ("rusvel_tui.engine.growth.overview",),
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

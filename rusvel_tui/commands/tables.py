"""The listings as tables: one function for each kind of thing that says what stands in its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from rusvel_tui.commands import plain
from rusvel_tui.engine.agent.entities.views import EntityView
from rusvel_tui.engine.events import EventView
from rusvel_tui.engine.growth.cohort.cohort_views import CohortView
from rusvel_tui.engine.growth.funnel.funnel_views import FunnelView
from rusvel_tui.engine.growth.kpi.alert_views import AlertView
from rusvel_tui.engine.growth.kpi.kpi_views import KpiView
from rusvel_tui.engine.gtm.approvals.boxes import ApprovalView
from rusvel_tui.engine.gtm.crm.companies.company_views import CompanyView
from rusvel_tui.engine.gtm.crm.deals.deal_views import DealView
from rusvel_tui.engine.gtm.crm.finding.search_hits import SearchHit
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactView
from rusvel_tui.engine.gtm.crm.timeline.activity_views import ActivityView
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceRow
from rusvel_tui.engine.gtm.mail.incoming.views import IncomingView
from rusvel_tui.engine.gtm.outreach.enrolling.enrollment_views import EnrollmentView
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceView

Line = Mapping[str, Any]
"""Heading to value, in the order of the columns."""


def _contact(contact: ContactView, zone: ZoneInfo) -> Line:
    return {
        "name": contact.name,
        "company": contact.company,
        "email": contact.email,
        "tags": " ".join(f"#{tag}" for tag in contact.tags),
        "contact_id": contact.contact_id,
    }


def _company(company: CompanyView, zone: ZoneInfo) -> Line:
    return {
        "name": company.name,
        "domain": company.domain,
        "people": company.people_count,
        "tags": " ".join(f"#{tag}" for tag in company.tags),
        "company_id": company.company_id,
    }


def _deal(deal: DealView, zone: ZoneInfo) -> Line:
    return {
        "title": deal.title,
        "stage": deal.stage,
        "amount": plain.amount(deal.value, deal.currency),
        "contact": deal.contact_name or deal.company,
        "closes": deal.expected_close,
        "deal_id": deal.deal_id,
    }


def _incoming(message: IncomingView, zone: ZoneInfo) -> Line:
    return {
        "came": plain.when(message.received_at, zone),
        "what": message.kind.value.replace("_", " ") if message.kind else "not judged yet",
        "": "open" if message.state == "open" else "",
        "from": message.contact or message.from_name or message.from_address,
        "subject": message.subject,
        "incoming_id": message.incoming_id,
    }


def _task(task: ActivityView, zone: ZoneInfo) -> Line:
    return {
        "due": plain.when(task.due_at, zone),
        "kind": task.kind.value,
        "what": task.subject,
        "contact": task.contact,
        "deal": task.deal,
        "activity_id": task.activity_id,
    }


def _sequence(sequence: SequenceView, zone: ZoneInfo) -> Line:
    return {
        "name": sequence.name,
        "status": sequence.status.value,
        "steps": len(sequence.steps),
        "active": sequence.active,
        "completed": sequence.completed,
        "cancelled": sequence.cancelled,
        "sequence_id": sequence.sequence_id,
    }


def _enrollment(enrollment: EnrollmentView, zone: ZoneInfo) -> Line:
    return {
        "contact": enrollment.contact,
        "sequence": enrollment.sequence,
        "status": enrollment.status.value,
        "reason": enrollment.reason,
        "step": f"{enrollment.step}/{enrollment.steps}",
        "next": plain.when(enrollment.next_at, zone),
        "enrollment_id": enrollment.enrollment_id,
    }


def _invoice(invoice: InvoiceRow, zone: ZoneInfo) -> Line:
    late = f"{invoice.overdue_days} d late" if invoice.overdue else ""
    return {
        "number": invoice.number or "draft",
        "kind": invoice.kind.value,
        "status": invoice.status.value,
        "late": late or ("expired" if invoice.expired else ""),
        "client": invoice.client,
        "due": invoice.due_date,
        "total": plain.amount(invoice.total, invoice.currency),
        "open": plain.amount(invoice.open, invoice.currency),
        "invoice_id": invoice.invoice_id,
    }


def _approval(mail: ApprovalView, zone: ZoneInfo) -> Line:
    doubts = len(mail.problems) + len(mail.warnings)
    return {
        "box": mail.box.value if mail.box else mail.state.value,
        "to": plain.mailbox(mail.to_name, mail.to) or mail.contact,
        "subject": mail.subject,
        "step": f"{mail.step}/{mail.steps}",
        "look at": f"{doubts} remark{'' if doubts == 1 else 's'}" if doubts else "",
        "why": mail.blocked or mail.error or mail.changed_since,
        "id": mail.id,
    }


def _hit(hit: SearchHit, zone: ZoneInfo) -> Line:
    return {
        "what": hit.kind.value,
        "name": hit.title,
        "of": hit.about if hit.about != hit.title else "",
        "where": hit.snippet,
        "id": hit.id,
    }


def _kpi(kpi: KpiView, zone: ZoneInfo) -> Line:
    return {
        "name": kpi.name,
        "now": "no data" if kpi.latest is None else f"{kpi.latest:,} {kpi.unit}".rstrip(),
        "change": "" if kpi.delta is None else f"{kpi.delta:+,}",
        "trend": kpi.status,
        "target": "" if kpi.target is None else f"{kpi.target:,}",
        "alerts": ", ".join(kpi.alerts),
        "kpi_id": kpi.kpi_id,
    }


def _funnel(funnel: FunnelView, zone: ZoneInfo) -> Line:
    return {
        "name": funnel.name,
        "kind": funnel.kind,
        "steps": " → ".join(funnel.steps),
        "period": funnel.period,
        "funnel_id": funnel.funnel_id,
    }


def _cohort(cohort: CohortView, zone: ZoneInfo) -> Line:
    shares = ("–" if share is None else f"{share:.0%}" for share in cohort.retention_rates)
    return {
        "name": cohort.name,
        "began": cohort.start,
        "size": cohort.size,
        "stay": " ".join(shares),
        "cohort_id": cohort.cohort_id,
    }


def _alert(alert: AlertView, zone: ZoneInfo) -> Line:
    return {
        "state": alert.state.value,
        "rule": alert.words,
        "now": "" if alert.value is None else f"{alert.value:,}",
        "since": plain.when(alert.since, zone),
        "alert_id": alert.alert_id,
    }


def _entity(one: EntityView, zone: ZoneInfo) -> Line:
    said = ("about", "text", "event", "cron", "command", "instructions")
    return {
        "name": one.name,
        "department": one.engine or "all",
        "": "" if one.enabled else "off",
        "what": next((str(one.body[name]) for name in said if one.body.get(name)), ""),
        "typed": one.slug,
    }


def _event(event: EventView, zone: ZoneInfo) -> Line:
    return {
        "at": plain.when(event.at, zone),
        "what": event.kind,
        "about": about(event),
        "by": event.actor,
        "": "undone" if event.undone else "",
    }


def about(event: EventView) -> str:
    """What an event says about its subject, in a few words."""
    said = event.payload
    parts = [said.get("name") or said.get("title"), said.get("subject"), said.get("reason")]
    return " · ".join(str(part) for part in parts if part)


LINES: dict[type, Callable[[Any, ZoneInfo], Line]] = {
    ContactView: _contact,
    IncomingView: _incoming,
    CompanyView: _company,
    DealView: _deal,
    ActivityView: _task,
    SequenceView: _sequence,
    EnrollmentView: _enrollment,
    InvoiceRow: _invoice,
    ApprovalView: _approval,
    EventView: _event,
    EntityView: _entity,
    KpiView: _kpi,
    FunnelView: _funnel,
    CohortView: _cohort,
    AlertView: _alert,
    SearchHit: _hit,
}
"""What a table can show; add yours here."""


def listing(items: Iterable[Any], zone: ZoneInfo, empty: str) -> Iterator[str]:
    """A table of things of one kind, or the sentence for none. Columns without a value are left out."""
    lines = [LINES[type(item)](item, zone) for item in items]
    if not lines:
        yield empty
        return
    used = [name for name in lines[0] if any(line[name] not in ("", None) for line in lines)]
    yield from plain.table(used, [[line[name] for name in used] for line in lines])

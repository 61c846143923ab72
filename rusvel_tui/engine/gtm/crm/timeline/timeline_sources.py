"""Where the entries of a timeline come from: one source for each table that tells of people and deals.

A source is a select of (id, at, kind) and a function that reads the entries with these ids. In the select, `who` holds
the contacts that the timeline is about, each with the time in which it is, and `sale` its deals; `:contact` and
`:company` are whom it was asked for. An id is unique in the whole timeline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rusvel_tui.engine.gtm.crm.timeline import timeline_enrollments as enrollments
from rusvel_tui.engine.gtm.crm.timeline import timeline_invoices as invoices
from rusvel_tui.engine.gtm.crm.timeline import timeline_readers as readers
from rusvel_tui.engine.gtm.crm.timeline.activity_views import ActivityKind
from rusvel_tui.engine.gtm.crm.timeline.timeline_entries import EntryKind, TimelineEntry


@dataclass(frozen=True, slots=True)
class Source:
    """One origin of entries."""

    kinds: tuple[EntryKind, ...]
    keys: str
    """The select of (id, at, kind); the kind as it is stored."""
    read: Callable[[list[str]], Iterable[TimelineEntry]]
    """The entries with these ids, in any order."""


ACTIVITY = """
SELECT x.id, x.at, x.kind FROM who JOIN activity x ON x.contact_id = who.id AND x.at >= who.since AND x.at < who.until
WHERE x.deleted_at IS NULL AND x.status <> 'cancelled'
UNION
SELECT x.id, x.at, x.kind FROM sale JOIN activity x ON x.deal_id = sale.id
WHERE x.deleted_at IS NULL AND x.status <> 'cancelled'
"""

STAGE_MOVE = """
SELECT x.id, x.at, 'stage_move' FROM sale JOIN stage_move x ON x.deal_id = sale.id
"""

# In one moment, what ends a way comes after what it was ended by: letters sort after digits.
_WAY = "SELECT x.id || '+', x.created_at, 'enrollment' FROM"
_END = "SELECT 'end ' || x.id, x.ended_at, 'enrollment' FROM"
_WHOSE = "who JOIN enrollment x ON x.contact_id = who.id"
_SOLD = "sale JOIN enrollment x ON x.deal_id = sale.id"
_DURING = "x.{0} >= who.since AND x.{0} < who.until"
ENROLLMENT = f"""
{_WAY} {_WHOSE} WHERE {_DURING.format("created_at")} UNION {_WAY} {_SOLD}
UNION ALL SELECT * FROM (
{_END} {_WHOSE} WHERE {_DURING.format("ended_at")} UNION {_END} {_SOLD} WHERE x.ended_at IS NOT NULL)
"""

# What was done to many people at once is told of the sequence; the ids of the people are in its inverse.
_CHANGE = """
SELECT printf('e%018d ', e.id) || x.id, e.at, 'enrollment' FROM {0}
JOIN event e ON e.subject_id IN (x.id, x.sequence_id) AND (e.subject_id = x.id OR instr(e.undo, x.id))
WHERE e.kind IN ('gtm.outreach.updated', 'gtm.outreach.moved', 'gtm.outreach.skipped')
AND e.undone_by IS NULL AND e.undo_of IS NULL"""
ENROLLMENT_CHANGE = f"""
{_CHANGE.format(_WHOSE)} AND e.at >= who.since AND e.at < who.until
UNION {_CHANGE.format(_SOLD)}
"""

BOUNCE = """
SELECT x.id || 'b', x.bounced_at, 'bounce' FROM who JOIN mail x ON x.contact_id = who.id
AND x.bounced_at >= who.since AND x.bounced_at < who.until
UNION
SELECT x.id || 'b', x.bounced_at, 'bounce' FROM sale JOIN mail x ON x.deal_id = sale.id WHERE x.bounced_at IS NOT NULL
"""

# A person's answer stands there as an activity; this is what else came from them.
INCOMING = """
SELECT x.id, x.received_at, x.kind FROM who JOIN incoming_mail x ON x.contact_id = who.id
AND x.received_at >= who.since AND x.received_at < who.until
WHERE x.kind IN ('auto_reply', 'opt_out') AND x.linked_by IN ('thread', 'mark', 'address', 'alias')
"""

# In this order, or SQLite begins with the payments.
INVOICE = """
SELECT x.id || 'i', x.issued_at, 'invoice' FROM who CROSS JOIN invoice x ON x.contact_id = who.id
AND x.issued_at >= who.since AND x.issued_at < who.until
UNION
SELECT x.id || 'i', x.issued_at, 'invoice' FROM sale CROSS JOIN invoice x ON x.deal_id = sale.id WHERE x.issued_at IS NOT NULL
"""

_PAID = "CROSS JOIN payment p ON p.invoice_id = x.id AND p.removed_at IS NULL"
PAYMENT = f"""
SELECT p.id || 'p', p.created_at, 'payment' FROM who CROSS JOIN invoice x ON x.contact_id = who.id {_PAID}
WHERE p.created_at >= who.since AND p.created_at < who.until
UNION
SELECT p.id || 'p', p.created_at, 'payment' FROM sale CROSS JOIN invoice x ON x.deal_id = sale.id {_PAID}
"""

EMPLOYER = """
SELECT x.id || '+', x.started_at, 'employer' FROM employment x WHERE x.contact_id = :contact
UNION ALL SELECT x.id || '+', x.started_at, 'employer' FROM employment x WHERE x.company_id = :company
UNION ALL SELECT x.id || '-', x.ended_at, 'employer' FROM employment x
WHERE x.contact_id = :contact AND x.ended_at IS NOT NULL
UNION ALL SELECT x.id || '-', x.ended_at, 'employer' FROM employment x
WHERE x.company_id = :company AND x.ended_at IS NOT NULL
"""

IMPORT = """
SELECT r.id, r.created_at, 'import' FROM contact x JOIN import_run r ON r.id = json_extract(x.metadata, '$.import_id')
WHERE x.id = :contact AND r.state <> 'undone'
UNION
SELECT r.id, r.created_at, 'import' FROM import_change x JOIN import_run r ON r.id = x.import_id
WHERE x.contact_id = :contact AND r.state <> 'undone'
"""

MERGE = """
SELECT x.id, x.created_at, 'merge' FROM contact_merge x WHERE x.kept_id = :contact AND x.undone_at IS NULL
"""

SOURCES = (
    Source(tuple(EntryKind(kind.value) for kind in ActivityKind), ACTIVITY, readers.activities),
    Source((EntryKind.STAGE_MOVE,), STAGE_MOVE, readers.stage_moves),
    Source((EntryKind.ENROLLMENT,), ENROLLMENT, enrollments.ways),
    Source((EntryKind.ENROLLMENT,), ENROLLMENT_CHANGE, enrollments.changes),
    Source((EntryKind.BOUNCE,), BOUNCE, readers.bounces),
    Source((EntryKind.AUTO_REPLY, EntryKind.OPT_OUT), INCOMING, readers.incoming),
    Source((EntryKind.INVOICE,), INVOICE, invoices.issued),
    Source((EntryKind.PAYMENT,), PAYMENT, invoices.paid),
    Source((EntryKind.EMPLOYER,), EMPLOYER, readers.employers),
    Source((EntryKind.IMPORT,), IMPORT, readers.imports),
    Source((EntryKind.MERGE,), MERGE, readers.merges),
)
"""All there are; what happens in a new table comes into every timeline by a line here."""

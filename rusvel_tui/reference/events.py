"""Every kind of event, with when it is recorded and what is told with it."""

from __future__ import annotations

from collections.abc import Iterator

from rusvel_tui.engine.event_kinds import EVENT_KINDS
from rusvel_tui.reference.markdown import code, sentence, table
from rusvel_tui.reference.recording import payloads

_READ = ("new", "changed")
ALSO = {
    "growth.cohort.updated": _READ,
    "growth.funnel.updated": _READ,
    "growth.kpi.recorded": _READ,
    "growth.subscription.recorded": _READ,
    "gtm.outreach.updated": ("contact_id", "sequence_id"),
    "growth.churn.detected": (
        "cohort_id",
        "age",
        "size",
        "active",
        "share",
        "pool",
        "pool_size",
        "upper",
    ),
    "gtm.contact.imported": ("read", "created", "updated", "skipped", "rejected"),
}
"""What the source text does not tell: what a file brought, and numbers that are kept in a row."""


def lines() -> Iterator[str]:
    """The page."""
    yield "Each change is recorded in its own transaction: the moment, the actor, the session, what it is about"
    yield "(`subject_id`), and a payload. `rusvel gtm events`, `rusvel watch --json`, hooks and HTTP show the same."
    yield "The payload may hold all or some of these."
    yield ""
    told = {kind: sorted({*names, *ALSO.get(kind, ())}) for kind, names in payloads().items()}
    yield from table(
        ("event", "when", "payload"),
        ((code(kind), sentence(when), ", ".join(map(code, told[kind]))) for kind, when in EVENT_KINDS.items()),
    )  # fmt: skip

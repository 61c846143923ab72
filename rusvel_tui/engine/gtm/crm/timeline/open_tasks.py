"""What is to be done, as a query: whoever only reads needs nothing that changes it."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.models import Activity, Contact, Deal


def open_tasks(session_id: str) -> Any:
    """What is to be done, by its due time; what is about somebody or something deleted is left out."""
    return (
        Activity.select(Activity)
        .left_outer_join(Contact, on=(Contact.id == Activity.contact_id))
        .switch(Activity)
        .left_outer_join(Deal, on=(Deal.id == Activity.deal_id))
        .where(
            (Activity.session_id == session_id)
            & (Activity.status == "open")
            & Activity.deleted_at.is_null()
            & Contact.deleted_at.is_null()
            & Deal.deleted_at.is_null()
        )
        .order_by(Activity.due_at, Activity.id)
    )

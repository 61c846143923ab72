"""What somebody may want to do after a message: each with the operation that does it, for one key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.deals.deal_rows import living
from rusvel_tui.engine.gtm.crm.people.people import label
from rusvel_tui.engine.gtm.crm.pipelines.stages import load_stages
from rusvel_tui.engine.gtm.mail.classifying.verdict import MailKind
from rusvel_tui.engine.models import Contact, Deal, IncomingMail
from rusvel_tui.engine.operation import View


class MailProposal(View):
    """Something to do, in words, and the operation with its input."""

    text: str
    operation: str
    input: dict[str, Any]


def proposals(ctx: Context, row: IncomingMail) -> tuple[MailProposal, ...]:
    """What fits this message, the likeliest first; nothing for one that is dealt with."""
    if row.state != "open":
        return ()
    return tuple(_all(ctx, row))


def _all(ctx: Context, row: IncomingMail) -> Iterator[MailProposal]:
    about = {"incoming_id": row.id}
    sure = row.linked_by not in ("", "company", "subject")
    if row.kind == MailKind.AUTO_REPLY.value:
        day = row.verdict.get("resume_date")
        yield MailProposal(
            text=f"Wait until {day}", operation="gtm.mail.wait_for_return", input=about
        )
    elif row.contact_id and not sure:
        contact = Contact.get_by_id(row.contact_id)
        text = f"It is the answer of {label(contact)}"
        yield MailProposal(
            text=text, operation="gtm.mail.assign", input=about | {"contact_id": contact.id}
        )
    elif row.kind == MailKind.HUMAN.value and row.contact_id:
        yield from _deal(ctx, row.contact_id)


def _deal(ctx: Context, contact_id: str) -> Iterator[MailProposal]:
    """Somebody who answers is a step further: their deal in the first stage moves, or a deal begins."""
    book = load_stages(ctx.session_id)
    query = living(ctx).where((Deal.contact_id == contact_id) & Deal.closed_at.is_null())
    deal = query.order_by(Deal.stage_since.desc()).first()
    if deal is None:
        contact = Contact.get_by_id(contact_id)
        title = contact.company or label(contact)
        yield MailProposal(
            text=f"Begin a deal with {title}",
            operation="gtm.crm.add_deal",
            input={"contact_id": contact_id, "title": title},
        )
        return
    stages = [one for one in book.living(book.of(deal.stage).pipeline_id) if not one.closed]
    keys = [one.key for one in stages]
    if deal.stage in keys[:1] and len(stages) > 1:
        yield MailProposal(
            text=f"Move {deal.title} to {stages[1].name}",
            operation="gtm.crm.advance_deal",
            input={"deal_id": deal.id, "stage": stages[1].name},
        )

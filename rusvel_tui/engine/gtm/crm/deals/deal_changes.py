"""Changes of a deal's columns: cleaned on their way in, and as the input that takes them back."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.deals.deal_inputs import UpdateDeal
from rusvel_tui.engine.gtm.crm.deals.deal_rows import (
    clean_company,
    clean_tags,
    clean_title,
    clean_value,
)
from rusvel_tui.engine.gtm.crm.fields.field_store import normalise_fields
from rusvel_tui.engine.gtm.crm.people.people import find_contact
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageInfo, StageKind, load_stages
from rusvel_tui.engine.models import Deal
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.text import one_line, sanitize


def deal_changes(ctx: Context, deal: Deal, cmd: UpdateDeal) -> dict[str, Any]:
    """The columns that a command writes, cleaned."""
    found = _money(deal, cmd) | _texts(cmd)
    given = cmd.model_fields_set
    if cmd.contact_id is not None:
        found["contact_id"] = find_contact(ctx, cmd.contact_id).id
    if "company_id" in given:
        found["company_id"] = clean_company(ctx, cmd.company_id)
    if "probability" in given:
        found["probability"] = cmd.probability
    if "expected_close" in given:
        found["expected_close"] = cmd.expected_close.isoformat() if cmd.expected_close else ""
    if cmd.fields is not None:
        found["fields"] = normalise_fields(ctx, "deal", cmd.fields, deal.fields)
    if cmd.reason is not None:
        found["closed_reason"] = _reason(ctx, deal, cmd.reason)
    return found


def closing_reason(stage: StageInfo, reason: str) -> str:
    """The reason to keep with a deal that comes into a stage; one that is lost needs one."""
    text = one_line(reason) if stage.closed else ""
    if stage.kind is StageKind.LOST and not text:
        raise InvalidInput("Say why it was lost: give a reason.", field="reason")
    return text


def as_update(deal: Deal, names: Iterable[str]) -> dict[str, Any]:
    """These columns of the deal as the input that writes them."""
    wanted = set(names)
    found: dict[str, Any] = {"deal_id": deal.id}
    found |= {name: getattr(deal, name) for name in wanted - _OTHERWISE}
    if wanted & {"value_minor", "currency"}:  # one is nothing without the other
        found["value"] = Money(deal.value_minor, deal.currency).amount
        found["currency"] = deal.currency
    if "expected_close" in wanted:
        found["expected_close"] = deal.expected_close or None
    if "closed_reason" in wanted:
        found["reason"] = deal.closed_reason
    return found


_OTHERWISE = {"value_minor", "expected_close", "closed_reason"}


def told(deal: Deal, *fields: str) -> dict[str, Any]:
    """What an event says of every change: which deal, which fields, and the version that they made."""
    return {"title": deal.title, "fields": list(fields), "version": deal.version}


def _money(deal: Deal, cmd: UpdateDeal) -> dict[str, Any]:
    """The value in its currency; another currency takes the same number."""
    if cmd.value is None and cmd.currency is None:
        return {}
    value = cmd.value
    if value is None:
        value = Decimal(Money(deal.value_minor, deal.currency).amount)
    money = clean_value(value, cmd.currency or deal.currency)
    return {"value_minor": money.minor, "currency": money.currency}


def _texts(cmd: UpdateDeal) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if cmd.title is not None:
        found["title"] = clean_title(cmd.title)
    if cmd.notes is not None:
        found["notes"] = sanitize(cmd.notes)
    if cmd.tags is not None:
        found["tags"] = clean_tags(cmd.tags)
    if cmd.metadata is not None:
        found["metadata"] = cmd.metadata
    return found


def _reason(ctx: Context, deal: Deal, text: str) -> str:
    stage = load_stages(ctx.session_id).of(deal.stage)
    if text.strip() and not stage.closed:
        raise InvalidInput(
            f"{deal.title} is neither won nor lost: there is nothing to say why.", field="reason"
        )
    return closing_reason(stage, text)

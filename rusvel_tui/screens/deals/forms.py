"""The forms of a deal: a new one, and a change to one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.deals.deal_inputs import AddDeal, DealId, SnoozeDeal, UpdateDeal
from rusvel_tui.engine.gtm.crm.deals.deal_record import get_deal
from rusvel_tui.engine.gtm.crm.deals.deal_views import DealView
from rusvel_tui.engine.gtm.crm.deals.deals import add_deal, snooze_deal, update_deal
from rusvel_tui.engine.gtm.crm.pipelines.stages import Stage
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.when_text import DAYS, parse_day
from rusvel_tui.screens.contacts.merging import Merge, Texts
from rusvel_tui.screens.deals.cards import amount
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.attempts import attempt, session_of
from rusvel_tui.screens.shared.subjects import Subject, pick_subject, subject_of
from rusvel_tui.widgets.form import Field


async def create_deal(page: Page[Any]) -> None:
    """`c d`: a new deal with the contact under the cursor, else with one who is picked."""
    session, subject = await session_of(page), subject_of(page)
    if subject is None or subject.deal_id:
        subject = await pick_subject(page, "A deal with whom?")
    if session is None or subject is None:
        return
    stages = [(stage.value, stage.value) for stage in Stage if stage is not Stage.LOST]
    stage = Field("stage", "Stage", Stage.LEAD.value, kind="select", choices=stages)
    fields = (*_fields({"currency": session.currency}), stage)
    save = partial(_add, page, subject, ZoneInfo(session.timezone))
    made = await page.form(f"New deal with {subject.name}", fields, save)
    if made is not None:
        page.say(f"Added {made.title}, {amount(made)}. z to undo.")
        if page.id == "deals":
            page.reveal(made.deal_id)


async def edit_deal(page: Page[Any], deal: DealView) -> None:
    """Change a deal; what somebody else changed meanwhile is merged, or shown."""
    session = await session_of(page)
    if session is None:
        return
    read = partial(_get, page.engine, deal.deal_id)
    write = partial(_update, page, deal.deal_id, ZoneInfo(session.timezone))
    edit = Merge(deal, texts_of, read, write)
    who = deal.contact_name or deal.company
    done = await page.form(f"{deal.title} · {who}", _fields(texts_of(deal)), edit.save)
    if done is not None and done.version != deal.version:
        page.say(f"Changed {done.title}. z to undo.")


async def snooze(page: Page[Any], deal_id: str, text: str) -> None:
    """Let a deal rest until the day that was typed; no day wakes it."""
    session = await session_of(page)
    if session is None:
        return
    today = page.engine.clock.now().astimezone(ZoneInfo(session.timezone)).date()

    def write() -> DealView:
        until = parse_day(text, today, field="until") if text else None
        return page.engine.run(snooze_deal, SnoozeDeal(deal_id=deal_id, until=until))

    done = await attempt(page, write)
    if done is not None:
        until = done.rot.snoozed_until
        words = f"rests until {date.fromisoformat(until):%a %d %b}" if until else "rests no more"
        page.say(f"{done.title} {words}. z to undo.")
        page.load()


def texts_of(deal: DealView) -> dict[str, str]:
    """What stands in the fields of the form."""
    typed = deal.typed_probability
    return {
        "title": deal.title,
        "value": deal.value,
        "currency": deal.currency,
        "probability": "" if typed is None else str(typed),
        "expected_close": deal.expected_close,
        "notes": deal.notes,
    }


def _add(page: Page[Any], subject: Subject, zone: ZoneInfo, values: Texts) -> DealView:
    given = _as_input(page, zone, values) | {"contact_id": subject.contact_id}
    return page.engine.run(add_deal, AddDeal.model_validate(given))


def _get(engine: Engine, deal_id: str) -> DealView:
    return engine.run(get_deal, DealId(deal_id=deal_id))


def _update(page: Page[Any], deal_id: str, zone: ZoneInfo, values: Texts, version: int) -> DealView:
    given = _as_input(page, zone, values) | {"deal_id": deal_id, "version": version}
    return page.engine.run(update_deal, UpdateDeal.model_validate(given))


def _as_input(page: Page[Any], zone: ZoneInfo, values: Texts) -> dict[str, Any]:
    """What the engine is told of these texts: nothing in a field means none, or the usual."""
    told: dict[str, Any] = dict(values)
    today = page.engine.clock.now().astimezone(zone).date()
    if "value" in told:
        told["value"] = told["value"].strip() or "0"
    if "probability" in told:
        told["probability"] = told["probability"].strip().removesuffix("%").strip() or None
    if text := told.get("expected_close"):
        told["expected_close"] = parse_day(text, today, field="expected_close")
    elif "expected_close" in told:
        told["expected_close"] = None
    return told


def _fields(texts: Mapping[str, str]) -> tuple[Field, ...]:
    def field(name: str, label: str, **how: Any) -> Field:
        return Field(name, label, texts.get(name, ""), **how)

    return (
        field("title", "Deal", required=True, help="What is sold, in a few words."),
        field("value", "Value", check=_amount, help="An amount such as 1250 or 1250.50."),
        field("currency", "Currency", required=True, check=_currency, help="A code such as EUR."),
        field("expected_close", "Expected close", help=f"The day on which you expect it: {DAYS}"),
        field(
            "probability", "Probability %", check=_share, help="Empty: what is usual in its stage."
        ),
        field("notes", "Notes", kind="multiline", lines=4),
    )


def _amount(text: str) -> str:
    """Whether it is a number at all; how many decimals it may have depends on the currency."""
    return _refusal(text, "KWD")


def _currency(text: str) -> str:
    return _refusal("0", text)


def _refusal(text: str, currency: str) -> str:
    try:
        Money.parse(text, currency)
    except InvalidInput as error:
        return str(error)
    return ""


def _share(text: str) -> str:
    number = text.strip().removesuffix("%").strip()
    fits = number.isdecimal() and int(number) <= 100
    return "" if fits else "Write a whole number from 0 to 100."

"""How this workspace invoices, as it is kept: read by whoever numbers, dates and reminds."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.invoices.setup.parties import Party
from rusvel_tui.engine.gtm.senders.identity import session_identity
from rusvel_tui.engine.models import Setting
from rusvel_tui.engine.operation import View

KEY = "invoices.setup"
"""Where the session keeps it."""


class Patterns(BaseModel):
    """How numbers look: `{FY}`, `{YYYY}`, `{YY}`, `{MM}` and one counter such as `{seq:04}`."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    invoice: str = "INV-{FY}-{seq:04}"
    credit_note: str = "CN-{FY}-{seq:04}"
    quote: str = "Q-{FY}-{seq:04}"


class Setup(View):
    """How this workspace invoices."""

    issuer: Party = Party()
    patterns: Patterns = Patterns()
    fiscal_month: int = 1
    """The month in which the fiscal year begins; the year bears the number of the one it begins in."""
    payment_days: int = 14
    quote_days: int = 30
    tax_category: str = ""
    """What lines without a category have; none: standard with a rate, outside the scope without one."""
    tax_rate: str = ""
    terms: str = ""
    """What stands below every invoice."""
    reminders: tuple[int, ...] = (-3, 1, 7, 14, 30)
    """Days after the due date on which a reminder is drafted; negative: before it."""
    late_fee: str = ""
    """An amount, or a percentage of what is open such as `2%`, for a further invoice; none when empty."""
    late_fee_step: int = 30
    """The reminder with which the fee is drafted."""


def load_setup(ctx: Context) -> Setup:
    """How the session invoices; the sender of its mails issues where nothing else was said."""
    kept = kept_setup(ctx)
    sender = session_identity(ctx)
    usual = {"name": sender.name or ctx.session.name, "email": sender.address}
    return Setup.model_validate(kept | {"issuer": usual | kept.get("issuer", {})})


def kept_setup(ctx: Context) -> dict[str, Any]:
    """What was said about it; what was not said is not there."""
    row = Setting.get_or_none((Setting.session_id == ctx.session_id) & (Setting.key == KEY))
    return {} if row is None else dict(row.value)

"""How this workspace invoices: who issues, how numbers look, when money is due and when clients are reminded."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.invoices.reminders.planning import plan_anew
from rusvel_tui.engine.gtm.invoices.setup.kept import KEY, Patterns, Setup, kept_setup, load_setup
from rusvel_tui.engine.gtm.invoices.setup.parties import PartyInput, read_party
from rusvel_tui.engine.models import Setting
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import Input, operation
from rusvel_tui.engine.text import one_line, sanitize

_TOKEN = re.compile(r"\{([^{}]*)\}")
_COUNTER = re.compile(r"seq(?::0?(\d))?")
_DAYS = 366


def _numbers(value: Any) -> Any:
    """`-3,1,7` as numbers; an empty text is none."""
    if isinstance(value, str):
        return [part for part in (piece.strip() for piece in value.split(",")) if part]
    return value


Days = Annotated[tuple[int, ...], BeforeValidator(_numbers)]


class SetUp(Input):
    """What changes; what is left out stays."""

    issuer: PartyInput | None = None
    patterns: Patterns | None = None
    fiscal_month: int | None = Field(default=None, ge=1, le=12)
    payment_days: int | None = Field(default=None, ge=0, le=_DAYS)
    quote_days: int | None = Field(default=None, ge=0, le=_DAYS)
    tax_category: str | None = None
    tax_rate: str | None = None
    terms: str | None = None
    reminders: Days | None = None
    """Such as `-3,1,7,14,30`; empty: nobody is reminded."""
    late_fee: str | None = None
    late_fee_step: int | None = None


class ChangeSetup(Input):
    """The whole of it, as it was kept."""

    kept: dict[str, Any]


@operation("gtm.invoices.show_setup", permission="crm.invoices.read")
def show_setup(ctx: Context, cmd: Input) -> Setup:
    """Show who issues your invoices, how numbers look, and when clients are reminded."""
    return load_setup(ctx)


@operation("gtm.invoices.set_up", writes=True, permission="crm.invoices.manage")
def set_up(ctx: Context, cmd: SetUp) -> Setup:
    """Say who issues your invoices, how numbers look, when money is due and when clients are reminded."""
    kept = kept_setup(ctx)
    new = dict(kept)
    if cmd.issuer is not None:
        new["issuer"] = read_party(cmd.issuer, kept.get("issuer", {}))
    typed = cmd.model_dump(mode="json", exclude_none=True, exclude={"session_id", "issuer"})
    for name, value in typed.items():
        new[name] = _READERS.get(name, lambda _, plain: plain)(ctx, value)
    return _keep(ctx, kept, new)


@operation("gtm.invoices.put_setup", writes=True, permission="crm.invoices.manage", internal=True)
def put_setup(ctx: Context, cmd: ChangeSetup) -> Setup:
    """Bring former settings of invoices back."""
    return _keep(ctx, kept_setup(ctx), cmd.kept)


def _keep(ctx: Context, before: dict[str, Any], after: dict[str, Any]) -> Setup:
    if after != before:
        Setting.insert(
            session_id=ctx.session_id, key=KEY, value=after
        ).on_conflict_replace().execute()
        undo = Inverse("gtm.invoices.put_setup", {"kept": before})
        fields = sorted(name for name in after | before if after.get(name) != before.get(name))
        said = {"name": "the invoice settings", "fields": fields}
        ctx.record("gtm.invoice.setup", ctx.session_id, said, undo=undo)
        if "reminders" in fields:
            plan_anew(ctx)
    return load_setup(ctx)


def _pattern(text: str) -> str:
    """A pattern with exactly one counter; refuses one that could not be read back."""
    pattern = one_line(text)
    tokens = _TOKEN.findall(pattern)
    counters = [token for token in tokens if _COUNTER.fullmatch(token)]
    unknown = [t for t in tokens if t not in ("FY", "YYYY", "YY", "MM", *counters)]
    bare = _TOKEN.sub("", pattern)
    if len(counters) != 1 or unknown or len(pattern) > 40 or set("{}") & set(bare):
        raise InvalidInput(
            f"The pattern {text!r} needs one counter and no other words than FY, YYYY, YY and MM."
            " Write it like INV-{FY}-{seq:04}.",
            field="patterns",
        )
    return pattern


def _patterns(ctx: Context, value: dict[str, str]) -> dict[str, str]:
    made = {kind: _pattern(text) for kind, text in value.items()}
    if len(set(made.values())) < len(made):
        raise InvalidInput("Each kind of document needs a pattern of its own.", field="patterns")
    return made


def _reminders(ctx: Context, value: list[int]) -> list[int]:
    if len(value) > 12 or any(abs(day) > _DAYS for day in value):
        raise InvalidInput(
            "Reminders are up to 12 days between -366 and 366, such as -3,1,7,14,30.",
            field="reminders",
        )
    return sorted(set(value))


def _late_fee(ctx: Context, value: str) -> str:
    text = one_line(value)
    if text.endswith("%"):
        rate = Money.parse(text[:-1], "EUR")
        wrong = not 0 < rate.minor <= 10_000
    else:
        wrong = bool(text) and Money.parse(text, ctx.session.currency).minor <= 0
    if wrong:
        raise InvalidInput(
            f"{value!r} is not a fee. Write an amount such as 10.00, or 2%.", field="late_fee"
        )
    return text


def _tax_rate(ctx: Context, value: str) -> str:
    text = one_line(value)
    if text and not re.fullmatch(r"\d{1,3}(\.\d{1,4})?", text, re.ASCII):
        raise InvalidInput(f"{value!r} is not a tax rate. Write it like 19.", field="tax_rate")
    return text


def _tax_category(ctx: Context, value: str) -> str:
    from rusvel_tui.engine.gtm.invoices.totals.categories import CATEGORIES

    code = one_line(value).upper()
    if code and code not in CATEGORIES:
        known = ", ".join(CATEGORIES)
        raise InvalidInput(f"{value!r} is no tax category. Use {known}.", field="tax_category")
    return code


_READERS: dict[str, Any] = {
    "patterns": _patterns,
    "reminders": _reminders,
    "late_fee": _late_fee,
    "tax_rate": _tax_rate,
    "tax_category": _tax_category,
    "terms": lambda ctx, value: sanitize(value).strip(),
}
"""How each setting that is more than a number in bounds is read."""

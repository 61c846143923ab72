"""The form of one line, with what it and the whole document come to while it is typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.invoices.ledger.inputs import LineInput
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceView, LineView
from rusvel_tui.engine.gtm.invoices.totals.categories import CATEGORIES
from rusvel_tui.engine.gtm.invoices.totals.reading import AdjustmentTerms
from rusvel_tui.engine.gtm.invoices.totals.totals_operation import ComputeTotals, compute_totals
from rusvel_tui.screens.invoices.words import exact
from rusvel_tui.screens.shared.asking import Asking
from rusvel_tui.widgets.form import Field

NEW_LINE = LineInput(unit_price="", quantity="1")
"""What the form of a new line begins with."""
_TEXTS = ("description", "quantity", "unit", "unit_price", "base_quantity", "tax_category")


async def ask_line_item(
    page: Asking[Any],
    title: str,
    seen: InvoiceView,
    line: LineInput,
    others: tuple[LineInput, ...],
    save: Callable[[LineInput], InvoiceView],
) -> InvoiceView | None:
    """Ask for one line until the engine takes it; the document as it is then, None when given up."""

    def write(values: Mapping[str, str]) -> InvoiceView:
        try:
            return save(read_line(values, line))
        except InvalidInput as error:  # the engine names the line too; the form shows only one
            raise InvalidInput(str(error), field=error.field.rpartition(".")[2]) from None

    def look(values: Mapping[str, str]) -> str:
        typed = read_line(values, line)
        alone = page.engine.run(compute_totals, _bill(seen, (typed,), alone=True))
        whole = page.engine.run(compute_totals, _bill(seen, (*others, typed)))
        total = exact(whole.payable, seen.currency)
        return f"This line {exact(alone.lines, seen.currency)} · to pay {total}"

    return await page.form(title, fields_of(line), write, watch=look, mark="Σ")


def fields_of(line: LineInput) -> tuple[Field, ...]:
    """What can be typed of a line."""
    categories = [
        ("by the rate", ""),
        *((f"{key} {one.meaning}", key) for key, one in CATEGORIES.items()),
    ]
    return (
        Field("description", "What", line.description, required=True),
        Field("quantity", "How many", line.quantity, required=True, help="Such as 1, 2.5 or -1."),
        Field("unit", "Unit", line.unit, help="Such as hour, day, month; pieces when left out."),
        Field("unit_price", "Price", line.unit_price, required=True, help="Of one, such as 120.00."),
        Field("tax_rate", "Tax %", line.tax_rate or "", help="Such as 19; nothing for none."),
        Field("allowances", "Discount", ", ".join(line.allowances), help="An amount or a percentage such as 10%; several with commas."),
        Field("charges", "Extra", ", ".join(line.charges), help="A charge on this line, written like a discount."),
        Field("base_quantity", "Price for", line.base_quantity, help="How many the price is for: 100 where 100 cost 4.50."),
        Field("tax_category", "Tax kind", line.tax_category, kind="select", choices=categories, help="Why there is tax, or none."),
    )  # fmt: skip


def read_line(values: Mapping[str, str], before: LineInput) -> LineInput:
    """What was typed as a line; what the form does not show stays."""
    told: dict[str, Any] = {name: values[name].strip() for name in _TEXTS}
    told["tax_rate"] = values["tax_rate"].strip().removesuffix("%").strip() or None
    for name in ("allowances", "charges"):
        told[name] = tuple(part.strip() for part in values[name].split(",") if part.strip())
    told["base_quantity"] = told["base_quantity"] or "1"
    return LineInput.model_validate(before.model_dump() | told)


def input_of(line: LineView) -> LineInput:
    """A stored line as it is written again."""
    known = line.model_dump(exclude={"position", "net"})
    return LineInput.model_validate(known | {"tax_rate": known["tax_rate"] or None})


def _bill(seen: InvoiceView, lines: tuple[LineInput, ...], *, alone: bool = False) -> ComputeTotals:
    """What totals are computed from: the document with these lines; `alone` leaves out what is said of the whole."""
    whole: dict[str, Any] = {}
    if not alone:
        whole = {
            "allowances": tuple(_terms(cut.model_dump()) for cut in seen.allowances),
            "charges": tuple(_terms(charge.model_dump()) for charge in seen.charges),
            "prepaid": seen.prepaid or "0",
            "rounding_unit": seen.rounding_unit,
        }
    return ComputeTotals(
        currency=seen.currency,
        lines=tuple(map(_bare, lines)),
        prices_include_tax=seen.prices_include_tax,
        **whole,
    )


def _terms(known: dict[str, Any]) -> AdjustmentTerms:
    return AdjustmentTerms.model_validate(known | {"tax_rate": known["tax_rate"] or None})


def _bare(line: LineInput) -> Any:
    return line.model_dump(exclude={"unit"})

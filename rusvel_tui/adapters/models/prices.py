"""What models cost, as their provider's pages said in November 2026."""

from __future__ import annotations

from typing import NamedTuple

from rusvel_tui.engine.chat_ports import Usage


class Price(NamedTuple):
    """Billionths of a US dollar for one token; a dollar for a million tokens is a thousand of them."""

    input: int
    output: int
    longest: int | None = None
    """Tokens of a question up to which the price is known."""


PRICES = {
    "claude-haiku-5-5": Price(100, 500, longest=100_000),
    "claude-sonnet-5-5": Price(2_000, 10_000),
    "claude-opus-5-5": Price(4_000, 20_000),
    "claude-fable-5-1": Price(10_000, 50_000),
}
"""By the beginning of a model's name; add yours here."""


def cost_nano(model: str, usage: Usage) -> int | None:
    """What a call cost; None when nobody knows."""
    price = next((price for name, price in PRICES.items() if _is(model, name)), None)
    asked = usage.input + usage.cache_read + usage.cache_write
    if price is None or (price.longest is not None and asked > price.longest):
        return None
    # Writing to the cache costs a quarter more than reading plainly, reading from it a tenth.
    weighed = usage.input * 100 + usage.cache_write * 125 + usage.cache_read * 10
    return weighed * price.input // 100 + usage.output * price.output


def _is(model: str, name: str) -> bool:
    """Whether it is that model, also with a date behind its name; `claude-haiku-5-50` is another one."""
    rest = model.removeprefix(name)
    return model.startswith(name) and not rest[:1].isdigit()

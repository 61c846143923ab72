"""One of several processes that make invoices final at the same time, some of them failing on the way.

`python -m tests.engine.invoices.finaliser FILE COUNT SEED` prints how often it failed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.invoices.ledger import numbering
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceView
from tests.factories import START

FAILING = 0.1
"""The share of finalisations that fail after they took their number."""


class Failed(Exception):
    """What breaks a transaction."""


def _nothing(name: str) -> None:
    """Go on."""


def main(path: Path, count: int, seed: int) -> int:
    """Make so many invoices final; how many tries failed."""
    rng, failed, made = Random(seed), 0, 0  # noqa: S311 (a test, not a secret)

    def fail(name: str) -> None:
        if rng.random() < FAILING:
            raise Failed(name)

    engine = Engine(path, clock=FixedClock(START))
    line = {"description": "Work", "unit_price": "10"}
    while made < count:
        draft = engine.call(
            "gtm.invoices.create_invoice",
            {"client_name": "Grace", "create_client": True, "line_items": [line]},
        )
        assert isinstance(draft, InvoiceView)
        vars(numbering)["crashpoint"] = fail
        try:
            engine.call("gtm.invoices.finalise_invoice", {"invoice_id": draft.invoice_id})
            made += 1
        except Failed:
            failed += 1
        vars(numbering)["crashpoint"] = _nothing
    engine.close()
    return failed


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))

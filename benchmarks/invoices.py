"""Invoices: what the screen opens with costs the same in a book of 10 000 as in one of 100."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import sizes
from benchmarks.data import NOW, open_engine, plan_task
from benchmarks.lines import Line, ratio
from rusvel_tui.engine.core import Engine

FEW, MANY = 100, 10_000
OPEN_SHARE = 100
"""One invoice in so many was never paid; besides, the newest two in so many are open."""
DAYS = 3 * 365
ROUNDS = 40

OPENED: dict[str, tuple[str, dict[str, Any]]] = {
    "list of invoices": ("gtm.invoices.list_invoices", {"limit": 50}),
    "most urgent invoice": ("gtm.invoices.list_invoices", {"limit": 1, "status": "Overdue"}),
    "ageing": ("gtm.invoices.ageing", {}),
    "revenue by month": ("gtm.invoices.revenue_by_month", {}),
}
"""What is read when the page of invoices opens."""


def lines(folder: Path) -> Iterator[Line]:
    """Goal 4, for a book of invoices."""
    books = {count: book(folder, count) for count in (FEW, MANY)}
    taken = {count: measure(path) for count, path in books.items()}
    for what in OPENED:
        yield ratio(4, f"{what}, 10 000 / 100", taken[MANY][what], taken[FEW][what], 1.3)
    yield from _drawn(folder, books)


def _drawn(folder: Path, books: dict[int, Path]) -> Iterator[Line]:
    """The same on the screen: from the key to the end of the picture."""
    opening: dict[str, Callable[[Path, Path], float]] = {
        "page of invoices opens": partial(sizes.opening, key="v"),
        "reports open": sizes.reports,
    }
    for what, taken in opening.items():
        few, many = taken(folder, books[FEW]), taken(folder, books[MANY])
        yield ratio(4, f"{what}, 10 000 / 100", many, few, 1.3)


def measure(path: Path) -> dict[str, float]:
    """Milliseconds of each thing that is opened, the middle one of several."""
    engine = open_engine(path)
    with engine.connected():
        taken = {
            what: median(_timed(engine, *call) for _ in range(ROUNDS))
            for what, call in OPENED.items()
        }
    engine.close()
    return taken


def _timed(engine: Engine, name: str, data: dict[str, Any]) -> float:
    began = time.perf_counter()
    engine.call(name, data)
    return (time.perf_counter() - began) * 1000


def book(folder: Path, count: int) -> Path:
    """A database with so many invoices over three years: one made by hand, the others like it."""
    path = folder / f"invoices-{count}.db"
    engine = open_engine(path)
    engine.call("session.create", {"name": "bench", "currency": "EUR", "timezone": "UTC"})
    first: Any = engine.call(
        "gtm.invoices.create_invoice",
        {
            "client_name": "Grace",
            "create_client": True,
            "line_items": [{"description": "Work", "unit_price": "100", "tax_rate": "19"}],
            "issue_date": f"{NOW.date() - timedelta(days=DAYS)}",
        },
    )
    engine.call("gtm.invoices.finalise_invoice", {"invoice_id": first.invoice_id})
    _copy(engine, first.invoice_id, count)
    plan_task(engine)
    engine.close()
    return path


def _copy(engine: Engine, first: str, count: int) -> None:
    """Invoices like the first, on later days, nearly all of them paid two weeks after."""
    with engine.connected() as connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(invoice)").fetchall()]
        values = dict(
            zip(names, connection.execute("SELECT * FROM invoice").fetchone(), strict=True)
        )
        sql = f"INSERT INTO invoice ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        connection.execute("BEGIN")
        for n in range(2, count + 1):
            row = values | _like(values, n, count)
            connection.execute(sql, [row[name] for name in names])
            if row["status"] == "paid":
                connection.execute(
                    _PAYMENT, (f"{n:032x}", row["session_id"], row["id"], _day(n, count, 14))
                )
        connection.execute("UPDATE invoice_series SET last = ?", (count,))
        connection.execute("COMMIT")
        connection.execute("ANALYZE")


_PAYMENT = """INSERT INTO payment (id, session_id, invoice_id, kind, amount_minor, received_minor, currency, paid_on,
method, reference, note, actor, created_at) VALUES (?, ?, ?, 'payment', 11900, 11900, 'EUR', ?, '', '', '', 'bench', '')"""


def _like(values: dict[str, Any], n: int, count: int) -> dict[str, Any]:
    paid = n % OPEN_SHARE != 0 and n <= count - 2 * count // OPEN_SHARE
    return {
        "id": f"ffff{n:028x}",
        "seq": n,
        "number": f"INV-{n:06d}",
        "issue_date": _day(n, count, 0),
        "due_date": _day(n, count, 14),
        "paid_minor": values["payable_minor"] if paid else 0,
        "open_minor": 0 if paid else values["payable_minor"],
        "status": "paid" if paid else "issued",
    }


def _day(n: int, count: int, later: int) -> str:
    first: date = NOW.date() - timedelta(days=DAYS)
    return f"{first + timedelta(days=DAYS * n // count + later - 30)}"

"""A document as text for any terminal and any mail: 78 columns, no colours, no boxes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from rusvel_tui.engine.gtm.invoices.documents.sheet import Fact, Sheet, SheetLine, SheetParty
from rusvel_tui.engine.text import cells, one_line, sanitize

WIDTH = 78
_HALF = 40
_NUMBERS = (14, 13, 9, 13)
"""Columns for quantity, price, tax and net; what is left is for the name."""
_NAME = WIDTH - 5 - sum(_NUMBERS)


def plain_text(sheet: Sheet) -> str:
    """The whole document; every character of its data stands there literally or not at all."""
    blocks = (
        _head(sheet),
        _beside(_party("To", sheet.buyer), _facts(sheet.facts, WIDTH - _HALF)),
        [sheet.subject],
        _table(sheet),
        [*_sums(sheet)],
        *([*_wrapped(note)] for note in sheet.notes),
        _payment(sheet),
    )
    shown = ["\n".join(line.rstrip() for line in block) for block in map(list, blocks)]
    return "\n\n".join(block for block in shown if block.strip()) + "\n"


def _head(sheet: Sheet) -> list[str]:
    left = [sheet.title.upper(), *([f"*** {sheet.mark} ***"] if sheet.mark else [])]
    seller = sheet.seller
    return _beside(left, [seller.name, *seller.address, *seller.contact, *seller.numbers])


def _party(label: str, party: SheetParty) -> list[str]:
    contact = party.contact[:1] if party.contact and "@" not in party.contact[0] else ()
    return [f"{label}:", party.name, *contact, *party.address, *party.numbers]


def _facts(facts: tuple[Fact, ...], room: int = WIDTH) -> list[str]:
    wide = max((cells(label) for label, _ in facts), default=0)
    rows = []
    for label, value in facts:
        first, *rest = [*_wrapped(value, room - wide - 2)] or [""]
        rows += [f"{_fit(label, wide)}  {first}", *(f"{'':{wide}}  {more}" for more in rest)]
    return rows


def _beside(left: list[str], right: list[str]) -> list[str]:
    """Two blocks beside each other, each in its half."""
    left = [row for text in left for row in _wrapped(text, _HALF - 2)]
    right = [row for text in right for row in _wrapped(text, WIDTH - _HALF)]
    rows = max(len(left), len(right))
    left, right = left + [""] * (rows - len(left)), right + [""] * (rows - len(right))
    return [_fit(one, _HALF) + other for one, other in zip(left, right, strict=True)]


def _table(sheet: Sheet) -> list[str]:
    head = _row("#", "Description", ("Quantity", sheet.price_label, "Tax", f"Net {sheet.currency}"))
    rows = [row for line in sheet.lines for row in _line(line)]
    return [head, "-" * WIDTH, *rows, "-" * WIDTH]


def _line(line: SheetLine) -> Iterator[str]:
    names = [*_wrapped(line.name, _NAME)] or [""]
    numbers = (line.quantity, line.price, line.tax, line.net)
    if any(cells(text) >= room for text, room in zip(numbers, _NUMBERS, strict=True)):
        yield from (
            _row(line.position if not place else "", name, ()) for place, name in enumerate(names)
        )
        yield _right("  ".join(filter(None, numbers)))
    else:
        yield _row(line.position, names[0], numbers)
        yield from (_row("", name, ()) for name in names[1:])
    yield from (f"     {text}" for text in _wrapped(line.details, WIDTH - 5))
    yield from (_row("", label, ("", "", "", amount)) for label, amount in line.parts)


def _row(position: str, name: str, numbers: tuple[str, ...]) -> str:
    shown = "".join(
        _fit(text, room, right=True) for text, room in zip(numbers, _NUMBERS, strict=False)
    )
    return f"{_fit(position, 3, right=True)}  {_fit(name, _NAME)}{shown}"


def _sums(sheet: Sheet) -> Iterator[str]:
    """The sums below the net column, the last one with its currency."""
    label, amount = sheet.total
    total = (f"{label.upper()} {sheet.currency}", amount)
    room = max(cells(amount) for _, amount in (*sheet.sums, total)) + 3
    for label, amount in sheet.sums:
        yield _right(label + _fit(amount, room, right=True))
    yield _right("=" * (cells(total[0]) + room))
    yield _right(total[0] + _fit(total[1], room, right=True))


def _payment(sheet: Sheet) -> list[str]:
    return [f"Please pay to:\n{chr(10).join(_facts(sheet.payment))}"] if sheet.payment else []


def _wrapped(text: str, width: int = WIDTH) -> Iterator[str]:
    """The paragraphs of a text in lines that fit, counted in columns."""
    for paragraph in sanitize(text).splitlines():
        yield from _filled(paragraph, width)


def _filled(paragraph: str, width: int) -> list[str]:
    wide = cells(paragraph) - len(paragraph)
    if wide <= 0:
        return textwrap.wrap(paragraph, width) or [""]
    return textwrap.wrap(paragraph, max(1, width // 2)) or [""]


def _fit(text: str, width: int, *, right: bool = False) -> str:
    text = one_line(text) if "\n" in text or "\t" in text else text
    space = " " * max(0, width - cells(text))
    return space + text if right else text + space


def _right(text: str) -> str:
    return " " * max(0, WIDTH - cells(text)) + text

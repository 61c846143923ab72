"""The kinds of fields: how what was typed becomes a comparison in SQL, every value bound."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.filters.faults import Fault, near
from rusvel_tui.engine.filters.fields import Field, Kind, Scope
from rusvel_tui.engine.filters.periods import period
from rusvel_tui.engine.filters.syntax import Condition, Value
from rusvel_tui.engine.filters.where import Where, all_of, any_of
from rusvel_tui.engine.money import CURRENCIES, Money
from rusvel_tui.engine.text import fold

MATCHING = (":", "=")
COMPARING = (":", "=", "<", "<=", ">", ">=")
_NUMBER = r"([+-]?[0-9]{1,15}(?:\.[0-9]{1,9})?)(k|m|b)?"
_PLAIN = re.compile(_NUMBER, re.IGNORECASE)
_AMOUNT = re.compile(rf"{_NUMBER}([a-z]{{3}})?", re.IGNORECASE)
_ZEROS = {"": 0, "k": 3, "m": 6, "b": 9}
_YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def like(text: str) -> str:
    """A LIKE pattern for a part of a text, with the backslash as its escape."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def one_of(column: str, values: Iterable[Any]) -> Where:
    """The column holds one of these."""
    found = tuple(values)
    return Where(f"{column} IN ({', '.join('?' * len(found))})", found)


def _text(field: Field, asked: Condition, scope: Scope) -> Where:
    """A part of the text, or with `=` the whole of it; case and accents do not matter."""
    words = [fold(value.text) for value in asked.values]
    if asked.sign == "=":
        return one_of(f"fold({field.column})", words)
    escaped = f"fold({field.column}) LIKE ? ESCAPE '\\'"
    return any_of(Where(escaped, (like(word),)) for word in words)


def _word(field: Field, asked: Condition, scope: Scope) -> Where:
    """The whole text; what is typed need not be known."""
    return one_of(f"fold({field.column})", (fold(value.text) for value in asked.values))


def _choice(field: Field, asked: Condition, scope: Scope) -> Where:
    """One of a list of words; another word is an error."""
    known = {_bare(word): word for word in field.source(scope, "")}
    return one_of(field.column, (_known(field, value, known) for value in asked.values))


def _known(field: Field, value: Value, known: dict[str, str]) -> str:
    if found := known.get(_bare(value.text)):
        return found
    hint = near(value.text, known.values()) or f" There {_list(tuple(known.values()))}."
    raise Fault(f"There is no {field.name} {value.text!r}.{hint}", value.place)


def _list(words: tuple[str, ...]) -> str:
    if not words:
        return "is none yet"
    shown = ", ".join(words[:8]) + (", …" if len(words) > 8 else "")
    return f"{'is' if len(words) == 1 else 'are'} {shown}"


def _bare(word: str) -> str:
    return fold(word).replace("_", "").replace("-", "").replace(" ", "")


def _digits(field: Field, asked: Condition, scope: Scope) -> Where:
    """Some of the digits of a number, whatever stands between them."""
    wanted = []
    for value in asked.values:
        digits = re.sub(r"[^0-9]", "", value.text).removeprefix("00")
        if len(digits) < 3:
            raise Fault("Write at least three digits of the number.", value.place)
        wanted.append(Where(f"{field.column} LIKE ?", (f"%{digits}%",)))
    return any_of(wanted)


def _yes_no(field: Field, asked: Condition, scope: Scope) -> Where:
    """Yes or no."""
    found = []
    for value in asked.values:
        if fold(value.text) not in _YES:
            raise Fault(f"{field.name} is yes or no.", value.place)
        spelled = [word for word, said in _YES.items() if said == _YES[fold(value.text)]]
        found.append(one_of(f"fold({field.column})", spelled))
    return any_of(found)


def compared(
    asked: Condition, read: Callable[[Value], Any], column: str, known: Where | None = None
) -> Where:
    """A comparison of single values, or ranges with both ends, `known` being true of the row too."""
    tests = []
    for value in asked.values:
        if asked.sign in MATCHING:
            tests.append(_between(value, read, column))
        else:
            tests.append(Where(f"{column} {asked.sign} ?", (read(value),)))
    return all_of([known, any_of(tests)]) if known else any_of(tests)


def ends(value: Value) -> tuple[Value | None, Value | None] | None:
    """Both ends of a range `a..b`, one of which may be open; None for a single value."""
    first, dots, last = value.text.partition("..")
    if not dots:
        return None
    if not first and not last:
        raise Fault("A range needs a beginning or an end: 10..20, 10.. or ..20.", value.place)
    return (
        Value(first, value.place) if first else None,
        Value(last, value.place) if last else None,
    )


def _between(value: Value, read: Callable[[Value], Any], column: str) -> Where:
    span = ends(value)
    if span is None:
        return Where(f"{column} = ?", (read(value),))
    found = [
        Where(f"{column} {sign} ?", (read(end),))
        for sign, end in zip((">=", "<="), span, strict=True)
        if end is not None
    ]
    return all_of(found)


def _number(field: Field, asked: Condition, scope: Scope) -> Where:
    """A number; `5k` is five thousand."""

    def read(value: Value) -> int | float:
        found = _PLAIN.fullmatch(value.text)
        if found is None:
            raise Fault(f"{value.text!r} is not a number.", value.place)
        number = float(f"{found[1]}e{_ZEROS[(found[2] or '').lower()]}")
        return int(number) if number.is_integer() else number

    return compared(asked, read, field.column)


def _money(field: Field, asked: Condition, scope: Scope) -> Where:
    """An amount in one currency, which stands in the same row; what is in others never matches."""
    row = field.column.partition(".")[0]

    def test(value: Value) -> Where:
        code = _currency(value) or scope.currency

        def read(end: Value) -> int:
            return _minor(end, code)

        one = Condition(asked.name, asked.sign, (value,), asked.place)
        return compared(one, read, field.column, Where(f"{row}.currency = ?", (code,)))

    return any_of(map(test, asked.values))


def _currency(value: Value) -> str:
    """The currency right behind the amount, or behind the end of a range."""
    found = re.search(r"[0-9](?:[kmb])?([a-z]{3})$", value.text, re.IGNORECASE)
    if found is None:
        return ""
    if found[1].upper() not in CURRENCIES:
        raise Fault(f"{found[1]!r} is not a currency such as EUR.", value.place)
    return found[1].upper()


def _minor(value: Value, code: str) -> int:
    found = _AMOUNT.fullmatch(value.text)
    if found is None:
        raise Fault(f"{value.text!r} is not an amount. Write 5000, 5k, 2.5m or 5kEUR.", value.place)
    if found[3] and found[3].upper() != code:
        raise Fault("Both ends of a range are in the same currency.", value.place)
    try:
        return Money.parse(f"{found[1]}E{_ZEROS[(found[2] or '').lower()]}", code).minor
    except InvalidInput as error:
        raise Fault(str(error), value.place) from None


def _moment(field: Field, asked: Condition, scope: Scope) -> Where:
    """A moment in time."""
    return any_of(period(field, asked.sign, value, scope, days=False) for value in asked.values)


def _day(field: Field, asked: Condition, scope: Scope) -> Where:
    """A day of the calendar."""
    return any_of(period(field, asked.sign, value, scope, days=True) for value in asked.values)


TEXT = Kind(_text, MATCHING, "{} <> ''", "acme")
WORD = Kind(_word, MATCHING, "{} <> ''", "vip")
CHOICE = Kind(_choice, MATCHING, "{} <> ''", "proposal")
DIGITS = Kind(_digits, MATCHING, "{} <> ''", "4930")
YES_NO = Kind(_yes_no, MATCHING, "{} <> ''", "yes")
NUMBER = Kind(_number, COMPARING, "{} IS NOT NULL", "3")
MONEY = Kind(_money, COMPARING, "{} > 0", "5k")
MOMENT = Kind(_moment, COMPARING, "{} IS NOT NULL", "14d")
DAY = Kind(_day, COMPARING, "{} <> ''", "14d")

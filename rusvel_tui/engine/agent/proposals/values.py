"""Values as people write them: money, days, names instead of ids; sanitised and cut."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from peewee import BooleanField, FloatField

from rusvel_tui.engine.agent.proposals.naming import Names, Row, column_word, field_of
from rusvel_tui.engine.clock import moment
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models.base import JsonField
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.text import cut, one_line

LONGEST = 240
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Values:
    """Values of one session; `currency` is that of amounts whose row names none."""

    def __init__(self, ctx: Context, currency: str = "") -> None:
        self._zone = ctx.zone
        self._currency = currency or ctx.session.currency
        self.names = Names(ctx)

    def plain(self, name: str, value: Any, table: str = "", row: Row | None = None) -> str:
        """A value as people write it; empty for none."""
        if value is None or value == "":
            return ""
        field = field_of(table, name)
        if isinstance(field, BooleanField) or isinstance(value, bool):
            return "yes" if value else "no"
        if name.endswith("_minor"):
            return str(Money(int(value), (row or {}).get("currency") or self._currency))
        if isinstance(field, JsonField) and isinstance(value, str):
            return self._json(name, loaded(value))
        if isinstance(value, float) or isinstance(field, FloatField):
            return f"{value:,.10g}"
        if isinstance(value, dict | list | tuple):
            return self._json(name, value)
        return self._text(name, str(value), table)

    def _json(self, name: str, value: Any) -> str:
        if isinstance(value, dict):
            pairs = ((column_word(k), self.plain(k, part)) for k, part in value.items())
            return short("; ".join(f"{key}: {text}" for key, text in pairs if text))
        if isinstance(value, list | tuple):
            single = name.removesuffix("s")
            return short(", ".join(filter(None, (self.plain(single, part) for part in value))))
        return self.plain(name, value)

    def _text(self, name: str, text: str, table: str) -> str:
        if _STAMP.fullmatch(text):
            return f"{moment(text).astimezone(self._zone):%a %d %b %Y %H:%M}"
        if _DAY.fullmatch(text):
            return _day(text)
        if name.endswith("_id") and _ID.fullmatch(text):
            return self.names.behind(name, text) or text
        if name == "stage" and table == "deal":
            return self.names.stage(text)
        return short(one_line(text))


def loaded(text: Any) -> Any:
    """The document behind a stored text; the text itself when it is none."""
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        return text


def short(text: str) -> str:
    """The text in as many cells as a difference has for it."""
    return cut(text, LONGEST)


def _day(text: str) -> str:
    try:
        return f"{date.fromisoformat(text):%a %d %b %Y}"
    except ValueError:
        return text

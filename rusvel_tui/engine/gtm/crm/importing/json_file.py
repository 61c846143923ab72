"""JSON as a table: a list of objects, or one object in each line; their keys are the headings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.importing.csv_reader import Record
from rusvel_tui.engine.gtm.crm.importing.exact import SEPARATOR, defuse

_LOOKS = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*[{\]]|\{\s*\")")


def is_json(data: bytes) -> bool:
    """Whether the file begins like a list of objects, or like an object."""
    return _LOOKS.match(data) is not None


def read_objects(text: str) -> list[dict[str, Any]]:
    """The objects of the file; raises `InvalidInput` when it is no JSON, or something in it is no object."""
    try:
        if text.lstrip().startswith("["):
            found = json.loads(text)
        else:
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        place = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise InvalidInput(
            f"The file is no whole JSON{place}. Export it again.", field="path"
        ) from None
    odd = next((place for place, item in enumerate(found, 1) if not isinstance(item, dict)), 0)
    if odd:
        raise InvalidInput(
            f"Item {odd} of the file is no object with names and values.", field="path"
        )
    return list(found)


def headings_of(items: Sequence[dict[str, Any]]) -> list[str]:
    """Every key of the objects once, in the order in which they come."""
    return list(dict.fromkeys(key for item in items for key in item))


def records(
    items: Sequence[dict[str, Any]], headings: Sequence[str], *, exact: bool
) -> Iterator[Record]:
    """The objects by their number as records below the headings, of our own export as its table has them."""
    for number, item in enumerate(items, 1):
        cells = (item.get(heading) for heading in headings)
        if exact:
            yield Record(number, [defuse(as_cell(cell, SEPARATOR)) for cell in cells])
        else:
            yield Record(number, [as_cell(cell, "; ") for cell in cells])


def as_cell(value: Any, separator: str) -> str:
    """A value as a cell of a table: nothing is empty, several values stand side by side."""
    if isinstance(value, list):
        return separator.join(map(_scalar, value))
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)

"""What is wrong with a filter, and where: every error points at a column."""

from __future__ import annotations

from collections.abc import Iterable

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.filters.syntax import Place
from rusvel_tui.engine.text import cells


class Fault(Exception):
    """Something at a place cannot be understood; a `FilterError` adds the text around it."""

    def __init__(self, reason: str, place: Place) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place


class FilterError(InvalidInput):
    """A filter that cannot be used. `column` counts characters from 1, `width` says how many are meant."""

    def __init__(self, text: str, fault: Fault) -> None:
        self.reason = fault.reason
        self.column = fault.place.start + 1
        self.width = max(1, fault.place.end - fault.place.start)
        self.text = text
        super().__init__(f"Filter, column {self.column}: {self.reason}", field="filter")

    @property
    def picture(self) -> str:
        """The filter with carets below what is meant, as wide as a terminal shows it."""
        before, meant = self.text[: self.column - 1], self.text[self.column - 1 :][: self.width]
        return f"  {self.text}\n  {' ' * cells(before)}{'^' * max(1, cells(meant))}"


def near(word: str, known: Iterable[str]) -> str:
    """` Did you mean this or that?`, or nothing when nothing is like it."""
    from difflib import get_close_matches

    folded = {name.casefold(): name for name in known}
    found = [folded[one] for one in get_close_matches(word.casefold(), folded, n=2, cutoff=0.6)]
    return f" Did you mean {' or '.join(found)}?" if found else ""

"""Search everything: people, companies, deals, and what was noted about them, from any page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from textual.strip import Strip

from rusvel_tui.engine.gtm.crm.finding.search import Search, search
from rusvel_tui.engine.gtm.crm.finding.search_hits import HitKind, SearchHit
from rusvel_tui.engine.snippets import Span
from rusvel_tui.screens.page import Page, Rows
from rusvel_tui.screens.shared.picker import Choices, Picker
from rusvel_tui.widgets.columns import Column, gap
from rusvel_tui.widgets.lines import Piece, strip_of
from rusvel_tui.widgets.plain import ELLIPSIS, fit

MOST = 200
"""Hits that are shown; who wants more types another word."""
HINT = "Type words: names, companies, addresses, notes"
EMPTY = "What bears all these words is listed here.\nCase and accents do not matter."


class HitList(Choices[SearchHit]):
    """Rows in which the words that were found stand out."""

    def draw_row(self, index: int) -> Strip:
        hit = self.row_of(index)
        if hit is None or index == self.cursor:  # under the cursor a row has one look
            return super().draw_row(index)
        return strip_of([(" " * 3, self.look()), *self._pieces(hit)], self.size.width, self.look())

    def _pieces(self, hit: SearchHit) -> Iterator[Piece]:
        spans = {"Title": hit.title_matches, "Where": hit.matches if hit.snippet else ()}
        space = " " * gap(self.size.width)
        for column, width in self.grid.layout(self.size.width):
            tone = column.tone_of(hit)
            line, found_at = column.text(hit), spans.get(column.title, ())
            if column.title == "Where":
                line, found_at = around(line, found_at, width)
            for text, found in marked(line, found_at, width):
                yield text, self.look("accent" if found else tone)
            yield space, self.look()


def around(text: str, spans: tuple[Span, ...], width: int) -> tuple[str, tuple[Span, ...]]:
    """The text from shortly before its first match, where that is not to be seen in so few cells otherwise."""
    if not spans or spans[0][1] < width:
        return text, spans
    cut = max(0, spans[0][0] - width // 3)
    return f"{ELLIPSIS}{text[cut:]}", tuple((a - cut + 1, b - cut + 1) for a, b in spans)


def marked(text: str, spans: tuple[Span, ...], width: int) -> Iterator[tuple[str, bool]]:
    """The text in exactly `width` cells, in pieces that say whether they were searched for."""
    line = fit(text, width)
    kept = line.rstrip().removesuffix(ELLIPSIS)
    at = 0
    for start, end in (
        spans if text.startswith(kept) else ()
    ):  # else letters went, and no place is right
        last = min(end, len(kept))
        if start < last:
            yield line[at:start], False
            yield line[start:last], True
            at = last
    yield line[at:], False


class SearchEverything(Picker[SearchHit]):
    """Dismissed with what was chosen."""

    def listing(self) -> Choices[SearchHit]:
        return HitList(self.columns, empty=self.empty)


async def search_everything(page: Page[Any]) -> None:
    """Ask for words, and go to what was chosen. Await it in a worker."""

    def find(words: str, first: int, count: int) -> Rows:
        found = page.engine.run(search, Search(query=words, limit=MOST)).items
        return Rows(len(found), found[first : first + count])

    picker = SearchEverything("Search everything", _COLUMNS, find, empty=EMPTY, hint=HINT)
    hit = await page.app.push_screen_wait(picker)
    if hit is not None:
        go_to(page, hit)


def go_to(page: Page[Any], hit: SearchHit) -> None:
    """The page that shows it: a note is beside its contact, or its deal."""
    if hit.kind is HitKind.COMPANY:
        page.visit("companies", hit.id)
    elif hit.kind is HitKind.DEAL:
        page.visit("deals", hit.id)
    elif hit.contact_id:
        page.visit("contacts", hit.contact_id)
    elif hit.deal_id:
        page.visit("deals", hit.deal_id)
    else:
        page.say(f"“{hit.title}” belongs to nobody.")


_COLUMNS = (
    Column[SearchHit]("Kind", lambda hit: hit.kind.value, width=8, tone="muted"),
    Column[SearchHit]("Title", lambda hit: hit.title, width=18, grow=2, most=44),
    Column[SearchHit]("Where", lambda hit: hit.snippet or hit.about, width=20, grow=3, most=120, tone="muted"),
)  # fmt: skip

"""`/` on pages that have no search of their own: in the list, the board or the text that is in use."""

from __future__ import annotations

from typing import Any

from rusvel_tui.screens.page import Page
from rusvel_tui.widgets.line_input import Question
from rusvel_tui.widgets.seeking import Seeking


async def find_in_page(page: Page[Any]) -> None:
    """Ask for words and go to the first row that holds them. Await it in a worker."""
    widget = _in_use(page)
    if widget is None:
        page.complain("There is no list here to find in.")
        return
    before = widget.place()

    def typed(words: str) -> None:
        widget.look_for(words)
        widget.put(before)
        if widget.sought:
            widget.seek(1, here=True)

    hint = "words of a row; n goes to the next match, N back"
    question = Question(f"find {page.id}", "/", hint=hint, typed=typed)
    answer = await page.ask_line(question)
    if answer is None:
        widget.forget()
        widget.put(before)
    else:
        widget.look_for(answer)


def _in_use(page: Page[Any]) -> Seeking | None:
    """What has the focus, else the first on the page."""
    shown = [one for one in page.query("*") if isinstance(one, Seeking) and one.display]
    return next((one for one in shown if one.has_focus), next(iter(shown), None))

"""Every page on a desk without anything teaches a first key, and the key does something there."""

from __future__ import annotations

import re

import pytest

from rusvel_tui.actions import available, shown
from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.screens import PAGES
from rusvel_tui.screens.inbox.boxes import EMPTY
from rusvel_tui.screens.inbox.page import InboxPage
from tests.factories import Desk
from tests.screens.pilots import screen_lines, settle

KEY = re.compile(
    r"(?<![\w'])([gc] [a-z]|[B-Zb-z]|enter|:[a-z]+)(?:\s+(?:[a-z]+s\b|comes back|on a draft)|\s{2,}[a-z])"
)
"""How a key stands in a text, with what it does: `c c adds`, `N makes`, `enter opens`, `i  write`; `a` alone is a word."""
FULL = {
    "log": "making the session stands in it",
    "told": "some agents, skills and rules come along",
}
"""Pages that are never empty, each with the reason."""
IDS = [entry.id for entry in PAGES if entry.id not in FULL]


def taught(app: RusvelApp) -> set[str]:
    """The keys and commands that the page names outside its header and footer, and that can be used there."""
    offers = available(app.screen)
    usable = {
        one for offer in offers for key in offer.action.keys.split(",") for one in (shown(key),)
    }
    usable |= {f":{offer.action.command.split(' ')[0]}" for offer in offers}
    text = "\n".join(screen_lines(app)[1:-1])
    return {found for found in KEY.findall(text) if found in usable}


@pytest.mark.parametrize("page_id", IDS)
async def test_an_empty_page_teaches_a_first_key_that_works(desk: Desk, page_id: str) -> None:
    """At 80x24, where room is short. A page that is added later is asked for its own."""
    entry = next(entry for entry in PAGES if entry.id == page_id)
    pages = [entry, *(other for other in PAGES if other.id != page_id)]
    app = RusvelApp(desk.engine, pages=pages)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: app.page.id == page_id)
        await settle(pilot, lambda: taught(app), turns=600)


@pytest.mark.parametrize("box", Box)
def test_every_empty_box_of_the_inbox_teaches_a_key(box: Box) -> None:
    """Of the drafts, of the boxes, of the sequences: each is a key of the inbox, or of all pages."""
    named = re.findall(r"\b([gc] [a-z]|[a-z1])(?= (?:[a-z]+s\b|on a draft))", EMPTY[box])
    keys = {key for action in InboxPage.ACTIONS for key in shown(action.keys).split(" ")}
    assert [one for one in named if one in keys | {"g s", "c m", "1"}]

"""The palette: everything that can be done here, found by a few letters."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.fuzzy import Matcher

from rusvel_tui.actions import (
    APP,
    CREATE,
    GO,
    HERE,
    MARKING,
    MOVE,
    VIEW,
    Offer,
    available,
    first_key,
)
from rusvel_tui.widgets.key_router import KeyRouter

RANKS = (HERE, "", CREATE, GO, MARKING, VIEW, APP, MOVE)


class Actions(Provider):
    """The actions of the page under the palette, from the same registry as keys and `:` names."""

    async def discover(self) -> Hits:
        for offer in sorted(available(self.screen), key=_rank):
            text = _title(offer)
            yield DiscoveryHit(Content(text), self._doing(offer), text, offer.action.help)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for offer in available(self.screen):
            text = _title(offer)
            score = matcher.match(text)
            if score > 0:
                yield Hit(
                    score, highlighted(matcher, text), self._doing(offer), text, offer.action.help
                )

    def _doing(self, offer: Offer) -> Callable[[], Awaitable[object]]:
        """What choosing it does: the action, or the `:` line when it needs a word."""
        action = offer.action
        if action.takes and not action.takes.startswith("["):
            return partial(self.app.run_action, ("app", "command", (f"{action.command} ",)))
        if isinstance(self.app, KeyRouter):  # like a key: `.` can repeat it
            return partial(self.app.run_offer, offer)
        return partial(self.app.run_action, action.do, offer.node)


def _rank(offer: Offer) -> int:
    """What the page does comes first, what everybody's fingers know comes last."""
    group = offer.action.group
    return RANKS.index(group) if group in RANKS else 1


def _title(offer: Offer) -> str:
    """`Next stage · L · :move right`."""
    action = offer.action
    return " · ".join(
        part for part in (action.label, first_key(action), f":{action.command}") if part
    )


def highlighted(matcher: Matcher, text: str) -> Content:
    """Text with the letters marked that fit; Textual's own way reads the text as markup."""
    content = Content(text)
    for at in matcher.fuzzy_search.match(matcher.query, text)[1]:
        content = content.stylize(matcher.match_style, at, at + 1)
    return content

"""The queue of possible duplicates: pairs with their reasons, and the word that two people are two."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from rusvel_tui.engine.gtm.crm.blocks import KINDS, SMALL, Block, Pair, blocks, group_size
from rusvel_tui.engine.gtm.crm.likeness import Likeness, compare_names
from rusvel_tui.engine.gtm.crm.looks import ContactLook, looks
from rusvel_tui.engine.gtm.crm.people import find_contact, label
from rusvel_tui.engine.gtm.crm.traits import (
    Evidence,
    Reason,
    Traits,
    evidence,
    load_traits,
    score,
    select,
)
from rusvel_tui.engine.models import NotDuplicate
from rusvel_tui.engine.operation import Input, PageInput, View, operation

_AT_ONCE = 100
"""Pairs that are looked at together: a page is about so long."""
_DISMISSED = "SELECT first_id, second_id FROM not_duplicate WHERE session_id = ?"


class PossibleDuplicate(View):
    """Two contacts that may be one person, why, and how sure that is in per cent."""

    first: ContactLook
    second: ContactLook
    reasons: tuple[Evidence, ...]
    score: int


class DuplicatePage(View):
    """A part of the queue, the surest kind of reason first."""

    items: tuple[PossibleDuplicate, ...]
    next: str | None
    capped: tuple[str, ...]
    """Groups too large to compare everybody with everybody, as sentences."""


class TwoContacts(Input):
    """Two contacts, in any order."""

    first_id: str
    second_id: str


class Dismissed(View):
    """The two that are two people; or that may be one again."""

    first_id: str
    second_id: str
    dismissed: bool


class Place(NamedTuple):
    """Where a pair stands in the queue: the kind and the key of what it shares, then its ids."""

    kind: int
    key: str
    pair: Pair


@operation("gtm.crm.possible_duplicates", permission="crm.contacts.read")
def possible_duplicates(ctx: Context, cmd: PageInput) -> DuplicatePage:
    """List pairs of contacts that may be one person, with the reasons."""
    start = _place(cmd.cursor)
    capped: dict[str, None] = {}
    found = list(islice(_pairs(ctx, start, capped), cmd.limit + 1))
    page = found[: cmd.limit]
    seen = looks({contact_id for place, _ in page for contact_id in place.pair})
    items = tuple(
        PossibleDuplicate(
            first=seen[place.pair[0]], second=seen[place.pair[1]], reasons=why, score=score(why)
        )
        for place, why in page
    )
    more = len(found) > cmd.limit
    return DuplicatePage(
        items=items, next=json.dumps(page[-1][0]) if more else None, capped=tuple(capped)
    )


@operation("gtm.crm.not_duplicates", writes=True, permission="crm.contacts.manage")
def not_duplicates(ctx: Context, cmd: TwoContacts) -> Dismissed:
    """Say that two contacts are two people: the pair leaves the queue of possible duplicates."""
    first, second = _ordered(ctx, cmd)
    added = (
        NotDuplicate.insert(
            session_id=ctx.session_id, first_id=first, second_id=second, created_at=ctx.now
        )
        .on_conflict_ignore()
        .execute()
    )
    if added:
        _record(ctx, first, second, "gtm.crm.reopen_duplicates", dismissed=True)
    return Dismissed(first_id=first, second_id=second, dismissed=True)


@operation("gtm.crm.reopen_duplicates", writes=True, permission="crm.contacts.manage")
def reopen_duplicates(ctx: Context, cmd: TwoContacts) -> Dismissed:
    """Put a pair back into the queue of possible duplicates."""
    first, second = _ordered(ctx, cmd)
    pair = (NotDuplicate.first_id == first) & (NotDuplicate.second_id == second)
    if not NotDuplicate.delete().where(pair).execute():
        raise NotFound("Nobody said that these two are two people.")
    _record(ctx, first, second, "gtm.crm.not_duplicates", dismissed=False)
    return Dismissed(first_id=first, second_id=second, dismissed=False)


def _ordered(ctx: Context, cmd: TwoContacts) -> Pair:
    if cmd.first_id == cmd.second_id:
        raise Conflict("That is one contact. Name two.")
    first, second = sorted((cmd.first_id, cmd.second_id))
    return find_contact(ctx, first).id, find_contact(ctx, second).id


def _record(ctx: Context, first: str, second: str, inverse: str, *, dismissed: bool) -> None:
    names = [label(find_contact(ctx, contact_id)) for contact_id in (first, second)]
    payload = {"name": " and ".join(names), "second_id": second, "dismissed": dismissed}
    undo = Inverse(inverse, {"first_id": first, "second_id": second})
    ctx.record("gtm.contact.told_apart", first, payload, undo=undo)


def _pairs(
    ctx: Context, start: Place, capped: dict[str, None]
) -> Iterator[tuple[Place, tuple[Evidence, ...]]]:
    """The queue from a place on, read as far as it is wanted. A pair stands where its first common thing does."""
    dismissed = {(one, other) for one, other in select(_DISMISSED, ctx.session_id)}
    for part in _parts(blocks(ctx.session_id, start.kind, start.key), capped):
        places = [Place(block.kind, block.key, pair) for block in part for pair in block.pairs]
        fresh = [place for place in places if place > start and place.pair not in dismissed]
        traits = load_traits({contact_id for place in fresh for contact_id in place.pair})
        for place in fresh:
            one, other = (traits[contact_id] for contact_id in place.pair)
            why = tuple(item for item in evidence(one, other) if item.reason is not Reason.NAMESAKE)
            if why and _home(ctx, one, other) == (place.kind, place.key):
                yield place, why


def _parts(found: Iterator[Block], capped: dict[str, None]) -> Iterator[list[Block]]:
    """The groups with pairs in them, several at a time, so that their traits are read together."""
    part: list[Block] = []
    count = 0
    for block in found:
        if block.cut:
            capped[_sentence(block)] = None
        if block.pairs:
            part.append(block)
            count += len(block.pairs)
        if count >= _AT_ONCE:
            yield part
            part, count = [], 0
    yield part


def _home(ctx: Context, one: Traits, other: Traits) -> tuple[int, str]:
    """The thing under which two contacts stand in the queue: the first that they share, in its order.

    What an office shares lists like names only; others stand under the next thing that they share.
    """
    shared = (
        one.mailboxes & other.mailboxes,
        {one.profile} & {other.profile} - {""},
        one.lines.keys() & other.lines.keys(),
        {one.company_id} & {other.company_id} - {""},
        one.domains & other.domains,
    )
    homes = [(kind, key) for kind, keys in enumerate(shared) for key in sorted(keys)]
    if len(homes) > 1 and compare_names(one.words, other.words) is Likeness.NO:
        small = (home for home in homes if group_size(ctx.session_id, *home) <= SMALL)
        return next(small, homes[0])
    return homes[0]


def _sentence(block: Block) -> str:
    kind = KINDS[block.kind]
    if kind.by_name:
        return f"{block.size} people share a {kind.name}: only those next to each other by name were compared."
    return f"{block.size} people share the {kind.name} {block.key}: only those with like names are listed."


def _place(cursor: str | None) -> Place:
    if cursor is None:
        return Place(0, "", ("", ""))
    try:
        kind, key, (one, other) = json.loads(cursor)
        return Place(range(len(KINDS))[kind], str(key), (str(one), str(other)))
    except (ValueError, TypeError, IndexError):
        raise InvalidInput("That cursor does not belong to this list.", field="cursor") from None

"""The queue of possible duplicates: pairs with their reasons, and the word that two people are two."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from rusvel_tui.engine.gtm.crm.merging.blocks import KINDS, SMALL, Block, Pair, blocks, group_size
from rusvel_tui.engine.gtm.crm.merging.likeness import Likeness, compare_names
from rusvel_tui.engine.gtm.crm.merging.looks import ContactLook, looks
from rusvel_tui.engine.gtm.crm.merging.traits import (
    Evidence,
    Reason,
    Traits,
    evidence,
    load_traits,
    score,
    select_in,
)
from rusvel_tui.engine.gtm.crm.people.people import find_contact, label
from rusvel_tui.engine.models import NotDuplicate
from rusvel_tui.engine.operation import Input, PageInput, View, operation

_AT_ONCE = 100
"""Pairs that are looked at together: a page is about so long."""
MOST_READ = 20_000
"""People that one page looks at before it ends, however few pairs it has found."""
_DISMISSED = (
    "SELECT first_id, second_id FROM not_duplicate WHERE session_id = ? AND first_id IN ({marks})"
)


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
    """Where to read on. A page may be short, even empty, and not the last: it looks at so many people at most."""
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


Found = tuple[Place, tuple[Evidence, ...]]
Sentences = tuple[str, ...]


@operation("gtm.crm.possible_duplicates", permission="crm.contacts.read")
def possible_duplicates(ctx: Context, cmd: PageInput) -> DuplicatePage:
    """List pairs of contacts that may be one person, with the reasons."""
    found, after, capped = _read(ctx, _place(cmd.cursor), cmd.limit)
    seen = looks({contact_id for place, _ in found for contact_id in place.pair})
    items = tuple(
        PossibleDuplicate(
            first=seen[place.pair[0]], second=seen[place.pair[1]], reasons=why, score=score(why)
        )
        for place, why in found
    )
    return DuplicatePage(items=items, next=json.dumps(after) if after else None, capped=capped)


@operation("gtm.crm.not_duplicates", writes=True, permission="crm.contacts.manage")
def not_duplicates(ctx: Context, cmd: TwoContacts) -> Dismissed:
    """Say that two contacts are two people: the pair leaves the queue of possible duplicates."""
    first, second = _ordered(ctx, cmd)
    if (first, second) not in _dismissed(ctx, [(first, second)]):
        ids = {"session_id": ctx.session_id, "first_id": first, "second_id": second}
        NotDuplicate.insert(**ids, created_at=ctx.now).execute()
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


def _read(ctx: Context, start: Place, limit: int) -> tuple[list[Found], Place | None, Sentences]:
    """A page of the queue from a place on, where it ends if there is more, and what was not compared in full."""
    found: list[Found] = []
    capped: dict[str, None] = {}
    people = 0
    for part in _parts(blocks(ctx.session_id, start.kind, start.key)):
        people += sum(block.size for block in part)
        capped |= {_sentence(block): None for block in part if block.cut}
        found += _found(ctx, part, start)
        if len(found) > limit:
            return found[:limit], found[limit - 1][0], tuple(capped)
        if people >= MOST_READ:
            return found, Place(part[-1].kind, f"{part[-1].key}\0", ("", "")), tuple(capped)
    return found, None, tuple(capped)


def _parts(groups: Iterator[Block]) -> Iterator[list[Block]]:
    """Several groups at a time, so that the traits of their pairs are read together."""
    part: list[Block] = []
    weight = 0
    for block in groups:
        part.append(block)
        weight += len(block.pairs) + block.size // 10
        if weight >= _AT_ONCE:
            yield part
            part, weight = [], 0
    if part:
        yield part


def _found(ctx: Context, part: list[Block], start: Place) -> Iterator[Found]:
    """The pairs of some groups after a place; each stands under the first thing that the two share."""
    places = [Place(block.kind, block.key, pair) for block in part for pair in block.pairs]
    fresh = [place for place in places if place > start]
    dismissed = _dismissed(ctx, (place.pair for place in fresh))
    traits = load_traits({contact_id for place in fresh for contact_id in place.pair})
    for place in fresh:
        one, other = (traits[contact_id] for contact_id in place.pair)
        why = tuple(item for item in evidence(one, other) if item.reason is not Reason.NAMESAKE)
        told_apart = place.pair in dismissed
        if why and not told_apart and _home(ctx, one, other) == (place.kind, place.key):
            yield place, why


def _dismissed(ctx: Context, pairs: Iterable[Pair]) -> set[Pair]:
    """Those of these pairs that are two people."""
    rows = select_in(_DISMISSED, {first for first, _ in pairs}, ctx.session_id)
    return {(first, second) for first, second in rows}


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

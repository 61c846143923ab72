"""One change of many contacts: one operation, one event, one way back."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence

from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.people.choosing import BulkDone, ChosenContacts, choose, many
from rusvel_tui.engine.gtm.crm.people.contact_inputs import Texts
from rusvel_tui.engine.gtm.crm.people.people import clean_lines, tag_marks
from rusvel_tui.engine.models.base import database, dump_json
from rusvel_tui.engine.operation import Input, operation
from rusvel_tui.engine.text import fold

Tags = list[str]


class TagContacts(ChosenContacts):
    """Which tags to add to these contacts, and which to take away."""

    add: Texts = ()
    remove: Texts = ()


class RetagGroup(Input):
    """Contacts that all had the same tags, and all got the same ones."""

    before: Tags
    after: Tags
    contact_ids: list[str]


class Retag(Input):
    """Tags to bring back; contacts whose tags were changed since keep them."""

    name: str
    groups: list[RetagGroup]


@operation("gtm.crm.tag_contacts", writes=True, permission="crm.contacts.manage")
def tag_contacts(ctx: Context, cmd: TagContacts) -> BulkDone:
    """Add tags to many contacts at once, and take others away."""
    add, remove = clean_lines("add", cmd.add), {fold(tag) for tag in cmd.remove}
    if not add and not remove:
        raise InvalidInput("Name the tags to add or to remove.", field="add")
    ids = choose(ctx, cmd)
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for contact_id, tags in database.execute_sql(_TAGS, (json.dumps(ids),)).fetchall():
        groups[tags].append(contact_id)
    wanted = [
        RetagGroup(before=tags, after=retagged(tags, add, remove), contact_ids=people)
        for stored, people in groups.items()
        for tags in [json.loads(stored)]
    ]
    changed = _retag(ctx, [group for group in wanted if group.before != group.after], many(ids))
    return BulkDone(chosen=len(ids), changed=changed)


@operation("gtm.crm.retag_contacts", writes=True, permission="crm.contacts.manage", internal=True)
def retag_contacts(ctx: Context, cmd: Retag) -> BulkDone:
    """Bring the tags of many contacts back."""
    chosen = sum(len(group.contact_ids) for group in cmd.groups)
    return BulkDone(chosen=chosen, changed=_retag(ctx, cmd.groups, cmd.name))


def retagged(tags: Tags, add: Iterable[str], remove: set[str]) -> Tags:
    """The tags after that; case and accents do not make another tag."""
    kept = [tag for tag in tags if fold(tag) not in remove]
    there = set(map(fold, kept))
    return kept + [tag for tag in add if fold(tag) not in there]


def _retag(ctx: Context, groups: Sequence[RetagGroup], name: str) -> int:
    """Write the tags of those who still have the ones before; how many."""
    done = [
        RetagGroup(before=group.before, after=group.after, contact_ids=people)
        for group in groups
        if (people := _write(ctx, group))
    ]
    changed = sum(len(group.contact_ids) for group in done)
    if done:
        back = [{"before": g.after, "after": g.before, "contact_ids": g.contact_ids} for g in done]
        undo = Inverse("gtm.crm.retag_contacts", {"name": name, "groups": back})
        ctx.record(
            "gtm.contact.updated",
            "",
            {"name": name, "fields": ["tags"], "count": changed},
            undo=undo,
        )
    return changed


def _write(ctx: Context, group: RetagGroup) -> list[str]:
    """Write one group; whom it changed."""
    listed = json.dumps(group.contact_ids)
    rows = database.execute_sql(_ROWS, (ctx.session_id, listed, dump_json(group.before))).fetchall()
    old, new = tag_marks(group.before), tag_marks(group.after)
    tags, now = dump_json(group.after), stamp(ctx.now)
    values = ((tags, search.removesuffix(old) + new, now, one) for one, search in rows)
    database.connection().executemany(_UPDATE, values)
    return [contact_id for contact_id, _ in rows]


_TAGS = "SELECT id, tags FROM contact WHERE id IN (SELECT value FROM json_each(?))"
_ROWS = """
SELECT id, search FROM contact WHERE +session_id = ? AND id IN (SELECT value FROM json_each(?)) AND tags = ?"""
_UPDATE = (
    "UPDATE contact SET tags = ?, search = ?, version = version + 1, updated_at = ? WHERE id = ?"
)

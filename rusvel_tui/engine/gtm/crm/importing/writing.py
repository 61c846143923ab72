"""The planned contacts into the database: one chunk after the other, each in its own transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.companies.employers import company_key
from rusvel_tui.engine.gtm.crm.importing.batch import MARKED, STAYS, Batch, Rows
from rusvel_tui.engine.gtm.crm.importing.employers import Employers
from rusvel_tui.engine.gtm.crm.importing.images import Watched
from rusvel_tui.engine.gtm.crm.importing.international import international
from rusvel_tui.engine.gtm.crm.importing.lookup import load_owners, load_states, load_suppressed
from rusvel_tui.engine.gtm.crm.importing.plan import Target
from rusvel_tui.engine.gtm.crm.importing.rows import SINGLE
from rusvel_tui.engine.gtm.crm.importing.state import State, mark
from rusvel_tui.engine.gtm.crm.people.people import search_text, sort_text, split_name
from rusvel_tui.engine.gtm.crm.people.suppression_keys import list_erased
from rusvel_tui.engine.gtm.outreach.enrolling.lifecycle import end_enrollments
from rusvel_tui.engine.gtm.outreach.mails.redrafts import redraft_for_contacts
from rusvel_tui.engine.ids import id_series
from rusvel_tui.engine.models import Enrollment
from rusvel_tui.engine.models.base import among, dump_json, tuples

_MARKED = len(MARKED)
EXTRA = "vcard"
"""Where the metadata of a contact keeps lines of its card."""


@dataclass(slots=True)
class Written:
    """What one chunk did, as it is kept to be taken back."""

    created: dict[str, int] = field(default_factory=dict)
    """New contacts, with the mark of their data."""
    suppressed: list[str] = field(default_factory=list)
    companies: list[str] = field(default_factory=list)
    met: int = 0
    """Planned contacts that somebody else has made since: they were changed instead."""


class Writer:
    """Writes the contacts of one import; told who it is for and when it began."""

    def __init__(self, ctx: Context, import_id: str, source: str) -> None:
        self._ctx = ctx
        self._import_id = import_id
        self._session_id = ctx.session_id
        self._now = stamp(ctx.now)
        self._ids = id_series(ctx.now)
        self._fixed = (source, dump_json({"import_id": import_id}), 1, self._now)
        self._marks: dict[str, int] = {}
        """Of the changed contacts of a chunk."""
        self._employers = Employers(self._session_id, source, self._now, id_series(ctx.now))

    def write(self, targets: list[Target]) -> Written:
        """One chunk, inside a transaction; what others did since the plan was made is respected."""
        batch, done = Batch(), Written()
        owners = load_owners(self._session_id, (key for t in targets for key in t.rows.emails))
        places = [_place(target, owners) for target in targets]
        stored = load_states(place for place in places if place)
        done.companies = self._employers.find(batch, (target.rows for target in targets))
        for target, place in zip(targets, places, strict=True):
            if target.left_out:
                pass
            elif not place:
                done.created[target.contact_id] = self._create(batch, target)
            elif place in stored:
                free = {
                    k: a for k, a in target.rows.emails.items() if owners.get(k, place) == place
                }
                self._update(batch, place, stored[place], target.rows, free)
                done.met += target.new
            for key, heading in target.suppress.items():
                entry = (self._session_id, key, f"import: {heading}", self._now, "import")
                batch.suppressed.append(entry)
        self._put(batch, done, stored)
        return done

    def _put(self, batch: Batch, done: Written, stored: dict[str, State]) -> None:
        """Write the rows, and keep how the changed contacts were."""
        listed = load_suppressed(self._session_id, (row[1] for row in batch.suppressed))
        done.suppressed = [row[1] for row in batch.suppressed if row[1] not in listed]
        list_erased(self._ctx, (row[3] for row in batch.emails))
        changed = [row[-1] for row in batch.updates]
        watched = Watched(self._ctx, self._import_id, changed)
        batch.write()
        watched.keep(self._marks)
        self._marks.clear()
        self._follow_up(batch)

    def _create(self, batch: Batch, target: Target) -> int:
        state, contact_id = target.rows, target.contact_id
        data = self._data(state)
        source, metadata, *rest = self._fixed
        if state.extra:
            metadata = dump_json({"import_id": self._import_id, EXTRA: state.extra})
        fixed = (contact_id, self._session_id, state.since or self._now, source, metadata, *rest)
        batch.contacts.append((*data, *fixed))
        self._list_emails(batch.emails, contact_id, state, 0)
        if state.phones:
            self._list_phones(batch.phones, contact_id, state, 0)
        self._join(batch, contact_id, state)
        return _mark(data, state)

    def _update(
        self, batch: Batch, contact_id: str, state: State, said: State, free: dict[str, str]
    ) -> None:
        """Bring what is stored now up to what the rows say."""
        emails, phones, before = len(state.emails), len(state.phones), dict(state.values)
        rows = said.copy()
        rows.emails = free
        if not state.absorb(rows):
            return
        name = state.values.get("name")
        if before.get("name") != name and not {"first_name", "last_name"} & set(rows.values):
            state.values |= {"first_name": "", "last_name": ""}
        data = self._data(state, moves=_moves(before, state))
        batch.updates.append((*data, contact_id))
        self._marks[contact_id] = _mark(data, state)
        self._list_emails(batch.emails, contact_id, state, emails)
        self._list_phones(batch.phones, contact_id, state, phones)
        self._move(batch, contact_id, state, before)

    def _move(self, batch: Batch, contact_id: str, state: State, before: dict[str, str]) -> None:
        """The history of employers: another company ends one employment and begins the next."""
        if _moves(before, state):
            batch.left.append((self._now, contact_id))
            self._join(batch, contact_id, state)
        elif before.get("title", "") != (title := state.values.get("title", "")):
            batch.promoted.append((title, contact_id))

    def _join(self, batch: Batch, contact_id: str, state: State) -> None:
        employer = self._employers.of(state.values.get("company", ""))
        if employer is not None:
            title = state.values.get("title", "")
            batch.joined.append(
                (next(self._ids), self._session_id, contact_id, employer.id, title, self._now)
            )

    def _list_emails(self, rows: Rows, contact_id: str, state: State, first: int) -> None:
        rows.extend(
            (next(self._ids), self._session_id, contact_id, key, text, state.labels.get(key, ""), n)
            for n, (key, text) in enumerate(state.emails.items())
            if n >= first
        )

    def _list_phones(self, rows: Rows, contact_id: str, state: State, first: int) -> None:
        country = state.values.get("country", "")
        for n, (digits, number) in enumerate(state.phones.items()):
            if n >= first:
                kind = (state.labels.get(digits, ""), international(number, digits, country))
                place = (next(self._ids), self._session_id, contact_id)
                rows.append((*place, digits, number, *kind, n))

    def _data(self, state: State, *, moves: bool = True) -> tuple[str | None, ...]:
        """The values of the columns in `DATA`; completes names and the spelling of the company."""
        values = state.values
        name, title = values.get("name", ""), values.get("title", "")
        first, last = values.get("first_name", ""), values.get("last_name", "")
        if not first and not last:
            first, last = split_name(name)
            values |= {"first_name": first, "last_name": last}
        company = values.get("company", "")
        employer = self._employers.of(company) if moves else None
        if employer is not None:
            company = values["company"] = employer.shown(company)
        tags = tuple(state.tags.values())
        return (
            *(values.get(column, "") for column in SINGLE),
            dump_json(tags) if tags else "[]",
            dump_json(tuple(state.links.values())) if state.links else "[]",
            dump_json(dict(state.fields.values())) if state.fields else "{}",
            (employer.id if employer else None) if moves else STAYS,
            sort_text(first, last, name, company),
            search_text(name, company, title, tuple(state.emails.values()), tags),
            self._now,
        )

    def _follow_up(self, batch: Batch) -> None:
        """What a change by hand would cause too: drafts that lacked something, enrollments of who objects."""
        redraft_for_contacts(self._ctx, [row[-1] for row in batch.updates])
        owners = load_owners(self._session_id, (row[1] for row in batch.suppressed))
        running = (
            Enrollment.select(Enrollment.contact_id)
            .where(
                among(Enrollment.contact_id, owners.values())
                & Enrollment.status.in_(("active", "paused"))
            )
            .distinct()
        )
        for (contact_id,) in tuples(running):
            end_enrollments(self._ctx, "unsubscribed", contact_id=contact_id)


def _moves(before: dict[str, str], state: State) -> bool:
    """Whether the contact works for another company now."""
    old, new = before.get("company", ""), state.values.get("company", "")
    return bool(new) and (not old or company_key(old) != company_key(new))


def _mark(data: tuple[str | None, ...], state: State) -> int:
    columns = cast("tuple[str, ...]", data[:_MARKED])
    return mark(columns, state.emails.values(), state.phones.values())


def _place(target: Target, owners: dict[str, str]) -> str:
    """The stored contact to write to; empty for a new one.

    Somebody may have added the person since the plan was made: then one of the addresses has an owner.
    """
    if not target.new:
        return target.contact_id
    return next((owners[key] for key in target.rows.emails if key in owners), "")

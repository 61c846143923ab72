"""The company records of imported people: found or made for a whole chunk at once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rusvel_tui.engine.gtm.crm.companies.employers import company_key
from rusvel_tui.engine.gtm.crm.companies.free_mail import is_free_mail
from rusvel_tui.engine.gtm.crm.importing.batch import Batch
from rusvel_tui.engine.gtm.crm.importing.cells import compare_key
from rusvel_tui.engine.gtm.crm.importing.state import State
from rusvel_tui.engine.models.base import database

_KNOWN = """
SELECT key, id, name FROM company
WHERE session_id = ? AND deleted_at IS NULL AND key IN (SELECT value FROM json_each(?))"""
_DOMAINS = """
SELECT DISTINCT domain FROM company
WHERE session_id = ? AND deleted_at IS NULL AND domain <> '' AND domain IN (SELECT value FROM json_each(?))"""
_EMPTY = ("", "", "", "[]", "[]", "{}", "", "{}", 1)
"""Web site, country, zone, tags, links, fields, notes, metadata and version of a new company."""


class Employer(NamedTuple):
    """A company record; a contact shows its name unless that differs in more than case."""

    id: str
    name: str

    def shown(self, said: str) -> str:
        same = self.name == said or compare_key(self.name) == compare_key(said)
        return self.name if same else said


_key = lru_cache(maxsize=8192)(company_key)
"""Many people work for few companies."""


class Employers:
    """The employers of one chunk; told the session, the source and the moment."""

    def __init__(self, session_id: str, source: str, now: str, ids: Iterable[str]) -> None:
        self._session_id = session_id
        self._source = source
        self._now = now
        self._ids = iter(ids)
        self._found: dict[str, Employer] = {}

    def find(self, batch: Batch, people: Iterable[State]) -> list[str]:
        """Look up the companies of these people and make those that lack; the ids of the new ones."""
        wanted: dict[str, State] = {}
        for state in people:
            if name := state.values.get("company"):
                wanted.setdefault(_key(name), state)
        known = database.execute_sql(_KNOWN, (self._session_id, json.dumps(list(wanted))))
        self._found = {key: Employer(one, name) for key, one, name in known.fetchall()}
        new = {key: state for key, state in wanted.items() if key not in self._found}
        domains = self._domains(new)
        for key, state in new.items():
            one = Employer(next(self._ids), state.values["company"])
            self._found[key] = one
            moment = (self._source, self._now, self._now)
            row = (one.id, self._session_id, one.name, key, domains.get(key, ""), *moment, *_EMPTY)
            batch.companies.append(row)
        return [self._found[key].id for key in new]

    def of(self, name: str) -> Employer | None:
        """The company of that name; none for no name."""
        return self._found[_key(name)] if name else None

    def _domains(self, new: dict[str, State]) -> dict[str, str]:
        """The mail domain of each new company: that of its first person, if it is nobody else's."""
        offered: dict[str, str] = {}
        for key, state in new.items():
            domain = next(iter(state.emails), "").rpartition("@")[2]
            if domain and not is_free_mail(domain):
                offered.setdefault(domain, key)
        listed = json.dumps(list(offered))
        taken = database.execute_sql(_DOMAINS, (self._session_id, listed)).fetchall()
        for (domain,) in taken:
            offered.pop(domain, None)
        return {key: domain for domain, key in offered.items()}

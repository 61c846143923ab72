"""What can be asked of companies: one line for each field."""

from __future__ import annotations

from rusvel_tui.engine.filters import sources
from rusvel_tui.engine.filters.contacts import STAGE
from rusvel_tui.engine.filters.fields import Entity, Field, Flag, Relation, Scope
from rusvel_tui.engine.filters.kinds import CHOICE, MOMENT, MONEY, NUMBER, TEXT, WORD, like
from rusvel_tui.engine.filters.proposals import proposed
from rusvel_tui.engine.filters.where import Where

_PEOPLE = "(SELECT count(*) FROM contact c WHERE c.company_id = o.id AND c.deleted_at IS NULL)"
_DEALS = "(SELECT count(*) FROM deal d WHERE d.company_id = o.id AND d.deleted_at IS NULL AND d.closed_at IS NULL)"
TAG = Relation("EXISTS (SELECT 1 FROM json_each(o.tags) t WHERE {test})")
DEAL = Relation(
    "o.id IN (SELECT d.company_id FROM deal d WHERE d.session_id = :session AND d.deleted_at IS NULL AND {test})",
    joint=True,
)


def find(scope: Scope, words: str) -> Where:
    """Companies with these folded words in their name or domain."""
    text = "o.key || ' ' || lower(o.domain)"
    exact = Where(f"{text} LIKE ? ESCAPE '\\'", (like(words),))
    return proposed("o", "company", words, exact)


FIELDS = (
    Field("name", TEXT, "o.name", "the name", source=sources.companies),
    Field("domain", TEXT, "o.domain", "the domain"),
    Field("tag", WORD, "t.value", "a tag, whole", TAG, sources.tags("company")),
    Field("country", TEXT, "o.country", "the country", source=sources.sample("company", "country")),
    Field("zone", TEXT, "o.timezone", "the time zone", source=sources.sample("company", "timezone")),
    Field("source", TEXT, "o.source", "where it came from", source=sources.sample("company", "source")),
    Field("note", TEXT, "o.notes", "the notes of the record"),
    Field("people", NUMBER, _PEOPLE, "how many contacts work there", present=f"{_PEOPLE} > 0"),
    Field("deals", NUMBER, _DEALS, "how many open deals there are", present=f"{_DEALS} > 0"),
    Field("stage", CHOICE, STAGE, "the stage of a deal", DEAL, sources.stages, closed=True),
    Field("value", MONEY, "d.value_minor", "the value of a deal", DEAL),
    Field("created", MOMENT, "o.created_at", "when it was added"),
    Field("updated", MOMENT, "o.updated_at", "when it last changed"),
)  # fmt: skip

COMPANY = Entity(
    name="company",
    plural="companies",
    table="company o",
    row="o",
    find=find,
    fields=FIELDS,
    flags=(
        Flag(
            "customer",
            "EXISTS (SELECT 1 FROM deal d JOIN pipeline_stage g ON g.session_id = d.session_id"
            " AND g.key = d.stage WHERE d.company_id = o.id AND d.deleted_at IS NULL AND g.kind = 'won')",
            "has a deal that was won",
        ),
    ),
    custom="o.fields",
)

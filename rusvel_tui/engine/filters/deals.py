"""What can be asked of deals: one line for each field."""

from __future__ import annotations

from rusvel_tui.engine.filters import companies, contacts, sources
from rusvel_tui.engine.filters.contacts import STAGE
from rusvel_tui.engine.filters.fields import Entity, Field, Flag, Relation, Scope
from rusvel_tui.engine.filters.kinds import CHOICE, DAY, MOMENT, MONEY, NUMBER, TEXT, WORD, like
from rusvel_tui.engine.filters.where import Where, any_of
from rusvel_tui.engine.gtm.crm.timeline.outcomes import NOBODY_MET

_STAGE_OF = "FROM pipeline_stage g WHERE g.session_id = d.session_id AND g.key = d.stage"
_OPEN = "a.status = 'open' AND a.deleted_at IS NULL AND a.kind IN ('call', 'meeting', 'task')"
_OF_DEAL = f"FROM activity a WHERE a.deal_id = d.id AND {_OPEN}"
_OF_CONTACT = f"FROM activity a WHERE a.contact_id = d.contact_id AND a.deal_id IS NULL AND {_OPEN}"
_NEXT = f"""CASE WHEN EXISTS (SELECT 1 {_OF_DEAL}) THEN (SELECT min(a.due_at) {_OF_DEAL})
  ELSE (SELECT min(a.due_at) {_OF_CONTACT}) END"""
"""When the next action is due: one of the deal counts before those of its contact."""
_HAS_NEXT = f"(EXISTS (SELECT 1 {_OF_DEAL}) OR EXISTS (SELECT 1 {_OF_CONTACT}))"
_LAST = """(SELECT max(a.at) FROM activity a WHERE a.contact_id = d.contact_id AND a.status = 'done'
  AND a.deleted_at IS NULL AND a.kind IN ('call', 'email_in', 'email_out', 'meeting'))"""

_PIPELINE = """(SELECT p.name FROM pipeline_stage g JOIN pipeline p ON p.id = g.pipeline_id
  WHERE g.session_id = d.session_id AND g.key = d.stage)"""
_COMPANY = """coalesce((SELECT o.name FROM company o WHERE o.id = d.company_id AND o.deleted_at IS NULL),
  (SELECT c.company FROM contact c WHERE c.id = d.contact_id))"""

_TALK = f"""a.status = 'done' AND a.deleted_at IS NULL AND a.kind IN ('call', 'email_in', 'meeting')
  AND a.outcome NOT IN ({", ".join(repr(str(outcome)) for outcome in NOBODY_MET)})"""
_TALKED = f"""max(coalesce(d.stage_since, d.created_at),
  coalesce((SELECT max(a.at) FROM activity a WHERE a.deal_id = d.id AND {_TALK}), ''),
  coalesce((SELECT max(a.at) FROM activity a WHERE a.contact_id = d.contact_id AND a.deal_id IS NULL AND {_TALK}), ''))"""

PERSON = Relation(
    "d.contact_id IN (SELECT c.id FROM contact c WHERE +c.session_id = :session AND {test})"
)
EMPLOYER = Relation(
    "d.company_id IN (SELECT o.id FROM company o WHERE +o.session_id = :session AND {test})"
)
TAG = Relation("EXISTS (SELECT 1 FROM json_each(d.tags) t WHERE {test})")


def find(scope: Scope, words: str) -> Where:
    """Deals with these folded words in their title, their contact or their company."""
    own = Where("fold(d.title) LIKE ? ESCAPE '\\'", (like(words),))
    person = PERSON.wrap(scope, contacts.find(scope, words))
    return any_of([own, person, EMPLOYER.wrap(scope, companies.find(scope, words))])


FIELDS = (
    Field("title", TEXT, "d.title", "the title"),
    Field("contact", TEXT, "c.name", "the name of the contact", PERSON),
    Field("company", TEXT, _COMPANY, "the company", source=sources.companies),
    Field("pipeline", CHOICE, _PIPELINE, "the pipeline", source=sources.pipelines, closed=True),
    Field("stage", CHOICE, STAGE, "the stage", source=sources.stages, closed=True),
    Field("status", CHOICE, f"(SELECT g.kind {_STAGE_OF})", "open, won or lost",
          source=sources.words("open", "won", "lost"), closed=True),
    Field("value", MONEY, "d.value_minor", "the value"),
    Field("currency", CHOICE, "d.currency", "the currency", source=sources.currencies, closed=True),
    Field("probability", NUMBER, f"coalesce(d.probability, (SELECT g.probability {_STAGE_OF}))", "per cent"),
    Field("close", DAY, "d.expected_close", "when it is expected to close", ahead=True),
    Field("next", MOMENT, _NEXT, "when the next task, call or meeting is due", ahead=True, present=_HAS_NEXT),
    Field("last", MOMENT, _LAST, "when the contact was last written to, called or met"),
    Field("quiet", MOMENT, _TALKED, "how long nobody talked about it: quiet>10d"),
    Field("age", MOMENT, "d.created_at", "how long ago it was added: age>30d"),
    Field("since", MOMENT, "d.stage_since", "since when it is in its stage"),
    Field("tag", WORD, "t.value", "a tag, whole", TAG, sources.tags("deal")),
    Field("note", TEXT, "d.notes", "the notes"),
    Field("reason", TEXT, "d.closed_reason", "why it was won or lost", source=sources.sample("deal", "closed_reason")),
    Field("created", MOMENT, "d.created_at", "when it was added"),
    Field("updated", MOMENT, "d.updated_at", "when it last changed"),
    Field("closed", MOMENT, "d.closed_at", "when it was won or lost"),
)  # fmt: skip

_ROTTING = f"""d.snoozed_until <= :today AND (coalesce({_NEXT}, '') < :midnight)
  AND EXISTS (SELECT 1 {_STAGE_OF} AND g.kind = 'open'
    AND {_TALKED} <= strftime('%Y-%m-%dT%H:%M:%fZ', :now, '-' || (g.rot_days + 1) || ' days'))"""
"""The rule of `gtm.crm.rot` in SQL: quiet for more whole days than the stage allows, nothing ahead, not snoozed."""

FLAGS = (
    Flag("open", "d.closed_at IS NULL", "neither won nor lost"),
    Flag("won", f"(SELECT g.kind {_STAGE_OF}) = 'won'", "won"),
    Flag("lost", f"(SELECT g.kind {_STAGE_OF}) = 'lost'", "lost"),
    Flag(
        "rotting",
        _ROTTING,
        "nobody talked for longer than its stage allows, and nothing is planned",
    ),
    Flag("typed", "d.probability IS NOT NULL", "its probability was typed"),
)

DEAL = Entity(
    name="deal",
    plural="deals",
    table="deal d",
    row="d",
    find=find,
    fields=FIELDS,
    flags=FLAGS,
    custom="d.fields",
)

"""What can be asked of contacts: one line for each field."""

from __future__ import annotations

from rusvel_tui.engine.filters import sources
from rusvel_tui.engine.filters.fields import Entity, Field, Flag, Relation, Scope
from rusvel_tui.engine.filters.kinds import CHOICE, DAY, DIGITS, MOMENT, MONEY, TEXT, WORD, like
from rusvel_tui.engine.filters.proposals import proposed
from rusvel_tui.engine.filters.where import Where

_LIVING_EMAIL = "SELECT 1 FROM contact_email e WHERE e.contact_id = c.id AND e.deleted_at IS NULL"
_BLOCKED = """(e.opted_out_at IS NOT NULL OR e.invalid_at IS NOT NULL OR EXISTS (SELECT 1 FROM suppression s
  WHERE s.session_id = e.session_id AND s.key IN (e.key, substr(e.key, instr(e.key, '@')))))"""
_DONE = """a.status = 'done' AND a.deleted_at IS NULL AND a.contact_id IS NOT NULL
  AND a.kind IN ('call', 'email_in', 'email_out', 'meeting')"""
_OPEN = "a.status = 'open' AND a.deleted_at IS NULL AND a.kind IN ('call', 'meeting', 'task')"

EMAIL = Relation(f"EXISTS ({_LIVING_EMAIL} AND {{test}})")
PHONE = Relation("EXISTS (SELECT 1 FROM contact_phone p WHERE p.contact_id = c.id AND {test})")
TAG = Relation("EXISTS (SELECT 1 FROM json_each(c.tags) t WHERE {test})")
DEAL = Relation(
    "c.id IN (SELECT d.contact_id FROM deal d WHERE d.session_id = :session AND d.deleted_at IS NULL AND {test})",
    joint=True,
)
ENROLLED = Relation(
    "c.id IN (SELECT n.contact_id FROM enrollment n JOIN sequence q ON q.id = n.sequence_id"
    " WHERE n.session_id = :session AND {test})",
    joint=True,
)
LAST = Relation(
    f"c.id IN (SELECT a.contact_id FROM activity a WHERE a.session_id = :session AND {_DONE}"
    " GROUP BY a.contact_id HAVING {test})"
)
NEXT = Relation(
    f"c.id IN (SELECT a.contact_id FROM activity a WHERE a.session_id = :session AND {_OPEN}"
    " AND a.contact_id IS NOT NULL AND a.due_at IS NOT NULL GROUP BY a.contact_id HAVING {test})"
)
STAGE = (
    "(SELECT g.name FROM pipeline_stage g WHERE g.session_id = d.session_id AND g.key = d.stage)"
)
"""The name of a deal's stage."""


def find(scope: Scope, words: str) -> Where:
    """Who has these folded words in their name, company, title, addresses or tags."""
    return proposed("c", "contact", words, Where("c.search LIKE ? ESCAPE '\\'", (like(words),)))


FIELDS = (
    Field("name", TEXT, "c.name", "the name", narrowed=True),
    Field("email", TEXT, "e.address", "an address", EMAIL, narrowed=True),
    Field("domain", TEXT, "substr(e.address, instr(e.address, '@') + 1)", "what stands behind the @", EMAIL, narrowed=True),
    Field("company", TEXT, "c.company", "the employer", source=sources.companies, narrowed=True),
    Field("title", TEXT, "c.title", "the job title", narrowed=True, source=sources.sample("contact", "title")),
    Field("tag", WORD, "t.value", "a tag, whole", TAG, sources.contact_tags, narrowed=True),
    Field("phone", DIGITS, "p.digits", "digits of a phone number", PHONE),
    Field("country", TEXT, "c.country", "the country", source=sources.sample("contact", "country")),
    Field("zone", TEXT, "c.timezone", "the time zone", source=sources.sample("contact", "timezone")),
    Field("source", TEXT, "c.source", "where they came from", source=sources.sample("contact", "source")),
    Field("note", TEXT, "c.notes", "the notes of the record"),
    Field("created", MOMENT, "c.created_at", "when they were added"),
    Field("updated", MOMENT, "c.updated_at", "when they last changed"),
    Field("last", MOMENT, "max(a.at)", "when they were last written to, called or met", LAST),
    Field("next", MOMENT, "min(a.due_at)", "when the next task, call or meeting is due", NEXT, ahead=True),
    Field("stage", CHOICE, STAGE, "the stage of a deal of theirs", DEAL, sources.stages, closed=True),
    Field("deal", TEXT, "d.title", "the title of a deal of theirs", DEAL),
    Field("value", MONEY, "d.value_minor", "the value of a deal of theirs", DEAL),
    Field("currency", CHOICE, "d.currency", "the currency of a deal of theirs", DEAL, sources.currencies, closed=True),
    Field("close", DAY, "d.expected_close", "when a deal of theirs is expected to close", DEAL, ahead=True),
    Field("sequence", CHOICE, "q.name", "a sequence they are or were in", ENROLLED, sources.sequences, closed=True),
    Field("enrolled", CHOICE, "n.status", "how it stands with them in a sequence", ENROLLED,
          sources.words("active", "paused", "completed", "cancelled"), closed=True),
)  # fmt: skip

_MAYBE_BLOCKED = """c.id IN (
  SELECT e.contact_id FROM contact_email e
    WHERE e.session_id = :session AND e.deleted_at IS NULL AND (e.opted_out_at IS NOT NULL OR e.invalid_at IS NOT NULL)
  UNION SELECT e.contact_id FROM suppression s JOIN contact_email e
    ON e.session_id = s.session_id AND e.key = s.key AND e.deleted_at IS NULL WHERE s.session_id = :session
  UNION SELECT e.contact_id FROM suppression s JOIN contact_email e ON e.session_id = s.session_id
    AND substr(e.key, instr(e.key, '@') + 1) = substr(s.key, 2) AND e.deleted_at IS NULL
    WHERE s.session_id = :session AND s.key LIKE '@%')"""
"""Who has an address that may not be written to, from the indexes: few, so that not everybody is looked at."""
_FLAGGED = """c.id IN (SELECT e.contact_id FROM contact_email e
  WHERE e.session_id = :session AND e.deleted_at IS NULL AND e.{flag} IS NOT NULL)"""

FLAGS = (
    Flag("suppressed", f"{_MAYBE_BLOCKED} AND NOT EXISTS ({_LIVING_EMAIL} AND NOT {_BLOCKED})",
         "none of their addresses may be written to"),
    Flag("mailable", f"EXISTS ({_LIVING_EMAIL} AND NOT {_BLOCKED})", "an address may be written to"),
    Flag("optout", _FLAGGED.format(flag="opted_out_at"), "opted out with an address"),
    Flag("invalid", _FLAGGED.format(flag="invalid_at"), "an address is known to be wrong"),
    Flag("enrolled", "c.id IN (SELECT n.contact_id FROM enrollment n WHERE n.session_id = :session AND n.status IN ('active', 'paused'))",
         "in a sequence now"),
    Flag("open", DEAL.sql.format(test="d.closed_at IS NULL"),
         "has an open deal"),
    Flag("customer", DEAL.sql.format(test=f"{STAGE.replace('g.name', 'g.kind')} = 'won'"), "has a deal that was won"),
)  # fmt: skip

CONTACT = Entity(
    name="contact",
    plural="contacts",
    table="contact c",
    row="c",
    find=find,
    fields=FIELDS,
    flags=FLAGS,
    custom="c.fields",
)

"""What can be asked of mails: one line for each field."""

from __future__ import annotations

from rusvel_tui.engine.filters import sources
from rusvel_tui.engine.filters.fields import Entity, Field, Flag, Relation, Scope
from rusvel_tui.engine.filters.kinds import CHOICE, MOMENT, NUMBER, TEXT, WORD, like
from rusvel_tui.engine.filters.where import Where

_SOURCES = ("sequence", "manual", "answer", "invoice", "reminder", "assistant", "test")
_SOURCE = "CASE m.source_kind WHEN '' THEN 'sequence' ELSE m.source_kind END"
_SEQUENCE = "(SELECT q.name FROM sequence q WHERE q.id = m.sequence_id)"
_DUE = "(SELECT j.run_at FROM job j WHERE j.id = m.id)"
_SEARCHED = "m.subject || ' ' || m.body || ' ' || m.to_name || ' ' || m.to_address"

PERSON = Relation("m.contact_id IN (SELECT c.id FROM contact c WHERE {test})")
TAG = Relation("m.contact_id IN (SELECT c.id FROM contact c, json_each(c.tags) t WHERE {test})")


def find(scope: Scope, words: str) -> Where:
    """Mails with these folded words in their subject, text or recipient."""
    return Where(f"fold({_SEARCHED}) LIKE ? ESCAPE '\\'", (like(words),))


FIELDS = (
    Field("to", TEXT, "m.to_name || ' ' || m.to_address", "the recipient"),
    Field("from", TEXT, "m.from_name || ' ' || m.from_address", "the sender"),
    Field("subject", TEXT, "m.subject", "the subject"),
    Field("text", TEXT, "m.body", "the text"),
    Field("company", TEXT, "c.company", "the company of the contact", PERSON),
    Field("tag", WORD, "t.value", "a tag of the contact, whole", TAG, sources.contact_tags),
    Field("sequence", CHOICE, _SEQUENCE, "the sequence", source=sources.sequences, closed=True),
    Field("step", NUMBER, "m.position + 1", "which step of it"),
    Field("source", CHOICE, _SOURCE, "what asked for it", source=sources.words(*_SOURCES), closed=True),
    Field("by", TEXT, "m.drafted_by", "who drafted it"),
    Field("warning", TEXT, "m.warnings", "what deserves a look"),
    Field("problem", TEXT, "m.problems || ' ' || m.error || ' ' || m.blocked", "what is wrong, or holds it"),
    Field("due", MOMENT, _DUE, "when it may leave", ahead=True),
    Field("drafted", MOMENT, "m.drafted_at", "when it was drafted"),
    Field("approved", MOMENT, "m.approved_at", "when it got its yes"),
    Field("sent", MOMENT, "m.sent_at", "when it left"),
    Field("created", MOMENT, "m.created_at", "when it was planned"),
)  # fmt: skip

FLAGS = (
    Flag("clean", "m.problems = '[]' AND m.warnings = '[]'", "nothing to remark"),
    Flag("first", "m.first_touch = 1", "the first mail to the person in this sequence"),
    Flag("edited", "m.edited_at IS NOT NULL", "somebody edited it"),
    Flag("snoozed", "m.snoozed_until > :now", "out of sight for a while"),
    Flag("answered", "m.replied_at IS NOT NULL", "an answer came"),
    Flag("automatic", "m.approved_rule <> ''", "a rule said yes"),
    Flag("attached", "m.attachments <> '[]'", "a file goes along"),
)

MAIL = Entity(
    name="mail",
    plural="mails",
    table="mail m",
    row="m",
    find=find,
    fields=FIELDS,
    flags=FLAGS,
)

"""Erasing a person (GDPR Art. 17): nothing of them stays but the hashes of their addresses, so that nobody writes again.

Rows that others count on stay without what they said: the ledger keeps that a mail left, a deal keeps its amount.
Invoices are kept as tax law wants it. There is no way back, and no undo.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from pydantic import Field

from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.people.choosing import end_running
from rusvel_tui.engine.gtm.crm.people.contact_inputs import ContactId
from rusvel_tui.engine.gtm.crm.people.people import find_contact, label
from rusvel_tui.engine.gtm.crm.people.suppression_keys import ERASED, hash_key
from rusvel_tui.engine.models import Contact
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.operation import View, operation
from rusvel_tui.engine.undo import SPENT

NAME = "Erased person"


class EraseContact(ContactId):
    """Whom to erase for good."""

    confirm: str = Field(min_length=1)
    """Their name or address, typed: there is no way back."""


class Erased(View):
    """What is left."""

    contact_id: str
    addresses: int
    """Addresses that are kept as hashes, so that nobody writes to them again."""
    invoices_kept: int
    """Invoices to them, which tax law wants kept."""


@operation("gtm.crm.erase_contact", writes=True, permission="crm.contacts.manage", human_only=True)
def erase_contact(ctx: Context, cmd: EraseContact) -> Erased:
    """Erase a person for good and keep hashes of their addresses. It cannot be undone."""
    contact = _whoever(ctx, cmd.contact_id)
    ids = _same_person(contact.id)
    keys = _column(_KEYS, json.dumps(ids))
    if cmd.confirm.strip().casefold() not in {label(contact).casefold(), *keys}:
        raise InvalidInput(
            f"Type the name {label(contact)!r} or an address of theirs to confirm: there is no way back.",
            field="confirm",
        )
    end_running(ctx, "deleted", ids)
    words, things = _words(ids, keys), [*ids, *_column(_THINGS, json.dumps(ids), json.dumps(keys))]
    keys = sorted({*keys, *_column(_WRITTEN, json.dumps(ids))} - {""})
    _forget(ctx, ids, keys)
    _forget_events(ctx, things, words)
    _keep_hashes(ctx, keys)
    ctx.record("gtm.contact.erased", contact.id, {"name": NAME})
    kept = database.execute_sql(_INVOICES, (json.dumps(ids),)).fetchone()[0]
    return Erased(contact_id=contact.id, addresses=len(keys), invoices_kept=int(kept))


def _whoever(ctx: Context, contact_id: str) -> Contact:
    """The contact, also one that was deleted; raises `NotFound`."""
    which = (Contact.id == contact_id) & (Contact.session_id == ctx.session_id)
    found: Contact | None = Contact.get_or_none(which)
    return found or find_contact(ctx, contact_id)


def _same_person(contact_id: str) -> list[str]:
    """The contact with all that were merged into it, however many times."""
    return _column(_MERGED, contact_id)


def _words(ids: Sequence[str], keys: Iterable[str]) -> list[str]:
    """Texts that tell who it was, wherever they stand: ids, addresses, phones, whole names."""
    rows = database.execute_sql(_SAID, (json.dumps(ids),) * 2).fetchall()
    said = {text for row in rows for text in row if text and len(text) > 3}
    return sorted({*ids, *keys, *said})


def _forget(ctx: Context, ids: Sequence[str], keys: Sequence[str]) -> None:
    people, now = json.dumps(list(ids)), stamp(ctx.now)
    database.execute_sql("PRAGMA secure_delete = ON")
    _forget_messages(people, json.dumps(list(keys)))
    values = {"people": people, "now": now, "name": NAME, "keys": json.dumps(list(keys)), "session": ctx.session_id}  # fmt: skip
    for sql in _STATEMENTS:
        database.execute_sql(sql, values)
    _forget_in_imports(keys)
    for table in ("name_search", "text_search"):
        database.execute_sql(f"INSERT INTO {table} ({table}) VALUES ('optimize')")


def _forget_messages(people: str, keys: str) -> None:
    """Empty the messages that came from them; under a hash they are known when a mailbox is read anew."""
    rows = database.execute_sql(_MESSAGES, (people, keys)).fetchall()
    for row_id, identity in rows:
        kept = identity if identity.startswith("erased:") else erased_identity(identity)
        database.execute_sql(_EMPTY_MESSAGE, (kept, row_id))


def erased_identity(identity: str) -> str:
    """Under what a message is known whose writer was erased."""
    return f"erased:{sha256(identity.encode()).hexdigest()}"


def _forget_in_imports(keys: Sequence[str]) -> None:
    """Addresses in the lists that an import put on the suppression list."""
    gone = set(keys)
    for import_id, first, listed in database.execute_sql(_CHUNKS).fetchall():
        left = [key for key in json.loads(listed) if key not in gone]
        if len(left) < len(json.loads(listed)):
            values = (json.dumps(left), import_id, first)
            database.execute_sql(_KEEP_CHUNK, values)


def _forget_events(ctx: Context, things: Sequence[str], words: Sequence[str]) -> None:
    """What the log told of them; that something happened stays, and is no longer undone."""
    values = {"session": ctx.session_id, "words": json.dumps(list(words)), "things": json.dumps(list(things)), "spent": SPENT}  # fmt: skip
    database.execute_sql(_EVENTS, values)


def _keep_hashes(ctx: Context, keys: Sequence[str]) -> None:
    database.execute_sql(_UNLIST, (ctx.session_id, json.dumps(list(keys))))
    rows = ((ctx.session_id, hash_key(key), ERASED, ERASED, stamp(ctx.now)) for key in keys)
    database.connection().executemany(_LIST, rows)


def _column(sql: str, *values: Any) -> list[str]:
    return [row[0] for row in database.execute_sql(sql, values).fetchall()]


_THEM = "IN (SELECT value FROM json_each(:people))"
_KEYED = "IN (SELECT value FROM json_each(:keys))"
_MAIL = f"(SELECT id FROM mail WHERE contact_id {_THEM})"
_MERGED = """
WITH RECURSIVE same (id) AS (SELECT ? UNION
  SELECT m.merged_id FROM contact_merge m JOIN same ON m.kept_id = same.id AND m.undone_at IS NULL)
SELECT id FROM same"""
_KEYS = (
    "SELECT DISTINCT key FROM contact_email WHERE contact_id IN (SELECT value FROM json_each(?))"
)
_WRITTEN = (
    "SELECT DISTINCT recipient_key FROM mail WHERE contact_id IN (SELECT value FROM json_each(?))"
)
_THINGS = """
WITH them (id) AS (SELECT value FROM json_each(?1))
SELECT x.id FROM mail x JOIN them ON x.contact_id = them.id
UNION ALL SELECT x.id FROM enrollment x JOIN them ON x.contact_id = them.id
UNION ALL SELECT x.id FROM deal x JOIN them ON x.contact_id = them.id
UNION ALL SELECT x.id FROM activity x JOIN them ON x.contact_id = them.id
UNION ALL SELECT x.id FROM incoming_mail x JOIN them ON x.contact_id = them.id
UNION ALL SELECT id FROM incoming_mail WHERE lower(from_address) IN (SELECT value FROM json_each(?2))"""
_SAID = """
SELECT name, profile FROM contact WHERE id IN (SELECT value FROM json_each(?))
UNION SELECT number, digits FROM contact_phone WHERE contact_id IN (SELECT value FROM json_each(?))"""
_MESSAGES = """
SELECT id, identity FROM incoming_mail WHERE contact_id IN (SELECT value FROM json_each(?))
  OR lower(from_address) IN (SELECT value FROM json_each(?))"""
_EMPTY_MESSAGE = """
UPDATE incoming_mail SET identity = ?, raw = x'', message_id = '', refs = '[]', from_name = '', from_address = '',
  subject = '', text = '', own_words = '', verdict = '{}', metadata = '{}', activity_id = NULL, state = 'done',
  processed_at = coalesce(processed_at, received_at) WHERE id = ?"""
_STATEMENTS = (
    f"""UPDATE mail SET erased_at = :now, to_name = '', to_address = '', recipient_key = 'erased:' || id, subject = '',
      body = '', first_subject = '', first_body = '', footer = '', note = '', attachments = '[]', problems = '[]',
      warnings = '[]', raw = NULL, in_reply_to = '', refs = '[]', reply_text = '', error = '', changed_since = '', metadata = '{{}}'
      WHERE contact_id {_THEM}""",
    f"DELETE FROM draft_version WHERE mail_id IN {_MAIL}",
    f"DELETE FROM draft_scratch WHERE id IN {_MAIL}",
    f"UPDATE job SET error = '', metadata = '{{}}' WHERE id IN {_MAIL}",
    f"DELETE FROM activity WHERE contact_id {_THEM}",
    f"""UPDATE mail SET state = 'cancelled', approved_digest = NULL
      WHERE contact_id {_THEM} AND state IN ('scheduled', 'drafting', 'held', 'approved', 'sending')""",
    f"""UPDATE job SET state = 'cancelled', owner = NULL, lease_until = NULL, finished_at = :now
      WHERE id IN {_MAIL} AND state IN ('queued', 'awaiting_approval')""",
    f"""UPDATE deal SET title = :name, notes = '', metadata = '{{}}', fields = '{{}}', tags = '[]', closed_reason = ''
      WHERE contact_id {_THEM}""",
    f"UPDATE enrollment SET note = '', metadata = '{{}}' WHERE contact_id {_THEM}",
    f"DELETE FROM contact_email WHERE contact_id {_THEM}",
    f"DELETE FROM contact_phone WHERE contact_id {_THEM}",
    f"DELETE FROM employment WHERE contact_id {_THEM}",
    f"DELETE FROM import_change WHERE contact_id {_THEM}",
    f"DELETE FROM contact_merge WHERE kept_id {_THEM} OR merged_id {_THEM}",
    f"DELETE FROM not_duplicate WHERE first_id {_THEM} OR second_id {_THEM}",
    f"UPDATE recurring_invoice SET status = 'ended', name = :name WHERE contact_id {_THEM}",
    f"DELETE FROM client_billing WHERE contact_id {_THEM}",
    f"""UPDATE contact SET name = :name, first_name = '', last_name = '', sort_name = 'erased', search = '', company = '',
      title = '', timezone = '', country = '', profile = '', source = 'erased', tags = '[]', links = '[]',
      fields = '{{}}', notes = '', metadata = '{{}}', company_id = NULL, source_at = NULL, deleted_at = :now,
      updated_at = :now, version = version + 1 WHERE id {_THEM}""",
    f"UPDATE growth_actor SET name = 'erased:' || id WHERE session_id = :session AND lower(name) {_KEYED}",
    f"UPDATE churn_case SET key = 'erased:' || id, name = :name, facts = '{{}}' WHERE session_id = :session AND lower(key) {_KEYED}",
)
_CHUNKS = "SELECT import_id, first, suppressed FROM import_chunk WHERE suppressed <> '[]'"
_KEEP_CHUNK = "UPDATE import_chunk SET suppressed = ? WHERE import_id = ? AND first = ?"
_EVENTS = """
UPDATE event SET payload = '{}', undo = NULL, undone_by = :spent WHERE session_id = :session AND (
  subject_id IN (SELECT value FROM json_each(:things))
  OR EXISTS (SELECT 1 FROM json_each(:words) w WHERE instr(lower(event.payload), lower(w.value))
    OR instr(lower(coalesce(event.undo, '')), lower(w.value))))"""
_UNLIST = "DELETE FROM suppression WHERE session_id = ? AND key IN (SELECT value FROM json_each(?))"
_LIST = """
INSERT INTO suppression (session_id, key, reason, source, created_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""
_INVOICES = "SELECT count(*) FROM invoice WHERE contact_id IN (SELECT value FROM json_each(?))"

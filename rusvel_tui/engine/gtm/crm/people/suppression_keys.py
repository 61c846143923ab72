"""Under which keys an address stands on the suppression list: itself, its domain, or the hash of somebody erased."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256

from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models.base import database

ERASED = "erased"
"""The source of an entry that is a hash, and of one that such a hash brought back."""
_HASHES = """
SELECT key FROM suppression WHERE session_id = ? AND key IN (SELECT value FROM json_each(?))"""
_ADD = """
INSERT INTO suppression (session_id, key, reason, source, created_at)
VALUES (?, ?, 'erased: asked not to be kept', 'erased', ?) ON CONFLICT DO NOTHING"""


def hash_key(key: str) -> str:
    """What is left of an erased address: its SHA-256, which tells it again and cannot be read."""
    return f"sha256:{sha256(key.encode()).hexdigest()}"


def keys_of(key: str) -> tuple[str, str, str]:
    """Every key under which this address may be listed."""
    return key, "@" + key.rpartition("@")[2], hash_key(key)


def erased_among(session_id: str, keys: Iterable[str]) -> list[str]:
    """Those of these addresses that belonged to somebody who was erased."""
    by_hash = {hash_key(key): key for key in keys}
    if not by_hash:
        return []
    rows = database.execute_sql(_HASHES, (session_id, json.dumps(list(by_hash)))).fetchall()
    return [by_hash[found] for (found,) in rows]


def list_erased(ctx: Context, keys: Iterable[str]) -> list[str]:
    """Put the addresses of erased people that came back on the list: they are still not written to."""
    found = erased_among(ctx.session_id, keys)
    rows = ((ctx.session_id, key, stamp(ctx.now)) for key in found)
    database.connection().executemany(_ADD, rows)
    return found

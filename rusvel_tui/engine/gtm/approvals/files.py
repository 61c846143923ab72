"""The bytes of files that go along with mails: kept once in a session, and read back by their digest."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from hashlib import sha256

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput, NotFound
from rusvel_tui.engine.models import Attachment
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import one_line

LARGEST = 15_000_000
"""Bytes of one file. Written for mail it grows by 37 %, and many servers refuse more than 25 MB."""
_SEPARATORS = re.compile(r'[/\\:*?"<>|]+')


class KeepFile(Input):
    """The content of a file."""

    content_base64: str


class KeptFile(View):
    """By what the file is known from now on."""

    sha256: str
    size: int


@operation("gtm.approvals.keep_file", writes=True, permission="crm.approvals.manage")
def keep_file_of(ctx: Context, cmd: KeepFile) -> KeptFile:
    """Keep the bytes of a file for mails; a content that is here already is not kept twice."""
    try:
        content = b64decode(cmd.content_base64, validate=True)
    except (Error, ValueError):
        raise InvalidInput("The content is not base64.", field="content_base64") from None
    return KeptFile(sha256=keep_file(ctx, content), size=len(content))


def keep_file(ctx: Context, content: bytes) -> str:
    """Keep bytes for mails of this session; their SHA-256 in hex. Raises `InvalidInput` for more than a mail can carry."""
    if not content:
        raise InvalidInput("The file is empty.", field="content_base64")
    if len(content) > LARGEST:
        limit = LARGEST // 1_000_000
        raise InvalidInput(f"A file in a mail has at most {limit} MB.", field="content_base64")
    digest = sha256(content).hexdigest()
    Attachment.insert(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        sha256=digest,
        size=len(content),
        data=content,
        created_at=ctx.now,
    ).on_conflict_ignore().execute()
    return digest


def file_bytes(session_id: str, digest: str) -> bytes:
    """The bytes of that digest; raises `NotFound` when they are not here, or are not those any more."""
    found = Attachment.get_or_none(
        (Attachment.session_id == session_id) & (Attachment.sha256 == digest)
    )
    content = bytes(found.data) if found is not None else b""
    if found is None or sha256(content).hexdigest() != digest:
        raise NotFound("The bytes of an attachment are gone.")
    return content


def file_name(name: str) -> str:
    """A name that is one on every system: no folders, no leading dot, at most 120 characters."""
    last = re.split(r"[/\\]", one_line(name))[-1]
    bare = _SEPARATORS.sub("_", last).strip(" .")
    return bare[:120] or "file"
